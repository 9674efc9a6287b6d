"""What may be sent to a contact now: the platform's windows after the customer's last message. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from handoff.channels.base import Capabilities
from handoff.conversations.views import iso

# late: only what a person wrote, and the platform is told so. template_only: approved texts alone.
Way = Literal["open", "late", "template_only", "closed"]


def way(
    can: Capabilities,
    last_customer_at: datetime | None,
    sender: str,
    now: datetime,
    *,
    template: bool = False,
) -> Way:
    """How a message of ``sender`` may go out now. Only agents' messages are ever ``late``: a platform
    that finds a bot's message tagged as a person's may shut the page out."""
    if template and can.templates:
        return "open"
    if can.reply_window is None:
        return "open"
    waited = None if last_customer_at is None else now - last_customer_at
    if waited is not None and waited < can.reply_window:
        return "open"
    if waited is not None and sender == "agent" and can.human_window and waited < can.human_window:
        return "late"
    return "template_only" if can.templates else "closed"


@dataclass(frozen=True, slots=True)
class Window:
    """An agent's view of it: ``open`` until ``closes_at``, then for people until ``human_until``."""

    open: bool
    closes_at: datetime | None
    human_until: datetime | None
    template_only: bool

    @classmethod
    def of(cls, can: Capabilities, last_customer_at: datetime | None, now: datetime) -> Window:
        at = last_customer_at
        found = way(can, at, "agent", now)
        return cls(
            open=found == "open",
            closes_at=at + can.reply_window if at and can.reply_window else None,
            human_until=at + can.human_window if at and can.human_window else None,
            template_only=found == "template_only",
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "open": self.open,
            "closes_at": iso(self.closes_at),
            "human_until": iso(self.human_until),
            "template_only": self.template_only,
        }
