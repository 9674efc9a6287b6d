"""What a message of Messenger or Instagram holds: words, files, a place.

Attachments: ``{type, title?, url?, payload: {url?, sticker_id?, coordinates?, product?} | null}``.
"""

from __future__ import annotations

from typing import Any

from handoff.channels import loose
from handoff.conversations.inbound import IncomingFile, Location

KINDS = {"image": "image", "audio": "audio", "video": "video", "reel": "video", "ig_reel": "video"}

Content = tuple[str, tuple[IncomingFile, ...], Location | None]


def content(message: dict[str, Any]) -> Content:
    """The text (with shared links and products written out), the files, the first place."""
    lines = [loose.string(message.get("text"))]
    files: list[IncomingFile] = []
    place: Location | None = None
    for attachment in loose.mappings(message.get("attachments")):
        kind = loose.string(attachment.get("type"))
        payload = loose.mapping(attachment.get("payload"))
        if kind == "location" and (found := location(attachment, payload)):
            place = place or found
        elif kind == "fallback":
            lines += shared(attachment, payload, lines[0])
        elif kind == "template":
            lines += products(attachment, payload)
        else:
            files.append(file(kind, payload))
    story = loose.within(message, "reply_to", "story")
    if address := loose.link(story.get("url")):
        files.append(IncomingFile("file", address, name="story"))
    text = "\n".join(line for line in lines if line)
    if not (text or files or place) and (message.get("is_unsupported") or message.get("attachments")):
        files.append(IncomingFile("file"))  # there was something, which we were not given
    return text, tuple(files), place


def file(kind: str, payload: dict[str, Any]) -> IncomingFile:
    return IncomingFile(
        KINDS.get(kind, "file"), loose.link(payload.get("url")), name=loose.string(payload.get("title"))[:200]
    )


def location(attachment: dict[str, Any], payload: dict[str, Any]) -> Location | None:
    where = loose.mapping(payload.get("coordinates"))
    return at(where.get("lat"), where.get("long"), loose.string(attachment.get("title")))


def at(latitude: Any, longitude: Any, name: str = "") -> Location | None:
    """A place on earth, or None."""
    lat, long = loose.real(latitude), loose.real(longitude)
    if lat is None or long is None or abs(lat) > 90 or abs(long) > 180:
        return None
    return Location(lat, long, name[:200])


def shared(attachment: dict[str, Any], payload: dict[str, Any], text: str) -> list[str]:
    """A shared page: its title and address, as far as the text does not hold them already."""
    title = loose.string(attachment.get("title")) or loose.string(payload.get("title"))
    address = loose.link(attachment.get("url")) or loose.link(payload.get("url")) or ""
    return [part for part in (title, address) if part and part not in text]


def products(attachment: dict[str, Any], payload: dict[str, Any]) -> list[str]:
    """What a shared product, or a card of ours in an echo, says."""
    elements = loose.mappings(loose.within(payload, "product").get("elements"))
    elements += loose.mappings(payload.get("elements"))
    said = [loose.string(element.get("title")) for element in elements]
    return said or [loose.string(payload.get("text")) or loose.string(attachment.get("title"))]
