"""Messages as the events that web widgets made for Rasa understand."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.db import now
from handoff.channels.base import Configured, Outbound, SendFailed
from handoff.channels.kinds import kinds
from handoff.channels.webchat import WebchatChannel, shapes
from handoff.conversations.views import InboxView, MessageView

BASE = "https://chat.example"


def told(text: str = "", **rich: Any) -> list[dict[str, Any]]:
    return shapes(MessageView("m", "c", 1, "bot", text, now(), rich=rich), BASE)


def understood(event: dict[str, Any]) -> str:
    """What rasa-webchat 1.0 makes of an event (its msgProcessor): it counts the keys too."""
    keys = set(event) - {"metadata"}
    if keys == {"text"}:
        return "text"
    if keys == {"text", "quick_replies"}:
        return "buttons"
    attachment = event["attachment"]
    if attachment["type"] == "template" and attachment["payload"]["template_type"] == "generic":
        assert attachment["payload"]["elements"]
        for element in attachment["payload"]["elements"]:
            assert {"title", "subtitle", "image_url", "buttons"} == set(element)
        return "carousel"
    assert attachment["payload"]["src"]
    return str(attachment["type"])


def test_a_text_is_an_event_of_its_own() -> None:
    assert told("Hello") == [{"text": "Hello"}]


def test_buttons_come_last_where_quick_replies_are_shown() -> None:
    buttons = [{"title": "Yes", "payload": "/affirm"}, {"title": "Help", "url": "https://shop.example/help"}]
    cards = [{"title": "Shirt"}]
    events = told("Sure?", buttons=buttons, cards=cards)
    assert [understood(event) for event in events] == ["carousel", "buttons"]
    assert events[-1]["quick_replies"] == [
        {"content_type": "text", "title": "Yes", "payload": "/affirm"},
        {"type": "web_url", "title": "Help", "url": "https://shop.example/help"},
    ]


def test_cards_are_a_carousel_with_whole_addresses() -> None:
    card = {
        "title": "Linen shirt", "subtitle": "Light", "price": "€39", "reason": "your size",
        "image": "/media/products/1.svg", "buttons": [{"title": "Buy", "payload": "/buy"}],
    }  # fmt: skip
    text, carousel = told("Look", cards=[card])
    assert text == {"text": "Look"}
    assert carousel["attachment"]["payload"]["elements"] == [
        {
            "title": "Linen shirt",
            "subtitle": "Light · €39 · your size",
            "image_url": f"{BASE}/media/products/1.svg",
            "buttons": [{"type": "postback", "title": "Buy", "payload": "/buy"}],
        }
    ]


def test_files_are_shown_or_linked_once_they_are_ready() -> None:
    files = [
        {"id": "a", "kind": "image", "name": "me.png", "state": "ready"},
        {"id": "b", "kind": "video", "name": "clip.mp4", "state": "ready"},
        {"id": "c", "kind": "file", "name": "invoice.pdf", "state": "ready"},
        {"id": "d", "kind": "file", "name": "virus.exe", "state": "refused"},
    ]
    events = told("Here", files=files)
    assert [understood(event) for event in events] == ["text", "image", "video", "text"]
    assert events[1]["attachment"]["payload"] == {"src": f"{BASE}/files/a", "title": "me.png"}
    assert events[3]["text"] == f"invoice.pdf  \n{BASE}/files/c"


def test_lines_stay_lines_in_markdown() -> None:
    assert told("One\nTwo\n\nThree") == [{"text": "One  \nTwo\n\nThree"}]


def test_a_place_is_named() -> None:
    (event,) = told(location={"latitude": 1.5, "longitude": 2.5, "name": "Shop"})
    assert event["text"] == "Shop  \n1.5, 2.5"


@pytest.mark.parametrize(
    "text",
    [
        "[click](javascript:alert(1))",
        "[click] (javascript:alert(1))",
        "<javascript:alert(1)>",
        "[a][b]\n\n[b]: javascript:alert(1)",
        "[click](&#106;avascript:alert(1))",
    ],
)
def test_no_address_hides_under_words(text: str) -> None:
    (event,) = told(text)
    for mark in "[]<&":
        assert mark not in event["text"].replace(f"\\{mark}", "")


@given(
    st.text(max_size=200),
    st.lists(st.text(min_size=1, max_size=20), max_size=3),
    st.lists(st.text(min_size=1, max_size=20), max_size=3),
)
def test_every_event_is_one_that_the_widget_knows(text: str, titles: list[str], cards: list[str]) -> None:
    buttons = [{"title": title, "payload": f"/{title}"} for title in titles]
    events = told(text, buttons=buttons, cards=[{"title": title} for title in cards])
    kinds_of = [understood(event) for event in events]
    assert ("carousel" in kinds_of) == bool(cards)
    assert ("buttons" in kinds_of) == bool(titles)
    assert not titles or kinds_of[-1] == "buttons"


async def test_it_is_a_kind_of_inbox_that_pushes_nothing() -> None:
    client = httpx.AsyncClient()
    channel = kinds(client, client)["webchat"]
    inbox = InboxView("i", "webchat", "Old widget", {"origins": ["https://shop.example"]})
    assert isinstance(channel, WebchatChannel)
    assert isinstance(channel, Configured)
    assert not channel.pushes(inbox)
    assert (await channel.check(inbox)).problem == ""
    with pytest.raises(SendFailed):
        await channel.send(Outbound("d", inbox, "ann", MessageView("m", "c", 1, "bot", "Hi", now())))
