"""Pictures are drawn anew: what comes out has pixels and nothing else.

Metadata (where it was taken), trailing archives, comments with markup in them: all gone. Animations stay
animated as long as they are of a sensible size, else their first frame is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps, ImageSequence

from handoff.attachments.rules import Refused

FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    "image/bmp": "BMP",
}
LONGEST = 4096  # pixels of a side; more is scaled down
FRAMES = 300
MOVING = 30_000_000  # pixels of all frames together; each takes four bytes
MODES = {
    "JPEG": ("RGB", "L"),
    "PNG": ("RGB", "RGBA", "L", "LA"),
    "GIF": ("RGB", "RGBA"),
    "WEBP": ("RGB", "RGBA"),
}
OPTIONS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 88, "optimize": True},
    "PNG": {},
    "GIF": {},
    "WEBP": {"quality": 85, "method": 2},
}


@dataclass(frozen=True, slots=True)
class Drawn:
    media_type: str
    width: int
    height: int


def redraw(source: Path, target: Path, media_type: str, pixels: int) -> Drawn:
    """Decode, and encode what was seen (blocking; seconds for the largest).

    Raises :class:`Refused`: pixels (more than ``pixels`` by its header), broken.
    """
    try:
        with Image.open(source, formats=(FORMATS[media_type],)) as image:
            if image.width * image.height > pixels or min(image.size) < 1:
                raise Refused("pixels", limit=pixels // 1_000_000)
            return _save(image, target, FORMATS[media_type])
    except Refused:
        raise
    except Image.DecompressionBombError as bomb:
        raise Refused("pixels", limit=pixels // 1_000_000) from bomb
    except Exception as broken:  # decoders fail in every way there is
        raise Refused("broken") from broken


def _save(image: Any, target: Path, given: str) -> Drawn:
    kind = "PNG" if given == "BMP" else given
    options = dict(OPTIONS[kind])
    moves = kind != "JPEG" and getattr(image, "is_animated", False)  # some phones put two views into a JPEG
    frames, pauses = _frames(image, kind) if moves else ([], [])
    if frames:
        options |= {"save_all": True, "append_images": frames[1:], "duration": pauses}
        options["loop"] = image.info.get("loop", 0)
        first = frames[0]
    else:
        image.seek(0)
        if kind == "JPEG":
            image.draft("RGB", (LONGEST, LONGEST))
        image.load()
        shown = _plain(image, kind) if image.mode in ("P", "1") else image  # palettes cannot be made smaller
        shown.thumbnail((LONGEST, LONGEST))  # at first: a copy of all the pixels would be one too many
        first = _plain(ImageOps.exif_transpose(shown), kind)
    first.save(target, kind, **options)
    return Drawn(f"image/{kind.lower()}", first.width, first.height)


def _frames(image: Any, kind: str) -> tuple[list[Any], list[int]]:
    """All frames and how long each is seen (ms); none if they are too many. Counting them is not left to
    the library, which would walk through all of a million first."""
    frames, pauses = [], []
    for place, frame in enumerate(ImageSequence.Iterator(image), 1):
        if place > FRAMES or place * image.width * image.height > MOVING:
            return [], []
        pauses.append(int(frame.info.get("duration", 100)) or 100)
        frames.append(_plain(frame, kind))
    return frames, pauses


def _plain(image: Any, kind: str) -> Any:
    """A copy in a mode the format has, without anything but pixels."""
    modes = MODES[kind]
    transparent = "A" in image.getbands() or "transparency" in image.info
    if image.mode in modes and not ("transparency" in image.info and image.mode not in ("RGBA", "LA")):
        copy = image.copy()
    else:
        copy = image.convert("RGBA" if transparent and "RGBA" in modes else "RGB")
    copy.info = {}
    return copy
