"""A story played: what is told when all goes well, and when something does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.contract import HandoffWish, TurnReply
from handoff.workbench.talks.playing import Outcome, Player, TurnFailed
from handoff.workbench.talks.story import Responses, Story
from tests.handoff.workbench.talks.made import reply


def play(
    root: Path, *steps: dict[str, Any], replies: list[TurnReply]
) -> tuple[Outcome, list[dict[str, Any]]]:
    asked: list[dict[str, Any]] = []

    def ask(request: dict[str, Any]) -> TurnReply:
        asked.append(request)
        return replies[len(asked) - 1]

    responses = Responses(sorted((root / "data" / "responses").glob("*.yml")))
    return Player(ask, responses, "CU-1", "en-IN").play(Story("A talk", None, None, steps)), asked


def test_a_talk_that_goes_as_expected_is_told_step_by_step(root: Path) -> None:
    yes = {"title": "Yes", "payload": "/affirm"}
    first = reply("Hello Ann!", buttons=[yes], entities=[{"entity": "person", "value": "Ann"}])
    outcome, asked = play(
        root,
        {"user": "hello", "expect": {"intent": "greet", "replies": ["utter_greet"], "buttons": ["Yes"]}},
        {"tap": "Yes", "expect": {"says": ["/bye/"], "never": ["utter_greet"], "handoff": "asked"}},
        replies=[first, reply("Bye", "affirm", handoff=HandoffWish("asked", "please"))],
    )
    assert outcome.passed
    assert [(step["who"], step["text"]) for step in outcome.steps] == [
        ("customer", "hello"),
        ("bot", "Hello Ann!"),
        ("customer", "Yes"),
        ("bot", "Bye"),
        ("person", ""),
    ]
    heard = outcome.steps[0]
    assert heard["intent"] == "greet"
    assert heard["got"]["entities"] == [{"entity": "person", "value": "Ann"}]
    assert (asked[0]["text"], asked[1]["payload"]) == ("hello", "/affirm")
    assert asked[1]["language"] == "en"
    assert "customer: hello" in outcome.script


@pytest.mark.parametrize(
    ("expect", "answer", "code", "expected", "got"),
    [
        ({"intent": "thank"}, reply(), "intent", "thank", "greet"),
        ({"form": "cancel_form"}, reply(), "form", "cancel_form", None),
        ({"handoff": "asked"}, reply(), "handoff", "asked", None),
        ({"doubtful": True}, reply(), "doubtful", True, False),
        ({"cards": 2}, reply(), "cards", 2, 0),
        ({"cards": True}, reply(), "cards", True, False),
        ({"buttons": ["Yes"]}, reply(), "buttons", ["Yes"], []),
        ({"slots": {"email": "a@b.org"}}, reply(slots={"email": None}), "slots", "a@b.org", None),
        ({"says": ["utter_bye"]}, reply(), "says", "utter_bye", ["Hello!"]),
        ({"never": ["/hello/"]}, reply(), "never", "/hello/", ["Hello!"]),
        ({"replies": ["utter_bye"]}, reply(), "replies", ["utter_bye"], ["Hello!"]),
        ({"replies": []}, reply(), "replies", [], ["Hello!"]),
        ({"says": ["utter_unknown"]}, reply(), "story", None, "there is no response utter_unknown"),
        ({}, reply("Hello {name}!"), "blank", None, "Hello {name}!"),
    ],
)
def test_what_was_expected_and_what_came_is_told(
    root: Path, expect: dict[str, Any], answer: TurnReply, code: str, expected: Any, got: Any
) -> None:
    step = {"user": "hello", "expect": expect}
    outcome, asked = play(root, step, {"user": "never asked"}, replies=[answer, answer])
    assert not outcome.passed
    (problem,) = outcome.problems
    assert (problem.step, problem.code, problem.expected, problem.got) == (1, code, expected, got)
    assert len(asked) == 1
    assert outcome.script.splitlines()[0] == "A talk"
    assert problem.told()["text"] in outcome.script


def test_a_turn_without_an_answer_ends_the_talk(root: Path) -> None:
    def ask(_: dict[str, Any]) -> TurnReply:
        raise TurnFailed("the bot did not answer")

    steps = [{"user": "hello"}]
    outcome = Player(ask, Responses([]), None, "en").play(Story("A talk", None, None, steps))
    assert [(one.code, one.got) for one in outcome.problems] == [("failed", "the bot did not answer")]
    assert outcome.steps == [{"who": "customer", "text": "hello"}]


def test_a_button_that_is_not_shown_cannot_be_tapped(root: Path) -> None:
    outcome, _ = play(root, {"user": "hello"}, {"tap": "Yes"}, replies=[reply()])
    assert [(one.step, one.code) for one in outcome.problems] == [(2, "story")]


def test_what_people_said_meanwhile_goes_along_when_a_talk_is_handed_back(root: Path) -> None:
    back = {"handed_back": {"next": "greet", "meanwhile": [{"customer": "it is blue"}, {"agent": "I see"}]}}
    outcome, asked = play(root, back, replies=[reply()])
    assert outcome.passed
    assert asked[0]["meanwhile"] == [
        {"sender": "customer", "text": "it is blue"},
        {"sender": "agent", "text": "I see"},
    ]
    assert asked[0]["payload"] == '/handed_back{"next": "greet"}'
    assert [step["who"] for step in outcome.steps] == ["customer", "person", "person", "bot"]
