"""What an agent can ask the bot to go on with when handing back: tasks it can do by itself."""

from __future__ import annotations

from handoff.desk.titles import Titles

STEPS = (
    "track_order",
    "return_item",
    "exchange_item",
    "refund_status",
    "change_address",
    "cancel_order",
    "get_invoice",
    "delivery_options",
    "recommend",
    "find_product",
    "size_help",
    "loyalty_points",
    "leave_review",
)


def next_steps(titles: Titles) -> list[dict[str, str]]:
    """``[{"intent", "title"}]`` in the order to be offered."""
    return [{"intent": intent, "title": titles.of("intents", intent)} for intent in STEPS]
