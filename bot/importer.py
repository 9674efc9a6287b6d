"""Training data importer: one file of answers per language, merged into the domain.

``data/responses/<lang>.yml`` holds stock Rasa ``responses:``. English variations stay
unconditional, so that every answer has a fallback; those of any other language are chosen
when the slot ``language`` says so. Adding a language is adding a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.exceptions import RasaException
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.importers.utils import training_data_from_paths
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_yaml_file

DEFAULT_LANGUAGE = "en"
#: Folders below the training data that are ours, not Rasa's, though they hold YAML.
NOT_TRAINING_DATA = frozenset(
    {"responses", "texts", "sentiment", "knowledge", "entities", "foreign", "language"}
)

Variation = dict[str, Any]
Responses = dict[str, list[Variation]]


class SetuImporter(RasaFileImporter):  # type: ignore[misc]
    """Rasa's file importer, with the answers of all languages merged into the domain.

    ``responses`` is the folder of the ``<lang>.yml`` files, relative to ``config.yml``.
    """

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
        responses: str = "data/responses",
    ) -> None:
        super().__init__(config_file, domain_path, training_data_paths)
        roots = [training_data_paths] if isinstance(training_data_paths, str) else training_data_paths or []
        self._nlu_files: list[str] = _training_files(self._nlu_files, roots)
        self._story_files: list[str] = _training_files(self._story_files, roots)
        home = Path(config_file).parent if config_file else Path()
        self._responses_folder = home / responses

    def get_domain(self) -> Domain:
        """The domain of ``domain.yml`` with the answers of every language."""
        domain = super().get_domain()
        # Rasa asks for the domain while it only wants NLU data, without a domain path.
        if not self._domain_path:
            return domain
        files = sorted(self._responses_folder.glob("*.yml"))
        languages = {path.stem: _read_responses(path) for path in files}
        if not languages:
            return domain
        return domain.merge(Domain.from_dict({"responses": merge_responses(languages)}))

    def get_nlu_data(self, language: str | None = DEFAULT_LANGUAGE) -> TrainingData:
        """All examples, each with the ``language`` of its folder, ``data/nlu/<language>/``."""
        folders = {Path(file).parent for file in self._nlu_files}
        merged = TrainingData()
        for folder in sorted(folders):
            files = [file for file in self._nlu_files if Path(file).parent == folder]
            read = training_data_from_paths(files, language)
            if re.fullmatch("[a-z]{2,3}", folder.name):
                for example in read.training_examples:
                    example.set("language", folder.name)
            merged = merged.merge(read)
        return merged


def merge_responses(languages: dict[str, Responses]) -> Responses:
    """Answers by language → one ``responses`` section with conditions on slot ``language``.

    Raises :class:`RasaException` for an answer that has no English text.
    """
    english = languages.get(DEFAULT_LANGUAGE, {})
    others = {language: texts for language, texts in languages.items() if language != DEFAULT_LANGUAGE}
    merged = dict(english)
    for language, responses in others.items():
        for name, variations in responses.items():
            if name not in english:
                raise RasaException(f"data/responses/{language}.yml: {name} has no text in English")
            merged[name] = merged[name] + [_spoken_in(language, variation) for variation in variations]
    for name in {name for responses in others.values() for name in responses}:
        # An English variation with a condition of its own would tie with the translated ones.
        own = [_spoken_in(DEFAULT_LANGUAGE, v) if v.get("condition") else v for v in english[name]]
        merged[name] = own + merged[name][len(own) :]
    return merged


def _spoken_in(language: str, variation: Variation) -> Variation:
    condition = {"type": "slot", "name": "language", "value": language}
    return {**variation, "condition": [*variation.get("condition", []), condition]}


def _read_responses(path: Path) -> Responses:
    content = read_yaml_file(path)
    responses = content.get("responses") if isinstance(content, dict) else None
    if not isinstance(responses, dict):
        raise RasaException(f"{path}: a 'responses:' section is missing")
    return responses


def _training_files(files: Iterable[str], roots: Iterable[str]) -> list[str]:
    """Leave out what lies in our own folders directly below a root of the training data."""
    bases = [Path(root).resolve() for root in roots]

    def is_ours(file: str) -> bool:
        path = Path(file).resolve()
        below = (path.relative_to(base).parts for base in bases if path.is_relative_to(base))
        return any(NOT_TRAINING_DATA.intersection(parts[:1]) for parts in below)

    return [file for file in files if not is_ours(file)]
