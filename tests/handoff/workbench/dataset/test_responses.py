"""What the bot says, edited in place."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.errors import Invalid
from handoff.workbench.dataset.patches import diff
from handoff.workbench.dataset.responses import full, set_variations
from tests.handoff.workbench.dataset.conftest import ROOT

PATHS = sorted((ROOT / "data/responses").glob("*.yml"))
FILES = {path.stem: path.read_bytes().decode() for path in PATHS}
SAID: dict[str, dict[str, list[dict[str, Any]]]] = {
    language: yaml.load(text, yaml.CSafeLoader)["responses"] for language, text in FILES.items()
}
WRITTEN = st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co", "Zl", "Zp"])
WHERE = [(language, name) for language, names in SAID.items() for name in names]


def put(language: str, name: str, variations: list[Any]) -> str:
    return set_variations(FILES[language], name, [full(one) for one in variations], f"{language}.yml")


@settings(max_examples=30, deadline=None)
@given(where=st.sampled_from(WHERE))
def test_saying_what_is_said_already_changes_no_byte(where: tuple[str, str]) -> None:
    language, name = where
    assert put(language, name, SAID[language][name]) == FILES[language]


@settings(max_examples=40, deadline=None)
@given(
    where=st.sampled_from(WHERE),
    text=st.text(WRITTEN, min_size=1, max_size=40).filter(str.strip),
    which=st.integers(0, 3),
)  # fmt: skip
def test_another_text_touches_only_its_own_line(where: tuple[str, str], text: str, which: int) -> None:
    language, name = where
    old = SAID[language][name]
    which %= len(old)
    new = [{**one, "text": text} if number == which else one for number, one in enumerate(old)]
    after = put(language, name, new)
    assert yaml.load(after, yaml.CSafeLoader)["responses"] == {**SAID[language], name: new}
    back = set_variations(after, name, [full(one) for one in old], "x")
    _, added, _ = diff("x", FILES[language], back)
    assert added <= 1  # a text over several lines comes back on one


def test_variations_are_added_and_removed_with_all_others_as_they_are() -> None:
    old = SAID["en"]["utter_goodbye"]
    new = [*old, {"text": "Bye: #1!", "buttons": [{"title": "A, b", "payload": "/greet"}]}]
    after = put("en", "utter_goodbye", new)
    assert diff("x", FILES["en"], after)[1:] == (2, 0)
    assert yaml.safe_load(after)["responses"]["utter_goodbye"] == new
    assert set_variations(after, "utter_goodbye", old, "x") == FILES["en"]
    fewer = put("en", "utter_goodbye", old[1:])
    assert diff("x", FILES["en"], fewer)[1:] == (0, 1)


def test_a_response_that_a_language_lacks_is_added_at_the_end() -> None:
    after = put("hi", "utter_brand_new", ["नमस्ते {name}", {"text": "x"}])
    assert after.startswith(FILES["hi"].rstrip("\n"))
    assert yaml.safe_load(after)["responses"]["utter_brand_new"] == [{"text": "नमस्ते {name}"}, {"text": "x"}]


def test_buttons_that_other_responses_borrow_are_not_taken_away_from_them() -> None:
    with pytest.raises(Invalid, match="response_shared"):
        put("en", "utter_greet", ["Only a text"])
    kept = put("en", "utter_greet", [{**SAID["en"]["utter_greet"][0], "text": "Hi, Setu here."}])
    assert yaml.safe_load(kept)["responses"]["utter_greet_known"] == SAID["en"]["utter_greet_known"]


@pytest.mark.parametrize("variation", ["", "  ", {"buttons": []}, {"text": 5}])
def test_a_variation_without_words_is_refused(variation: Any) -> None:
    with pytest.raises(Invalid, match="response_empty"):
        full(variation)
