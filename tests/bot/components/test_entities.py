"""The entity component: the rules of the repository in a model, spaCy's matcher for the shop's names."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import ENTITIES
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.entities import EntityFinder
from bot.components.lexicon import SpacyNames
from bot.reading.finder import Finders
from bot.reading.language import read_folder

DATA = Path(__file__).parents[3] / "data" / "entities"


def component(tmp_path: Path, **config: object) -> tuple[EntityFinder, LocalModelStorage]:
    storage = LocalModelStorage(tmp_path)
    whole = {**EntityFinder.get_default_config(), "data": str(DATA), **config}
    return EntityFinder(whole, storage, Resource("entities")), storage


def found(finder: EntityFinder, text: str, **data: object) -> dict[str, str]:
    message = Message({"text": text, **data})
    finder.process([message])
    return {one["entity"]: one["value"] for one in message.get(ENTITIES, [])}


def test_a_trained_model_brings_its_rules_along(tmp_path: Path) -> None:
    finder, storage = component(tmp_path)
    finder.train(TrainingData())
    config = {**EntityFinder.get_default_config(), "data": "nowhere"}
    loaded = EntityFinder.load(config, storage, Resource("entities"), None)
    assert found(loaded, "where is so 100123, the red one", language="en") == {
        "order_number": "SO-100123",
        "colour": "red",
    }


def test_days_are_counted_from_the_day_of_the_message(tmp_path: Path) -> None:
    finder, _ = component(tmp_path)
    finder.train(TrainingData())
    assert found(finder, "will it come tomorrow", metadata={"date": "2026-03-01T23:30:00+05:30"}) == {
        "date": "2026-03-02"
    }


def test_the_demos_clock_is_today(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SETU_SHOP_CLOCK", "2026-11-21T10:00:00Z")
    finder, _ = component(tmp_path)
    finder.train(TrainingData())
    assert found(finder, "it came yesterday") == {"date": "2026-11-20"}


def test_without_rules_in_the_model_only_what_is_written_alike_everywhere_is_found(tmp_path: Path) -> None:
    _, storage = component(tmp_path)
    loaded = EntityFinder.load(EntityFinder.get_default_config(), storage, Resource("entities"), None)
    assert found(loaded, "SO-100123 red") == {"order_number": "SO-100123"}


def test_rules_that_cannot_be_used_are_refused_by_name(tmp_path: Path) -> None:
    folder = tmp_path / "entities"
    folder.mkdir()
    (folder / "xx.yml").write_text("patterns: {size: [{find: '('}]}")
    finder, _ = component(tmp_path / "model", data=str(folder))
    with pytest.raises(RasaException, match=r"xx\.yml: a pattern of size"):
        finder.train(TrainingData())


@pytest.mark.parametrize(
    "text",
    [
        "navy blue dresses from tamarind & co in new delhi",
        "T-SHIRT, tee; off white",
        "nothing",
        "",
        "κόκκινο φόρεμα",
    ],
)
def test_spacy_finds_the_names_that_the_rules_list(text: str) -> None:
    rules = read_folder(DATA)
    today = date(2026, 11, 21)
    assert Finders(rules, SpacyNames).find(text, "en", today) == Finders(rules).find(text, "en", today)


def test_other_languages_words_come_with_the_script() -> None:
    found = Finders(read_folder(DATA), SpacyNames).find("size 42 ₹১,২০,০০০", "en", date(2026, 11, 21))
    assert [one.value for one in found] == ["42", "120000 INR"]


def _example(text: str, name: str = "") -> Message:
    marked = [{"entity": "person", "start": 0, "end": len(name), "value": name}] if name else []
    return Message({"text": text, "intent": "inform", ENTITIES: marked})


def test_names_that_nothing_introduces_are_learnt_from_the_examples(tmp_path: Path) -> None:
    finder, storage = component(tmp_path)
    names = ("Asha Verma", "Nikos Pappas", "Rahim Uddin", "Sara Ahmadi", "John Murphy")
    others = ("where is my order", "Thank you", "I want a refund", "red shoes please") * 3
    examples = [*(_example(name, name) for name in names), *(_example(text) for text in others)]
    finder.train(TrainingData(examples))
    loaded = EntityFinder.load(EntityFinder.get_default_config(), storage, Resource("entities"), None)
    assert found(finder, "Elena Petrova") == found(loaded, "Elena Petrova") == {"person": "Elena Petrova"}
    assert found(loaded, "Thank you") == {}


def test_a_broken_tagger_leaves_the_rules(tmp_path: Path) -> None:
    finder, storage = component(tmp_path)
    finder.train(TrainingData())
    with storage.write_to(Resource("entities")) as folder:
        (folder / "persons.crfsuite").write_bytes(b"nothing")
        (folder / "words.json").write_text("[]")
    loaded = EntityFinder.load(EntityFinder.get_default_config(), storage, Resource("entities"), None)
    assert found(loaded, "SO-100123") == {"order_number": "SO-100123"}
