"""The processes: started, watched, started again when they die or hang, stopped together."""

from __future__ import annotations

import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from .console import Problem, say
from .paths import ROOT

HANGS_AFTER = 30.0  # seconds without an answer to /health
STEADY = 60.0  # seconds up after which the next restart is immediate again
LONGEST_PAUSE = 30.0


class Child:
    """One of our processes, its address and its log."""

    def __init__(self, name: str, command: list[str], port: int, env: dict[str, str], logs: Path) -> None:
        self.name, self.command, self.port, self.env = name, command, port, env
        self.log = logs / f"{name}.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.started = self.answered = 0.0
        self.restarts = 0
        self.pause_until = 0.0
        self.told = False  # to stop

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=str(ROOT),
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C reaches us alone; we stop the children in order
                preexec_fn=_die_with_parent,
            )
        self.started = self.answered = time.monotonic()
        self.told = False

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def healthy(self, path: str = "/health") -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=3)
        try:
            connection.request("GET", path)
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def last_words(self, lines: int = 5) -> str:
        try:
            text = self.log.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""
        return "\n".join("      " + line for line in text.strip().splitlines()[-lines:])

    def tell_to_stop(self) -> None:
        if self.process is not None and not self.told and self.is_alive():
            self.process.terminate()
            self.told = True  # a second word may be taken for impatience

    def stop(self, patience: float = 10.0) -> None:
        """Tell it to, if it was not told yet, and wait; what does not go in time is killed."""
        if self.process is None or not self.is_alive():
            return
        self.tell_to_stop()
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _die_with_parent() -> None:
    """On Linux a child ends with ./setu, even when that is killed without a chance to say so."""
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None, use_errno=True).prctl(set_parent_death_signal, signal.SIGTERM)


def check_port_free(host: str, port: int, name: str, setting: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Problem(
                f"The {name} cannot use port {port}: {error.strerror}.",
                f"Stop the program that has it, or choose another port: {setting}={port + 10} ./setu up",
            ) from None


class Watch:
    """Keeps the children up until told to stop; says what it does."""

    def __init__(self, children: list[Child]) -> None:
        self.children = children
        self.stopping = False

    def child(self, name: str) -> Child:
        return next(child for child in self.children if child.name == name)

    def check(self) -> None:
        """One round: notice who died or hangs, start it again after a growing pause."""
        for child in self.children:
            moment = time.monotonic()
            if child.is_alive():
                if child.healthy():
                    child.answered = moment
                    if moment - child.started > STEADY:
                        child.restarts = 0
                elif moment - child.answered > HANGS_AFTER:
                    say(f"  ! the {child.name} has not answered for {HANGS_AFTER:.0f} s: stopping it")
                    os.killpg(child.process.pid, signal.SIGKILL)  # type: ignore[union-attr]
                continue
            if not child.pause_until:
                pause = min(LONGEST_PAUSE, 2.0**child.restarts - 1)
                code = child.process.returncode if child.process else None
                say(f"  ! the {child.name} ended ({_told(code)}); starting it again" + _in_seconds(pause))
                if pause:
                    say(child.last_words())
                child.pause_until = moment + pause
            if moment >= child.pause_until:
                child.pause_until = 0.0
                child.restarts += 1
                child.start()

    def run(self, every: float = 0.5) -> None:
        while not self.stopping:
            self.check()
            time.sleep(every)

    def stop(self) -> None:
        """The gateway first: it finishes what it has taken while the others still answer. They then go
        together."""
        self.stopping = True
        first, *others = self.children
        first.stop()
        for child in others:
            child.tell_to_stop()
        for child in others:
            child.stop()


def _told(code: int | None) -> str:
    return f"killed by signal {-code}" if code is not None and code < 0 else f"exit code {code}"


def _in_seconds(pause: float) -> str:
    return f" in {pause:.0f} s" if pause else ""
