"""Every intent and entity has words that a trainer understands, in every language."""

from __future__ import annotations

import string
from pathlib import Path

import pytest

from actions.texts import Texts
from handoff.workbench.dataset.examples import Examples
from handoff.workbench.labels.titles import Titles, unfilled
from handoff.workbench.labels.vocabulary import NOT_MEANT, NOT_WRITTEN, Words

ROOT = Path(__file__).parents[4]
TEXTS = Texts.load(ROOT / "data" / "texts")
DOMAIN = Words(ROOT, Examples(ROOT)).domain()


@pytest.mark.parametrize("language", TEXTS.languages)
def test_every_intent_and_entity_has_a_title_and_every_intent_a_definition(language: str) -> None:
    own = {key: TEXTS.section(key, language) for key in ("handoff", "workbench")}
    assert set(DOMAIN.intents) <= set(own["handoff"]["intents"])
    assert set(DOMAIN.intents) <= set(own["workbench"]["definitions"])
    assert set(DOMAIN.entities) <= set(own["workbench"]["entities"])
    english = TEXTS.section("workbench", "en")["definitions"]
    if language != "en":
        assert [name for name in english if own["workbench"]["definitions"][name] == english[name]] == []


def test_a_definition_names_only_intents_that_can_be_chosen_and_never_itself() -> None:
    for name, text in TEXTS.section("workbench", "en")["definitions"].items():
        named = {blank for _, blank, _, _ in string.Formatter().parse(text) if blank}
        assert named <= set(DOMAIN.meant) - {name}, name


def test_what_a_definition_names_is_named_as_the_intent_is_called() -> None:
    titles = Titles(TEXTS, ROOT)
    assert "“Cancel an order”" in titles.definition("never_mind", "en")
    assert "«Ακύρωση παραγγελίας»" in titles.definition("never_mind", "el")


def test_braces_that_somebody_writes_are_no_blanks(tmp_path: Path) -> None:
    said = "a {code} like {this"
    texts = Texts({"en": {"handoff": {"intents": {}}, "workbench": {"definitions": {"x": unfilled(said)}}}})
    assert Titles(texts, tmp_path).definition("x", "en") == said


def test_what_customers_never_say_is_no_choice() -> None:
    assert set(DOMAIN.intents) >= NOT_MEANT
    assert set(DOMAIN.entities) >= NOT_WRITTEN
    counts = Examples(ROOT).counts()
    assert [name for name in DOMAIN.meant if name not in counts] == []
    assert NOT_MEANT.isdisjoint(counts)
