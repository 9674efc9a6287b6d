"""What Messenger, Instagram and WhatsApp share: Meta's Graph API and the way it signs its webhooks.

Webhooks carry ``X-Hub-Signature-256: sha256=<hex HMAC-SHA256(app secret, raw body)>`` and are
verified once by ``GET ?hub.mode=subscribe&hub.verify_token=…&hub.challenge=…``. Calls take the
token in a header, so that it stands in no log. https://developers.facebook.com/docs/graph-api/webhooks
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import httpx
import orjson

from handoff.channels import graph_errors, loose
from handoff.channels.base import Health, RawRequest, SendFailed
from handoff.channels.calls import NEVER_SENT
from handoff.conversations.views import InboxView
from handoff.errors import Forbidden, Invalid, Unauthorised

API = "https://graph.facebook.com/v25.0"  # ``options["api_url"]`` replaces all of it
TIMEOUT = httpx.Timeout(20.0, connect=5.0)  # seconds; attachments are fetched before it answers


def verify(inbox: InboxView, request: RawRequest) -> None:
    """Raise ``Unauthorised`` unless the app's secret signed these very bytes."""
    secret = inbox.credentials.get("app_secret", "")
    expected = "sha256=" + hmac.new(secret.encode(), request.body, hashlib.sha256).hexdigest()
    given = request.headers.get("x-hub-signature-256", "")
    if not secret or not hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode()):
        raise Unauthorised("inbox_unknown")


def challenge(inbox: InboxView, query: Mapping[str, str]) -> str:
    """Prove to the platform that the address is ours; raises ``Forbidden`` for a wrong token."""
    token = inbox.credentials.get("verify_token", "").encode()
    given = query.get("hub.verify_token", "").encode("utf-8", "replace")
    if query.get("hub.mode") != "subscribe" or not token or not hmac.compare_digest(given, token):
        raise Forbidden("inbox_unknown")
    return query.get("hub.challenge", "")


def entries(request: RawRequest, kind: str) -> tuple[list[dict[str, Any]], list[Any]]:
    """The entries about objects of ``kind``, and what else the request held. Raises ``Invalid``."""
    batch = loose.load(request.body)
    if not isinstance(batch, dict | list):
        raise Invalid("bad_request")
    known: list[dict[str, Any]] = []
    other: list[Any] = []
    for item in batch if isinstance(batch, list) else [batch]:
        found = loose.mapping(item)
        listed = found.get("entry")
        if found.get("object") == kind and isinstance(listed, list):
            known += loose.mappings(listed)
            other += [entry for entry in listed if not isinstance(entry, dict)]
        else:
            other.append(item)
    return known, other


class Graph:
    """Calls to the Graph API, whose failures are all :class:`SendFailed`."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    def address(self, inbox: InboxView) -> str:
        return str(inbox.options.get("api_url") or API).rstrip("/")

    async def post(
        self, inbox: InboxView, path: str, body: Mapping[str, Any] | None = None, *, as_app: bool = False
    ) -> dict[str, Any]:
        content = json.dumps(body or {}).encode()  # ASCII: nothing in a text can spoil it
        return await self._call(inbox, "POST", path, content=content, as_app=as_app)

    async def get(
        self, inbox: InboxView, path: str, query: Mapping[str, str] | None = None, *, as_app: bool = False
    ) -> dict[str, Any]:
        return await self._call(inbox, "GET", path, query=query, as_app=as_app)

    async def _call(
        self,
        inbox: InboxView,
        method: str,
        path: str,
        *,
        content: bytes | None = None,
        query: Mapping[str, str] | None = None,
        as_app: bool = False,
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {app_token(inbox) if as_app else token(inbox)}"}
        if content is not None:
            headers["Content-Type"] = "application/json"
        try:
            answer = await self._client.request(
                method,
                f"{self.address(inbox)}/{path}",
                content=content,
                params=dict(query) if query else None,
                headers=headers,
                timeout=TIMEOUT,
                follow_redirects=False,
            )
        except NEVER_SENT as broken:
            raise SendFailed(type(broken).__name__, code="unreachable") from broken
        except httpx.HTTPError as broken:
            raise SendFailed(type(broken).__name__, unsure=method == "POST", code="unreachable") from broken
        return read(answer)


def read(answer: httpx.Response) -> dict[str, Any]:
    """What the platform answered; raises :class:`SendFailed` unless it agreed."""
    try:
        body = orjson.loads(answer.content)
    except orjson.JSONDecodeError:
        body = None
    if answer.is_success and isinstance(body, dict) and "error" not in body:
        return body
    raise graph_errors.failure(answer.status_code, body, answer.headers)


def token(inbox: InboxView) -> str:
    """The token of the page or number; raises :class:`SendFailed` if there is none to use."""
    given = inbox.credentials.get("access_token", "").strip()
    if not given or not given.isascii() or not given.isprintable():
        raise SendFailed("the inbox has no access token", final=True, code="token_expired")
    return given


def app_token(inbox: InboxView) -> str:
    """The app's own token, by which it looks into tokens and subscribes to webhooks."""
    secret = inbox.credentials.get("app_secret", "").strip()
    if not secret or not secret.isascii() or not secret.isprintable():
        raise SendFailed("the inbox has no app secret", final=True, code="token_expired")
    return f"{option(inbox, 'app_id')}|{secret}"


def option(inbox: InboxView, name: str) -> str:
    """An id among the settings, safe within a path."""
    given = str(inbox.options.get(name) or "").strip()
    if not given or not given.isascii() or not given.isalnum():
        raise SendFailed(f"the inbox has no usable {name}", final=True)
    return given


async def health(graph: Graph, inbox: InboxView, scopes: frozenset[str], path: str, fields: str) -> Health:
    """What ``debug_token`` says of our token, and what the account is called. Never raises ``SendFailed``.

    https://developers.facebook.com/docs/graph-api/reference/debug_token
    """
    try:
        known = await graph.get(inbox, "debug_token", {"input_token": token(inbox)}, as_app=True)
        said = loose.mapping(known.get("data"))
        until = expiry(said)
        if not said.get("is_valid"):
            told = loose.string(loose.within(said, "error").get("message"))
            return Health(problem=told or "The access token is not valid.", token_expires_at=until)
        granted = said.get("scopes")
        lacking = scopes - set(map(str, granted if isinstance(granted, list) else ()))
        about = await graph.get(inbox, path, {"fields": fields})
        issuer, app = loose.ident(said.get("app_id")), option(inbox, "app_id")
    except SendFailed as failed:
        return Health(problem=str(failed))
    problem = f"The access token lacks {', '.join(sorted(lacking))}." if lacking else ""
    if issuer and issuer != app:  # then echoes of our own messages would seem to be another's
        problem = f"The access token belongs to the app {issuer}, not to {app}."
    names = [loose.string(about.get(field)) for field in fields.split(",")]
    return Health(
        problem=problem,
        account=", ".join(name for name in names if name),
        token_expires_at=until,
    )


def expiry(said: Mapping[str, Any]) -> datetime | None:
    """When a token, or its access to data, ends first (seconds; 0 means never)."""
    ends = [loose.millis(said.get(name), 1000) for name in ("expires_at", "data_access_expires_at")]
    first = min((end for end in ends if end), default=0)
    return datetime.fromtimestamp(first / 1000, UTC) if first else None
