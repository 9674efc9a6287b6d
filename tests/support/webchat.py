"""A web widget made for Rasa, on python-socketio's own client, doing what rasa-webchat 1.0 does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import socketio

PATIENCE = 10.0


class RasaWidget:
    """``store`` is the browser's: it outlives the page, and the next page is given it."""

    def __init__(
        self,
        url: str,
        *,
        store: dict[str, Any] | None = None,
        origin: str | None = None,
        custom: dict[str, Any] | None = None,
        transports: list[str] | None = None,
    ) -> None:
        self.store = store if store is not None else {}
        self.heard: list[dict[str, Any]] = []
        self.confirmed: list[Any] = []
        self.refused: list[str] = []
        self.custom = custom or {}
        self._url, self._origin, self._transports = url, origin, transports or ["websocket"]
        self._news = asyncio.Condition()
        self.client = socketio.AsyncClient(reconnection=False)
        self.client.on("connect", self._on_connect)
        self.client.on("connect_error", lambda why: self.refused.append(why["data"]["code"]))
        self.client.on("session_confirm", self._on_confirm)
        self.client.on("bot_uttered", self._on_bot)

    @property
    def session(self) -> str | None:
        return self.store.get("session_id")

    async def open(self) -> RasaWidget:
        headers = {"Origin": self._origin} if self._origin else {}
        await self.client.connect(self._url, headers=headers, transports=self._transports, wait_timeout=10)
        await self._until(lambda: bool(self.confirmed))
        return self

    async def say(self, message: Any, **more: Any) -> None:
        await self.client.emit(
            "user_uttered", {"message": message, "customData": self.custom, "session_id": self.session} | more
        )

    async def until(self, *texts: str) -> list[str]:
        """All texts heard, once these are among them."""
        await self._until(lambda: set(texts) <= set(self.texts))
        return self.texts

    async def events(self, count: int) -> list[dict[str, Any]]:
        await self._until(lambda: len(self.heard) >= count)
        return self.heard

    @property
    def texts(self) -> list[str]:
        return [event["text"] for event in self.heard if "text" in event]

    async def close(self) -> None:
        with suppress(Exception):
            await self.client.disconnect()

    async def _on_connect(self) -> None:
        await self.client.emit("session_request", {"session_id": self.session})

    async def _on_confirm(self, given: Any) -> None:
        async with self._news:
            remote = given["session_id"] if isinstance(given, dict) else given
            if self.session != remote:
                self.store["session_id"] = remote
            self.confirmed.append(given)
            self._news.notify_all()

    async def _on_bot(self, event: dict[str, Any]) -> None:
        async with self._news:
            self.heard.append(event)
            self._news.notify_all()

    async def _until(self, condition: Callable[[], bool]) -> None:
        async with self._news:
            await asyncio.wait_for(self._news.wait_for(condition), PATIENCE)
