"""Understand utterances without a conversation: ``python -m bot.parse [FILE] [--model MODEL]``.

Reads one utterance a line from FILE or standard input and prints one JSON object a line:
``text, intent, confidence, ranking, in_scope, entities, language, script, sentiment, urgency, swearing``.
A line that is empty, or a payload, gets an object without an intent, so that lines and objects stay
side by side.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from bot.input import neutral
from bot.manners import manners
from bot.wishes import FALLBACK, Read

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
    """The understanding half of a trained model, without dialogue, tracker or server."""
    # Rasa imports TensorFlow, which talks unless told before not to.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from rasa.core.channels.channel import UserMessage
    from rasa.engine.constants import PLACEHOLDER_MESSAGE
    from rasa.engine.graph import ExecutionContext
    from rasa.engine.runner.dask import DaskGraphRunner
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.shared.nlu.training_data.message import Message

    with tempfile.TemporaryDirectory() as folder:
        storage, metadata = LocalModelStorage.from_model_archive(Path(folder), model)
        graph = metadata.predict_schema.minimal_graph_schema(targets=[metadata.nlu_target])
        runner = DaskGraphRunner.create(graph, storage, ExecutionContext(graph, model_id=metadata.model_id))

        def read(text: str) -> dict[str, Any]:
            found = runner.run({PLACEHOLDER_MESSAGE: [UserMessage(text)]}, targets=[metadata.nlu_target])
            message: Message = found[metadata.nlu_target][0]
            return understanding(text, message.as_dict(only_output_properties=True))

        def parse(text: str) -> dict[str, Any]:
            whole = read(text)
            return {**whole, "wishes": several(whole, read)}

        yield parse


def several(whole: dict[str, Any], read: Parse) -> list[str]:
    """The intents of the wishes in a message; empty if it is one as a whole."""
    wishes = manners().wishes
    parts = [read(neutral(whole["text"][start:end])) for start, end in wishes.parts(whole["text"])]
    chosen = wishes.choose(_as_read(whole), [_as_read(part) for part in parts]) if parts else []
    return [parts[index]["ranking"][0]["name"] for index in chosen]


def _as_read(parsed: dict[str, Any]) -> Read:
    best = parsed["ranking"][0]["name"] if parsed["ranking"] else FALLBACK
    return Read(parsed["intent"] or FALLBACK, parsed["confidence"], best)


def understanding(text: str, parsed: dict[str, Any]) -> dict[str, Any]:
    """Rasa's parse → what we print."""
    intent = parsed.get("intent") or {}
    kept = ("entity", "value", "start", "end")
    return {
        "text": text,
        "intent": intent.get("name"),
        "confidence": intent.get("confidence", 0.0),
        "ranking": parsed.get("intent_ranking", []),
        "in_scope": parsed.get("in_scope"),
        "entities": [
            {key: entity.get(key) for key in kept}
            for entity in parsed.get("entities", [])
            if entity.get("entity") != "language"  # said below, and there only to fill the slot
        ],
        "language": parsed.get("language"),
        "script": parsed.get("script"),
        "sentiment": parsed.get("sentiment"),
        "urgency": parsed.get("urgency"),
        "swearing": parsed.get("swearing"),
    }


if __name__ == "__main__":
    sys.exit(main())
