"""Prices in the shop's base currency and what they are in the customer's. Pure, exact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from actions import locale


@dataclass(frozen=True, slots=True)
class Prices:
    """Fixed rates and rounding steps by currency (``data/shop/money.yml``)."""

    base: str
    rates: Mapping[str, Decimal]  # of one unit of the base
    steps: Mapping[str, Decimal]  # what shown prices are rounded to
    countries: Mapping[str, str]
    other: str

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Prices:
        currencies = data["currencies"]
        return cls(
            base=data["base"],
            rates={name: Decimal(row["rate"]) for name, row in currencies.items()},
            steps={name: Decimal(row["step"]) for name, row in currencies.items()},
            countries=data["countries"],
            other=data["other"],
        )

    def currency_of(self, country: str | None) -> str:
        return self.countries.get(country or "", self.other)

    def price(self, base_minor: int, currency: str) -> int:
        """A base price in ``currency``, rounded to its step (half up), never to nothing; minor units."""
        units = locale.amount(base_minor, self.base) * self.rates[currency] / self.steps[currency]
        steps = max(units.quantize(Decimal(1), ROUND_HALF_UP), Decimal(min(base_minor, 1)))
        return locale.minor(steps * self.steps[currency], currency)

    def to_base(self, minor: int, currency: str) -> int:
        """An amount paid in ``currency`` as base minor units, for sums over several currencies."""
        units = locale.amount(minor, currency) / self.rates[currency]
        return int(units.scaleb(locale.decimals(self.base)).quantize(Decimal(1), ROUND_HALF_UP))

    def ceiling(self, minor: int, currency: str) -> int:
        """The highest base price that, shown in ``currency``, does not exceed ``minor``; -1 if none."""
        low, high = (
            -1,
            self.to_base(minor, currency)
            + self.to_base(locale.minor(self.steps[currency], currency), currency),
        )
        while low < high:
            middle = (low + high + 1) // 2
            if self.price(middle, currency) <= minor:
                low = middle
            else:
                high = middle - 1
        return low
