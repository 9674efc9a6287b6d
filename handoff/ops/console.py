"""What the operator sees: steps with their time, and problems with the way out."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TextIO


class Problem(Exception):
    """Something is missing or in the way: one clear sentence, and what to do about it."""

    def __init__(self, what: str, way_out: str) -> None:
        super().__init__(what)
        self.way_out = way_out


def say(text: str = "") -> None:
    print(text, flush=True)


class Step:
    """A long step that shows it is alive: a spinner on a terminal, a line now and then elsewhere."""

    def __init__(self, title: str, out: TextIO | None = None) -> None:
        self.title, self.out = title, out or sys.stdout
        self.detail = ""
        self._started = time.monotonic()
        self._over = threading.Event()
        self._live = self.out.isatty()
        self._thread = threading.Thread(target=self._show, daemon=True)

    def __enter__(self) -> Step:
        self._write(f"  … {self.title}", end="" if self._live else "\n")
        self._thread.start()
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self._over.set()
        self._thread.join()
        mark = "✔" if error is None else "✘"
        start = "\r\033[K" if self._live else ""
        self._write(f"{start}  {mark} {self.title} ({self._seconds()} s)")

    def _seconds(self) -> int:
        return round(time.monotonic() - self._started)

    def _show(self) -> None:
        every = 0.5 if self._live else 15
        while not self._over.wait(every):
            detail = f" · {self.detail[-70:]}" if self.detail else ""
            if self._live:
                self._write(f"\r\033[K  … {self.title} ({self._seconds()} s){detail}", end="")
            else:
                self._write(f"    still {self.title}, {self._seconds()} s{detail}")

    def _write(self, text: str, end: str = "\n") -> None:
        with contextlib.suppress(UnicodeEncodeError):
            print(text, end=end, flush=True, file=self.out)
            return
        print(text.encode("ascii", "replace").decode(), end=end, flush=True, file=self.out)


@contextlib.contextmanager
def only_one(lock: Path, doing: str) -> Iterator[None]:
    """Hold a lock file for as long as the block runs; a second caller is told who has it."""
    import fcntl

    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Problem(
                f"Another ./setu is {doing} in this folder.", "Wait until it is done, or stop it with Ctrl-C."
            ) from None
        yield


def wait_until(
    done: Callable[[], bool], seconds: float, alive: Callable[[], bool] = lambda: True, every: float = 0.1
) -> bool:
    """Ask again and again until ``done``; False when time is up or what we wait for has died."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and alive():
        if done():
            return True
        time.sleep(every)
    return done()
