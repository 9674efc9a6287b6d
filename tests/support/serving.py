"""An ASGI app on a free port, in the test's own loop."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn


class _Server(uvicorn.Server):
    """Says when it serves, and leaves signals to the test run."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.serving = asyncio.Event()

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self.serving.set()

    def capture_signals(self) -> Any:
        return contextlib.nullcontext()


@asynccontextmanager
async def serving(app: Any) -> AsyncIterator[str]:
    """Yields the address, ``http://127.0.0.1:PORT``."""
    server = _Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, lifespan="off"))
    running = asyncio.create_task(server.serve())
    await server.serving.wait()
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = server.force_exit = True
        await running
