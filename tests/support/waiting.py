"""Waiting for something to become true, where nothing can tell the test."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 60) -> None:
    """Ask again and again; ``TimeoutError`` when it stays false."""
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110  nothing rings when a database changes
            await asyncio.sleep(0.03)
