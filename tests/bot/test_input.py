"""Nothing that a customer types is ever a command, and a payload is one that the bot knows."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contract import Said, TurnRequest
from bot.input import LONGEST_TEXT, MOST_MEANWHILE, BadInput, Payload, neutral, safe

INTENTS = {"greet", "inform", "restart", "session_start"}
ENTITIES = {"order_number", "rating", "customer_id"}

ANYTHING = st.text(st.characters(codec=None) | st.sampled_from('/ \t\n\x00\x1c\x85\u2028\ud800{}"'))


def request(**given: object) -> TurnRequest:
    return TurnRequest.from_dict({"conversation_id": "c", "message_id": "1", **given})


@given(ANYTHING)
def test_no_text_becomes_a_payload_or_cannot_be_stored(text: str) -> None:
    said = neutral(text)
    assert not said.strip().startswith("/")
    assert said.encode("utf-8").decode() == said
    assert "\x00" not in said
    assert neutral(said) == said


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("/greet", "greet"),
        (" / /restart{}", "restart{}"),
        ("and/or", "and/or"),
        ("where is <b>SO-100123</b>?", "where is <b>SO-100123</b>?"),
        ("שלום \u200f🙂", "שלום \u200f🙂"),
        ("two\nlines", "two\nlines"),
    ],
)
def test_ordinary_text_stays_as_it_is_but_for_a_leading_slash(text: str, plain: str) -> None:
    assert neutral(text) == plain


def test_a_payload_brings_its_intent_and_values() -> None:
    payload = Payload.parse('/inform{"order_number": "SO-100123", "rating": 5}', INTENTS, ENTITIES)
    assert (payload.intent, payload.values) == ("inform", {"order_number": "SO-100123", "rating": 5})
    parsed = payload.parsed("/inform", [{"entity": "rating", "value": 1}])
    assert parsed["intent"] == {"name": "inform", "confidence": 1.0}
    assert parsed["entities"][-1] == {"entity": "rating", "value": 5}


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "greet",
        "/",
        "/nothing_we_know",
        "/restart",
        "/session_start",
        "/greet{broken",
        "/greet{'single': 1}",
        "/greet@0.9",
        "/greet" + '{"order_number": ' * 50_000 + "}" * 50_000,
        '/inform{"customer_id": "somebody-else"}',
        '/inform{"order_number": {"$ne": null}}',
        '/inform{"order_number": ["SO-1"]}',
        '/inform{"unheard_of": 1}',
        '/greet{"order_number": "1"} /restart',
    ],
    ids=lambda payload: repr(payload[:40]),
)
def test_a_payload_the_bot_does_not_know_is_refused(payload: str) -> None:
    with pytest.raises(BadInput):
        Payload.parse(payload, INTENTS, ENTITIES)


@given(ANYTHING | st.builds(lambda x: "/inform" + json.dumps(x), st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))))  # fmt: skip
def test_any_payload_is_read_or_refused_as_bad_input(payload: str) -> None:
    with suppress(BadInput):
        assert Payload.parse(payload, INTENTS, ENTITIES).intent in {"greet", "inform"}


def test_what_is_too_long_is_refused_with_the_limit_in_the_sentence() -> None:
    with pytest.raises(BadInput, match=str(LONGEST_TEXT)):
        safe(request(text="x" * (LONGEST_TEXT + 1)))
    with pytest.raises(BadInput, match="conversation_id"):
        safe(TurnRequest("c" * 201, "1", text="hello"))
    with pytest.raises(BadInput, match="locale"):
        safe(request(text="hello", locale={"not": "a string"}))


def test_what_was_said_meanwhile_is_made_plain_too_and_bounded() -> None:
    lines = tuple(Said("customer", f"/line {number}") for number in range(100))
    kept = safe(TurnRequest("c", "1", payload="/handed_back", meanwhile=lines)).meanwhile
    assert len(kept) == MOST_MEANWHILE
    assert kept[-1].text == "line 99"
