"""Messenger's and Instagram's limits, as the Send API keeps them."""

from __future__ import annotations

from typing import Any

import pytest

from handoff.simulators import page_rules as rules
from handoff.simulators.refusals import Refused
from handoff.simulators.world import Thread

HOUR = 3600.0


def choice(title: str = "Yes") -> dict[str, Any]:
    return {"content_type": "text", "title": title, "payload": "/yes"}


def button(title: str = "Yes") -> dict[str, Any]:
    return {"type": "postback", "title": title, "payload": "/yes"}


def template(**payload: Any) -> dict[str, Any]:
    return {"attachment": {"type": "template", "payload": payload}}


def card(**rest: Any) -> dict[str, Any]:
    return {"title": "Dress", "subtitle": "€ 49", "buttons": [button()]} | rest


@pytest.mark.parametrize(
    "message",
    [
        {"text": "x" * 2000},
        {"text": "Which?", "quick_replies": [choice()] * 13, "metadata": "d.0"},
        template(template_type="button", text="x" * 640, buttons=[button("x" * 20)] * 3),
        template(template_type="generic", elements=[card(title="x" * 80)] * 10),
        {"attachment": {"type": "image", "payload": {"url": "https://shop.example/a.png"}}},
    ],
)
def test_what_is_within_the_limits_is_taken(message) -> None:
    rules.content({"message": message}, "messenger")


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"text": ""},
        {"text": "x" * 2001},
        {"text": 5},
        {"text": "Which?", "quick_replies": [choice()] * 14},
        {"text": "Which?", "quick_replies": [choice("x" * 21)]},
        {"text": "Which?", "metadata": "x" * 1001},
        {"text": "both", "attachment": {"type": "image", "payload": {"url": "https://shop.example/a.png"}}},
        template(template_type="button", text="x" * 641, buttons=[button()]),
        template(template_type="button", text="x", buttons=[]),
        template(template_type="button", text="x", buttons=[button()] * 4),
        template(template_type="generic", elements=[card()] * 11),
        template(template_type="generic", elements=[card(title="x" * 81)]),
        template(template_type="generic", elements=[{"title": "nothing else"}]),
        template(template_type="receipt"),
        {"attachment": {"type": "poem", "payload": {}}},
        {"attachment": {"type": "image"}},
    ],
)
def test_what_is_beyond_the_limits_is_refused_with_error_100(message) -> None:
    with pytest.raises(Refused) as refused:
        rules.content({"message": message}, "messenger")
    assert refused.value.status == 400
    assert refused.value.body["error"]["code"] == 100


def test_instagram_counts_bytes() -> None:
    rules.content({"message": {"text": "ñ" * 500}}, "instagram")
    with pytest.raises(Refused, match=r".*"):
        rules.content({"message": {"text": "ñ" * 501}}, "instagram")


def thread(hours_ago: float) -> Thread:
    return Thread("1", "Ann", "en", last_wrote_at=-hours_ago * HOUR)


@pytest.mark.parametrize(
    ("hours", "given", "tag"),
    [
        (23, {"messaging_type": "RESPONSE"}, None),
        (25, {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}, "HUMAN_AGENT"),
        (167, {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}, "HUMAN_AGENT"),
    ],
)
def test_windows_are_a_day_and_for_people_a_week(hours, given, tag) -> None:
    assert rules.in_window(thread(hours), given, 0.0, "messenger") == tag


@pytest.mark.parametrize(
    ("hours", "given", "code"),
    [
        (25, {"messaging_type": "RESPONSE"}, 10),
        (169, {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}, 10),
        (1, {"messaging_type": "MESSAGE_TAG", "tag": "ACCOUNT_UPDATE"}, 100),
        (1, {"messaging_type": "MESSAGE_TAG"}, 100),
        (1, {"messaging_type": "RESPONSE", "tag": "HUMAN_AGENT"}, 100),
        (1, {}, 100),
    ],
)
def test_beyond_the_windows_and_with_retired_tags_it_is_refused(hours, given, code) -> None:
    with pytest.raises(Refused) as refused:
        rules.in_window(thread(hours), given, 0.0, "messenger")
    assert refused.value.body["error"]["code"] == code
