"""The gateway as an ASGI application: ``python -m handoff.app``."""

from __future__ import annotations

import gc
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from pydantic import ValidationError
from socketio import ASGIApp as SocketApp

from handoff import answers, monitoring, pages, telemetry
from handoff.attachments import api as files_api
from handoff.channels import rest_api, webhooks
from handoff.edge import Edge
from handoff.gateway import Gateway, build
from handoff.settings import Settings

QUIET: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False}  # the metrics are our own
KEEP_ALIVE = 75  # seconds: longer than proxies and platforms do (60), for who closes first loses nothing
GRACE = 5  # seconds for open requests when the gateway is asked to stop


def create_app(gateway: Gateway) -> Edge:
    """HTTP, sockets and pages over a gateway; its work begins and ends with the application's life."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with gateway.working():
            yield

    settings, texts = gateway.settings, gateway.texts
    app = FastAPI(
        title="Setu", version="1", lifespan=lifespan, docs_url=None, redoc_url=None, telemetry=QUIET
    )
    answers.install(app, texts)
    token = settings.metrics_token.get_secret_value() if settings.metrics_token else None
    app.include_router(
        monitoring.router(
            database=gateway.database,
            bot=gateway.bot,
            metrics=gateway.conversations.context.metrics,
            metrics_token=token,
        )
    )
    app.include_router(
        rest_api.router(
            database=gateway.database, conversations=gateway.conversations, inboxes=gateway.inboxes
        )
    )
    hooks = webhooks.Webhooks(gateway.arrivals, gateway.inboxes, gateway.channels, gateway.watching)
    app.include_router(webhooks.router(hooks))
    for router in (*gateway.front.routers, *gateway.workbench.routers):
        app.include_router(router)
    pages.install(app)
    sockets = SocketApp(gateway.sockets, other_asgi_app=app, socketio_path="socket.io")
    most = settings.rules.most + 1024  # so that what is a little too large is refused in words, below
    return Edge(
        webhooks.Door(sockets, hooks, texts),
        limit=settings.body_limit,
        texts=texts,
        policy=pages.policy,
        streams=lambda path: most if files_api.is_upload(path) else None,
    )


def calm_collector() -> None:
    """Keep the garbage collector from stopping everybody's talk.

    With a thousand sockets open a full collection looks at half a million objects that all stay
    (a tenth of a second and more, measured). What exists at the start is never looked at again,
    and full collections come seldom; what an event leaves behind is young and found all the same.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


def main() -> None:
    try:
        settings = Settings()
    except ValidationError as wrong:
        for error in wrong.errors(include_input=False, include_url=False):
            name = "SETU_" + "_".join(str(part) for part in error["loc"][:1]).upper()
            sys.stderr.write(f"{name}: {error['msg']}\n")
        raise SystemExit(2) from None
    telemetry.log_json(settings.log_level)
    app = create_app(build(settings))
    calm_collector()
    uvicorn.run(
        app,
        host=settings.gateway_host,
        port=settings.gateway_port,
        log_config=None,
        access_log=False,
        server_header=False,
        ws_per_message_deflate=False,  # a compressor for each socket costs more than short messages save
        ws_max_size=settings.body_limit,
        timeout_graceful_shutdown=GRACE,
        timeout_keep_alive=KEEP_ALIVE,
    )


if __name__ == "__main__":
    main()
