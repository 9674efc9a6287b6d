"""The simulator on a port: uvicorn in this very loop, and connections that can be cut."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from handoff.simulators.app import CUT, create_app
from handoff.simulators.simulator import Simulator
from handoff.simulators.transfer import Transfer


class Cuttable(HttpToolsProtocol):
    """Hands the application a way to drop the connection without an answer."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {CUT: {"abort": self.transport.abort}}


class _Server(uvicorn.Server):
    """Says when it serves, and leaves signals to the process."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.serving = asyncio.Event()

    async def startup(self, sockets: Any = None) -> None:
        try:
            await super().startup(sockets)
        finally:
            self.serving.set()

    def capture_signals(self) -> Any:
        return contextlib.nullcontext()


def _config(app: FastAPI, port: int, host: str) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        http=Cuttable,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=2,
    )


@asynccontextmanager
async def serving(simulator: Simulator, port: int, host: str) -> AsyncIterator[str]:
    app = create_app(simulator)
    transfer: Transfer = app.state.transfer
    server = _Server(_config(app, port, host))
    running = asyncio.create_task(server.serve())
    await server.serving.wait()
    if not server.started:
        await running
        raise OSError(f"port {port} of {host} cannot be used")
    port = server.servers[0].sockets[0].getsockname()[1]
    simulator.api_url = f"http://{host}:{port}"
    try:
        yield simulator.api_url
    finally:
        await simulator.close()
        await transfer.close()
        server.should_exit = server.force_exit = True
        await running
