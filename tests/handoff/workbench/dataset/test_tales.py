# ruff: noqa: E501 - talks are long lines
"""Rules and conversation tests shown as talks, and real talks made into tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.texts import Texts
from handoff.errors import Invalid, NotFound
from handoff.workbench.dataset.examples import Examples
from handoff.workbench.dataset.recording import Names, Said, story
from handoff.workbench.dataset.speaking import Speech
from handoff.workbench.dataset.tales import read
from handoff.workbench.dataset.telling import Tales, responses
from handoff.workbench.talks.story import Story
from tests.handoff.workbench.dataset.conftest import ROOT


@pytest.fixture(scope="module")
def texts() -> Texts:
    return Texts.load(ROOT / "data/texts")


@pytest.fixture(scope="module")
def tales() -> Tales:
    return Tales(ROOT, Examples(ROOT))


@pytest.fixture(scope="module")
def names() -> Names:
    return Names(responses(ROOT))


def test_every_rule_and_every_conversation_test_is_there_with_its_line(tales: Tales) -> None:
    found = tales.all()
    tests = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("tests/stories/*/*.yml"))
    assert [one.file for one in found if one.kind == "test"] == tests
    rules = [
        rule["rule"]
        for file in sorted((ROOT / "data/rules").glob("*.yml"))
        for rule in yaml.safe_load(file.read_text("utf-8"))["rules"]
    ]
    assert [one.title for one in found if one.kind == "rule"] == rules
    assert len({one.id for one in found}) == len(found)
    for one in found:
        if one.kind == "rule":
            line = (ROOT / one.file).read_text("utf-8").split("\n")[one.line - 1]
            assert line.strip() == f"- rule: {one.title}"


def test_every_step_of_every_talk_says_something(tales: Tales, texts: Texts) -> None:
    for one in tales.all():
        steps = tales.told(one.id, "hi", Speech(texts, "fa"))["steps"]
        assert steps
        assert all(step["who"] in ("customer", "bot", "person") for step in steps)
        assert all(step["text"] or step.get("note") or step.get("title") for step in steps), one.title


def test_a_rule_is_told_with_an_example_and_the_response_in_the_asked_language(
    tales: Tales, texts: Texts
) -> None:
    rule = next(one for one in tales.all() if one.title == "answer sign in problem")
    customer, bot = tales.told(rule.id, "el", Speech(texts, "en"))["steps"]
    assert (customer["who"], customer["intent"]) == ("customer", "sign_in_problem")
    assert customer["text"] in {e.text for e in Examples(ROOT).of("sign_in_problem", "el")}
    said = yaml.safe_load((ROOT / "data/responses/el.yml").read_text("utf-8"))["responses"]
    assert bot["text"] == said["utter_sign_in_problem"][0]["text"]
    assert bot["action"] == "utter_sign_in_problem"


def test_actions_are_told_in_plain_words_of_the_trainer(tales: Tales, texts: Texts) -> None:
    rule = next(one for one in tales.all() if one.title == "do track order")
    steps = tales.told(rule.id, "en", Speech(texts, "en"))["steps"]
    assert "order" in steps[0]["note"].lower()
    assert steps[-1]["action"] == "action_track_order"
    assert steps[-1]["text"].endswith(texts.say("handoff.intents.track_order", "en"))


def test_a_conversation_test_is_told_in_its_own_language_with_what_is_expected() -> None:
    text = (
        "conversation: A title\nsteps:\n"
        "  - user: hello\n    expect: {intent: greet, replies: [utter_greet, /SO-1/, 'Just so'], handoff: null}\n"
        '  - tap: "Yes"\n    expect: {form: track_order_form, slots: {email: null}}\n'
        "  - handed_back: {next: track_order, meanwhile: [customer: it is me, agent: I see]}\n"
    )
    (tale,) = read("tests/stories/el/x.yml", text, ["en", "el"])
    assert (tale.language, tale.title, tale.kind) == ("el", "A title", "test")
    assert read("tests/stories/el/x.yml", "steps: [\n") == []
    assert read("data/rules/x.yml", "- a\n- b\n") == []


def test_an_unknown_talk_is_not_found(tales: Tales) -> None:
    with pytest.raises(NotFound, match="talk_unknown"):
        tales.one("0" * 18)


def made(said: list[Said], names: Names, tmp_path: Path, **more: Any) -> Story:
    text = story("It: goes #1", said, names, **more)
    (tmp_path / "x.yml").write_text(text, "utf-8")
    return Story.read(tmp_path / "x.yml")


def test_a_real_talk_becomes_a_test_with_what_really_happened(names: Names, tmp_path: Path) -> None:
    goodbye = "Bye for now! I'm here whenever you need me."
    test = made(
        [
            Said("customer", "where is my order: #42?", intent="track_order"),
            Said("bot", "Something that no response says, Ravi", buttons=2),
            Said("customer", "Yes", payload="/affirm"),
            Said("bot", goodbye),
            Said("customer", "- a person\nplease", intent="contact_human", handoff="asked"),
            Said("bot", "Hello! I'm Setu, the shop's bot. What can I do for you?"),
            Said("customer", "hmm", doubtful=True, handoff="mood"),
            Said("bot", "You're welcome! Anything else?"),
        ],
        names, tmp_path, locale="en-IN",
    )  # fmt: skip
    assert (test.title, test.customer, test.locale) == ("It: goes #1", None, "en-IN")
    assert list(test.steps) == [
        {
            "user": "where is my order: #42?",
            "expect": {"intent": "track_order", "buttons": True, "handoff": None},
        },
        {"tap": "Yes", "expect": {"replies": ["utter_goodbye"], "handoff": None}},
        {
            "user": "- a person please",
            "expect": {"intent": "contact_human", "replies": ["utter_greet"], "handoff": "asked"},
        },
        {"user": "hmm", "expect": {"doubtful": True, "replies": ["utter_welcome"]}},
    ]


def test_what_was_said_to_a_person_comes_back_as_what_was_said_meanwhile(
    names: Names, tmp_path: Path
) -> None:
    test = made(
        [
            Said("customer", "a person", intent="contact_human"),
            Said("agent", "how can I help"),
            Said("customer", "never mind: it is here"),
            Said("agent", "fine"),
            Said("customer", "bye", intent="goodbye"),
            Said("bot", "Bye for now! I'm here whenever you need me."),
        ],
        names, tmp_path, customer="gold_member",
    )  # fmt: skip
    assert [next(iter(step)) for step in test.steps] == ["user", "handed_back", "user"]
    assert test.steps[1]["handed_back"]["meanwhile"] == [
        {"agent": "how can I help"},
        {"customer": "never mind: it is here"},
        {"agent": "fine"},
    ]
    assert test.customer == "gold_member"


def test_messages_that_the_bot_read_as_one_are_one_step(names: Names, tmp_path: Path) -> None:
    test = made(
        [Said("customer", "hi"), Said("customer", "where is it", intent="track_order"), Said("bot", "x")],
        names, tmp_path,
    )  # fmt: skip
    assert [step["user"] for step in test.steps] == ["hi where is it"]


def test_a_talk_without_the_bot_is_no_test(names: Names) -> None:
    with pytest.raises(Invalid, match="talk_empty"):
        story("x", [Said("customer", "hello?"), Said("agent", "yes")], names)


def test_every_rule_that_begins_with_a_customer_can_be_played(tales: Tales, texts: Texts) -> None:
    speech = Speech(texts, "en")
    for one in tales.all():
        if one.kind == "test":
            assert tales.playable(one.id, "en", speech) == (one.file, None)
        elif one.node.get("condition"):
            with pytest.raises(Invalid, match="talk_not_played"):
                tales.playable(one.id, "en", speech)
    rule = next(one for one in tales.all() if one.title == "ask what track order needs")
    _, played = tales.playable(rule.id, "el", speech)
    assert played is not None
    (step,) = played.steps
    assert step["user"] in {e.text for e in Examples(ROOT).of("track_order", "el")}
    assert step["expect"] == {"intent": "track_order", "form": "track_order_form"}
