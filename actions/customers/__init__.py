"""Customers: profiles, preferences, loyalty, consent.

Every function takes an open ``AsyncSession`` first (``Database.read()`` or ``.write()``) and never
commits. ``now`` is ``shop.now()``, ``reference`` is ``shop.reference`` (``actions.shop.shop.Shop``).
What goes wrong is an ``actions.errors.ShopError``: ``texts.say(error.key, language, **error.values)``.

models       Customer Address Preference Consent PointsEntry AccountRequest
profiles     profile(session, customer_id, reference=None, now=None) -> Profile | None: all in one object
             get(session, customer_id) -> Customer | None (name, locale: cheap)     by_email(session, email)
             addresses(session, customer_id) -> [Address], the default one first
accounts     create(session, *, name, email, locale, now, phone=None) -> Customer
             edit(session, customer_id, *, name, email, phone, locale: those given) -> Customer
             request(session, customer_id, kind, now, details="") -> AccountRequest
               kinds: password_reset invoice_copy data_export email_change; asked twice it is one
             clean_name, clean_email, clean_phone(text) -> str (pure, Invalid)
preferences  NAMES: sizes categories avoid_brands colours budget language contact_channel contact_hours
             normalise(name, said, reference, *, currency="") -> value (pure, Invalid)
             of(session, customer_id) -> {name: value}
             set_(session, customer_id, name, said, reference, *, now, source="said", add=False) -> value
             forget(session, customer_id, names=None, part=None) -> names of what was there
loyalty      balance(session, customer_id) -> int
             status(session, customer_id, reference, now) -> Status(points tier spend next_tier to_next)
             earn, redeem(session, customer_id, points, *, key, now); reverse(…, key, *, now): once a key
consents     PURPOSES: newsletter sms personalisation; of(session, customer_id) -> {purpose: bool}
             grant, withdraw(session, customer_id, purpose, *, now, source="said") -> changed
privacy      export(session, customer_id) -> {table: rows}     erase(session, customer_id) -> {table: count}
"""
