"""The domain, the rules, the words and the actions fit together."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.dialogue.registry import TASKS, actions
from actions.dialogue.task import Task
from actions.texts import Texts
from actions.tools import Tools

ROOT = Path(__file__).parents[3]
DOMAIN: dict[str, Any] = yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))
RULES = [
    rule
    for path in sorted((ROOT / "data/rules").glob("*.yml"))
    for rule in yaml.safe_load(path.read_text("utf-8"))["rules"]
]
RESPONSES: set[str] = set(yaml.safe_load((ROOT / "data/responses/en.yml").read_text("utf-8"))["responses"])
SPEAKS = [*sorted((ROOT / "actions/dialogue").glob("*.py")), ROOT / "bot/turns.py", ROOT / "bot/heard.py"]
CODE = "\n".join(path.read_text("utf-8") for path in SPEAKS)
# "utter_x" and f"utter_{kind}_sure_{state}", the latter as a pattern
SAID = [re.sub(r"\\\{.*?\\\}", "[a-z_]+", re.escape(name)) for name in re.findall(r'"(utter_[^"]+)"', CODE)]


def test_the_domain_lists_exactly_the_actions_there_are(tools: Tools) -> None:
    assert sorted(DOMAIN["actions"]) == sorted(action.name() for action in actions(tools))


@pytest.mark.parametrize("kind", TASKS, ids=lambda kind: kind.name)
def test_a_task_has_its_form_and_its_two_rules(kind: type[Task]) -> None:
    task = kind()
    form = f"{task.name}_form"
    assert DOMAIN["forms"][form]["required_slots"] == [question.slot for question in task.questions]
    steps = [rule["steps"] for rule in RULES]
    assert [{"intent": task.name}, {"action": form}, {"active_loop": form}] in steps
    assert any(s[0] == {"action": form} and s[-1] == {"action": f"action_{task.name}"} for s in steps)


def test_every_intent_has_one_rule_that_begins_with_it() -> None:
    begun = [rule["steps"][0]["intent"] for rule in RULES if "intent" in rule["steps"][0]]
    assert sorted(begun) == sorted(DOMAIN["intents"])


def test_rules_answer_with_responses_and_actions_that_exist() -> None:
    named = {step["action"] for rule in RULES for step in rule["steps"] if "action" in step}
    assert named - RESPONSES - set(DOMAIN["actions"]) - set(DOMAIN["forms"]) == set()


def test_what_the_code_says_has_words_and_no_words_are_left_unsaid() -> None:
    patterns = [re.compile(name) for name in SAID if name != "utter_action"]
    missing = [p.pattern for p in patterns if not any(p.fullmatch(name) for name in RESPONSES)]
    assert missing == []
    ruled = {step["action"] for rule in RULES for step in rule["steps"] if "action" in step}
    unsaid = {name for name in RESPONSES - ruled if not any(p.fullmatch(name) for p in patterns)}
    assert unsaid == set()


def test_words_named_in_the_code_are_in_the_catalogue(texts: Texts) -> None:
    keys = set(re.findall(r'"((?:actions|shop)\.[a-z_.]+)"', CODE))
    assert {key for key in keys if not texts.has(key)} == set()


def test_titles_of_readings_are_intents(texts: Texts) -> None:
    assert set(texts.section("actions", "en")["reading"]) <= set(DOMAIN["intents"])


def test_buttons_of_responses_lead_to_intents() -> None:
    content = yaml.safe_load((ROOT / "data/responses/en.yml").read_text("utf-8"))["responses"]
    payloads = {b["payload"] for texts in content.values() for text in texts for b in text.get("buttons", ())}
    assert {payload.removeprefix("/") for payload in payloads} <= set(DOMAIN["intents"])
