"""What comes from outside is cleaned or refused here, for every channel alike."""

from __future__ import annotations

import re
import unicodedata
from typing import TypeVar

from handoff.errors import Invalid

TEXT_LIMIT = 10_000  # characters
PAYLOAD_LIMIT = 2_000
ID_LIMIT = 255
LOCALE_LIMIT = 20

# Control characters except tab and newline; and the marks that turn the direction of what follows,
# with which a text can pretend to be another. Joiners and LRM/RLM stay: Persian and Bengali need them.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]")
_SURROGATES = re.compile("[\ud800-\udfff]")


def clean_text(text: str, limit: int = TEXT_LIMIT) -> str:
    """The text fit to be stored and shown; ``Invalid`` (text_empty, text_too_long)."""
    if len(text) > limit:
        raise Invalid("text_too_long", limit=limit)
    text = _SURROGATES.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = unicodedata.normalize("NFC", _UNSEEN.sub("", text)).strip()
    if not text or not any(_visible(c) for c in text):
        raise Invalid("text_empty")
    return text


def clean_payload(payload: str) -> str:
    """A payload is never mended, only taken as it is or refused."""
    if not payload or len(payload) > PAYLOAD_LIMIT or _UNSEEN.search(payload) or _SURROGATES.search(payload):
        raise Invalid("unknown_payload")
    return payload


def clean_id(value: str, field: str, limit: int = ID_LIMIT) -> str:
    """An id made outside: 1 to ``limit`` printable characters; ``Invalid`` (bad_id)."""
    if not value or len(value) > limit or not value.isprintable():
        raise Invalid("bad_id", field=field, limit=limit)
    return value


def clean_name(name: str | None) -> str | None:
    """A name that somebody gave; what is unusable in it is left out."""
    if name is None:
        return None
    kept = _SURROGATES.sub("", _UNSEEN.sub("", name.replace("\n", " "))).strip()
    return kept[:120] or None


def clean_locale(locale: str | None) -> str | None:
    """A BCP 47 tag, or None for what is none: a wrong locale must not cost the message."""
    if (
        locale is None
        or len(locale) > LOCALE_LIMIT
        or not re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}", locale)
    ):
        return None
    return locale.replace("_", "-")


T = TypeVar("T")


def scrubbed(value: T) -> T:
    """The same value without what PostgreSQL cannot keep: NUL, halves of surrogate pairs, and numbers
    beyond 64 bits (as text)."""
    if isinstance(value, str):
        return _SURROGATES.sub("\ufffd", value.replace("\0", "\ufffd"))  # type: ignore[return-value]
    if isinstance(value, dict):
        return {scrubbed(str(key)): scrubbed(one) for key, one in value.items()}  # type: ignore[return-value]
    if isinstance(value, list | tuple):
        return [scrubbed(one) for one in value]  # type: ignore[return-value]
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return str(value)  # type: ignore[return-value]
    return value


def _visible(character: str) -> bool:
    """An emoji newer than this Python's tables is unassigned (Cn), and seen all the same."""
    category = unicodedata.category(character)
    return category == "Cn" or category[0] not in "CZ"
