"""What the components need of a Rasa message, in one place."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message

from bot.encoder.vocabulary import script

Floats = NDArray[np.float32]

#: Labels of training examples that are for no intent of ours; learnt from, and never a reading.
OUT_OF_SCOPE = ("out_of_scope", "oos", "NO_NODES_DETECTED")

#: Property of a message: its text in its language's own letters, where it was typed in Latin ones.
RESPELT = "respelt"


def said(message: Message) -> str | None:
    """The text that a person typed; None for an empty message and for a payload (``/intent``),
    which Rasa reads itself."""
    text = message.get(TEXT)
    if not isinstance(text, str) or not text.strip() or text.lstrip().startswith(INTENT_MESSAGE_PREFIX):
        return None
    return text


def meant(message: Message) -> str | None:
    """What was said in the letters that it is best read in: typed Hindi as Devanagari (OwnLetters)."""
    respelt = message.get(RESPELT)
    return respelt if isinstance(respelt, str) else said(message)


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


def vectors_of(message: Message) -> dict[str, Floats]:
    """All sentence vectors, shape (dim,), by their origin, in the order they came."""
    return {
        str(features.origin): features.features[0]
        for features in message.features
        if features.is_dense() and features.type == FEATURE_TYPE_SENTENCE
    }


def group_of(message: Message) -> str:
    """Language and script, e.g. ``hi.Latn``: such texts are calibrated together. Empty if unknown."""
    language, text = message.get("language"), message.get(TEXT)
    return f"{language}.{script_of(text)}" if isinstance(language, str) and isinstance(text, str) else ""


def script_of(text: str, longest: int = 200) -> str:
    """The script of most letters, as Unicode names it; empty without a letter."""
    letters = Counter(script(char) for char in text[:longest] if char.isalpha())
    return letters.most_common(1)[0][0] if letters else ""
