"""The process that checks, trains and reads (``python -m bot.trainer``), spoken to in lines of JSON.

It lives in the bot's environment, is started when it is first needed, kept warm while it is used (loading
Rasa takes longer than a training) and let go after a while of rest.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson
import structlog

Tell = Callable[[str, float], None]  # a step's code and its share, 0..1

LONGEST_LINE = 256 * 1024 * 1024  # bytes; thousands of readings come in one
LAST_WORDS = 40  # lines of its log that are kept for a failure

log = structlog.get_logger()


class WorkerFailed(Exception):
    """What was asked could not be done. ``code`` has a text under ``workbench.runs.failures``."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(f"{code}: {message}" if message else code)
        self.code, self.message = code, message


class Worker:
    """One process, asked one thing at a time; a question that is cancelled ends the process."""

    def __init__(self, python: Path, root: Path, *, rest: float = 900.0) -> None:
        """``root``: where the training data lies; ``rest``: seconds without a question until it goes."""
        self._command = [str(python.absolute()), "-m", "bot.trainer"]
        self._root = root
        self._rest = rest
        self._line = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._errors: asyncio.Task[None] | None = None
        self._leaving: asyncio.TimerHandle | None = None
        self._said: deque[str] = deque(maxlen=LAST_WORDS)
        self._number = 0

    @property
    def busy(self) -> bool:
        """Whether who asks now has to wait."""
        return self._line.locked()

    @property
    def process_id(self) -> int | None:
        """Of the process, if it runs."""
        process = self._process
        return process.pid if process is not None and process.returncode is None else None

    async def warm(self) -> None:
        """Have it ready before it is needed; what goes wrong is told when it is asked."""
        with suppress(WorkerFailed):
            async with self._line:
                await self._started()
                self._leave_later()

    async def ask(self, do: str, tell: Tell | None = None, /, **given: Any) -> dict[str, Any]:
        """Do one thing; :class:`WorkerFailed` says why not. Those who ask at once wait in line."""
        async with self._line:
            process = await self._started()
            self._number += 1
            try:
                return await self._answer(process, {"id": self._number, "do": do, **given}, tell)
            except BaseException as broken:
                # Half-read or half-done: nothing that it says later belongs to a later question.
                if not isinstance(broken, WorkerFailed) or broken.code == "worker_died":
                    await self._kill()
                raise
            finally:
                self._leave_later()

    async def stop(self) -> None:
        """End the process, whatever it does."""
        if self._leaving:
            self._leaving.cancel()
        await self._kill()

    async def _answer(
        self, process: asyncio.subprocess.Process, question: dict[str, Any], tell: Tell | None
    ) -> dict[str, Any]:
        assert process.stdin is not None
        try:
            process.stdin.write(orjson.dumps(question) + b"\n")
            await process.stdin.drain()
        except (BrokenPipeError, ConnectionResetError):
            raise self._died(process) from None
        while True:
            said = await self._next(process)
            if said.get("id") != question["id"]:
                continue
            if "done" in said:
                return dict(said["done"])
            if "failed" in said:
                raise WorkerFailed(str(said["failed"]["code"]), str(said["failed"].get("message", "")))
            if tell and "progress" in said:
                tell(str(said["progress"]["step"]), float(said["progress"]["share"]))

    async def _next(self, process: asyncio.subprocess.Process) -> dict[str, Any]:
        assert process.stdout is not None
        line = await process.stdout.readline()
        if not line:
            raise self._died(process)
        try:
            return dict(orjson.loads(line))
        except (orjson.JSONDecodeError, TypeError, ValueError):
            raise WorkerFailed("worker_died", "it said something that is not JSON") from None

    async def _started(self) -> asyncio.subprocess.Process:
        if self._leaving:
            self._leaving.cancel()
            self._leaving = None
        if self._process is not None and self._process.returncode is None:
            return self._process
        await self._kill()
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                cwd=self._root,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                limit=LONGEST_LINE,
                start_new_session=True,  # with those it starts it is killed as one
                env=os.environ | {"PYTHONUNBUFFERED": "1"},
            )
        except OSError as missing:
            raise WorkerFailed("no_worker", str(missing)) from missing
        self._process = process
        self._said.clear()
        self._errors = asyncio.create_task(self._listen(process))
        try:
            while not (await self._next(process)).get("ready"):
                pass
        except BaseException:
            await self._kill()
            raise
        return process

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        """Its log must be read, or it would stop at a full pipe."""
        assert process.stderr is not None
        while line := await process.stderr.readline():
            self._said.append(line.decode(errors="replace").rstrip())

    def _died(self, process: asyncio.subprocess.Process) -> WorkerFailed:
        log.error("trainer_died", pid=process.pid, status=process.returncode)  # its words may be customers'
        return WorkerFailed("worker_died", "\n".join(self._said))

    def _leave_later(self) -> None:
        loop = asyncio.get_running_loop()
        if self._leaving:
            self._leaving.cancel()
        self._leaving = loop.call_later(self._rest, self._leave)

    def _leave(self) -> None:
        if not self._line.locked() and self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()  # at the end of what is asked it goes by itself

    async def _kill(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
        if self._errors is not None:
            self._errors.cancel()
            self._errors = None
