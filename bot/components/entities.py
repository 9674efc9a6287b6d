"""Entities: order numbers, sizes, money, dates … with their normal forms, in any mix of languages."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import sys
from dataclasses import asdict
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import ENTITIES
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.language import LANGUAGE
from bot.components.lexicon import SpacyNames
from bot.components.message import metadata, said
from bot.components.persons import PERSON, Example, PersonTagger, learn
from bot.reading.finder import Finders, Found
from bot.reading.language import BadRules, Rules, read_folder

log = logging.getLogger(__name__)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class EntityFinder(GraphComponent, EntityExtractorMixin):  # type: ignore[misc]
    """Adds what a message names, by the rules of its language and English's.

    Names of people that nothing introduces are found by a tagger, learnt from the annotated examples.

    Config: ``data``, the folder of ``<lang>.yml``; ``default``, the language of mixing; ``persons``:
    whether to learn that tagger. Training gathers the rules into the model. Days are counted from the
    metadata's ``date``, else from today.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"data": "data/entities", "default": "en", "persons": True}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        rules = gathered(Path({**cls.get_default_config(), **config}["data"]))
        return hashlib.sha256(json.dumps(rules, sort_keys=True).encode()).hexdigest()

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        rules: dict[str, Rules] | None = None,
        tagger: PersonTagger | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._tagger = tagger
        self._use(rules or {})

    def _use(self, rules: dict[str, Rules]) -> None:
        self._rules = sys.intern(json.dumps(rules, ensure_ascii=False))  # compared ten thousand times
        self._finders = _finders(self._rules, self._config["default"])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EntityFinder:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> EntityFinder:
        try:
            with model_storage.read_from(resource) as folder:
                rules = json.loads((folder / "rules.json").read_text("utf-8"))
                return cls(config, model_storage, resource, rules, _tagger(folder))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            log.warning("There are no rules for entities in the model: few will be found.", exc_info=True)
            return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        rules = gathered(Path(self._config["data"]))
        self._use(rules)
        with self._model_storage.write_to(self._resource) as folder:
            (folder / "rules.json").write_text(json.dumps(rules, ensure_ascii=False), "utf-8")
            if self._config["persons"] and learn(self._examples(training_data), folder):
                self._tagger = _tagger(folder)
        return self._resource

    def _examples(self, training_data: TrainingData) -> list[Example]:
        examples = []
        for message in training_data.nlu_examples:
            text = said(message)
            if text is not None:
                found = _found(
                    self._rules, self._config["default"], text, message.get(LANGUAGE), _today(message)
                )
                marked = message.get(ENTITIES) or []
                names = [(one["start"], one["end"]) for one in marked if one["entity"] == PERSON]
                examples.append(Example(text, names, found))
        return examples

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = said(message)
            if text is None:
                continue
            found = self._finders.find(text, message.get(LANGUAGE), _today(message))
            if self._tagger:
                found = sorted([*found, *self._tagger.find(text, found)], key=lambda one: one.start)
            entities = [{**asdict(one), "extractor": self.name} for one in found]
            message.set(ENTITIES, [*message.get(ENTITIES, []), *entities], add_to_output=True)
        return messages


@lru_cache(2)
def _finders(rules: str, default: str) -> Finders:
    """One for all that have the same rules, e.g. the live model and the next: to make one takes time."""
    return Finders(json.loads(rules), SpacyNames, default)


@lru_cache(60_000)
def _found(rules: str, default: str, text: str, language: str | None, today: date) -> list[Found]:
    """In a training example: a trainer trains on nearly the same ones again and again."""
    return _finders(rules, default).find(text, language, today)


def _tagger(folder: Path) -> PersonTagger | None:
    if not (folder / "persons.crfsuite").exists():
        return None
    try:
        return PersonTagger(folder)
    except (OSError, ValueError):
        log.warning("The tagger of names in the model cannot be used: rules alone find them.", exc_info=True)
        return None


def _today(message: Message) -> date:
    """The day of the message: as its metadata says, as the demo's clock is set, or now."""
    for told in (metadata(message).get("date"), os.environ.get("SETU_SHOP_CLOCK")):
        if told:
            try:
                return datetime.fromisoformat(str(told)).date()
            except ValueError:
                log.warning("%r is no date: today is taken.", told)
    return datetime.now(UTC).date()


def gathered(folder: Path) -> dict[str, Rules]:
    """The rules of all languages; raises :class:`RasaException` for a file that holds none."""
    try:
        return read_folder(folder)
    except BadRules as error:
        raise RasaException(str(error)) from error
