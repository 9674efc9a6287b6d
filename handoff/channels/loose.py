"""Reading JSON that others wrote: every function takes whatever comes, and none fails but :func:`load`.

What they return can be stored: ids have a length, times a range, and texts neither NULs nor halves
of surrogate pairs.
"""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import orjson

from handoff.conversations.hygiene import scrubbed
from handoff.errors import Invalid

DEEPEST = 64  # levels of objects and lists; the platforms' own payloads have about ten
ID_LIMIT = 230  # characters; what is longer is no id that we could keep
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})  # kinds of characters
LAST = 4_102_444_800_000  # 2100-01-01 in milliseconds


def load(body: bytes) -> Any:
    """What the bytes say, with texts made clean. Raises ``Invalid`` for what is no JSON, or too deep."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        value = _lenient(body)
    if _depth_exceeds(value, DEEPEST):
        raise Invalid("bad_request")
    return scrubbed(value)


def _lenient(body: bytes) -> Any:
    """JSON with halves of surrogate pairs (an emoji cut in two) is JSON all the same."""
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_refuse, parse_int=_whole)
    except (ValueError, RecursionError) as unreadable:
        raise Invalid("bad_request") from unreadable


def _refuse(constant: str) -> Any:
    raise ValueError(constant)  # NaN and Infinity are no JSON


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) < 20 else float(digits)


def _depth_exceeds(value: Any, limit: int) -> bool:
    level = [value]
    for _ in range(limit):
        level = [child for item in level for child in _children(item)]
        if not level:
            return False
    return True


def _children(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def within(value: Any, *keys: str) -> dict[str, Any]:
    """The object found by going down ``keys``; empty if there is none."""
    for key in keys:
        value = mapping(value).get(key)
    return mapping(value)


def mappings(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; what else is in it, is left out."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def string(value: Any) -> str:
    """A text, stripped; empty for anything else, and for one that shows nothing.

    >>> string(" a "), string("\u200b"), string(1)
    ('a', '', '')
    """
    text = value.strip() if isinstance(value, str) else ""
    return text if any(unicodedata.category(c) not in UNSEEN for c in text) else ""


def ident(value: Any) -> str:
    """An id, which some platforms write as a number; empty if it is none."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    text = str(value).strip()
    return text if len(text) <= ID_LIMIT and text.isprintable() else ""


def whole(value: Any) -> int | None:
    """A whole number, be it written as a text."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if math.isfinite(value) else None
    if isinstance(value, str) and len(value) < 20 and value.strip().lstrip("-").isdecimal():
        try:
            return int(value)
        except ValueError:
            return None
    return None


def real(value: Any) -> float | None:
    """A finite number, be it written as a text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def millis(value: Any, unit: int = 1) -> int:
    """A time as milliseconds since 1970, given in ``unit`` milliseconds; 0 if it is no such time."""
    number = whole(value)
    return number * unit if number is not None and 0 < number * unit < LAST else 0


def moment(at: int) -> datetime | None:
    """Milliseconds since 1970 as a time; None for 0.

    >>> moment(1000).isoformat()
    '1970-01-01T00:00:01+00:00'
    """
    return datetime.fromtimestamp(at / 1000, UTC) if at else None


def link(value: Any) -> str | None:
    """An address of the web; None for anything else."""
    text = string(value)
    return text if text.startswith(("https://", "http://")) and len(text) <= 4096 else None
