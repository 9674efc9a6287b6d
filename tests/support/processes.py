"""Start a program for a test, wait until it serves, and never leave it behind.

Standard library only: tests of both environments use it.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path


def free_port() -> int:
    """A TCP port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Process:
    """A started program and the file its output goes to."""

    def __init__(
        self,
        command: Sequence[str],
        log: Path,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        self.command = list(command)
        self.log = log
        self.cwd = cwd
        self._env = None if env is None else dict(env)
        self.popen = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as out:
            return subprocess.Popen(
                self.command, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                env=self._env, cwd=self.cwd, start_new_session=True,
            )  # fmt: skip

    @property
    def pid(self) -> int:
        return self.popen.pid

    def output(self, last: int = 4000) -> str:
        return self.log.read_text("utf-8", "replace")[-last:]

    def wait_until(self, ready: Callable[[], bool], seconds: float = 60) -> None:
        """Wait until ``ready()``; ``RuntimeError`` with the output if the program ends or takes too long."""
        deadline = time.monotonic() + seconds
        while not ready():
            if self.popen.poll() is not None:
                raise RuntimeError(
                    f"{self.command[0]} ended with code {self.popen.returncode}:\n{self.output()}"
                )
            if time.monotonic() > deadline:
                raise RuntimeError(f"{self.command[0]} was not ready after {seconds:.0f} s:\n{self.output()}")
            time.sleep(0.05)

    def kill(self) -> None:
        """SIGKILL to the program and all its children, as a crash would."""
        self._signal(signal.SIGKILL)
        self.popen.wait()

    def stop(self, how: signal.Signals = signal.SIGTERM, seconds: float = 10) -> None:
        """Ask it to end; insist after a while."""
        self._signal(how)
        with suppress(subprocess.TimeoutExpired):
            self.popen.wait(seconds)
        self.kill()

    def restart(self) -> None:
        """Start it again on the same address (after :meth:`kill` or :meth:`stop`)."""
        self.popen = self._start()

    def _signal(self, number: signal.Signals) -> None:
        try:
            os.killpg(self.popen.pid, number)
        except ProcessLookupError:
            return


@contextmanager
def running(
    command: Sequence[str],
    log: Path,
    ready: Callable[[], bool],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    seconds: float = 60,
    stop: signal.Signals = signal.SIGTERM,
) -> Iterator[Process]:
    """A program for the length of a ``with`` block."""
    process = Process(command, log, env, cwd)
    try:
        process.wait_until(ready, seconds)
        yield process
    finally:
        process.stop(stop)


def accepts(port: int, host: str = "127.0.0.1") -> bool:
    """Whether somebody listens on the port."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((host, port)) == 0
