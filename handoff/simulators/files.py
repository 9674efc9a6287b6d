"""Files that customers and businesses send. Kept in memory, the oldest let go when it gets too much."""

from __future__ import annotations

from urllib.parse import quote

from handoff.simulators.clock import Clock
from handoff.simulators.world import File, Ids

ROOM = 128 * 1024 * 1024  # bytes
LINK_LASTS = 300.0  # seconds that a media address of WhatsApp is good for


class Files:
    def __init__(self, ids: Ids, clock: Clock) -> None:
        self._ids, self._clock = ids, clock
        self._kept: dict[str, File] = {}
        self._links: dict[str, tuple[str, float]] = {}
        self._size = 0

    def keep(self, data: bytes, name: str, media_type: str, base: str = "") -> File:
        """``base``: of the public address that Messenger's and Instagram's attachments have."""
        key = self._ids.token(20)
        file = File(
            id=key,
            kind=kind_of(media_type),
            data=data,
            name=name,
            media_type=media_type,
            url=f"{base}/_cdn/{key}/{quote(name, safe='')}" if base else "",
        )
        self._kept[key] = file
        self._size += len(data)
        while self._size > ROOM and len(self._kept) > 1:
            self._size -= len(self._kept.pop(next(iter(self._kept))).data)
        return file

    def get(self, key: str) -> File | None:
        return self._kept.get(key) or self._kept.get(key.removesuffix("-s"))

    def drop(self, key: str) -> bool:
        return self._kept.pop(key, None) is not None

    def link(self, key: str) -> str:
        """A name for the file that is good for five minutes."""
        name = self._ids.token(20)
        self._links[name] = (key, self._clock.now() + LINK_LASTS)
        return name

    def linked(self, name: str) -> File | None:
        key, until = self._links.get(name, ("", 0.0))
        return self._kept.get(key) if self._clock.now() < until else None


def kind_of(media_type: str) -> str:
    head = media_type.partition("/")[0]
    return head if head in ("image", "video", "audio") and media_type != "image/svg+xml" else "file"
