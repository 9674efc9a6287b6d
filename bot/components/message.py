"""What the components need of a Rasa message, in one place."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message

Floats = NDArray[np.float32]


def said(message: Message) -> str | None:
    """The text that a person typed; None for an empty message and for a payload (``/intent``),
    which Rasa reads itself."""
    text = message.get(TEXT)
    if not isinstance(text, str) or not text.strip() or text.lstrip().startswith(INTENT_MESSAGE_PREFIX):
        return None
    return text


def metadata(message: Message) -> dict[str, Any]:
    """What came with the message, e.g. the conversation's present ``language``."""
    given = message.get("metadata")
    return given if isinstance(given, dict) else {}


def put_vector(message: Message, vector: Floats, origin: str) -> None:
    """Keep a sentence vector, shape (dim,), as an ordinary dense feature of Rasa's."""
    message.add_features(Features(vector[None], FEATURE_TYPE_SENTENCE, TEXT, origin))


def vector_of(message: Message, origin: str | None = None) -> tuple[Floats, str] | None:
    """The sentence vector, shape (dim,), with its origin; None if there is none of that origin."""
    for features in message.features:
        if (
            features.is_dense()
            and features.type == FEATURE_TYPE_SENTENCE
            and origin in (None, features.origin)
        ):
            vector: Floats = features.features[0]
            return vector, str(features.origin)
    return None
