"""What is taken and what is not, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from handoff.errors import Invalid

MEGABYTE = 1024 * 1024
KINDS = ("image", "audio", "video", "file")
AT_ONCE = 10  # files in one message


@dataclass(frozen=True, slots=True)
class Rules:
    """``limit``: bytes of a file, ``limits`` those of single kinds. ``refused``: groups of
    :mod:`handoff.attachments.sniffing` that are not taken; where they are, they are inert downloads."""

    limit: int = 10 * MEGABYTE
    limits: Mapping[str, int] = field(default_factory=dict)
    pixels: int = 40_000_000  # of a picture, as its header says
    keep: timedelta = timedelta(days=180)
    unsent: timedelta = timedelta(days=1)  # an upload that was never sent
    refused: frozenset[str] = frozenset({"program", "markup"})

    def limit_of(self, kind: str) -> int:
        return self.limits.get(kind, self.limit)

    @property
    def most(self) -> int:
        """Bytes that nothing may have more of, whatever it turns out to be."""
        return max(self.limit, *self.limits.values()) if self.limits else self.limit


class Refused(Invalid):
    """A file that is not taken. ``reason``: too_large, empty, type (of a kind we do not take), broken
    (a picture that cannot be read), pixels, harmful (the scanner found something), unscannable."""

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(f"file_{reason}", **values)
        self.reason = reason


def too_large(limit: int) -> Refused:
    return Refused("too_large", limit=f"{limit / MEGABYTE:g}")
