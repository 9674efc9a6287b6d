"""What a Telegram message holds: words, files, a place. Pure.

Fields are those of https://core.telegram.org/bots/api#message; any of them may be missing or odd.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeGuard

from handoff.channels import loose
from handoff.conversations.inbound import IncomingFile, Location

Json = dict[str, Any]
DOWNLOAD_LIMIT = 20 * 1024 * 1024  # bytes of a file that a bot may fetch
FILES = {  # field of a message: kind of file, and its type where the platform says none
    "voice": ("audio", "audio/ogg"),
    "audio": ("audio", ""),
    "video": ("video", ""),
    "video_note": ("video", "video/mp4"),
    "animation": ("video", "video/mp4"),
    "document": ("file", ""),
}


class Odd(Exception):
    """Not the documented shape, or nothing for us; says what it is."""


def text_of(message: Json) -> str | None:
    """What was said, or what stands for what cannot be said in words."""
    for name, marks in (("text", "entities"), ("caption", "caption_entities")):
        if text := string(message, name):
            hidden = [string(one, "url") for one in loose.mappings(message.get(marks))]
            # Addresses under words would be lost with the words' formatting.
            return "\n".join([text, *dict.fromkeys(url for url in hidden[:20] if url and url not in text)])
    for name, words in SPOKEN.items():
        if isinstance(message.get(name), dict):
            return " ".join(filter(None, (str(word)[:500] for word in words(message[name])))) or None
    return None


SPOKEN: dict[str, Callable[[Json], list[object]]] = {
    "sticker": lambda sticker: [sticker.get("emoji", "")],
    "contact": lambda card: [card.get(name, "") for name in ("first_name", "last_name", "phone_number")],
    "dice": lambda dice: [dice.get("emoji", ""), dice.get("value", "")],
    "poll": lambda poll: [
        poll.get("question", ""),
        *(f"\n- {one.get('text', '')}" for one in loose.mappings(poll.get("options"))),
    ],
    "web_app_data": lambda app: [app.get("button_text", "")],
}


def files_of(message: Json) -> list[IncomingFile]:
    if photos := loose.mappings(message.get("photo")):  # one picture in several sizes
        largest = max(photos, key=lambda one: _size(one, "width") * _size(one, "height"))
        return [_file(largest, "image", "image/jpeg")]
    sticker = message.get("sticker")
    if isinstance(sticker, dict):
        moves = sticker.get("is_animated") or sticker.get("is_video")
        return [] if moves else [_file(sticker, "image", "image/webp")]
    for name, (kind, media_type) in FILES.items():  # an animation comes as a document as well
        if isinstance(message.get(name), dict):
            return [_file(message[name], kind, media_type)]
    return []


def _file(file: Json, kind: str, media_type: str) -> IncomingFile:
    size = _size(file, "file_size")
    return IncomingFile(
        kind=kind,
        ref=string(file, "file_id") if size <= DOWNLOAD_LIMIT else None,
        name=(string(file, "file_name") or "")[:200],
        media_type=(string(file, "mime_type") or media_type)[:100],
        size=size,
    )


def location_of(message: Json) -> Location | None:
    venue = loose.mapping(message.get("venue"))
    place = venue.get("location", message.get("location"))
    if not isinstance(place, dict):
        return None
    latitude, longitude = place.get("latitude"), place.get("longitude")
    if not _is_degrees(latitude, 90) or not _is_degrees(longitude, 180):
        return None
    name = ", ".join(filter(None, (string(venue, "title"), string(venue, "address"))))
    return Location(float(latitude), float(longitude), name[:200])


def number(where: Json, name: str) -> int:
    value = where.get(name)
    if not is_number(value):
        raise Odd(f"without {name}")
    return value


def is_number(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**62


def _is_degrees(value: Any, most: int) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= most


def _size(where: Json, name: str) -> int:
    value = where.get(name)
    return value if is_number(value) and value > 0 else 0


def string(where: Json, name: str) -> str | None:
    return loose.string(where.get(name)) or None


def time_of(value: Any) -> datetime | None:
    """Unix seconds; 0 stands for a message that is no longer shown."""
    return loose.moment(loose.millis(value, unit=1000))
