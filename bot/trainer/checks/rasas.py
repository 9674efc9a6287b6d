"""Rasa's own checks: what it says in words only, put at the line that it is about."""

from __future__ import annotations

import hashlib
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from rasa.engine.constants import PLACEHOLDER_IMPORTER
from rasa.engine.graph import ExecutionContext
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.shared.exceptions import RasaException
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.utils.validation import YamlValidationException

from bot.importer import read_examples
from bot.trainer import training
from bot.trainer.checks.source import Place, Problem, Source, place
from bot.trainer.checks.talks import Talks, of_names

#: Nodes of the graph that say whether rules and stories hold together.
_POLICIES = re.compile(r"train_\w*RulePolicy\d*|finetuning_validator|schema_validator")
_known: dict[str, list[tuple[str, bool]]] = {}  # by what they were said of


def schema(sources: Mapping[str, Source]) -> Iterator[Problem]:
    """Examples that Rasa will not read, though their YAML is sound: by file, each read but once."""
    for path, source in sources.items():
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                read_examples(Path(path))
        except YamlValidationException as error:
            yield from _invalid(source, error)
        except RasaException as error:
            yield source.problem(Place(1), "error", "not_valid", problem=_words(error))


def _invalid(source: Source, error: YamlValidationException) -> Iterator[Problem]:
    told = {(str(one), one.path) for one in error.validation_errors or []}
    for said, path in sorted(told):
        node = source.at(path)
        yield source.problem(place(node) if node else Place(1), "error", "not_valid", problem=_words(said))
    if not told:
        yield source.problem(Place(1), "error", "not_valid", problem=_words(error.message))


def whole(files: Iterable[Path], talks: Talks, sources: Mapping[str, Source]) -> list[Problem]:
    """Rules and stories trained for a trial. Only for data in which all that is named is there."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(str(file).encode() + file.read_bytes())
    name = digest.hexdigest()
    if name not in _known:
        _known.clear()
        _known[name] = _said(_rehearse)
    return [found for message in _known[name] for found in _placed(*message, talks, sources)]


def _said(try_it: Callable[[], None]) -> list[tuple[str, bool]]:
    """What Rasa objects to, and whether it stops there."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try_it()
    except Exception as error:  # Rasa wraps what components raise, and they raise what they like
        cause = error.__cause__ if isinstance(error.__cause__, Exception) else error
        return [(str(cause if not isinstance(error, RasaException) else error), True)]
    return []


def _rehearse() -> None:
    importer = TrainingDataImporter.load_from_config(training.CONFIG, training.DOMAIN, training.DATA)
    graph = training.configuration(importer).train_schema
    wanted = [name for name in graph.nodes if _POLICIES.fullmatch(name)]
    schema = training.quick(graph.minimal_graph_schema(wanted))
    with TemporaryDirectory(prefix="setu-check-") as folder:
        storage = LocalModelStorage(Path(folder))
        runner = DaskGraphRunner.create(schema, storage, ExecutionContext(schema))
        runner.run({PLACEHOLDER_IMPORTER: importer}, wanted)


def _placed(message: str, stops: bool, talks: Talks, sources: Mapping[str, Source]) -> Iterator[Problem]:
    severity = "error" if stops else "warning"
    found = False
    for words, source, where in of_names(message, talks):
        found = True
        yield Problem(source.name, where, severity, "contradiction", {"problem": words})
    if not found:
        yield _named(message, severity, sources)


def _named(message: str, severity: str, sources: Mapping[str, Source]) -> Problem:
    """At the file that the words name, and the first name in quotes that stands in it; else config.yml."""
    source = next((one for path, one in sources.items() if path in message), None)
    quoted = re.findall(r"['\"`]([^'\"`\n]{2,80})['\"`]", message)
    for one in [source] if source else sources.values():
        for name in quoted:
            for number, line in enumerate(one.lines, 1):
                if name in line:
                    at = Place(number, line.index(name) + 1)
                    return Problem(one.name, at, severity, "not_valid", {"problem": _words(message)})
    name = source.name if source else training.CONFIG
    return Problem(name, Place(1), severity, "not_valid", {"problem": _words(message)})


def _words(said: object) -> str:
    return " ".join(str(said).split())[:600]
