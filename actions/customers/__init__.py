"""Customers: profiles, preferences, loyalty, consent.

Every function takes an open ``AsyncSession`` first (``Database.read()`` or ``.write()``) and never commits.
Errors are ``actions.errors.ShopError`` (``.code``, ``.values``: text key ``shop.error.<code>``).

models        Customer Address Preference Consent PointsEntry AccountRequest
profiles      async profile(session, customer_id) -> Profile | None      (one object with all of the below)
                Profile: id name given_name email phone locale country since points tier addresses
                preferences {name: value} consents {purpose: bool}
              async by_email(session, email) -> Customer | None
accounts      async create(session, *, name, email, locale, now, phone=None) -> Customer   (email_taken, invalid_email…)
              async edit(session, customer_id, *, name=None, email=None, phone=None, locale=None) -> Customer
              async request(session, customer_id, kind, now, details="") -> AccountRequest  (password_reset invoice_copy data_export; same open request once)
preferences   NAMES = sizes categories avoid_brands colours budget language contact_channel contact_hours
              normalise(name, value, reference, *, locale) -> value     (pure; Invalid when not understood)
              async of(session, customer_id) -> dict[name, value]
              async set_(session, customer_id, name, value, reference, *, now, source="said", add=False, locale=None) -> value
              async forget(session, customer_id, names=None) -> list[str] (what was there)
loyalty       async balance(session, customer_id) -> int
              async status(session, customer_id, reference, now) -> Status(points, tier, spend, next_tier, to_next)
              async earn / reverse / redeem(session, customer_id, points, *, key, now)   (once per key; not_enough_points)
consents      PURPOSES; async of(session, customer_id) -> dict[purpose, bool]
              async grant / withdraw(session, customer_id, purpose, *, now, source="said") -> bool (changed)
privacy       async export(session, customer_id) -> dict (JSON)   async erase(session, customer_id) -> dict[table, rows]
"""
