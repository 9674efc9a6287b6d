"""A trained model as a reader of texts, many at once, without dialogue, tracker or server.

What it makes of a text is a plain dictionary: ``text, intent, confidence, ranking, in_scope, entities,
language, script, sentiment, urgency, swearing, wishes``; :func:`reading` makes of it what trainers see.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from bot.input import neutral
from bot.manners import manners
from bot.wishes import FALLBACK, Read

Parsed = dict[str, Any]


class Asked(NamedTuple):
    """A text, and the language of the talk that it was said in, if one is known."""

    text: str
    language: str | None = None


ReadAll = Callable[[Sequence[Asked]], list[Parsed]]


@contextmanager
def opened(model: Path) -> Iterator[ReadAll]:
    """The understanding half of the archive, and its folder for as long as it is used.

    Whatever Rasa raises for an archive that it cannot load.
    """
    # Rasa imports TensorFlow, which talks unless told before not to.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from rasa.core.channels.channel import UserMessage
    from rasa.engine.constants import PLACEHOLDER_MESSAGE
    from rasa.engine.graph import ExecutionContext
    from rasa.engine.runner.dask import DaskGraphRunner
    from rasa.engine.storage.local_model_storage import LocalModelStorage

    with tempfile.TemporaryDirectory(prefix="setu-model-") as folder:
        storage, metadata = LocalModelStorage.from_model_archive(Path(folder), model)
        target = metadata.nlu_target
        graph = metadata.predict_schema.minimal_graph_schema(targets=[target])
        runner = DaskGraphRunner.create(graph, storage, ExecutionContext(graph, model_id=metadata.model_id))

        def read_all(asked: Sequence[Asked]) -> list[Parsed]:
            messages = [
                UserMessage(text, metadata={"language": language} if language else None)
                for text, language in asked
            ]
            found = runner.run({PLACEHOLDER_MESSAGE: messages}, targets=[target])[target]
            return [
                understanding(text, message.as_dict(only_output_properties=True))
                for (text, _), message in zip(asked, found, strict=True)
            ]

        yield read_all


def with_wishes(asked: Sequence[Asked], read_all: ReadAll) -> list[Parsed]:
    """Each text read, as a whole and then in its parts: ``wishes`` are the intents of those that are wishes
    of their own, empty where a message is one as a whole."""
    wishes = manners().wishes
    wholes = read_all(asked)
    cuts = [wishes.parts(text) for text, _ in asked]
    parts = [
        Asked(neutral(text[start:end]), language)
        for (text, language), cut in zip(asked, cuts, strict=True)
        for start, end in cut
    ]
    rest = iter(read_all(parts) if parts else [])
    found = []
    for whole, cut in zip(wholes, cuts, strict=True):
        own = [next(rest) for _ in cut]
        chosen = wishes.choose(_as_read(whole), [_as_read(part) for part in own]) if own else []
        found.append({**whole, "wishes": [own[index]["ranking"][0]["name"] for index in chosen]})
    return found


def _as_read(parsed: Parsed) -> Read:
    best = parsed["ranking"][0]["name"] if parsed["ranking"] else FALLBACK
    return Read(parsed["intent"] or FALLBACK, parsed["confidence"], best)


def understanding(text: str, parsed: Mapping[str, Any]) -> Parsed:
    """Rasa's parse → what we tell of it."""
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


def reading(parsed: Parsed, model: str) -> dict[str, Any]:
    """What trainers see of it: the likeliest reading, and whether the bot doubts it."""
    kept = ("name", "confidence")
    # Rasa's own fallback puts itself on top.
    ranking = [{key: one[key] for key in kept} for one in parsed["ranking"] if one["name"] != FALLBACK]
    first, second = [*(one["confidence"] for one in ranking), 0.0, 0.0][:2]
    told = ("in_scope", "entities", "language", "script")
    return {
        "intent": ranking[0]["name"] if ranking else parsed["intent"],
        "confidence": first,
        "margin": first - second,
        **{key: parsed[key] for key in told},
        "ranking": ranking,
        "doubtful": parsed["intent"] in (None, FALLBACK),
        "wishes": parsed.get("wishes", []),
        "model": model,
    }
