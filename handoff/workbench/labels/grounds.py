"""What the training data, the list of what is foreign and the frozen tests say of texts that people label."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Lock

import yaml

from handoff.workbench.dataset.examples import Example, Examples
from handoff.workbench.dataset.likeness import Likeness, Place
from handoff.workbench.models import Utterance

FOREIGN = "oos"  # so the tests call what is out of scope
_FILES = ("data/foreign/*.yml", "tests/nlu/shop_*.jsonl")

Stamp = tuple[object, ...]


class Grounds:
    """Read anew when a file has changed: about a second, in a thread."""

    def __init__(self, root: Path, examples: Examples) -> None:
        self._root = root
        self._examples = examples
        self._lock = Lock()
        self._kept: tuple[tuple[Example, ...], Stamp, Likeness] | None = None

    async def ready(self) -> str:
        """To be called before a transaction, so that none waits; tells one state of the files from another.

        Files that cannot be read say nothing; the page of the data tells of them.
        """
        return (await asyncio.to_thread(self._now)).version

    async def note(self, rows: Sequence[Utterance], languages: Sequence[str | None] = ()) -> None:
        """Write down on each what the files say of it; ``languages``: as people say, where they do."""
        spoken = list(languages) or [None] * len(rows)
        asked = [(row.text, said or row.language) for row, said in zip(rows, spoken, strict=True)]
        found = await asyncio.to_thread(lambda: self._now().of(asked))
        for row, places in zip(rows, found, strict=True):
            told = [place.as_json() for place in places]
            if row.signals.get("data", []) != told:
                rest = {key: value for key, value in row.signals.items() if key != "data"}
                row.signals = rest | ({"data": told} if told else {})

    def _now(self) -> Likeness:
        with self._lock:
            try:
                examples = self._examples.all()
            except UnicodeDecodeError:
                examples = self._kept[0] if self._kept else ()
            stamp = _stamp(self._root)
            if self._kept is None or self._kept[0] is not examples or self._kept[1] != stamp:
                said = [*_learnt(examples), *_foreign(self._root), *_tested(self._root)]
                self._kept = examples, stamp, Likeness(said)
            return self._kept[2]


def _learnt(examples: Sequence[Example]) -> Iterator[tuple[Place, str]]:
    for one in examples:
        yield Place(one.file, one.line, one.language, (one.intent,), one.text), one.text


def _foreign(root: Path) -> Iterator[tuple[Place, str]]:
    for path in sorted(root.glob("data/foreign/*.yml")):
        name = path.relative_to(root).as_posix()
        try:
            whole = yaml.compose(path.read_text("utf-8"), yaml.CSafeLoader)
        except (yaml.YAMLError, UnicodeDecodeError):
            continue
        for key, items in whole.value if isinstance(whole, yaml.MappingNode) else ():
            for item in items.value if key.value == "foreign" else ():
                if isinstance(item, yaml.ScalarNode):
                    line = item.start_mark.line + 1
                    yield Place(name, line, path.stem, (), str(item.value)), str(item.value)


def _tested(root: Path) -> Iterator[tuple[Place, str]]:
    for path in sorted(root.glob("tests/nlu/shop_*.jsonl")):
        name = path.relative_to(root).as_posix()
        for number, line in enumerate(path.read_bytes().splitlines(), 1):
            try:
                said = json.loads(line)
                text, label = str(said["text"]), said["label"]
                wishes = said.get("wishes") or ([] if label == FOREIGN else [label])
                place = Place(name, number, str(said["language"]), tuple(map(str, wishes)), None)
            except (ValueError, KeyError, TypeError, AttributeError):
                continue  # the comparison tells of it
            yield place, text


def _stamp(root: Path) -> Stamp:
    paths = sorted(path for pattern in _FILES for path in root.glob(pattern))
    return tuple((path, status.st_mtime_ns, status.st_size) for path in paths for status in [path.stat()])
