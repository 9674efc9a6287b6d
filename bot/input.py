"""What comes in with a turn, made safe: text is only ever text, a payload is one we know."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from bot.contract import Said, TurnRequest

LONGEST_TEXT = 10_000  # characters
LONGEST_ID = 200
MOST_MEANWHILE = 30  # lines said while a person had the talk; the last ones count

# Set by the gateway, never by a payload that came through a customer's browser.
OWN_SLOTS = frozenset({"customer_id", "locale", "channel"})
# Rasa's own intents act on the conversation itself.
RESERVED = frozenset({"restart", "back", "session_start", "nlu_fallback", "out_of_scope"})

_PAYLOAD = re.compile(r"/(?P<intent>[a-z][a-z0-9_]*)\s*(?P<values>\{.*\})?\s*", re.DOTALL)


class BadInput(ValueError):
    """The request cannot be a turn; the sentence says why."""


@dataclass(frozen=True)
class Payload:
    """A tapped button: an intent and values for its entities."""

    intent: str
    values: dict[str, Any]

    @classmethod
    def parse(cls, payload: str, intents: Collection[str], entities: Collection[str]) -> Payload:
        """Read ``/intent{"entity": value}``; raises :class:`BadInput` unless the bot knows all of it."""
        match = _PAYLOAD.fullmatch(payload)
        if match is None:
            raise BadInput("this is not a payload")
        intent = match["intent"]
        if intent not in intents or intent in RESERVED:
            raise BadInput(f"there is no intent {intent}")
        try:
            values = json.loads(match["values"] or "{}")
        except (ValueError, RecursionError):
            raise BadInput("the payload's values are not JSON") from None
        for name, value in values.items():
            if name not in entities or name in OWN_SLOTS:
                raise BadInput(f"a payload cannot set {name}")
            if not isinstance(value, (str, int, float, bool)):
                raise BadInput(f"the payload's {name} is not a single value")
        return cls(intent, {name: _plain(v) if isinstance(v, str) else v for name, v in values.items()})

    def parsed(self, text: str, entities: list[dict[str, Any]] | None = None) -> dict[str, Any]:
        """It as Rasa's parse of a message: certain, in scope, without any understanding to do.

        ``entities`` come before the payload's own, which win.
        """
        own = [{"entity": name, "value": value} for name, value in self.values.items()]
        intent = {"name": self.intent, "confidence": 1.0}
        return {
            "text": text,
            "intent": intent,
            "intent_ranking": [dict(intent)],
            "entities": [*(entities or []), *own],
            "in_scope": 1.0,
        }


def safe(request: TurnRequest) -> TurnRequest:
    """The request with its texts made plain; raises :class:`BadInput` when something is too long."""
    for name in ("conversation_id", "message_id"):
        if len(getattr(request, name)) > LONGEST_ID:
            raise BadInput(f"{name} is longer than {LONGEST_ID} characters")
    for name in ("channel", "customer_id", "locale", "language"):
        value = getattr(request, name)
        if value is not None and not (isinstance(value, str) and len(value) <= LONGEST_ID):
            raise BadInput(f"{name} must be a short string")
    said = (request.text if request.payload is None else request.payload) or ""
    if len(said) > LONGEST_TEXT:
        raise BadInput(f"the text is longer than {LONGEST_TEXT} characters")
    return replace(
        request,
        text=None if request.text is None else neutral(request.text),
        payload=None if request.payload is None else request.payload.strip(),
        meanwhile=tuple(
            Said(line.sender, neutral(line.text[:LONGEST_TEXT]))
            for line in request.meanwhile[-MOST_MEANWHILE:]
        ),
    )


def neutral(text: str) -> str:
    """Text that nothing takes for a command: no leading ``/``, no control or broken characters."""
    text = _plain(text).strip()
    while text.startswith("/"):
        text = text[1:].strip()
    return text


def _plain(text: str) -> str:
    text = text.encode("utf-8", "replace").decode()  # a lone surrogate cannot be stored
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc")
