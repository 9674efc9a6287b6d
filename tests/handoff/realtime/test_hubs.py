"""Several hubs as one."""

from __future__ import annotations

from typing import Any

from actions.db import now
from handoff.conversations.ports import DeliveryChange
from handoff.conversations.views import ContactView, ConversationView, MessageView
from handoff.realtime.hubs import Hubs

CONTACT = ContactView("k", None, None, None)
TALK = ConversationView("c", "bot", 0, CONTACT, "i", "Shop", "web", 1, 0, 0)
MESSAGE = MessageView("m", "c", 1, "bot", "Hi", now())


class Listening:
    def __init__(self) -> None:
        self.heard: list[Any] = []

    def __getattr__(self, name: str) -> Any:
        async def hear(*what: Any) -> None:
            self.heard.append((name, *what))

        return hear


class Broken:
    def __getattr__(self, name: str) -> Any:
        async def fail(*_what: Any) -> None:
            raise RuntimeError(name)

        return fail


async def test_everybody_is_told_everything_and_who_fails_costs_the_others_nothing() -> None:
    first, last = Listening(), Listening()
    hubs = Hubs(first, Broken(), last)
    change = DeliveryChange("c", 1, {"state": "sent"})
    await hubs.publish(TALK, [MESSAGE])
    await hubs.typing("c", "agent", True, "Maria")
    await hubs.read("c", "agent", 1)
    await hubs.queue_changed()
    await hubs.delivery([change])
    assert first.heard == last.heard == [
        ("publish", TALK, [MESSAGE]),
        ("typing", "c", "agent", True, "Maria"),
        ("read", "c", "agent", 1),
        ("queue_changed",),
        ("delivery", [change]),
    ]  # fmt: skip
