"""The shop: products, orders, stores, and the demo that fills them."""
