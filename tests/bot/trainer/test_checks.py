"""Each mistake in the training data is found at the line that it is in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.trainer.checks import checking

NLU, RULES, DOMAIN = "data/nlu/en/talk.yml", "data/rules/talk.yml", "domain.yml"
ROOT = Path(__file__).parents[3]


def problems() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = checking.check(lambda step, share: None)["problems"]
    return found


def write(file: str, content: str) -> None:
    path = Path(file)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, "utf-8")


def test_sound_data_has_no_problem_and_is_counted(project: Path) -> None:
    found = checking.check(lambda step, share: None)
    assert found["problems"] == []
    assert found["data"] == {"examples": 42, "intents": 12, "languages": {"en": 42}}


#: A file, its content, and the line, column and code of what is wrong in it.
EXAMPLES = (
    'version: "3.1"\nnlu:\n  - intent: {intent}\n    examples: |\n      - hello you there\n      - {line}\n'
)
MISTAKES = {
    "a quote that never ends": (
        "data/nlu/en/then.yml",
        'version: "3.1"\nnlu:\n  - intent: "greet\n    examples: |\n      - hi\n',
        (6, 1, "yaml_broken"),
    ),
    "letters of another encoding": (
        "data/nlu/en/then.yml",
        b"nlu:\n  - intent: gr\xfc\xdf\n",
        (2, 1, "not_utf8"),
    ),
    "a key that stands twice": (
        "data/nlu/en/then.yml",
        'version: "3.1"\nnlu:\n  - intent: greet\n    intent: goodbye\n    examples: |\n      - hello you\n',
        (4, 5, "key_twice"),
    ),
    "an intent that is not in the domain": (
        "data/nlu/en/then.yml",
        EXAMPLES.format(intent="dance", line="dance with me"),
        (3, 13, "intent_unknown"),
    ),
    "a detail that is not in the domain": (
        "data/nlu/en/then.yml",
        EXAMPLES.format(intent="greet", line="hello [Anna](friend)"),
        (6, 15, "entity_unknown"),
    ),
    "a mark without its end": (
        "data/nlu/en/then.yml",
        EXAMPLES.format(intent="inform", line="it is [red(colour)"),
        (6, 15, "mark_broken"),
    ),
    "a mark whose values are no JSON": (
        "data/nlu/en/then.yml",
        EXAMPLES.format(intent="inform", line='it is [red]{"entity": colour}'),
        (6, 15, "mark_broken"),
    ),
    "a mark around nothing": (
        "data/nlu/en/then.yml",
        EXAMPLES.format(intent="inform", line="it is [](colour)"),
        (6, 15, "mark_empty"),
    ),
    "an example without a dash": (
        "data/nlu/en/then.yml",
        'version: "3.1"\nnlu:\n  - intent: greet\n    examples: |\n      - hello you\n      good day\n',
        (6, 7, "example_without_dash"),
    ),
    "a text under two intents": (
        "data/nlu/en/then.yml",
        EXAMPLES.format(intent="goodbye", line="Hello"),
        (6, 9, "same_text"),
    ),
    "an entry that is for nothing": (
        "data/nlu/en/then.yml",
        'version: "3.1"\nnlu:\n  - examples: |\n      - hello you\n',
        (3, 5, "entry_of_no_kind"),
    ),
    "a rule for an intent that is not there": (
        "data/rules/new.yml",
        "rules:\n  - rule: new\n    steps:\n      - intent: dance\n      - action: utter_greet\n",
        (4, 17, "intent_unknown"),
    ),
    "a rule with an action that is not there": (
        "data/rules/new.yml",
        "rules:\n  - rule: new\n    steps:\n      - intent: greet\n      - action: action_dance\n",
        (5, 17, "action_unknown"),
    ),
    "a rule with an answer that is not there": (
        "data/rules/new.yml",
        "rules:\n  - rule: new\n    steps:\n      - intent: greet\n      - action: utter_dance\n",
        (5, 17, "response_missing"),
    ),
    "a step that is none": (
        "data/rules/new.yml",
        "rules:\n  - rule: new\n    steps:\n      - intents: greet\n",
        (4, 9, "step_unknown"),
    ),
    "a rule with a slot that is not there": (
        "data/rules/new.yml",
        "rules:\n  - rule: new\n    steps:\n      - slot_was_set:\n          - dance: yes\n",
        (5, 13, "slot_unknown"),
    ),
    "a rule with a form that is not there": (
        "data/rules/new.yml",
        "rules:\n  - rule: new\n    steps:\n      - active_loop: dance_form\n",
        (4, 22, "form_unknown"),
    ),
    "a test that taps what is not there": (
        "tests/stories/new.yml",
        "conversation: new\nsteps:\n  - tap: '/dance{}'\n    expect: {replies: [utter_greet]}\n",
        (3, 10, "intent_unknown"),
    ),
    "a test that expects an answer that is not there": (
        "tests/stories/new.yml",
        "conversation: new\nsteps:\n  - tap: /greet\n    expect:\n      replies: [utter_dance]\n",
        (5, 17, "response_missing"),
    ),
    "an answer without English": (
        "data/responses/el.yml",
        "responses:\n  utter_dance:\n    - text: χορός\n",
        (2, 3, "response_without_english"),
    ),
    "an answer without words": (
        "data/responses/en.yml",
        "responses:\n  utter_hop:\n    - metadata: {}\n",
        (3, 7, "response_empty"),
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_at_its_line_and_column(project: Path, mistake: str) -> None:
    file, content, expected = MISTAKES[mistake]
    if isinstance(content, bytes):
        Path(file).write_bytes(content)
    else:
        write(file, content)
    found = problems()
    assert (file, *expected) in [(one["file"], one["line"], one["column"], one["code"]) for one in found]
    (one,) = [one for one in found if (one["file"], one["line"], one["code"]) == (file, *expected[::2])]
    assert one["severity"] == "error"
    assert "{" not in one["text"].replace("[words](detail)", "").replace(str(one["values"].get("text")), "")


def test_an_intent_with_a_single_example_is_too_little_to_learn(project: Path) -> None:
    write(
        NLU, Path(NLU).read_text("utf-8").replace("- bye\\n- goodbye\\n- see you later\\n- bye bye", "- bye")
    )
    assert [(one["code"], one["values"]["intent"]) for one in problems()] == [("examples_few", "goodbye")]


def test_the_same_word_in_two_languages_is_only_pointed_out(project: Path) -> None:
    write("data/nlu/el/new.yml", EXAMPLES.format(intent="goodbye", line="hello"))
    assert [(one["code"], one["severity"]) for one in problems()] == [("same_text", "warning")]


def test_rules_that_contradict_each_other_are_told_where_they_stand(project: Path) -> None:
    rule = "rules:\n  - rule: {name}\n    steps:\n      - intent: mood_good\n      - action: {action}\n"
    write("data/rules/one.yml", rule.format(name="glad", action="utter_glad"))
    write("data/rules/two.yml", rule.format(name="not glad", action="utter_sorry"))
    found = [one for one in problems() if one["code"] == "contradiction"]
    assert {(one["file"], one["line"]) for one in found} & {
        ("data/rules/one.yml", 2),
        ("data/rules/two.yml", 2),
    }


def test_an_action_that_nothing_does_is_an_error_in_the_domain(project: Path) -> None:
    write(DOMAIN, Path(DOMAIN).read_text("utf-8").replace("actions: [", "actions: [action_hop, "))
    (one,) = problems()
    assert (one["code"], one["values"]) == ("action_without_code", {"name": "action_hop"})
    assert "action_hop" in one["excerpt"]


def test_a_form_that_asks_for_a_slot_that_is_not_there_is_an_error(project: Path) -> None:
    write(
        DOMAIN, Path(DOMAIN).read_text("utf-8").replace("[order_number, colour]\n", "[order_number, hue]\n")
    )
    assert ("form_slot_unknown", {"form": "order_form", "slot": "hue"}) in [
        (one["code"], one["values"]) for one in problems()
    ]


def test_a_correction_is_seen_at_once(project: Path) -> None:
    write("data/nlu/en/then.yml", EXAMPLES.format(intent="dance", line="dance"))
    assert problems()
    write("data/nlu/en/then.yml", EXAMPLES.format(intent="greet", line="good day to you"))
    assert problems() == []


def test_an_empty_folder_is_told_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert {one["code"] for one in problems()} == {"file_missing", "nothing_to_learn"}


def test_every_code_has_a_sentence_in_every_language() -> None:
    code = [path.read_text("utf-8") for path in (ROOT / "bot/trainer/checks").glob("*.py")]
    for path in (ROOT / "data/texts").glob("*.yml"):
        told = yaml.safe_load(path.read_text("utf-8"))["workbench"]["problems"]
        assert all(any(f'"{name}"' in one for one in code) for name in told), path.name
        assert len(told) == 35
