"""Calls of Telegram's Bot API: ``POST https://api.telegram.org/bot<token>/<method>``.

Every answer is ``{"ok", "result"}`` or ``{"ok": false, "error_code", "description", "parameters"}``.
The token is part of the address, so no address may get into an error or a log.
(https://core.telegram.org/bots/api#making-requests)
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx

from handoff.channels.base import SendFailed
from handoff.channels.calls import post, read
from handoff.conversations.views import InboxView

API = "https://api.telegram.org"
LONG = 60.0  # seconds for a file that goes along
GONE = (  # of the chat: nothing that is sent there will ever arrive
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "user is deactivated",
    "blocked by the user",
    "can't initiate conversation",
    "can't send messages to bots",
)


class Refused(SendFailed):
    """The API answered, and not with what was wanted; ``description`` is its sentence, in lower case."""

    def __init__(self, status: int, description: str, **rest: Any) -> None:
        super().__init__(f"{status} {description}"[:300], **rest)
        self.status = status
        self.description = description.lower()


async def call(
    client: httpx.AsyncClient,
    inbox: InboxView,
    method: str,
    fields: dict[str, Any],
    upload: tuple[str, str, bytes, str] | None = None,
) -> Any:
    """The ``result``; raises ``SendFailed``. ``upload``: a file (field, name, bytes, type) to go with it."""
    url = f"{root(inbox)}/bot{_token(inbox)}/{method}"
    if upload:
        field, name, content, media_type = upload
        form = {key: str(value) for key, value in fields.items()}
        file = {field: (name, content, media_type)}
        answer = await post(client, url, data=form, files=file, seconds=LONG)
    else:
        answer = await post(client, url, fields)
    body = read(answer)
    if answer.is_success and body.get("ok") is True:
        return body.get("result")
    raise refusal(answer.status_code, body)


def refusal(status: int, body: dict[str, Any]) -> Refused:
    """What an answer that is no success means.

    >>> refusal(403, {"ok": False, "description": "Forbidden: bot was blocked by the user"}).code
    'blocked'
    """
    said = str(body.get("description") or f"HTTP {status}")
    parameters = body.get("parameters")
    wait = parameters.get("retry_after") if isinstance(parameters, dict) else None
    if status == 429:
        seconds = float(wait) if isinstance(wait, int | float) and 0 <= wait < 1e6 else 1.0
        return Refused(status, said, retry_after=seconds, code="rate_limited")
    if status >= 500 or status < 400:
        # An answer of the API itself says that nothing was done; one of a machine before it says nothing.
        return Refused(status, said, unsure="ok" not in body)
    if status == 403 or any(words in said.lower() for words in GONE):
        return Refused(status, said, final=True, code="blocked")
    if status in (401, 404):  # a token that is wrong, or was revoked
        return Refused(status, said, final=True, code="token_expired")
    return Refused(status, said, final=True, code="bad_content")


def root(inbox: InboxView) -> str:
    return str(inbox.options.get("api_url") or API).rstrip("/")


def file_url(inbox: InboxView, path: str) -> str:
    """Where a file lies for at least an hour, by the ``file_path`` that getFile gave."""
    return f"{root(inbox)}/file/bot{_token(inbox)}/{quote(path)}"


def _token(inbox: InboxView) -> str:
    token = inbox.credentials.get("bot_token")
    if not token:
        raise SendFailed("the inbox has no bot token", final=True, code="token_expired")
    return quote(token, safe=":")
