"""Which language a message is in, steadily: the script decides, a word or two does not change it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES
from rasa.shared.nlu.training_data.message import Message

from bot.components.message import metadata, said
from bot.encoder.clean import clean
from bot.encoder.vocabulary import script

LANGUAGE = "language"
LETTERS_SEEN = 400


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class LanguageDetector(GraphComponent, EntityExtractorMixin):  # type: ignore[misc]
    """Sets ``language`` and an entity of that name, which fills the slot without an action.

    Config: ``scripts``, the language of each script; ``default``, where nothing tells;
    ``least_words`` and ``least_letters``: so much of another language makes the
    conversation (metadata ``language``) change to it.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        scripts = {"LATIN": "en", "DEVANAGARI": "hi", "BENGALI": "bn", "ARABIC": "fa", "GREEK": "el"}
        return {"scripts": scripts, "default": "en", "least_words": 2, "least_letters": 6}

    def __init__(self, config: dict[str, Any]) -> None:
        self._scripts: dict[str, str] = config["scripts"]
        self._default: str = config["default"]
        self._least_words: int = config["least_words"]
        self._least_letters: int = config["least_letters"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageDetector:
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = said(message)
            if text is None:
                continue
            language = self.detect(text, metadata(message).get("language"))
            message.set(LANGUAGE, language, add_to_output=True)
            entity = {
                "entity": LANGUAGE,
                "value": language,
                "start": 0,
                "end": len(text),
                "extractor": self.name,
            }
            message.set(ENTITIES, [*message.get(ENTITIES, []), entity], add_to_output=True)
        return messages

    def detect(self, text: str, present: str | None = None) -> str:
        """The language of ``text`` in a conversation whose ``present`` language may be known."""
        words: Counter[str] = Counter()
        letters: Counter[str] = Counter()
        for word in clean(text, LETTERS_SEEN).split():
            spoken = Counter(
                self._scripts[name]
                for char in word
                if char.isalpha() and (name := script(char)) in self._scripts
            )
            letters += spoken
            words.update(spoken.keys())
        if not letters:
            return present or self._default
        language = letters.most_common(1)[0][0]
        known = present in self._scripts.values()
        if known and (words[language] < self._least_words or letters[language] < self._least_letters):
            return str(present)
        return language
