"""The shop: products, orders, stores, and the demo that fills them.

Every function takes an open ``AsyncSession`` first (``Database.read()`` or ``.write()``) and never commits.
``now`` is ``shop.now()``. An order is reached with ``customer_id`` (the asker's own) or, anonymously, with
number **and** e-mail; whatever does not fit is ``NotFound``, never a hint. Amounts are minor units;
show them with ``actions.locale.money(amount, currency, locale)``.
Errors are ``actions.errors.ShopError`` (``.code``, ``.values``: text key ``shop.error.<code>``).

shop          Shop.open(data=Path("data/shop"), home=Path("var"), encoder=Path("models/encoder"), clock=None) -> Shop
              .reference .products .now(): made once by a process, given to whoever needs it
models        Product Variant Order OrderLine TrackingEvent Payment Refund Case Review Store Offer
reference     what is data rather than rows (data/shop/*.yml): reference.category("dress") -> ["women/dresses", …],
              .colour("crimson") -> "red", .brand("norvelle") -> "Norvelle", .size("shoes", "uk 8") -> "42", .size_groups,
              .currency_of(country), .price(base_minor, currency) -> minor, .delivery_options(country) -> [DeliveryOption],
              .payment_methods(country) -> [str], .gift_wrap(currency) -> minor, .size_chart(group) -> SizeChart, .tiers
orders        STATUSES; async find(session, customer_id, number, *, email=None) -> Order     (NotFound)
              async of_customer(session, customer_id, limit=10) -> list[Order]
              late(order, now) -> bool   can_cancel(order)  can_return(order, now)           (pure)
              async cancel(session, customer_id, number, *, now, email=None) -> Cancelled(order, changed, refund)
              async change_address(session, customer_id, number, address, *, email=None) -> Order
              async add_gift_wrap(session, customer_id, number, reference, *, note="", email=None) -> Order
returns       async request_return(session, customer_id, number, *, now, position=None, reason="", email=None) -> Request(case, refund, changed)
              async request_exchange(session, customer_id, number, *, now, position=None, size=None, colour=None, reason="", email=None) -> Request
              async report(session, customer_id, number, kind, *, now, position=None, details="", email=None) -> Request
                (kind: late lost damaged wrong)
              async refund_status(session, customer_id, number, *, email=None) -> list[Refund]
              async invoice(session, customer_id, number, *, email=None) -> Invoice (not_invoiced)
products      shop.products.search(session, text, filters=Filters(), n=5) -> list[Found]
              shop.products.recommend(session, customer_id | None, filters=Filters(), n=5, text="") -> list[Found]
                Found: product (Product with variants), score, reason {"key", "values"} (text shop.reason.<key>), sizes, colours in stock
                Filters (actions.decisions.recommender): categories, brands, avoid_brands, colours, sizes {group: size}, size, max_price, min_price (base currency)
              async get(session, product_id) -> Product | None;   async stock(session, product_id, size=None, colour=None) -> list[Variant]
              async review(session, customer_id, product_id, rating, text, *, now) -> Review
stores        async near(session, city=None, country=None, limit=3) -> list[Store]
              open_now(store, now) -> bool, hours_on(store, date) -> (time, time) | None, next_opening(store, now) -> datetime | None  (pure)
offers        async current(session, *, now, tier=None) -> list[Offer]
pictures      picture(product_id, category, colour, name) -> str (SVG, pure, escaped); async of(session, product_id) -> str | None
demo          demo_customers() -> list[DemoCustomer(id, name, locale, story)] (the eight chosen)
seed          python -m actions.shop.seed
"""
