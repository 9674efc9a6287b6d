"""Champion and challenger compared, from the archives to the report.

Reading (in the process that trains) and conversation tests (in a sandbox) go on side by side; what is
computed from them is computed in threads.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from actions.texts import Texts
from handoff.conversations.policy import Thresholds
from handoff.settings import POLICY, read_thresholds
from handoff.workbench.comparison.items import Reading
from handoff.workbench.comparison.reading import Reader, Readings, Text
from handoff.workbench.comparison.report import replayed, understanding
from handoff.workbench.comparison.sets import Frozen, frozen
from handoff.workbench.context import Context
from handoff.workbench.talks.replay import Talk, last_week
from handoff.workbench.talks.service import Talks

Tell = Callable[[str, float], None]

BOTH = 0.85  # share of the whole that reading and playing take


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
    readings = Readings(worker, context.home / "workbench" / "readings", context.root)
    try:
        async with asyncio.TaskGroup() as both:
            reading = both.create_task(_read(context, readings, models, progress.reading))
            playing = both.create_task(own.play_all(models.challenger, models.champion, progress.playing))
        # What is timed is timed when the computer has nothing else to do.
        read, played = reading.result(), playing.result()
        tell("latency", BOTH)
        async with asyncio.TaskGroup() as both:
            timing = both.create_task(readings.latency(models.each(), read.texts))
            figures = both.create_task(asyncio.to_thread(read.report))
    except BaseExceptionGroup as broken:
        raise broken.exceptions[0] from broken
    finally:
        if talks is None:
            await own.stop()
    sizes = {who: model.stat().st_size for who, model in models.each().items()}
    nobody = {"champion": None, "challenger": None}
    cost = {"latency": nobody | timing.result(), "size": nobody | sizes}
    tell("figures", 1.0)
    return {"sets": list(read.chosen.sets), **figures.result(), "talks": played, "cost": cost}


@dataclass(frozen=True, slots=True)
class _Read:
    """All messages and how the models read them; the rest is arithmetic."""

    chosen: Frozen
    week: Sequence[Talk]
    texts: Sequence[Text]
    found: Mapping[str, Sequence[Reading]]  # of the chosen messages, then of the week's
    limits: Thresholds
    titles: Mapping[str, str]

    def report(self) -> dict[str, Any]:
        items = self.chosen.items
        n = len(items)
        before, after = self.found.get("champion"), self.found["challenger"]
        report = understanding(items, before and before[:n], after[:n], self.limits, self.titles)
        talks = [talk.texts for talk in self.week]
        theirs = _by_talk(before[n:], talks) if before is not None else None
        report["replay"] = replayed(talks, theirs, _by_talk(after[n:], talks), self.limits)
        return report


async def _read(context: Context, readings: Readings, models: Models, tell: Tell) -> _Read:
    chosen = await frozen(context.database, context.root)
    week = await last_week(context.database, context.clock())
    limits = await asyncio.to_thread(read_thresholds, Path(os.environ.get("SETU_POLICY") or POLICY))
    texts = [Text(item.text) for item in chosen.items]
    texts += [Text(text, talk.language) for talk in week for text in talk.texts]
    found: dict[str, list[Reading]] = {}
    for at, (who, model) in enumerate(models.each().items()):

        def told(step: str, share: float, at: int = at) -> None:
            tell(step, (at + share) / len(models.each()))

        found[who] = await readings.of(model, texts, told)
    tell("reading", 1.0)
    return _Read(chosen, week, texts, found, limits, _titles(context.texts))


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
        self._tell(behind[0], BOTH * (self._read[1] + self._played[1]) / 2)
