"""What every action gets when it is made: its only way to facts, texts and the time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from actions.db import Database
from actions.settings import Settings
from actions.shop.shop import Shop
from actions.texts import Texts


@dataclass(frozen=True, slots=True)
class Tools:
    """The dependencies of the actions, made once by the action server.

    ``now`` is the shop's clock (UTC, aware); ``SETU_SHOP_CLOCK`` freezes it.
    """

    database: Database
    texts: Texts
    shop: Shop
    now: Callable[[], datetime]
    settings: Settings
