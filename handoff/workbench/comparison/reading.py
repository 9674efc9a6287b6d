"""Texts read with a model by the process that trains, and kept: the champion has read most of them before.

A reading is kept under what the archive and the code that reads are made of, and a hash of the text; the text
itself is not kept.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from handoff.workbench.comparison.items import Reading

CODE = Path(__file__).resolve().parents[3]
READS = ("bot", "data/manners.yml", "data/entities", "data/language")  # besides the archive
MODELS_KEPT = 6
TIMED = 40  # texts, read one by one for the time it takes …
ROUNDS = 3  # … so often, the models in turns: a computer that is busy for a while slows both


class Reader(Protocol):
    """What is asked of :class:`handoff.workbench.runs.worker.Worker`."""

    async def ask(
        self, do: str, tell: Callable[[str, float], None] | None = None, /, **given: Any
    ) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Text:
    """``language``: of the talk it was said in, if it was said in one."""

    text: str
    language: str | None = None

    @property
    def key(self) -> str:
        return hashlib.sha256(f"{self.language}\0{self.text}".encode("utf-8", "replace")).hexdigest()[:24]

    def told(self) -> dict[str, str]:
        return {"text": self.text} | ({"language": self.language} if self.language else {})


class Readings:
    """``folder``: where readings are kept; ``root``: next to whose data the models read."""

    def __init__(self, reader: Reader, folder: Path, root: Path) -> None:
        self._reader, self._folder, self._root = reader, folder, root

    async def of(
        self, model: Path, texts: Sequence[Text], tell: Callable[[str, float], None] | None = None
    ) -> list[Reading]:
        """One for each text, in order. ``model``: an absolute path. Whatever the worker raises."""
        path = await asyncio.to_thread(self._path, model)
        known = await asyncio.to_thread(_kept, path)
        missing = {one.key: one for one in texts if one.key not in known}
        if missing:
            asked = [one.told() for one in missing.values()]
            done = await self._reader.ask("read", tell, model=str(model), texts=asked, time=False)
            known |= zip(missing, map(Reading.of, done["readings"]), strict=True)
            await asyncio.to_thread(self._keep, path, known)
        return [known[one.key] for one in texts]

    async def latency(self, models: Mapping[str, Path], texts: Sequence[Text]) -> dict[str, dict[str, float]]:
        """``{p50, p95}`` in milliseconds of each model, over the same texts; of each text its best time."""
        times: dict[str, list[float]] = {}
        few = [one.told() for one in sorted(texts, key=lambda one: one.key)[:TIMED]]
        for who, model in list(models.items()) * ROUNDS if few else ():
            done = await self._reader.ask("read", None, model=str(model), texts=few, time=True)
            times[who] = list(map(min, times.get(who, done["ms"]), done["ms"]))
        return {
            who: {"p50": _quantile(ms, 0.5), "p95": _quantile(ms, 0.95)} for who, ms in times.items() if ms
        }

    def _path(self, model: Path) -> Path:
        digest = hashlib.sha256(model.read_bytes())
        for base, name in ((CODE, READS[0]), *((self._root, name) for name in READS[1:])):
            path = base / name
            files = sorted(path.rglob("*")) if path.is_dir() else [path]
            for file in files:
                if file.suffix in (".py", ".yml", ".json") and file.is_file():
                    digest.update(file.read_bytes())
        return self._folder / f"{digest.hexdigest()[:24]}.json"

    def _keep(self, path: Path, known: Mapping[str, Reading]) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".draft")
        draft.write_text(json.dumps({key: asdict(reading) for key, reading in known.items()}), "utf-8")
        draft.replace(path)
        kept = sorted(self._folder.glob("*.json"), key=lambda file: file.stat().st_mtime, reverse=True)
        for old in kept[MODELS_KEPT:]:
            old.unlink(missing_ok=True)


def _kept(path: Path) -> dict[str, Reading]:
    """Nothing of it if it cannot be read: it is only there to save time."""
    try:
        told = json.loads(path.read_text("utf-8"))
        return {key: Reading(**(one | {"wishes": tuple(one["wishes"])})) for key, one in told.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def _quantile(times: Sequence[float], share: float) -> float:
    ordered = sorted(times)
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 3)
