"""What runs in a sandbox ends with it, and with whoever started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from handoff.workbench.talks.processes import Process, SandboxFailed, run
from handoff.workbench.talks.sandbox import CODE

ENV = {"PYTHONPATH": str(CODE), "PATH": os.environ["PATH"]}
#: Says its number when it is up, then sleeps for good.
SLEEPER = [sys.executable, "-c", "import os,time; print(os.getpid(), flush=True); time.sleep(600)"]


def started(tmp_path: Path, command: list[str]) -> Process:
    return Process(command, tmp_path / "program.log", ENV, tmp_path)


def gone(number: int) -> bool:
    """Whether it runs no more (its parent may yet have to take note of that)."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def went(number: int) -> bool:
    """Whether it is gone within half a minute."""
    waiting = threading.Event()
    return any(gone(number) or waiting.wait(0.1) for _ in range(300))


def test_a_process_ends_with_all_it_started(tmp_path: Path) -> None:
    process = started(tmp_path, SLEEPER)
    process.until(lambda: bool(process.said().strip()), threading.Event(), 30)
    number = int(process.said())
    assert process.alive
    process.kill()
    assert not process.alive
    with pytest.raises(SandboxFailed, match="ended"):
        process.until(lambda: False, threading.Event(), 30)
    assert went(number)


def test_a_process_ends_when_whoever_started_it_is_killed(tmp_path: Path) -> None:
    """Its pipe closes with the one who holds it."""
    starter = (
        "import sys, time, threading; from pathlib import Path\n"
        "from handoff.workbench.talks.processes import Process\n"
        f"folder = Path({str(tmp_path)!r})\n"
        f"process = Process({SLEEPER!r}, folder / 'program.log', {ENV!r}, folder)\n"
        "process.until(lambda: bool(process.said().strip()), threading.Event(), 30)\n"
        "print(process.said().strip(), flush=True)\n"
        "time.sleep(600)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", starter], env=ENV, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    number = int(parent.stdout.readline())
    assert not gone(number)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    assert went(number)


def test_a_process_that_ends_too_early_is_told_with_its_last_words(tmp_path: Path) -> None:
    process = started(tmp_path, [sys.executable, "-c", "print('no room'); raise SystemExit(3)"])
    with pytest.raises(SandboxFailed, match="no room"):
        process.until(lambda: False, threading.Event(), 30)
    process.kill()


def test_who_waits_is_let_go_when_it_is_stopped(tmp_path: Path) -> None:
    process = started(tmp_path, SLEEPER)
    stopped = threading.Event()
    stopped.set()
    with pytest.raises(SandboxFailed, match="stopped"):
        process.until(lambda: False, stopped, 30)
    process.kill()


def test_a_command_that_fails_is_told_with_what_it_said(tmp_path: Path) -> None:
    with pytest.raises(SandboxFailed, match="no such shop"):
        run([sys.executable, "-c", "import sys; sys.exit('no such shop')"], ENV, tmp_path)
