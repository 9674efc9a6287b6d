"""Processes of a sandbox: started on free ports of the loopback, ended with it or with whoever started it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import httpx

PATIENCE = 120.0  # seconds until a process has to be ready
LOOK = 0.1


class SandboxFailed(Exception):
    """The sandbox could not be made, or broke; the sentence says what a process said last."""


class Process:
    """A program that runs as long as this object holds its pipe (see :mod:`.guard`)."""

    def __init__(self, command: Sequence[str], log: Path, env: Mapping[str, str], cwd: Path) -> None:
        self._name, self._log = log.stem, log
        with log.open("ab") as out:
            self._popen = subprocess.Popen(
                [sys.executable, "-m", "handoff.workbench.talks.guard", *command],
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=dict(env),
                cwd=cwd,
                start_new_session=True,
            )

    @property
    def alive(self) -> bool:
        return self._popen.poll() is None

    def until(self, ready: Callable[[], bool], stopped: threading.Event, seconds: float = PATIENCE) -> None:
        """Wait until ``ready()``; :class:`SandboxFailed` if it ends, takes too long or is stopped."""
        deadline = time.monotonic() + seconds
        while not ready():
            if not self.alive:
                raise SandboxFailed(f"{self._name} ended: {self.said()}")
            if time.monotonic() > deadline:
                raise SandboxFailed(f"{self._name} was not ready after {seconds:.0f} s: {self.said()}")
            if stopped.wait(LOOK):
                raise SandboxFailed("it was stopped")

    def said(self, last: int = 2000) -> str:
        """The end of its log. Only made-up customers are in a sandbox."""
        return self._log.read_text("utf-8", "replace")[-last:]

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._popen.pid, signal.SIGKILL)
        self._popen.wait()
        if self._popen.stdin:
            self._popen.stdin.close()


def run(command: Sequence[str], env: Mapping[str, str], cwd: Path) -> None:
    """To its end; :class:`SandboxFailed` if that is not a good one."""
    done = subprocess.run(list(command), env=dict(env), cwd=cwd, capture_output=True, text=True)
    if done.returncode:
        raise SandboxFailed(f"{' '.join(command[-2:])}: {(done.stdout + done.stderr)[-2000:]}")


def free_port() -> int:
    """A TCP port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def healthy(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health", timeout=2, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False
