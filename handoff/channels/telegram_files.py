"""Files to Telegram: by URL where it fetches them itself, else sent along.

By URL it takes photos up to 5 MB, other files up to 20 MB, documents only as GIF, PDF or ZIP, voice
notes only as audio/ogg up to 1 MB. Sent along: photos up to 10 MB, other files up to 50 MB.
(https://core.telegram.org/bots/api#sending-files)
"""

from __future__ import annotations

from typing import Any

import httpx
import orjson

from handoff.channels.base import SendFailed, SentFile
from handoff.channels.telegram_api import Refused, call
from handoff.conversations.views import InboxView

MB = 1024 * 1024
UPLOAD_LIMIT = 50 * MB
PHOTO_LIMIT = 5 * MB
URL_LIMIT = 20 * MB
VOICE_LIMIT = MB
PHOTOS = frozenset({"image/jpeg", "image/png", "image/webp"})
BY_URL = frozenset({"application/pdf", "application/zip", "image/gif"})  # documents
AUDIO = frozenset({"audio/mpeg", "audio/mp4", "audio/x-m4a", "audio/m4a"})
UNUSABLE = (  # Telegram could not fetch it, or it is not what the method takes
    "failed to get http url content",
    "wrong type of the web page content",
    "wrong file identifier/http url",
    "wrong remote file identifier",
    "webpage_curl_failed",
    "webpage_media_empty",
    "image_process_failed",
    "photo_invalid_dimensions",
    "file is too big",
)


async def send_photo(
    client: httpx.AsyncClient, inbox: InboxView, url: str, fields: dict[str, Any]
) -> dict[str, Any] | None:
    """A picture by its address; None if Telegram cannot show it."""
    try:
        return _sent(await call(client, inbox, "sendPhoto", fields | {"photo": url}))
    except Refused as refused:
        if not _is_unusable(refused):
            raise
        return None


async def send_file(
    client: httpx.AsyncClient, inbox: InboxView, file: SentFile, fields: dict[str, Any]
) -> dict[str, Any]:
    """As what it is, and if that is refused as a document of its own; raises ``SendFailed``."""
    method, field = how(file)
    by_url = file.size <= (PHOTO_LIMIT if field == "photo" else URL_LIMIT)
    if by_url and (field != "document" or file.media_type in BY_URL):
        try:
            return _sent(await call(client, inbox, method, fields | {field: file.url}))
        except Refused as refused:
            if not _is_unusable(refused):
                raise
    upload = (
        "document",
        file.name or "file",
        await _fetch(client, file),
        file.media_type or "application/octet-stream",
    )
    return _sent(await call(client, inbox, "sendDocument", _flat(fields), upload))


def how(file: SentFile) -> tuple[str, str]:
    """The method for a file, and the field that holds it."""
    if file.kind == "image" and file.media_type in PHOTOS:
        return "sendPhoto", "photo"
    if file.kind == "audio" and file.media_type == "audio/ogg" and file.size <= VOICE_LIMIT:
        return "sendVoice", "voice"
    if file.kind == "audio" and file.media_type in AUDIO:
        return "sendAudio", "audio"
    if file.kind == "video" and file.media_type == "video/mp4":
        return "sendVideo", "video"
    return "sendDocument", "document"


async def _fetch(client: httpx.AsyncClient, file: SentFile) -> bytes:
    """The file's bytes, from the address at which we serve it."""
    content = bytearray()
    try:
        async with client.stream("GET", file.url, timeout=30.0) as answer:
            if not answer.is_success:
                raise SendFailed(
                    f"the file answers {answer.status_code}", final=answer.status_code in (404, 410)
                )
            async for chunk in answer.aiter_bytes():
                content += chunk
                if len(content) > UPLOAD_LIMIT:
                    raise SendFailed("too large for Telegram", final=True, code="bad_content")
    except httpx.HTTPError as broken:
        raise SendFailed(f"the file could not be read: {type(broken).__name__}") from broken
    return bytes(content)


def _flat(fields: dict[str, Any]) -> dict[str, Any]:
    """In a form, objects are JSON texts."""
    return {k: orjson.dumps(v).decode() if isinstance(v, dict) else v for k, v in fields.items()}


def _is_unusable(refused: Refused) -> bool:
    return refused.status == 400 and any(words in refused.description for words in UNUSABLE)


def _sent(result: Any) -> dict[str, Any]:
    return result if isinstance(result, dict) else {}
