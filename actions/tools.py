"""What every action gets when it is made: its only way to facts, texts and the time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from actions.db import Database
from actions.knowledge.search import Knowledge
from actions.shop.shop import Shop
from actions.texts import Texts


@dataclass(frozen=True, slots=True)
class Tools:
    """The dependencies of the actions, made once by the action server."""

    database: Database
    shop: Shop
    texts: Texts
    knowledge: Knowledge = field(default_factory=lambda: Knowledge([]))  # the help articles
    public_url: str = ""  # where customers reach the gateway, for links

    def now(self) -> datetime:
        """The shop's clock (UTC, aware); ``SETU_SHOP_CLOCK`` freezes it."""
        return self.shop.now()
