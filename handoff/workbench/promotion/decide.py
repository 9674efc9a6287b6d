"""Which model may become live, which one was before, what each server lacks, which files may go. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

LEAST_REASON = 10  # characters
PROMOTED_KEPT = 5
TRAINED_KEPT = 10

Role = Literal["live", "shadow"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A model by its name and the hash of its archive."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Held:
    """What a server holds; ``spare`` waits to go live, or was live a moment ago."""

    live: Wanted | None = None
    shadow: Wanted | None = None
    spare: Wanted | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What a server lacks: a model in a role, or None there."""

    server: str
    role: Role
    model: Wanted | None


def failed_lines(
    verdict: Mapping[str, Any] | None, compared_with: str | None, live: str | None
) -> list[dict[str, Any]]:
    """What speaks against promoting a model, as lines of a verdict; empty if nothing does.

    A comparison with a model that is not the live one any more says nothing of the live one.
    """
    if verdict is None:
        return [{"code": "not_compared", "passed": False}]
    lines = [dict(line) for line in verdict.get("lines") or () if not line.get("passed")]
    if not verdict.get("passed") and not lines:
        lines = [{"code": "not_compared", "passed": False}]
    if compared_with and live and compared_with != live:
        lines.append({"code": "other_champion", "passed": False, "subject": compared_with})
    return lines


def stack(history: Iterable[tuple[str, str]]) -> list[str]:
    """``(kind, model)``, oldest first → the models under the live one, which is the last: rolling back
    takes the topmost off, and a model that is promoted anew comes on top."""
    models: list[str] = []
    for kind, model in history:
        if kind == "roll_back" and model in models:
            while models[-1] != model:
                models.pop()
        elif not models or models[-1] != model:
            models.append(model)
    return models


def former(history: Iterable[tuple[str, str]]) -> str | None:
    """The model to roll back to."""
    models = stack(history)
    return models[-2] if len(models) > 1 else None


def state_of(held: Held | None, live: Wanted | None, failure: str | None) -> str:
    """``held`` None: the server does not answer."""
    if held is None:
        return "away"
    if live is None or held.live == live:
        return "ok"
    return "failed" if failure else "behind"


def steps(
    seen: Mapping[str, Held | None],
    live: Wanted | None,
    shadow: Wanted | None,
    unable: Collection[tuple[str, str]] = (),
) -> list[Step]:
    """What brings every server that answers to what is wished. ``unable``: servers and hashes that they have
    refused lately.

    A shadow is a quarter of a gigabyte, and one server reads enough for all: the first that holds it, or
    the first that may.
    """
    found: list[Step] = []
    up = {server: held for server, held in seen.items() if held is not None}
    for server, held in up.items():
        if live is not None and held.live != live and (server, live.sha256) not in unable:
            found.append(Step(server, "live", live))
    reader = next(
        (server for server, held in up.items() if shadow is not None and held.shadow == shadow), None
    )
    for server, held in up.items():
        able = shadow is not None and (server, shadow.sha256) not in unable
        if reader is None and able:
            reader = server
            found.append(Step(server, "shadow", shadow))
        elif held.shadow is not None and server != reader:
            found.append(Step(server, "shadow", None))
    return found


def to_keep(promoted: Sequence[str], trained: Sequence[str], in_use: Collection[str]) -> set[str]:
    """``promoted`` and ``trained``: newest first. All others' files may go."""
    latest = list(dict.fromkeys(promoted))[:PROMOTED_KEPT]
    return {*latest, *trained[:TRAINED_KEPT], *in_use}
