"""Training data importer: one file of answers per language, merged into the domain.

``data/responses/<lang>.yml`` holds stock Rasa ``responses:``. English variations stay
unconditional, so that every answer has a fallback; those of any other language are chosen
when the slot ``language`` says so. Adding a language is adding a file.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Generic, TypeVar

from rasa.shared.core.domain import Domain
from rasa.shared.exceptions import RasaException
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_yaml_file

from bot.examples import Example

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
        # Rasa asks for the domain while it only wants NLU data, without a domain path.
        if not self._domain_path:
            return super().get_domain()
        files = sorted(self._responses_folder.glob("*.yml"))
        own = Path(self._domain_path)
        parts = sorted(own.rglob("*")) if own.is_dir() else [own]
        return _domains.of(f"{own} {self._responses_folder}", [*parts, *files], lambda: self._domain(files))

    def _domain(self, files: Sequence[Path]) -> Domain:
        domain = super().get_domain()
        languages = {path.stem: _read_responses(path) for path in files}
        if not languages:
            return domain
        return domain.merge(Domain.from_dict({"responses": merge_responses(languages)}))

    def get_nlu_data(self, language: str | None = DEFAULT_LANGUAGE) -> TrainingData:
        """All examples, each with the ``language`` of its folder, ``data/nlu/<language>/``."""
        files = sorted(map(Path, self._nlu_files), key=lambda file: (file.parent, file))
        read = [read_examples(file, language) for file in files]
        # Rasa copies what it gets before anything is changed.
        return _merged.of(
            f"{self._nlu_files} {language}", map(Path, self._nlu_files), lambda: TrainingData().merge(*read)
        )


def read_examples(file: Path, language: str | None = DEFAULT_LANGUAGE) -> TrainingData:
    """Those of one file, read once. Who gets them must not change them."""
    return _examples.of(f"{file} {language}", [file], partial(_read, file, language))


def _read(file: Path, language: str | None) -> TrainingData:
    read = load_data(str(file), language)
    read.training_examples = [Example.of(message) for message in read.training_examples]
    if re.fullmatch("[a-z]{2,3}", file.parent.name):
        for example in read.training_examples:
            example.set("language", file.parent.name)
    return read


Made = TypeVar("Made")


class _Kept(Generic[Made]):
    """What was made of files, until they change: Rasa asks for the same several times in one training, and
    a trainer trains several times. Who gets it must not change it."""

    def __init__(self) -> None:
        self._made: dict[str, tuple[bytes, Made]] = {}

    def of(self, name: str, files: Iterable[Path], make: Callable[[], Made]) -> Made:
        digest = hashlib.sha256()
        for file in files:
            if file.is_file():
                digest.update(f"{file}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
        known = self._made.get(name)
        if known is None or known[0] != digest.digest():
            known = self._made[name] = (digest.digest(), make())
        return known[1]


_domains: _Kept[Domain] = _Kept()
_examples: _Kept[TrainingData] = _Kept()
_merged: _Kept[TrainingData] = _Kept()


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
