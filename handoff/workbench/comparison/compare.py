"""Champion and challenger compared, from the archives to the report.

Reading (in the process that trains) and conversation tests (in a sandbox) go on side by side; what is
computed from them is computed in threads.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from actions.texts import Texts
from handoff.conversations.policy import Thresholds
from handoff.settings import POLICY, read_thresholds
from handoff.workbench.comparison.items import Item, Reading
from handoff.workbench.comparison.reading import Reader, Readings, Text
from handoff.workbench.comparison.report import replayed, understanding
from handoff.workbench.comparison.sets import frozen
from handoff.workbench.context import Context
from handoff.workbench.talks.replay import Talk, last_week
from handoff.workbench.talks.service import Talks

Tell = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Models:
    """Absolute paths; ``champion`` None: there is none yet."""

    champion: Path | None
    challenger: Path

    def each(self) -> dict[str, Path]:
        return ({"champion": self.champion} if self.champion else {}) | {"challenger": self.challenger}


async def compare(
    context: Context,
    worker: Reader,
    champion: Path | None,
    challenger: Path,
    tell: Tell,
    *,
    talks: Talks | None = None,
) -> dict[str, Any]:
    """The report. ``tell`` is told the step and the share done; ``talks``: a sandbox made ready before.

    Raises what the worker raises. A sandbox that breaks is told in the report, whose gate it fails.
    """
    own = talks or Talks(context)
    models = Models(champion.absolute() if champion else None, challenger.absolute())  # noqa: ASYNC240
    progress = _Progress(tell)
    try:
        async with asyncio.TaskGroup() as both:
            read = both.create_task(_read(context, worker, models, progress.reading))
            played = both.create_task(own.play_all(models.challenger, models.champion, progress.playing))
    except BaseExceptionGroup as broken:
        raise broken.exceptions[0] from broken
    finally:
        if talks is None:
            await own.stop()
    report = read.result()
    report["talks"] = played.result()
    tell("figures", 1.0)
    return report


async def _read(context: Context, worker: Reader, models: Models, tell: Tell) -> dict[str, Any]:
    """All of the report but the conversation tests."""
    chosen = await frozen(context.database, context.root)
    week = await last_week(context.database, context.clock())
    limits = await asyncio.to_thread(read_thresholds, Path(os.environ.get("SETU_POLICY") or POLICY))
    titles = _titles(context.texts)
    alone = [Text(item.text) for item in chosen.items]
    spoken = [Text(text, talk.language) for talk in week for text in talk.texts]
    readings = Readings(worker, context.home / "workbench" / "readings", context.root)
    found: dict[str, list[Reading]] = {}
    steps = len(models.each()) + 1
    for at, (who, model) in enumerate(models.each().items()):

        def told(step: str, share: float, at: int = at) -> None:
            tell(step, (at + share) / steps)

        found[who] = await readings.of(model, [*alone, *spoken], told)
    tell("latency", (steps - 1) / steps)
    latency = await readings.latency(models.each(), alone or spoken)
    report = await asyncio.to_thread(_figures, chosen.items, week, found, limits, titles)
    sizes = {who: model.stat().st_size for who, model in models.each().items()}
    nobody = {"champion": None, "challenger": None}
    cost = {"latency": nobody | latency, "size": nobody | sizes}
    return {"sets": list(chosen.sets), **report, "cost": cost}


def _figures(
    items: Sequence[Item],
    week: Sequence[Talk],
    found: dict[str, list[Reading]],
    limits: Thresholds,
    titles: dict[str, str],
) -> dict[str, Any]:
    n = len(items)
    before, after = found.get("champion"), found["challenger"]
    report = understanding(items, before and before[:n], after[:n], limits, titles)
    talks = [talk.texts for talk in week]
    theirs = _by_talk(before[n:], talks) if before is not None else None
    report["replay"] = replayed(talks, theirs, _by_talk(after[n:], talks), limits)
    return report


def _by_talk(readings: Sequence[Reading], talks: Sequence[Sequence[str]]) -> list[list[Reading]]:
    rest = iter(readings)
    return [[next(rest) for _ in texts] for texts in talks]


def _titles(texts: Texts) -> dict[str, str]:
    """English titles of intents; pages show those of their own language."""
    named = texts.section("handoff", None).get("intents") or {}
    return {name: str(title) for name, title in named.items()}


class _Progress:
    """Two things that go on side by side as one share; the step told is that of who is behind."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._loop = asyncio.get_running_loop()
        self._read, self._played = ("reading", 0.0), ("tests", 0.0)

    def reading(self, step: str, share: float) -> None:
        self._read = (step, share)
        self._say()

    def playing(self, step: str, share: float) -> None:
        """From the thread that plays."""
        self._loop.call_soon_threadsafe(self._play, step, share)

    def _play(self, step: str, share: float) -> None:
        self._played = (step, share)
        self._say()

    def _say(self) -> None:
        behind = min(self._read, self._played, key=lambda one: one[1])
        self._tell(behind[0], 0.97 * (self._read[1] + self._played[1]) / 2)
