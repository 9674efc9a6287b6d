"""What both namespaces share: members, an explicit table of events, errors as acknowledgements."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import structlog
from socketio import AsyncNamespace, AsyncServer
from socketio.exceptions import ConnectionRefusedError as Refused

from handoff.errors import Invalid, Say, SetuError, TooMany

M = TypeVar("M")
Handler = Callable[["Member[M]", dict[str, Any]], Awaitable[dict[str, Any] | None]]

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Member(Generic[M]):
    """One connected socket: who it is, decided once, from proof given at the connection."""

    sid: str
    who: M
    language: str | None = None
    # Handlers run at the same time; whatever must keep its order waits here in line.
    line: asyncio.Lock = field(default_factory=asyncio.Lock)
    typed_at: float = 0.0


class Guarded(AsyncNamespace, Generic[M]):  # type: ignore[misc]  # python-socketio has no types
    """A namespace that runs only the events in its table, and only for admitted sockets.

    The library would call ``on_<anything>`` for a client's event of that name, ``connect`` and
    ``disconnect`` included; here these two count only when they come from the library.
    """

    def __init__(self, namespace: str, server: AsyncServer, texts: Say) -> None:
        super().__init__(namespace)
        self._server: AsyncServer = server
        self._texts = texts
        self.members: dict[str, Member[M]] = {}
        self.events: dict[str, Handler[M]] = {}

    async def admit(self, sid: str, environ: dict[str, Any], auth: dict[str, Any]) -> Member[M]:
        """Who this is; raises :class:`SetuError` to refuse."""
        raise NotImplementedError

    async def left(self, member: Member[M]) -> None:
        """The socket is gone."""

    async def trigger_event(self, event: str, *args: Any) -> Any:
        sid = args[0]
        if event in ("connect", "disconnect"):
            if self._server.manager.is_connected(sid, self.namespace):
                return None  # sent by the client as if it were an ordinary event
            return await (self._connect(*args) if event == "connect" else self._disconnect(sid))
        member, handler = self.members.get(sid), self.events.get(event)
        if member is None or handler is None:
            return self._failure(Invalid("event_unknown"), None)
        data = args[1] if len(args) > 1 else {}
        try:
            if not isinstance(data, dict):
                raise Invalid("bad_request")
            return {"ok": True, **(await handler(member, data) or {})}
        except SetuError as error:
            return self._failure(error, member.language)
        except Exception:
            log.exception("event failed", name=event, namespace=self.namespace)
            return self._failure(SetuError("internal"), member.language)

    async def _connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        try:
            self.members[sid] = await self.admit(sid, environ, auth if isinstance(auth, dict) else {})
        except SetuError as error:
            raise self._refusal(error) from error
        except Exception as error:
            log.exception("connection failed", namespace=self.namespace)
            raise self._refusal(SetuError("internal")) from error

    async def _disconnect(self, sid: str) -> None:
        member = self.members.pop(sid, None)
        if member is not None:
            await self.left(member)

    def _refusal(self, error: SetuError) -> Refused:
        words = error.body(self._texts)["error"]
        return Refused(words["message"], {"code": words["code"]})

    def _failure(self, error: SetuError, language: str | None) -> dict[str, Any]:
        failure: dict[str, Any] = {"ok": False, **error.body(self._texts, language)}
        if isinstance(error, TooMany):
            failure["error"]["retry_after"] = error.retry_after
        return failure


def text_of(data: dict[str, Any], name: str, *, longest: int = 64) -> str:
    """A short printable string that must be there; :class:`Invalid` otherwise."""
    value = data.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= longest or not value.isprintable():
        raise Invalid("bad_request")
    return value


def number_of(data: dict[str, Any], name: str) -> int:
    """A number of a message; :class:`Invalid` otherwise."""
    value = data.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**31:
        raise Invalid("bad_request")
    return value
