"""Vectors for the other processes: ``POST /webhooks/setu/vectors`` ``{"texts": […]}``.

The answer is ``{"encoder": name, "dim": n, "vectors": […]}``: base64 of each unit vector's numbers, float32,
little-endian. ``encoder`` changes with whatever could change a vector. One model holds the encoder: no other
process needs 80 MB of its own; what one turn asked for already is remembered there.
"""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any

from rasa.core.agent import Agent

from bot.components.encoder import EncoderFeaturizer, origin_of
from bot.encoder.runtime import Encoder
from bot.input import BadInput

MOST_TEXTS = 64
LONGEST_TEXT = 2_000  # characters
LARGEST_REQUEST = 1_000_000  # bytes


class NoEncoder(Exception):
    """The model was loaded without one."""


def read_texts(body: bytes) -> list[str]:
    """The texts asked for; :class:`bot.input.BadInput` says what is wrong with the request."""
    if len(body) > LARGEST_REQUEST:
        raise BadInput("the request is too large")
    try:
        texts = json.loads(body)["texts"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise BadInput("texts are missing") from error
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise BadInput("texts must be a list of strings")
    if not 0 < len(texts) <= MOST_TEXTS or max(map(len, texts)) > LONGEST_TEXT:
        raise BadInput(f"1 to {MOST_TEXTS} texts of at most {LONGEST_TEXT} characters, please")
    return texts


def encoder_of(agent: Agent) -> Encoder:
    """The encoder of the model that is loaded now; :class:`NoEncoder` if it has none."""
    nodes = agent.processor.graph_runner._instantiated_nodes.values()
    for node in nodes:
        component = node._component
        if isinstance(component, EncoderFeaturizer) and component.encoder is not None:
            return component.encoder
    raise NoEncoder("the model has no sentence encoder")


async def encode(encoder: Encoder, texts: list[str]) -> dict[str, Any]:
    """In a thread: numbers are crunched without the interpreter's lock, and turns go on meanwhile."""
    rows = await asyncio.to_thread(encoder.encode, texts)
    packed = [base64.b64encode(row.astype("<f4").tobytes()).decode() for row in rows]
    return {"encoder": origin_of(encoder), "dim": encoder.dim, "vectors": packed}
