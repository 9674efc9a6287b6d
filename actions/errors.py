"""What can go wrong in the shop, typed: the words for it are texts under ``shop.error``."""

from __future__ import annotations


class ShopError(Exception):
    """A refusal with a reason. ``code`` names it; ``values`` fill the text ``shop.error.<code>``."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values

    @property
    def key(self) -> str:
        return f"shop.error.{self.code}"


class NotFound(ShopError):
    """There is no such thing, or it belongs to someone else: the asker cannot tell which."""


class TooLate(ShopError):
    """The order has gone too far, or the time for it has passed."""


class Refused(ShopError):
    """The rules of the shop do not allow it."""


class Invalid(ShopError):
    """What was given cannot be understood or used."""
