"""The bots as holders of models: asked what they hold, sent archives, told to change, all or none."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import httpx
import structlog

from handoff.workbench.promotion.decide import Held, Wanted

BRIEF = httpx.Timeout(3.0, connect=1.0)
LONG = httpx.Timeout(120.0, connect=1.0, pool=None)  # an archive is sent and loaded
PIECE = 1 << 20
AT_ONCE = 2  # archives on their way; servers on one machine share its cores

Answer = TypeVar("Answer")

log = structlog.get_logger()


class Away(Exception):
    """The server does not answer."""


class Refused(Exception):
    """The server answers, and says no; the text says why."""

    def __init__(self, server: str, code: str, message: str) -> None:
        super().__init__(message)
        self.server, self.code, self.message = server, code, message


class Fleet:
    """``call`` is kept open by whoever made it. ``token`` is the bots' and signs what is sent."""

    def __init__(self, servers: Sequence[str], token: str, call: httpx.AsyncClient) -> None:
        self.servers = list(servers)
        self._token = token
        self._call = call
        self._sending = asyncio.Semaphore(AT_ONCE)

    async def look(self) -> dict[str, Held | None]:
        """What each server holds; None: it is away, or not ready to serve."""

        async def one(server: str) -> Held | None:
            try:
                return await self.held(server)
            except (Away, Refused):
                return None

        return dict(zip(self.servers, await asyncio.gather(*map(one, self.servers)), strict=True))

    async def held(self, server: str) -> Held:
        told = await self._ask(server, "GET", "/model")
        return Held(*(_wanted(told.get(role)) for role in ("live", "shadow", "spare")))

    async def change(self, model: Wanted, archive: Path, before: tuple[Wanted, Path] | None) -> list[str]:
        """Make the model live on all servers that are up, or on none; returns those where it is.

        First all get it as their spare one, then all change at once. Raises :class:`Refused` if one that is
        up will not have it; :class:`Away` if nobody is up.
        """
        staged = await self._each(self.servers, lambda server: self._stage(server, model, archive))
        ready = [server for server, wrong in staged.items() if wrong is None]
        no = next((wrong for wrong in staged.values() if isinstance(wrong, Refused)), None)
        if no is not None:
            await self._each(ready, lambda server: self.drop(server, "spare"))
            raise no
        if not ready:
            raise Away
        changed = await self._each(ready, lambda server: self._go_live(server, model, archive))
        no = next((wrong for wrong in changed.values() if isinstance(wrong, Refused)), None)
        done = [server for server, wrong in changed.items() if wrong is None]
        if no is not None:
            if before is not None:
                await self.back(done, *before)
            raise no
        return done

    async def back(self, servers: Sequence[str], model: Wanted, archive: Path) -> None:
        """To what was live before. What fails is caught up later, as with a server that is away."""
        await self._each(servers, lambda server: self._go_live(server, model, archive))

    async def put(self, server: str, role: str, model: Wanted, archive: Path) -> None:
        signed = hmac.new(self._token.encode(), f"{model.name}.{model.sha256}".encode(), hashlib.sha256)
        headers = {"X-Name": model.name, "X-Sha256": model.sha256, "X-Signature": signed.hexdigest()}
        headers["Content-Length"] = str((await asyncio.to_thread(archive.stat)).st_size)
        async with self._sending:
            await self._ask(
                server, "PUT", f"/model?as={role}", content=_pieces(archive), headers=headers, timeout=LONG
            )

    async def drop(self, server: str, role: str) -> None:
        await self._ask(server, "DELETE", f"/model?as={role}")

    async def read(
        self, server: str, role: str, texts: Sequence[tuple[str, str | None]]
    ) -> Mapping[str, Any]:
        """``{"model", "readings", "ms"}``."""
        asked = {"as": role, "texts": [{"text": text, "language": language} for text, language in texts]}
        return await self._ask(server, "POST", "/read", json=asked, timeout=LONG)

    async def _stage(self, server: str, model: Wanted, archive: Path) -> None:
        held = await self.held(server)
        if model not in (held.live, held.shadow, held.spare):
            await self.put(server, "spare", model, archive)

    async def _go_live(self, server: str, model: Wanted, archive: Path) -> None:
        try:
            await self._ask(
                server, "POST", "/model/live", json={"name": model.name, "sha256": model.sha256}, timeout=LONG
            )
        except Refused as lost:
            if lost.code != "no_model":
                raise
            await self.put(server, "live", model, archive)  # it was restarted in between

    async def _each(
        self, servers: Sequence[str], do: Callable[[str], Awaitable[None]]
    ) -> dict[str, Away | Refused | None]:
        async def one(server: str) -> Away | Refused | None:
            try:
                await do(server)
            except (Away, Refused) as wrong:
                log.warning("bot_not_changed", server=server, why=str(wrong) or "away")
                return wrong
            return None

        return dict(zip(servers, await asyncio.gather(*map(one, servers)), strict=True))

    async def _ask(self, server: str, method: str, path: str, **given: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._token}", **given.pop("headers", {})}
        url = f"{server}/webhooks/setu{path}"
        try:
            answer = await self._call.request(
                method, url, headers=headers, timeout=given.pop("timeout", BRIEF), **given
            )
        except httpx.HTTPError as error:
            raise Away(type(error).__name__) from error
        if answer.status_code == 204:
            return {}
        if answer.status_code == 503:
            raise Away("it is starting")
        try:
            told = answer.json()
            if answer.status_code == 200:
                return dict(told)
            raise Refused(server, str(told["error"]["code"]), str(told["error"]["message"]))
        except (ValueError, KeyError, TypeError) as error:
            raise Refused(server, "status", str(answer.status_code)) from error


async def _pieces(archive: Path) -> AsyncIterator[bytes]:
    file = await asyncio.to_thread(archive.open, "rb")
    try:
        while piece := await asyncio.to_thread(file.read, PIECE):
            yield piece
    finally:
        file.close()


def _wanted(told: Mapping[str, Any] | None) -> Wanted | None:
    return Wanted(str(told["name"]), str(told["sha256"])) if told else None
