"""Actions without a bot: a tracker made by hand, and what an action said and left behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.db import Database
from actions.dialogue.talk import Talk
from actions.shop.shop import Shop
from actions.texts import Texts
from actions.tools import Tools
from tests.actions.world import NOW

Say = Callable[..., Talk]


def tracker(
    text: str,
    intent: str = "inform",
    confidence: float = 1.0,
    entities: dict[str, str] | None = None,
    slots: dict[str, Any] | None = None,
    form: str | None = None,
    since: list[dict[str, Any]] | None = None,
) -> Tracker:
    """The tracker after one message; ``since`` are the events after it."""
    said = {
        "text": text,
        "intent": {"name": intent, "confidence": confidence},
        "entities": [{"entity": name, "value": value} for name, value in (entities or {}).items()],
    }
    events = [{"event": "user", "text": text, "parse_data": said, "message_id": "m1"}, *(since or [])]
    loop = {"name": form} if form else {}
    return Tracker("c", dict(slots or {}), said, events, False, None, loop, "action_listen")


@pytest.fixture(scope="session")
def shop() -> Shop:
    return Shop.open(encoder=None, clock=NOW)


@pytest.fixture(scope="session")
def texts() -> Texts:
    return Texts.load()


@pytest.fixture
def tools(database: Database, shop: Shop, texts: Texts) -> Tools:
    return Tools(database, shop, texts)


@pytest.fixture
def say(shop: Shop, texts: Texts) -> Say:
    """A talk whose last message is the one given; for what needs no database."""
    nowhere = Tools(Database("sqlite+aiosqlite:///nowhere.db"), shop, texts)
    return lambda text, **more: Talk(nowhere, CollectingDispatcher(), tracker(text, **more))
