"""Whatever Meta's webhooks hold, parsing returns or raises ``Invalid``, and what it returns can be stored."""

from __future__ import annotations

import copy
import json
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handoff.channels.arrivals import plain
from handoff.channels.base import Button, Card, Part, SentFile, Template, Webhook
from handoff.channels.instagram import Instagram
from handoff.channels.messenger import Messenger
from handoff.channels.whatsapp import WhatsApp
from handoff.conversations.inbound import Inbound, Unknown
from handoff.errors import Invalid
from tests.support.meta import (
    ACCOUNT,
    NUMBER,
    PAGE,
    RECORDED,
    inbox,
    outbound,
    page_call,
    request,
    whatsapp_call,
)

CLIENT = httpx.AsyncClient()
CHANNELS: dict[str, Any] = {
    "messenger": Messenger(CLIENT),
    "instagram": Instagram(CLIENT),
    "whatsapp": WhatsApp(CLIENT),
}
PAYLOADS = [
    (path.parent.name, json.loads(path.read_text()))
    for channel in CHANNELS
    for path in sorted((RECORDED / channel).glob("*.json"))
]
TEXTS = st.text(max_size=20) | st.sampled_from(["\ud83d", "\x00", "\u200b", "🎈", "9" * 30, "-", "1e999"])
ATOMS = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS
JSON = st.recursive(
    ATOMS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
quick = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def check(channel: str, body: bytes) -> None:
    """Parsing is total, repeatable, and gives only what fits our tables."""
    kind: Webhook = CHANNELS[channel]
    view = inbox(channel)
    try:
        found = kind.parse(view, request(body))
    except Invalid:
        return
    assert [item.key for item in found] == [item.key for item in kind.parse(view, request(body))]
    for item in found:
        json.dumps(plain(item)).encode()
        assert -(2**63) <= item.place < 2**63
        assert isinstance(item, Unknown) or len(item.contact) <= 255
        if isinstance(item, Inbound):
            assert item.contact
            assert item.external_id
            assert not (item.payload and (item.text or item.files or item.location))
            assert item.payload or item.text or item.files or item.location


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of all that is within a JSON value."""
    found = [at] if at else []
    if isinstance(value, dict):
        items: Any = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    else:
        return found
    for key, inner in items:
        found += places(inner, (*at, key))
    return found


def put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    changed = copy.deepcopy(value)
    within = changed
    for key in path[:-1]:
        within = within[key]
    within[path[-1]] = new
    return changed


@quick
@given(st.data())
def test_a_recorded_payload_with_anything_anywhere_is_read(data: st.DataObject) -> None:
    channel, payload = data.draw(st.sampled_from(PAYLOADS))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(places(payload)))
        payload = put(payload, path, data.draw(JSON))
        if not places(payload):
            break
    check(channel, json.dumps(payload).encode())


NAMES = st.sampled_from(
    sorted(
        {key for _, payload in PAYLOADS for path in places(payload) for key in path if isinstance(key, str)}
    )
)
SHAPED = st.recursive(
    ATOMS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@quick
@given(st.sampled_from(["messaging", "standby", "changes", "odd"]), st.lists(SHAPED, max_size=4))
def test_any_events_in_a_pages_batch_are_read(name: str, events: list[Any]) -> None:
    people = {"sender": {"id": "7"}, "recipient": {"id": PAGE}, "timestamp": 1_763_800_000_000}
    events = [people | event if isinstance(event, dict) else event for event in events]
    for channel, kind, account in (("messenger", "page", PAGE), ("instagram", "instagram", ACCOUNT)):
        check(channel, json.dumps({"object": kind, "entry": [{"id": account, name: events}]}).encode())


@quick
@given(st.sampled_from(["messages", "statuses", "message_echoes", "contacts", "errors"]), SHAPED, SHAPED)
def test_any_value_of_a_change_is_read(name: str, first: Any, second: Any) -> None:
    head = {"from": "15550001111", "id": "wamid.1", "timestamp": "1763800000"}
    items = [head | item if isinstance(item, dict) else item for item in (first, second)]
    value = {"metadata": {"phone_number_id": NUMBER}, name: items}
    change = {"field": "messages", "value": value}
    batch = {"object": "whatsapp_business_account", "entry": [{"changes": [change, second]}]}
    check("whatsapp", json.dumps(batch).encode())


@quick
@given(
    st.sampled_from(sorted(CHANNELS)), st.binary(max_size=200) | JSON.map(lambda v: json.dumps(v).encode())
)
def test_any_bytes_are_read_or_invalid(channel: str, body: bytes) -> None:
    check(channel, body)


@quick
@given(st.sampled_from(PAYLOADS), st.data())
def test_truncated_and_wrongly_encoded_payloads_are_read_or_invalid(
    recorded: Any, data: st.DataObject
) -> None:
    channel, payload = recorded
    text = json.dumps(payload, ensure_ascii=False)
    body = text.encode(data.draw(st.sampled_from(["utf-8", "utf-16", "utf-32", "utf-8-sig"])))
    check(channel, body[: data.draw(st.integers(0, len(body)))])
    place = data.draw(st.integers(0, len(body) - 1))
    check(channel, body[:place] + data.draw(st.binary(min_size=1, max_size=3)) + body[place + 1 :])


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(
    "body",
    [
        b'{"object":"page","entry":[{"id":"101234567890123","messaging":' + b"[" * 50 + b"]" * 50 + b"}]}",
        b'{"a":' * 100_000,
        b"[" * 1_000_000,
        b'{"object":"page","entry":[' + b"{}," * 100_000 + b"{}]}",
        b'"' + b"x" * 5_000_000 + b'"',
        b'{"object":' + b"9" * 100_000 + b"}",
    ],
    ids=["nested", "objects", "lists", "many", "long", "digits"],
)
def test_huge_and_deeply_nested_payloads_end(channel: str, body: bytes) -> None:
    check(channel, body)


WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=60)
PAYLOAD = st.text(min_size=1, max_size=300)
TAPPED = st.builds(Button, WORDS, PAYLOAD, st.just("") | st.just("https://shop.example/a"))
FILES = st.builds(
    SentFile,
    st.sampled_from(["image", "audio", "video", "file"]),
    st.just("https://shop.example/f/1"),
    WORDS,
    st.sampled_from(["", "image/png", "image/gif", "audio/ogg", "video/mp4", "application/pdf"]),
    st.integers(0, 10**8),
)


def visible(text: str) -> bool:
    return bool(text.strip())


@quick
@given(
    st.text(max_size=640).filter(visible), st.lists(TAPPED, max_size=3), st.lists(TAPPED, max_size=10), FILES
)
def test_whatever_is_planned_within_the_limits_is_taken(
    text: str, buttons: list[Button], choices: list[Button], file: SentFile
) -> None:
    buttons = [button for button in buttons if visible(button.title) and visible(button.payload)]
    choices = [choice for choice in choices if visible(choice.title) and visible(choice.payload)]
    card = Card("Tent", "", "", tuple(buttons))
    for part in (Part(text, tuple(buttons)), Part(text, choices=tuple(choices)), Part(file=file), Part(text)):
        if len(text) + 40 * 3 < 640:
            page_call(CHANNELS["messenger"].body(outbound("messenger", part)))
        whatsapp_call(CHANNELS["whatsapp"].body(outbound("whatsapp", part, contact="15550001111")))
    page_call(CHANNELS["messenger"].body(outbound("messenger", Part(cards=(card,)))))
    filled = Part(template=Template("a", "en", ("x", *(choice.title for choice in choices))))
    whatsapp_call(CHANNELS["whatsapp"].body(outbound("whatsapp", filled, contact="15550001111")))
