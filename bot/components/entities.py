"""Entities by rules: order numbers, e-mails, sizes, colours, money … in the message's language."""

from __future__ import annotations

import hashlib
import json
import logging
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.language import LANGUAGE
from bot.components.lexicon import Lexicon, read_rules
from bot.components.message import said

log = logging.getLogger(__name__)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class EntityFinder(GraphComponent, EntityExtractorMixin):  # type: ignore[misc]
    """Adds what the rules of the message's language find, or those of ``default``.

    Config: ``data``, the folder of ``<lang>.yml``. Training only gathers the rules into the model.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"data": "data/entities", "default": "en"}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        rules = _gather({**cls.get_default_config(), **config}["data"])
        return hashlib.sha256(json.dumps(rules, sort_keys=True).encode()).hexdigest()

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        rules: dict[str, Any] | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._lexicons = {language: Lexicon(language, rule) for language, rule in (rules or {}).items()}

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
        except (OSError, ValueError):
            log.warning("There are no rules for entities in the model: none will be found.")
            rules = {}
        return cls(config, model_storage, resource, rules)

    def train(self, training_data: TrainingData) -> Resource:  # noqa: ARG002  (Rasa's signature)
        rules = _gather(self._config["data"])
        self._lexicons = {language: Lexicon(language, rule) for language, rule in rules.items()}
        with self._model_storage.write_to(self._resource) as folder:
            (folder / "rules.json").write_text(json.dumps(rules, ensure_ascii=False), "utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = said(message)
            lexicon = self._lexicons.get(message.get(LANGUAGE), self._lexicons.get(self._config["default"]))
            if text is None or lexicon is None:
                continue
            found = [
                {
                    "entity": one.entity,
                    "value": one.value,
                    "start": one.start,
                    "end": one.end,
                    "extractor": self.name,
                }
                for one in lexicon.find(text)
            ]
            message.set(ENTITIES, [*message.get(ENTITIES, []), *found], add_to_output=True)
        return messages


def _gather(folder: str) -> dict[str, Any]:
    return {file.stem: read_rules(file) for file in sorted(Path(folder).glob("*.yml"))}
