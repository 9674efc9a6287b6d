"""Names that nothing introduces, learnt from a few examples."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.components.persons import Example, PersonTagger, learn
from bot.reading.finder import Found

SAID = [
    "where is my order",
    "I want a refund",
    "red shoes please",
    "Thank you",
    "Cancel it",
    "is it open today",
]
NAMES = ["Asha Verma", "Nikos Pappas", "Rahim Uddin", "Sara Ahmadi", "John Murphy", "Maria Silva"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("persons")
    named = [Example(name, [(0, len(name))], ()) for name in NAMES]
    assert learn([*named, *(Example(text, (), ()) for text in SAID * 3)], folder)
    return folder


def test_a_name_alone_is_found_though_it_was_never_seen(folder: Path) -> None:
    assert PersonTagger(folder).find("Elena Petrova", []) == [Found("person", "Elena Petrova", 0, 13)]


@pytest.mark.parametrize("text", [*SAID, "", "?", "RED SHOES PLEASE", "\ud800"])
def test_what_is_no_name_is_none(folder: Path, text: str) -> None:
    assert PersonTagger(folder).find(text, []) == []


@pytest.mark.parametrize("piece", ["a", "x "])
def test_a_flood_has_no_name(folder: Path, piece: str) -> None:
    assert PersonTagger(folder).find(piece * 10_000, []) == []


def test_what_the_rules_found_is_no_name(folder: Path) -> None:
    found = [Found("brand", "Elena Petrova", 0, 13)]
    assert PersonTagger(folder).find("Elena Petrova", found) == []


def test_without_names_nothing_is_learnt(tmp_path: Path) -> None:
    assert not learn([Example("where is it", (), ())], tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_broken_tagger_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "words.json").write_text((folder / "words.json").read_text())
    (tmp_path / "persons.crfsuite").write_bytes(b"nothing")
    with pytest.raises(ValueError, match="model"):
        PersonTagger(tmp_path)
