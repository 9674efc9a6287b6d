"""Vectors for the other processes: ``POST /webhooks/setu/vectors`` ``{"texts": […], "language": "hi"}``.

The answer is ``{"encoder": name, "dim": n, "vectors": […], "texts": […]}``: base64 of each unit vector's
numbers, float32, little-endian, and the texts as they were read: what is typed in Latin letters is read in
the letters of the ``language``, if one is given, as in a turn. ``encoder`` changes with whatever could change
a vector. One model holds the encoder: no other process needs 80 MB of its own.
"""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any

from rasa.core.agent import Agent
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.encoder import EncoderFeaturizer, origin_of
from bot.components.language import LANGUAGE
from bot.components.message import meant
from bot.components.own_letters import OwnLetters
from bot.encoder.runtime import Encoder
from bot.input import BadInput

MOST_TEXTS = 64
LONGEST_TEXT = 2_000  # characters
LARGEST_REQUEST = 1_000_000  # bytes


class NoEncoder(Exception):
    """The model was loaded without one."""


def read_texts(body: bytes) -> tuple[list[str], str | None]:
    """The texts asked for, and their language; :class:`bot.input.BadInput` says what is wrong with them."""
    if len(body) > LARGEST_REQUEST:
        raise BadInput("the request is too large")
    try:
        asked = json.loads(body)
        texts, language = asked["texts"], asked.get("language")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise BadInput("texts are missing") from error
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise BadInput("texts must be a list of strings")
    if not 0 < len(texts) <= MOST_TEXTS or max(map(len, texts)) > LONGEST_TEXT:
        raise BadInput(f"1 to {MOST_TEXTS} texts of at most {LONGEST_TEXT} characters, please")
    if language is not None and not isinstance(language, str):
        raise BadInput("language must be a string")
    return texts, language


def in_own_letters(agent: Agent, texts: list[str], language: str | None) -> list[str]:
    """The texts as a turn would read them; unchanged where the model has not learnt to."""
    readers = [one for one in _components(agent) if isinstance(one, OwnLetters)]
    if not readers or language is None:
        return texts
    messages = [Message({TEXT: text, LANGUAGE: language}) for text in texts]
    return [meant(message) or "" for message in readers[0].process(messages)]


def encoder_of(agent: Agent) -> Encoder:
    """The encoder of the model that is loaded now; :class:`NoEncoder` if it has none."""
    for component in _components(agent):
        if isinstance(component, EncoderFeaturizer) and component.encoder is not None:
            return component.encoder
    raise NoEncoder("the model has no sentence encoder")


def _components(agent: Agent) -> list[Any]:
    """Of the pipeline that is loaded now, so that nothing is loaded twice."""
    return [node._component for node in agent.processor.graph_runner._instantiated_nodes.values()]


async def encode(encoder: Encoder, texts: list[str]) -> dict[str, Any]:
    """In a thread: numbers are crunched without the interpreter's lock, and turns go on meanwhile."""
    rows = await asyncio.to_thread(encoder.encode, texts)
    packed = [base64.b64encode(row.astype("<f4").tobytes()).decode() for row in rows]
    return {"encoder": origin_of(encoder), "dim": encoder.dim, "vectors": packed, "texts": texts}
