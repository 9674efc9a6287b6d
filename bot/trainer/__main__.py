"""``python -m bot.trainer``: see :mod:`bot.trainer`. Ends with its standard input, whatever it is doing."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
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
    with _own_line() as say:
        lines: SimpleQueue[str] = SimpleQueue()
        Thread(target=_listen, args=(sys.stdin.buffer, lines), daemon=True).start()
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


def _listen(source: IO[bytes], lines: SimpleQueue[str]) -> None:
    """Hand on each line. At the end nobody waits for what is being done: it ends at once."""
    while line := source.readline(LONGEST_LINE):
        lines.put(line.decode("utf-8", "replace").strip())
    os._exit(0)


if __name__ == "__main__":
    main()
