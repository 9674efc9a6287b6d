"""The checks of the training data, worked out beside the event loop and kept until something changes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import func, select

from bot.reading.finder import Finders
from bot.reading.language import BadRules, read_folder
from handoff import languages
from handoff.errors import Invalid
from handoff.workbench.context import Context
from handoff.workbench.dataset import checks
from handoff.workbench.dataset.examples import Example, Examples
from handoff.workbench.dataset.findings import Finding, in_order
from handoff.workbench.dataset.folding import fold
from handoff.workbench.dataset.lexicon import Lexicon, unknown_values
from handoff.workbench.dataset.verifying import verify
from handoff.workbench.dataset.workspace import Workspace
from handoff.workbench.models import Utterance

#: What the findings depend on, besides utterances.
WATCHED = (
    "domain.yml", "data/nlu/*/*.yml", "data/responses/*.yml", "data/texts/*.yml", "data/knowledge/*/*.md",
    "data/entities/*.yml", "data/sentiment/*.yml", "data/desk/*.yml", "data/language/*.yml",
    "tests/nlu/*.jsonl",
)  # fmt: skip
NEIGHBOURS = 8  # looked at to tell which intent a text fits
_PARTS = {"responses": "response_missing", "texts": "text_missing", "knowledge": "article_missing"}

Stamp = tuple[Any, ...]


class Known:
    """What examples are judged by, as the workspace stands. Made in a thread."""

    def __init__(self, root: Path, examples: Examples, frozen: checks.Frozen) -> None:
        self.examples = examples.all()
        self.near = examples.near
        domain = _yaml(root / "domain.yml")
        self.intents = [_name(one) for one in domain.get("intents") or []]
        self.entities = [_name(one) for one in domain.get("entities") or []]
        self.scripts = {
            file.stem: str(_yaml(file).get("script", ""))
            for file in sorted((root / "data/language").glob("*.yml"))
        }
        self.lexicon = Lexicon(self.examples)
        self.frozen = frozen

    def of(self, subjects: Sequence[Example]) -> Iterator[Finding]:
        """The checks that look at one example at a time."""
        yield from checks.broken(subjects)
        yield from checks.unknown_entities(subjects, self.entities)
        yield from checks.scripts(subjects, self.scripts)
        yield from self.frozen.leaks(subjects)
        yield from self.lexicon.check(subjects)

    def neighbours(self, example: Example) -> list[tuple[Example, float]]:
        return self.near(example.text, NEIGHBOURS, 0.3, example.language)


class Checking:
    def __init__(self, context: Context, examples: Examples) -> None:
        self._context = context
        self._examples = examples
        self._root = context.root
        self._workspace = Workspace(context.root, context.home)
        self._line = asyncio.Lock()
        self._known: tuple[Stamp, Known] | None = None
        self._frozen: tuple[Stamp, checks.Frozen] | None = None
        self._found: tuple[Stamp, list[Finding]] | None = None
        self._going: asyncio.Task[list[Finding]] | None = None

    async def findings(self) -> list[Finding]:
        """All of them, serious ones first. A few seconds after a change, else at once."""
        stamp = await self._stamp()
        if self._found is not None and self._found[0] == stamp:
            return self._found[1]
        async with self._line:
            if self._found is None or self._found[0] != stamp:
                known = await self._knowing(stamp)
                self._found = stamp, await asyncio.to_thread(self._all, known)
            return self._found[1]

    def lately(self) -> list[Finding] | None:
        """What was found last, perhaps before the newest change; None if nothing was ever looked for. Sees to
        it that it is up to date soon."""
        if self._going is None or self._going.done():
            self._going = asyncio.create_task(self.findings())
            self._going.add_done_callback(lambda task: task.cancelled() or task.exception())
        return None if self._found is None else self._found[1]

    async def known(self) -> Known:
        """What a few examples are judged by."""
        stamp = await self._stamp()
        if self._known is not None and self._known[0] == stamp:
            return self._known[1]
        async with self._line:
            return await self._knowing(stamp)

    async def _knowing(self, stamp: Stamp) -> Known:
        if self._known is None or self._known[0] != stamp:
            tests = tuple(one for one in stamp[2:] if one[0].suffix == ".jsonl")
            if self._frozen is None or self._frozen[0] != (*stamp[:2], *tests):
                async with self._context.database.read() as session:
                    traffic = (await session.scalars(select(Utterance.text).where(Utterance.frozen))).all()
                self._frozen = (*stamp[:2], *tests), await asyncio.to_thread(_frozen, self._root, traffic)
            known = await asyncio.to_thread(Known, self._root, self._examples, self._frozen[1])
            self._known = stamp, known
        return self._known[1]

    async def _stamp(self) -> Stamp:
        async with self._context.database.read() as session:
            asked = select(func.count(), func.max(Utterance.first_at)).where(Utterance.frozen)
            frozen = (await session.execute(asked)).one()
        return (*frozen, *await asyncio.to_thread(self._files))

    def _files(self) -> Stamp:
        paths = sorted(path for pattern in WATCHED for path in self._root.glob(pattern))
        return tuple((path, status.st_mtime_ns, status.st_size) for path in paths for status in [path.stat()])

    def _all(self, known: Known) -> list[Finding]:
        everything = known.examples
        found = list(known.of(everything))
        for one in checks.repeated(everything):
            found.append(checks.fitting(one, known.neighbours) if one.code == "same_text" else one)
        found += checks.near(everything)
        found += checks.sizes(self._examples.counts(), known.intents, self._examples.languages())
        found += self._unlisted(known)
        found += self._unreadable()
        found += self._translations()
        return in_order(found)

    def _unlisted(self, known: Known) -> Iterator[Finding]:
        """Marked words that no list has; a list that cannot be read is the finding itself."""
        try:
            finders = Finders(read_folder(self._root / "data/entities"))
        except BadRules as error:
            problem = str(error).replace(f"{self._root}/", "").split("\n")[0][:200]
            file = problem.partition(": ")[0] if ": " in problem else "data/entities"
            yield Finding("file_unreadable", {"file": file, "problem": problem}, places=[(file, 1)])
            return
        day = date(2000, 1, 1)  # any: no dates are looked for

        def knows(language: str, entity: str, word: str) -> bool:
            return any(one.entity == entity for one in finders.find(word, language, day))

        yield from unknown_values(known.lexicon, known.examples, knows)

    def _unreadable(self) -> Iterator[Finding]:
        for path in sorted((self._root / "data/nlu").glob("*/*.yml")):
            name = path.relative_to(self._root).as_posix()
            try:
                verify(name, self._workspace.read(name) or "")
            except Invalid as error:
                line = int(error.values.get("line") or 1)
                problem = error.values.get("problem") or error.values.get("intent") or error.code
                yield Finding("file_unreadable", {"file": name, "problem": problem}, places=[(name, line)])

    def _translations(self) -> Iterator[Finding]:
        data, tests = self._root / "data", self._root / "tests/nlu"
        for language in languages.languages(data):
            try:
                found = languages.check(language, data, tests)
            except (ValueError, KeyError, TypeError, AttributeError, yaml.YAMLError) as error:
                values = {"file": language, "problem": str(error).split("\n")[0][:200]}
                yield Finding("file_unreadable", values, places=[(f"data/texts/{language}.yml", 1)])
                continue
            lacking: dict[str, list[str]] = {}
            for line in found.missing:
                part, _, what = line.partition(": ")
                if part != "nlu":  # told with the numbers of examples
                    code = _PARTS.get(part, "other_missing")
                    lacking.setdefault(code, []).append(what if code != "other_missing" else line)
            for code, names in lacking.items():
                yield _of_language(code, language, names)
            if found.wrong:
                yield _of_language("translation_wrong", language, found.wrong)


def _of_language(code: str, language: str, names: list[str]) -> Finding:
    folder = {"response_missing": "responses", "text_missing": "texts"}.get(code)
    shown = ", ".join(sorted(names)[:8]) + (", …" if len(names) > 8 else "")
    values = {"language": language, "count": len(names), "names": shown}
    places = [(f"data/{folder}/{language}.yml", 1)] if folder else []
    return Finding(code, values, places=places, weight=len(names))


def _frozen(root: Path, traffic: Sequence[str]) -> checks.Frozen:
    return checks.Frozen([*_tests(root), *((fold(text), "traffic") for text in traffic)])


def _tests(root: Path) -> Iterator[tuple[str, str]]:
    """Messages of the frozen sets, folded, and where each stands."""
    for file in sorted((root / "tests/nlu").glob("*.jsonl")):
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
            if line.strip():
                yield fold(json.loads(line)["text"]), f"tests/nlu/{file.name}:{number}"


def _yaml(file: Path) -> dict[str, Any]:
    content = yaml.load(file.read_text("utf-8"), yaml.CSafeLoader) if file.is_file() else None
    return content if isinstance(content, dict) else {}


def _name(entry: Any) -> str:
    return str(next(iter(entry))) if isinstance(entry, dict) else str(entry)
