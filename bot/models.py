"""Which models this process holds: the live one, which takes the turns, a shadow, which only reads, and a
spare one, which waits until every server has it, or was live a moment ago and may be wanted back.

A model is loaded in a thread while the live one works. It goes live between two turns: each turn goes on
with the model it began with.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from rasa.core.agent import Agent

from bot import loading
from bot.archives import Envelope, Shelf
from bot.loading import CannotLoad, Surroundings
from bot.processor import TurnProcessor

log = logging.getLogger(__name__)

Role = Literal["live", "shadow", "spare"]
#: Seconds between two looks of the interpreter for another thread that wants to run, while a model is
#: loaded: with the usual 5 ms a turn waits that long each time it has waited for anything.
BRIEF = 0.0005
WAITS = 120.0  # seconds that a spare model waits; it takes a quarter of a gigabyte


class NoSuchModel(Exception):
    """There is none of that name here."""


@dataclass(frozen=True, slots=True)
class Loaded:
    envelope: Envelope
    processor: TurnProcessor
    loaded_at: datetime

    @property
    def name(self) -> str:
        return self.envelope.name

    @property
    def sha256(self) -> str:
        return self.envelope.sha256

    def as_dict(self) -> dict[str, Any]:
        return {"name": self.name, "sha256": self.sha256, "loaded_at": self.loaded_at.isoformat()}


class Models:
    """``agent``: Rasa's, whose processor is always the live one. ``asked``: the hash of the archive that
    this process was told to start with."""

    def __init__(self, agent: Agent, live: Loaded, around: Surroundings, shelf: Shelf, asked: str) -> None:
        self._agent = agent
        self._around = around
        self._shelf = shelf
        self._asked = asked
        self._held: dict[Role, Loaded] = {"live": live}
        self._loading = asyncio.Lock()
        self._waiting: asyncio.TimerHandle | None = None
        self._install(live)

    def of(self, role: Role) -> Loaded:
        """Raises :class:`NoSuchModel`."""
        try:
            return self._held[role]
        except KeyError:
            raise NoSuchModel(f"there is no {role} model") from None

    def as_dict(self) -> dict[str, Any]:
        roles: tuple[Role, ...] = ("live", "shadow", "spare")
        return {role: held.as_dict() if (held := self._held.get(role)) else None for role in roles}

    async def put(self, role: Role, envelope: Envelope, content: AsyncIterator[bytes]) -> Loaded:
        """Hold the archive's model in this role; one that is here already is not read again.

        Raises :class:`bot.loading.CannotLoad` or :class:`bot.input.BadInput`; then all stays as it was.
        """
        known = self._known(envelope)
        path = self._shelf.path(envelope)
        if known is None:
            # Read to the end, always: it costs less than asking what an earlier attempt left here.
            path = await self._shelf.take(envelope, content)
        async with self._loading:
            loaded = known or self._known(envelope) or await self._load(path, envelope)
            await self._hold(role, loaded)
        return loaded

    async def go_live(self, name: str, sha256: str) -> Loaded:
        """A model that is here already takes the turns from now on; raises :class:`NoSuchModel`."""
        async with self._loading:
            for held in self._held.values():
                if (held.name, held.sha256) == (name, sha256):
                    await self._hold("live", held)
                    return held
        raise NoSuchModel(f"{name} is not here")

    async def drop(self, role: Role) -> None:
        """Let the shadow or the spare one go."""
        if role == "live":
            raise NoSuchModel("a bot without a live model would answer nobody")
        async with self._loading:
            self._held.pop(role, None)
            await asyncio.to_thread(self._tidy)

    def _known(self, envelope: Envelope) -> Loaded | None:
        same = (held for held in self._held.values() if held.sha256 == envelope.sha256)
        return next((held for held in same if held.name == envelope.name), None)

    async def _load(self, path: Path, envelope: Envelope) -> Loaded:
        with _turns_go_first():
            return await asyncio.to_thread(load, path, envelope, self._around)

    async def _hold(self, role: Role, loaded: Loaded) -> None:
        if role == "live":
            await asyncio.to_thread(self._shelf.remember, loaded.envelope, self._asked)
            before, self._held["live"] = self._held["live"], loaded
            if before is not loaded:
                self._install(loaded)
                log.info("model %s is live", loaded.name)
                self._held["spare"] = before
        else:
            self._held[role] = loaded
        if "spare" in self._held:
            self._let_go_later(self._held["spare"])
        await asyncio.to_thread(self._tidy)

    def _install(self, loaded: Loaded) -> None:
        """All at once, as nobody else runs meanwhile; Rasa's own routes go by the agent, too."""
        processor = loaded.processor
        self._agent.processor = processor
        self._agent.domain = processor.domain
        self._agent.nlg = processor.nlg
        self._agent.tracker_store = processor.tracker_store

    def _let_go_later(self, spare: Loaded) -> None:
        if self._waiting is not None:
            self._waiting.cancel()

        def let_go() -> None:
            if self._held.get("spare") is spare:
                del self._held["spare"]

        self._waiting = asyncio.get_running_loop().call_later(WAITS, let_go)

    def _tidy(self) -> None:
        self._shelf.keep(*(held.sha256 for held in list(self._held.values())))


def load(path: Path, envelope: Envelope, around: Surroundings) -> Loaded:
    """In any thread; raises :class:`bot.loading.CannotLoad`.

    What is loaded is not looked through for rubbish ever again, which would be a quarter of a second in
    which no turn goes on: a model that is let go is gone with its last reference.
    """
    processor = loading.load(path, envelope.name, around)
    gc.freeze()
    return Loaded(envelope, processor, datetime.now(UTC))


@contextmanager
def _turns_go_first() -> Iterator[None]:
    """Loading takes seconds of the interpreter: it hands over at once whenever a turn wants to go on.
    Rubbish is not looked for meanwhile, as most of what is new stays."""
    usual, looked = sys.getswitchinterval(), gc.isenabled()
    sys.setswitchinterval(BRIEF)
    gc.disable()
    try:
        yield
    finally:
        sys.setswitchinterval(usual)
        if looked:
            gc.enable()


__all__ = ["CannotLoad", "Loaded", "Models", "NoSuchModel", "Role", "load"]
