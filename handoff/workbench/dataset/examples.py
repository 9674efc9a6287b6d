"""The training data as it is read: every example with its place, kept until a file changes."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from handoff.workbench.dataset import markup
from handoff.workbench.dataset.blocks import blocks, split
from handoff.workbench.dataset.folding import fold, same
from handoff.workbench.dataset.markup import Entity
from handoff.workbench.dataset.similar import Neighbours

Stamp = tuple[int, int, int]  # mtime in ns, size, inode: atomic writes give a new inode


@dataclass(frozen=True, slots=True)
class Example:
    """``id`` stays the same while text, intent and file do; ``line`` counts from 1; ``marked``: the text
    with its mark-up, as it stands in ``file`` (below the workspace, with slashes)."""

    id: str
    file: str
    line: int
    intent: str
    language: str
    text: str
    marked: str
    entities: tuple[Entity, ...]
    broken: bool
    folded: str  # to be searched and compared by its letters
    key: str  # equal for texts that nobody would write twice

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "file": self.file,
            "line": self.line,
            "intent": self.intent,
            "language": self.language,
            "text": self.text,
            "marked": self.marked,
            "entities": [{**one.as_json(), "text": self.text[one.start : one.end]} for one in self.entities],
        }


@dataclass(frozen=True, slots=True)
class Found:
    """A page of a search."""

    examples: Sequence[Example]
    total: int
    next: str | None


class Examples:
    """Reads ``root/data/nlu/<language>/*.yml``. Safe in threads; raises nothing for a file that is gone,
    ``UnicodeDecodeError`` for one that is no text."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._files: dict[str, tuple[Stamp, tuple[Example, ...]]] = {}
        self._stamps: tuple[tuple[str, Stamp], ...] | None = None
        self._all: tuple[Example, ...] = ()
        self._neighbours: dict[str | None, tuple[list[Example], Neighbours]] = {}
        self._lock = Lock()

    def all(self) -> tuple[Example, ...]:
        """By language, file and line; the same object again as long as nothing has changed."""
        with self._lock:
            return self._read()

    def of(self, intent: str, language: str | None = None) -> list[Example]:
        return [e for e in self.all() if e.intent == intent and language in (None, e.language)]

    def one(self, id: str) -> Example | None:
        return next((example for example in self.all() if example.id == id), None)

    def counts(self) -> dict[str, dict[str, int]]:
        """Intent → language → how many examples."""
        counted: dict[str, dict[str, int]] = {}
        for (intent, language), n in Counter((e.intent, e.language) for e in self.all()).items():
            counted.setdefault(intent, {})[language] = n
        return counted

    def languages(self) -> list[str]:
        """Folders below ``data/nlu``, English first."""
        named = sorted(folder.name for folder in (self._root / "data/nlu").glob("*") if folder.is_dir())
        return [*(n for n in named if n == "en"), *(n for n in named if n != "en")]

    def near(
        self, text: str, limit: int = 10, least: float = 0.5, language: str | None = None
    ) -> list[tuple[Example, float]]:
        """The examples most alike by letters, 0..1, best first. The first call after a change reads those of
        the language anew (a tenth of a second; half a one for all): not for the event loop."""
        with self._lock:
            everything = self._read()
            kept = self._neighbours.get(language)
            if kept is None:
                chosen = [one for one in everything if language in (None, one.language)]
                kept = self._neighbours[language] = (chosen, Neighbours([one.folded for one in chosen]))
        chosen, neighbours = kept
        return [(chosen[index], share) for index, share in neighbours.of(fold(text), limit, least)]

    def search(
        self,
        q: str = "",
        *,
        intent: str | None = None,
        language: str | None = None,
        entity: str | None = None,
        only: Iterable[str] | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> Found:
        """``q``: words that all stand in the text, in any order and spelling of capitals and marks, or in
        the mark-up as it is written. ``only``: ids. ``after``: id of the last one of the page before."""
        words, raw = [] if "](" in q else fold(q).split(), q.strip()
        wanted = None if only is None else set(only)
        hits = [
            e
            for e in self.all()
            if intent in (None, e.intent)
            and language in (None, e.language)
            and (wanted is None or e.id in wanted)
            and (entity is None or any(one.entity == entity for one in e.entities))
            and ((words and all(word in e.folded for word in words)) or raw in e.marked)
        ]
        start = next((n for n, e in enumerate(hits, 1) if e.id == after), 0)
        page = hits[start : start + limit]
        return Found(page, len(hits), page[-1].id if start + limit < len(hits) else None)

    def _read(self) -> tuple[Example, ...]:
        stamps = _stamps(self._root)
        if tuple(stamps.items()) == self._stamps:
            return self._all
        for file, stamp in stamps.items():
            kept = self._files.get(file)
            if kept is None or kept[0] != stamp:
                self._files[file] = stamp, tuple(read_file(file, _text(self._root / file)))
        self._files = {file: self._files[file] for file in stamps}
        self._all = tuple(example for _, examples in self._files.values() for example in examples)
        self._stamps, self._neighbours = tuple(stamps.items()), {}
        return self._all


def read_file(file: str, text: str) -> list[Example]:
    """The examples of one file, whose folder is its language. Pure."""
    language = file.rsplit("/", 2)[-2]
    found, times = [], Counter[tuple[str, str]]()
    for block in blocks(split(text)):
        for line in block.lines:
            read = markup.read(line.marked)
            times[block.intent, line.marked] += 1
            id = _id(file, block.intent, line.marked, times[block.intent, line.marked])
            found.append(
                Example(
                    id,
                    file,
                    line.index + 1,
                    block.intent,
                    language,
                    read.text,
                    line.marked,
                    read.entities,
                    read.broken,
                    fold(read.text),
                    same(read.text),
                )
            )
    return found


def from_files(files: Mapping[str, str]) -> list[Example]:
    """The examples of several files, in the order of their names. Pure."""
    return [example for file in sorted(files) for example in read_file(file, files[file])]


def _id(*parts: object) -> str:
    digest = hashlib.blake2b("\0".join(map(str, parts)).encode(), digest_size=12).digest()
    return urlsafe_b64encode(digest).decode()


def _stamps(root: Path) -> dict[str, Stamp]:
    stamps = {}
    for path in sorted((root / "data/nlu").glob("*/*.yml")):
        status = path.stat()
        stamps[path.relative_to(root).as_posix()] = status.st_mtime_ns, status.st_size, status.st_ino
    return stamps


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8")  # not read_text, which would change ends of lines
