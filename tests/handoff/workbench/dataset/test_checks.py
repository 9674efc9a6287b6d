"""What is wrong with the training data is found, placed and, where it can be, mended by its fix."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest
import yaml

from handoff.workbench.dataset import checks
from handoff.workbench.dataset.checks import Frozen
from handoff.workbench.dataset.examples import Example, from_files
from handoff.workbench.dataset.findings import CODES, Finding, in_order
from handoff.workbench.dataset.folding import fold
from handoff.workbench.dataset.lexicon import Lexicon, unknown_values
from handoff.workbench.dataset.plans import plan
from handoff.workbench.dataset.similar import Neighbours
from tests.handoff.workbench.dataset.conftest import ROOT, Folder

SCRIPTS = {"en": "Latn", "hi": "Deva", "bn": "Beng", "fa": "Arab", "el": "Grek"}


def data(intents: dict[str, Iterable[str]], language: str = "en") -> dict[str, str]:
    lines = ['version: "3.1"', "", "nlu:"]
    for intent, texts in intents.items():
        lines += [f"  - intent: {intent}", "    examples: |", *(f"      - {text}" for text in texts)]
    return {f"data/nlu/{language}/all.yml": "\n".join(lines) + "\n"}


def read(intents: dict[str, Iterable[str]], language: str = "en") -> list[Example]:
    return from_files(data(intents, language))


def mended(files: dict[str, str], finding: Finding) -> list[Example]:
    """The examples after the fix of a finding."""
    assert finding.fix
    made = plan(Folder(ROOT, files), from_files(files), finding.fix)
    return from_files(files | {file["path"]: file["after"] or "" for file in made.files})


def codes(findings: Iterable[Finding]) -> list[str]:
    return [one.code for one in findings]


def test_the_same_text_in_two_intents_is_an_error_and_goes_from_the_one_it_fits_less() -> None:
    files = data(
        {
            "track_order": ["where is my order", "where is my parcel now", "Where is  my parcel", "track"],
            "cancel_order": ["cancel my order", "where is my parcel", "stop the order"],
        }
    )
    examples = from_files(files)
    (found,) = (one for one in checks.repeated(examples) if one.code == "same_text")
    assert {one.intent for one in found.examples} == {"track_order", "cancel_order"}
    near = Neighbours([one.folded for one in examples])
    fitted = checks.fitting(found, lambda e: [(examples[i], s) for i, s in near.of(e.folded, 8, 0.3)])
    assert fitted.values["fits"] == "track_order"
    assert not any(e.intent == "cancel_order" and "parcel" in e.text for e in mended(files, fitted))


def test_a_text_that_stands_twice_in_one_intent_goes_once() -> None:
    files = data({"greet": ["hello there", "hi", "Hello there"]})
    (found,) = checks.repeated(from_files(files))
    assert found.code == "twice"
    assert [e.text for e in mended(files, found)] == ["hello there", "hi"]


def test_texts_nearly_the_same_in_two_intents_are_told_with_both_places() -> None:
    examples = read(
        {"affirm": ["yes that is quite right", "sure"], "deny": ["yes that is quite right so", "no"]}
    )
    (found,) = checks.near(examples)
    assert sorted(one.intent for one in found.examples) == ["affirm", "deny"]
    assert found.files == [("data/nlu/en/all.yml", 6), ("data/nlu/en/all.yml", 10)]
    assert codes(checks.near_others([examples[0]], lambda _: [(examples[2], 0.9)])) == ["near_text"]
    assert codes(checks.near_others([examples[0]], lambda _: [(examples[1], 0.99), (examples[2], 0.5)])) == []


def test_few_missing_and_too_many_examples_are_told_but_not_of_intents_nobody_says() -> None:
    counts = {
        "a": {"en": 30, "hi": 5},
        "b": {"en": 400},
        "c": {"en": 25, "hi": 40},
        "d": {"en": 30, "hi": 40},
    }
    found = list(checks.sizes(counts, ["a", "b", "c", "d", "handed_back"], ["en", "hi"]))
    told = {(one.code, one.values["intent"], one.values["language"]) for one in found}
    assert told == {("few_examples", "a", "hi"), ("intent_missing", "b", "hi"), ("unbalanced", "b", "en")}


def test_what_is_measured_must_not_be_learnt_and_the_test_is_named_but_not_quoted() -> None:
    files = data(
        {"greet": ["Good morning to you, dear people!", "good evening to you dear people", "thank you"]}
    )
    examples = from_files(files)
    frozen = Frozen(
        [
            (fold("good morning to you dear people"), "tests/nlu/shop_en.jsonl:7"),
            (fold("thank you"), "tests/nlu/shop_en.jsonl:8"),  # everybody says it
            (fold("dear people, good evening to you"), "traffic"),
        ]
    )
    found = {one.code: one for one in frozen.leaks(examples)}
    assert set(found) == {"leak", "leak_near"}
    assert found["leak"].values["where"] == "tests/nlu/shop_en.jsonl:7"
    assert [e.text for e in mended(files, found["leak"])] == [e.text for e in examples[1:]]
    assert found["leak_near"].examples == [examples[1]]


def test_a_word_that_is_marked_elsewhere_is_marked_by_the_fix() -> None:
    files = data(
        {"find_product": [f"{w} [red dress](category) please" for w in "abcd"] + ["any RED dress left?"]}
    )
    examples = from_files(files)
    (found,) = Lexicon(examples).check(examples)
    assert (found.code, found.values["word"], found.values["entity"]) == (
        "entity_unmarked",
        "RED dress",
        "category",
    )
    assert [e.marked for e in mended(files, found)][-1] == "any [RED dress](category) left?"


def test_a_mark_unlike_all_others_is_told_and_taken_off_or_changed() -> None:
    files = data(
        {"find_product": ["show me [home](category)", *(f"{w} back home" for w in "abcdef")]}
        | {"inform": ["in [teal](brand)", *(f"{w} [teal](colour)" for w in "abcde")]}
    )
    examples = from_files(files)
    found = {one.code: one for one in Lexicon(examples).check(examples)}
    assert set(found) == {"entity_odd", "entity_differs"}
    assert mended(files, found["entity_odd"])[0].marked == "show me home"
    assert "in [teal](colour)" in [e.marked for e in mended(files, found["entity_differs"])]


def test_marks_that_exist_nowhere_are_errors_and_go_with_the_others_kept() -> None:
    files = data({"greet": ["[hi](noise) from [Pune](city)"]})
    (found,) = checks.unknown_entities(from_files(files), ["city"])
    assert found.serious == "error"
    assert [e.marked for e in mended(files, found)] == ["hi from [Pune](city)"]


def test_a_marked_value_that_no_list_has_is_a_hint() -> None:
    examples = read({"find_product": ["a [zorble](category)", "a [dress](category)", "a [Dress](category)"]})
    (found,) = unknown_values(Lexicon(examples), examples, lambda language, entity, word: word == "dress")
    assert (found.serious, found.values["word"]) == ("hint", "zorble")


def test_letters_of_another_language_are_told_and_the_example_moves_there() -> None:
    files = data({"greet": ["নমস্কার ভাই", "namaste ji", "नमस्ते Setu"]}, "hi") | data({"greet": ["hi"]}, "bn")
    (found,) = checks.scripts(from_files(files), SCRIPTS)
    assert found.values["text"] == "নমস্কার ভাই"
    after = mended(files, found)
    assert [(e.language, e.text) for e in after if e.text == "নমস্কার ভাই"] == [("bn", "নমস্কার ভাই")]


def test_broken_marks_are_errors() -> None:
    assert codes(checks.broken(read({"greet": ["see [dress] (category)", "see [dress](category)"]}))) == [
        "markup_broken"
    ]


def test_serious_findings_come_first_and_every_code_has_words_in_every_language() -> None:
    ordered = in_order(
        [Finding("value_unknown"), Finding("near_text"), Finding("leak"), Finding("leak_near")]
    )
    assert codes(ordered) == ["leak", "leak_near", "near_text", "value_unknown"]
    for file in (ROOT / "data/texts").glob("*.yml"):
        texts = yaml.load(file.read_text("utf-8"), yaml.CSafeLoader)["workbench"]["data"]["problems"]
        assert CODES.keys() <= texts.keys(), file.name


@pytest.mark.parametrize("seed", range(3))
def test_near_duplicates_are_those_that_comparing_each_with_each_finds(seed: int) -> None:
    words = ["where", "is", "my", "order", "parcel", "please", "now", "the", "a", "to", "cancel"]
    made = random.Random(seed)
    texts = [" ".join(made.choices(words, k=made.randint(1, 5))) for _ in range(60)]
    neighbours = Neighbours(texts)
    pairs = {(a, b) for a, b, _ in neighbours.pairs(0.8)}
    one_by_one = set()
    for a, text in enumerate(texts):
        one_by_one |= {(a, b) for b, _ in neighbours.of(text, len(texts), 0.8) if a < b}
    assert pairs == one_by_one
    assert {(a, b) for a, b, _ in neighbours.matches(texts, 0.8) if a < b} == pairs
