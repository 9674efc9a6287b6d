"""``python -m bot.trainer``: see :mod:`bot.trainer`. Ends with its standard input, whatever it is doing."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import IO

from bot.server import DEFAULTS
from bot.trainer.line import Say, answer

#: Linear algebra goes by one thread each: two on two busy cores are many times slower.
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
LONGEST_LINE = 100_000_000  # characters of a request


def main() -> None:
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    own = own_folder(Path(tempfile.gettempdir()) / "setu-trainer")
    tempfile.tempdir = str(own)
    with _own_line() as say:
        lines: SimpleQueue[str] = SimpleQueue()
        Thread(target=_listen, args=(sys.stdin.buffer, lines, own), daemon=True).start()
        from bot.server import quiet
        from bot.trainer.work import Work  # imports Rasa, which takes seconds

        quiet("WARNING")
        can = Work().can()
        say('{"ready": true}')
        while True:
            answer(lines.get(), can, say)


@contextmanager
def _own_line() -> Iterator[Say]:
    """Standard output for answers alone: whatever else is printed goes to standard error."""
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as out:
        os.dup2(2, 1)
        sys.stdout = sys.stderr

        def say(line: str) -> None:
            try:
                print(line, file=out, flush=True)
            except BrokenPipeError:  # nobody is there any more
                os._exit(0)

        yield say


def own_folder(place: Path) -> Path:
    """A folder for what this process unpacks and trains. It is often killed, and cannot clear up then: what
    those left that are gone is cleared away here."""
    for old in place.glob("[1-9]*"):
        try:
            os.kill(int(old.name), 0)
        except (ProcessLookupError, ValueError, OverflowError):
            shutil.rmtree(old, ignore_errors=True)
        except PermissionError:  # somebody else's
            continue
    own = place / str(os.getpid())
    own.mkdir(parents=True, exist_ok=True)
    return own


def _listen(source: IO[bytes], lines: SimpleQueue[str], own: Path) -> None:
    """Hand on each line. At the end nobody waits for what is being done: it ends at once."""
    while line := source.readline(LONGEST_LINE):
        lines.put(line.decode("utf-8", "replace").strip())
    shutil.rmtree(own, ignore_errors=True)
    os._exit(0)


if __name__ == "__main__":
    main()
