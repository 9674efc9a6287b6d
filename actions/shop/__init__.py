"""The shop: products, orders, stores, and the demo that fills them.

Every function takes an open ``AsyncSession`` first (``Database.read()`` or ``.write()``) and never
commits. ``now`` is ``shop.now()``. An order is reached with ``customer_id`` (the asker's own) or,
anonymously (None), with number **and** ``email``; whatever does not fit is ``NotFound``, never a hint.
Amounts are minor units; show them with ``actions.locale.money(amount, currency, locale)``.
What goes wrong is an ``actions.errors.ShopError``: ``texts.say(error.key, language, **error.values)``.

shop        Shop.open(data, home, encoder, clock) -> Shop(.reference .products .now): one a process
models      Product Variant Order OrderLine TrackingEvent Payment Refund Case Review Store Offer
reference   .category("dress") -> ["women/dresses", …]   .colour("crimson")   .brand("norvele")
            .size("shoes", "uk 8")   .size_group(category)   .size_groups[group].fits({"waist": 74})
            .place("bangalore")   .currency_of(country)   .price(base_minor, currency)
            .gift_wrap(currency)   .delivery_options(country, currency=None) -> [DeliveryOption]
            .delivery_dates(country, option, date) -> (first, last)   .payment_methods(country)
            .tiers   .tier(spend)   .prices (Prices: price, to_base, ceiling)
orders      find(session, customer_id, number, *, email=None) -> Order     normal_number(text)
            of_customer(session, customer_id, limit=10) -> [Order]     count(session, customer_id)
            late(order, now)   can_cancel(order)   can_return(order, now)   (pure)
            cancel(session, customer_id, number, *, now, email=None) -> Cancelled(order changed refund)
            change_address(session, customer_id, number, {field: text}, *, email=None) -> Order
            add_gift_wrap(session, customer_id, number, reference, *, now, note="", email=None) -> Order
returns     request_return(session, customer_id, number, *, now, position=None, reason="", email=None)
            request_exchange(…, position=None, size=None, colour=None, reason="", …)
            report(session, customer_id, number, kind, *, now, position=None, details="", email=None)
              kinds: late lost damaged wrong; all three -> Request(case refund changed)
            refund_status(session, customer_id, number, *, email=None) -> [Refund]
            invoice(session, customer_id, number, *, email=None) -> Invoice(number order date)
products    shop.products.search(session, text, filters=None, n=5) -> [Found]
            shop.products.recommend(session, customer_id, filters=None, n=5, text="") -> [Found]
              Found(product score reason sizes colours); actions.decisions.recommender.Filters
              reason {"key", "values"}: wording.reason(texts, found.reason, language)
            shop.products.warm(session): at the start of a process
            get(session, product_id)   stock(session, product_id, size, colour) -> [Variant]
            review(session, customer_id, product_id, rating, text, *, now) -> Review
stores      near(session, city=None, country=None, limit=3) -> [Store]
            open_now(store, now)   hours_on(store, date)   next_opening(store, now)   (pure)
offers      current(session, *, now, tier=None) -> [Offer]
wording     order status, reasons, categories, preferences… in words (see there)
pictures    of(session, product_id, colour=None) -> SVG | None     draw(product, colour)     picture(…) (pure)
demo        demo_customers() -> [DemoCustomer(id name locale story)]: the eight chosen
seed        python -m actions.shop.seed
"""
