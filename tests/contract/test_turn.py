"""The contract of a turn: what is written by one process is read as the same by the other, or refused."""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import contract
from bot.contract import HandoffWish, Reply, Said, TurnReply, TurnRequest, Understanding

words = st.text(min_size=1, max_size=40)
maybe = st.none() | words
said = st.builds(Said, sender=st.sampled_from(["customer", "agent"]), text=words)


@st.composite
def requests(draw: st.DrawFn) -> TurnRequest:
    typed = draw(st.booleans())
    return TurnRequest(
        conversation_id=draw(words),
        message_id=draw(words),
        text=draw(words) if typed else None,
        payload=None if typed else draw(words),
        channel=draw(words),
        customer_id=draw(maybe),
        locale=draw(maybe),
        language=draw(maybe),
        meanwhile=tuple(draw(st.lists(said, max_size=3))),
    )


share = st.floats(0, 1)
replies = st.builds(
    Reply, text=maybe, buttons=st.lists(st.fixed_dictionaries({"title": words, "payload": words}))
)
understandings = st.builds(Understanding, intent=maybe, confidence=share, in_scope=share, language=maybe)
turn_replies = st.builds(
    TurnReply,
    replies=st.lists(replies, max_size=3),
    understanding=understandings,
    slots=st.dictionaries(words, maybe, max_size=3),
    active_form=maybe,
    doubtful=st.booleans(),
    handoff=st.none() | st.builds(HandoffWish, reason=words, note=words),
)


def over_the_wire(value: dict[str, Any]) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(json.dumps(value))
    return read


@given(requests())
def test_a_request_arrives_as_it_was_sent(request: TurnRequest) -> None:
    assert TurnRequest.from_dict(over_the_wire(request.to_dict())) == request


@given(turn_replies)
def test_a_reply_arrives_as_it_was_sent(reply: TurnReply) -> None:
    assert TurnReply.from_dict(over_the_wire(reply.to_dict())) == reply


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"message_id": "1", "text": "hi"}, "conversation_id is missing"),
        ({"conversation_id": "c", "message_id": "", "text": "hi"}, "message_id is missing"),
        ({"conversation_id": "c", "message_id": "1"}, "exactly one of text and payload"),
        ({"conversation_id": "c", "message_id": "1", "text": "a", "payload": "/b"}, "exactly one"),
        ({"conversation_id": "c", "message_id": "1", "text": 5}, "text must be a string"),
    ],
)
def test_a_bad_request_is_refused_with_a_clear_sentence(wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        TurnRequest.from_dict(wrong)


def test_an_older_gateway_may_send_what_the_bot_does_not_know() -> None:
    request = TurnRequest.from_dict({"conversation_id": "c", "message_id": "1", "text": "hi", "mood": 1})
    assert request.text == "hi"


def test_the_contract_needs_the_standard_library_alone() -> None:
    tree = ast.parse(Path(contract.__file__).read_text("utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    imported |= {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    assert {str(name).split(".")[0] for name in imported} <= sys.stdlib_module_names
