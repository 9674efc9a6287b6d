"""Understand utterances without a conversation: ``python -m bot.parse [FILE] [--model MODEL]``.

Reads one utterance a line from FILE or standard input and prints one JSON object a line:
``text, intent, confidence, ranking, in_scope, entities, language, script, sentiment, urgency, swearing,
wishes``.
A line that is empty, or a payload, gets an object without an intent, so that lines and objects stay
side by side.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from bot.readings import Asked, opened, with_wishes

Parse = Callable[[str], dict[str, Any]]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bot.parse", description="Understand utterances.")
    parser.add_argument("file", nargs="?", type=Path, help="one utterance a line (default: standard input)")
    parser.add_argument(
        "--model", type=Path, default=Path("models"), help="a trained model or a folder of them"
    )
    options = parser.parse_args(arguments)
    try:
        model = newest_model(options.model)
        # Undecodable bytes become surrogates, which the components take like any noise.
        source = options.file.open(encoding="utf-8", errors="surrogateescape") if options.file else None
    except OSError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    if source is None:
        sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")  # type: ignore[union-attr]
    # Rasa's imports reset the filters, so that only here the many deprecations can be kept quiet.
    warnings.showwarning = lambda *_, **__: None
    logging.basicConfig(level=logging.WARNING)
    with load(model) as parse:
        parse_lines(parse, source or sys.stdin, sys.stdout)
    return 0


def newest_model(path: Path) -> Path:
    """The model itself, or the newest in the folder; raises ``FileNotFoundError``."""
    if path.is_file():
        return path
    models = sorted(path.glob("*.tar.gz"), key=lambda file: file.stat().st_mtime)
    if not models:
        raise FileNotFoundError(f"There is no trained model in {path}: train one first.")
    return models[-1]


def parse_lines(parse: Parse, lines: IO[str], out: IO[str]) -> None:
    """One JSON object for each line."""
    for line in lines:
        out.write(json.dumps(parse(line.rstrip("\r\n"))) + "\n")
        out.flush()


@contextmanager
def load(model: Path) -> Iterator[Parse]:
    """The understanding half of a trained model."""
    with opened(model) as read_all:
        yield lambda text: with_wishes([Asked(text)], read_all)[0]


if __name__ == "__main__":
    sys.exit(main())
