"""Edits of lines that can be done, undone, and done again where a file has moved on. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from handoff.errors import Conflict
from handoff.workbench.dataset.blocks import split

CONTEXT = 3  # lines around an edit that must still be there


@dataclass(frozen=True, slots=True)
class Hunk:
    """At line ``at`` (from 0), after ``lead`` and before ``trail``, ``old`` becomes ``new``."""

    at: int
    lead: tuple[str, ...]
    old: tuple[str, ...]
    new: tuple[str, ...]
    trail: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {key: list(value) if isinstance(value, tuple) else value for key, value in (
            ("at", self.at), ("lead", self.lead), ("old", self.old), ("new", self.new), ("trail", self.trail),
        )}  # fmt: skip

    @classmethod
    def from_json(cls, said: dict[str, Any]) -> Hunk:
        return cls(int(said["at"]), *(tuple(said[key]) for key in ("lead", "old", "new", "trail")))


def make(before: str, after: str) -> list[Hunk]:
    """What turns ``before`` into ``after``."""
    old, new = split(before), split(after)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    return [
        Hunk(
            at=a,
            lead=tuple(old[max(0, a - CONTEXT) : a]),
            old=tuple(old[a:b]),
            new=tuple(new[c:d]),
            trail=tuple(old[b : b + CONTEXT]),
        )
        for tag, a, b, c, d in matcher.get_opcodes()
        if tag != "equal"
    ]


def apply(text: str, hunks: Sequence[Hunk], name: str = "") -> str:
    """``text`` with all ``hunks`` done, each at the place nearest to where it was.

    Raises :class:`Conflict` (``edits_clash``) where the lines, or those around them, are no longer there.
    """
    lines = split(text)
    shift = floor = 0
    for hunk in hunks:
        place = _place(lines, hunk, hunk.at + shift, floor)
        if place is None:
            raise Conflict(
                "edits_clash", file=name, line=hunk.at + 1, what="".join(hunk.old or hunk.new)[:200]
            )
        lines[place : place + len(hunk.old)] = hunk.new
        shift = place - hunk.at + len(hunk.new) - len(hunk.old)
        floor = place + len(hunk.new)
    return "".join(lines)


def _place(lines: Sequence[str], hunk: Hunk, guess: int, floor: int) -> int | None:
    """Where ``hunk`` fits: with all of its context, else with one side of it."""
    for lead, trail in ((hunk.lead, hunk.trail), (hunk.lead, ()), ((), hunk.trail)):
        if not lead and not trail and not hunk.old and lines:
            continue  # nothing tells where
        wanted = [*lead, *hunk.old, *trail]
        last = len(lines) - len(wanted)
        fits = [
            start + len(lead)
            for start in range(max(0, floor - len(lead)), last + 1)
            if list(lines[start : start + len(wanted)]) == wanted and start + len(lead) >= floor
        ]
        if fits:
            return min(fits, key=lambda place: abs(place - guess))
    return None


def diff(path: str, before: str | None, after: str | None) -> tuple[str, int, int]:
    """As people read it (unified), and how many lines are added and removed."""
    lines = list(
        difflib.unified_diff(
            [_shown(line) for line in split(before or "")],
            [_shown(line) for line in split(after or "")],
            "/dev/null" if before is None else f"a/{path}",
            "/dev/null" if after is None else f"b/{path}",
            lineterm="",
        )
    )
    body = lines[2:]
    return (
        "\n".join(lines),
        sum(line.startswith("+") for line in body),
        sum(line.startswith("-") for line in body),
    )


def _shown(line: str) -> str:
    return line[:-1] if line.endswith("\n") else f"{line}\n\\ No newline at end of file"
