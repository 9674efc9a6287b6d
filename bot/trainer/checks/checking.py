"""All checks of the working folder, in the order in which one mistake hides the next."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from rasa.shared.exceptions import RasaException

from bot.components import entities, foreign, sentiment
from bot.trainer import training
from bot.trainer.checks import examples, house, rasas, talks
from bot.trainer.checks.known import Known
from bot.trainer.checks.source import Place, Problem, Source
from bot.trainer.line import Tell

TEXTS = Path(__file__).parents[3] / "data" / "texts" / "en.yml"
MOST = 2_000  # problems told
RESPONSES = Path("data/responses")
#: Folders whose files our own components read, and how they do it.
OWN = ("foreign", "sentiment", "entities", "language")
_WORD = re.compile(r"[\"']([a-z][a-z0-9_]*)[\"']")


def check(tell: Tell) -> dict[str, Any]:
    """Every problem of the data in the working folder, errors first."""
    tell("checking", 0.0)
    by_kind = {kind: [_source(path) for path in paths] for kind, paths in _files().items()}
    sources = {one.name: one for kind in by_kind.values() for one in kind}
    problems = [problem for one in sources.values() for problem in one.problems]
    domain = sources.get(training.DOMAIN)
    if domain is None:
        problems.append(
            Problem(training.DOMAIN, Place(1), "error", "file_missing", {"name": training.DOMAIN})
        )
    known = Known.of(domain or _nothing(), {Path(one.name).stem: one for one in by_kind["responses"]})
    tell("checking", 0.2)
    said, wrong = examples.look([*by_kind["nlu"], *by_kind["talks"]], known)
    problems += wrong
    found = talks.Talks.of([*by_kind["talks"], *by_kind["nlu"]], known)
    problems += found.problems
    problems += talks.tests(by_kind["tests"], known)
    if domain is not None:
        problems += house.look(domain, known, _coded())
    problems += house.answers(known, by_kind["responses"])
    problems += house.unused(known, found.intents, {one.intent for one in said})
    if not said or not found.named:
        problems.append(Problem("data", Place(1), "error", "nothing_to_learn", {}))
    tell("checking", 0.4)
    problems += _own(sources)
    problems += rasas.schema({one.name: one for one in by_kind["nlu"] if not one.problems})
    if not any(one.severity == "error" for one in problems):
        tell("checking", 0.7)
        files = [Path(one.name) for kind in ("base", "responses", "talks") for one in by_kind[kind]]
        problems += rasas.whole(files, found, sources)
    told = sorted(set(map(_Told, problems)), key=_Told.order)[:MOST]
    languages = Counter(one.language or "en" for one in said)
    return {
        "problems": [one.problem_as_dict(sources) for one in told],
        "data": {
            "examples": len(said),
            "intents": len({one.intent for one in said}),
            "languages": dict(sorted(languages.items())),
        },
    }


class _Told:
    """A problem that is told only once, and how."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._key = (problem.file, problem.place, problem.code, str(problem.values))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Told) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    def order(self) -> tuple[bool, str, Place]:
        return (self._problem.severity != "error", self._problem.file, self._problem.place)

    def problem_as_dict(self, sources: dict[str, Source]) -> dict[str, Any]:
        problem = self._problem
        source = sources.get(problem.file)
        return {
            "file": problem.file,
            "line": problem.place.line,
            "column": problem.place.column,
            "severity": problem.severity,
            "code": problem.code,
            "text": sentence(problem.code, problem.values),
            "values": problem.values,
            "excerpt": source.excerpt(problem.place.line) if source else "",
        }


def sentence(code: str, values: dict[str, Any]) -> str:
    """In English; the pages say it in their reader's language, by code and values."""
    text = _sentences().get(code, code)
    return re.sub(r"\{(\w+)\}", lambda match: str(values.get(match[1], match[0])), text)


@cache
def _sentences() -> dict[str, str]:
    try:
        content = yaml.load(TEXTS.read_text("utf-8"), yaml.CSafeLoader)
        return dict(content["workbench"]["problems"])
    except (OSError, KeyError, TypeError, yaml.YAMLError):
        return {}


def _files() -> dict[str, list[Path]]:
    def below(folder: str) -> list[Path]:
        root = Path(folder)
        return sorted(path for kind in ("*.yml", "*.yaml") for path in root.rglob(kind) if path.is_file())

    base = [Path(name) for name in (training.DOMAIN, training.CONFIG, "data/manners.yml")]
    return {
        "base": [path for path in base if path.is_file()],
        "nlu": below("data/nlu"),
        "talks": [*below("data/rules"), *below("data/stories")],
        "responses": below(str(RESPONSES)),
        "tests": below("tests/stories"),
        "own": [path for name in OWN for path in below(f"data/{name}")],
    }


def _source(path: Path) -> Source:
    """Read once, as long as it stays the same: a trainer checks after each edit."""
    said = path.stat()
    stamp = (said.st_mtime_ns, said.st_size, said.st_ino)
    known = _read.get(path)
    if known is None or known[0] != stamp:
        known = _read[path] = (stamp, Source(path, path.as_posix()))
    return known[1]


_read: dict[Path, tuple[tuple[int, int, int], Source]] = {}


def _nothing() -> Source:
    made = Source.__new__(Source)
    made.name, made.root, made.problems, made.lines = training.DOMAIN, None, [], []
    return made


def _coded() -> set[str] | None:
    """Names of the actions that there is code for; None where it lies elsewhere."""
    files = sorted(Path("actions").rglob("*.py"))
    words = {word for file in files for word in _WORD.findall(file.read_text("utf-8", "replace"))}
    return _with_tasks(words) if files else None


def _with_tasks(words: Iterable[str]) -> set[str]:
    """A task's name stands for its two actions, that of the form's answers and that which does it."""
    plain = set(words)
    return (
        plain
        | {f"{kind}_{word}" for word in plain for kind in ("action", "validate")}
        | {f"validate_{word}_form" for word in plain}
    )


def _own(sources: dict[str, Source]) -> Iterator[Problem]:
    """Files of ours, read as the components read them."""
    for name, source in sources.items():
        if name.startswith("data/foreign/") and not source.problems:
            try:
                foreign.sentences(Path(name))
            except RasaException as error:
                yield source.problem(Place(1), "error", "not_valid", problem=str(error))
    for read, folder in ((sentiment.sentences, "data/sentiment"), (entities.gathered, "data/entities")):
        broken = any(one.problems for name, one in sources.items() if name.startswith(folder))
        if not broken and Path(folder).is_dir():
            try:
                read(Path(folder))
            except (RasaException, ValueError, AttributeError, TypeError, KeyError) as error:
                named = next((one for name, one in sources.items() if name in str(error)), None)
                yield Problem(
                    named.name if named else folder, Place(1), "error", "not_valid", {"problem": str(error)}
                )
