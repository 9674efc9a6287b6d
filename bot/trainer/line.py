"""Lines of JSON: a request comes in, its progress and one answer go out. Pure.

``{"id", "do", …}`` → ``{"id", "progress": {"step", "share"}}`` any number of times, then ``{"id", "done":
{…}}`` or ``{"id", "failed": {"code", "message"}}``. Whatever the line, there is exactly one answer.
"""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Callable, Mapping
from typing import Any

log = logging.getLogger(__name__)

Tell = Callable[[str, float], None]  # a step's name and the share, 0..1, of the whole that is done
Do = Callable[[Mapping[str, Any], Tell], dict[str, Any]]
Say = Callable[[str], None]


class Refused(Exception):
    """Why a request cannot be carried out: a code, for which there is a text, and a sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def answer(line: str, can: Mapping[str, Do], say: Say) -> None:
    """Carry out one request; whatever happens becomes its answer."""
    name: Any = None
    try:
        asked = _asked(line)
        name = asked["id"]
        do = can.get(asked["do"])
        if do is None:
            raise Refused("unknown_request", f"it can {', '.join(can)}, not {asked['do'][:40]!r}")

        def tell(step: str, share: float) -> None:
            say(_line({"id": name, "progress": {"step": step, "share": round(share, 3)}}))

        told = _line({"id": name, "done": do(asked, tell)})
    except Refused as refused:
        told = _line({"id": name, "failed": {"code": refused.code, "message": str(refused)}})
    except Exception as error:  # of whatever kind: the next request is to be carried out all the same
        log.exception("A request failed")
        told = _line(
            {"id": name, "failed": {"code": "failed", "message": f"{type(error).__name__}: {error}"}}
        )
    say(told)


def _asked(line: str) -> dict[str, Any]:
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Refused("bad_request", "this is not JSON") from error
    if not isinstance(asked, dict):
        raise Refused("bad_request", "a request is an object")
    asked["id"] = asked.get("id") if _can_name(asked.get("id")) else None
    if not isinstance(asked.get("do"), str):
        raise Refused("bad_request", "'do' says what to do")
    return asked


def _can_name(value: Any) -> bool:
    return isinstance(value, str | int | bool) or (isinstance(value, float) and math.isfinite(value))


def _line(said: dict[str, Any]) -> str:
    return json.dumps(said, allow_nan=False)
