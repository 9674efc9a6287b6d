"""Thin HTTP around the simulator: the platforms' calls with their faults, files, and the page."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.staticfiles import StaticFiles
from fastapi.telemetry import TelemetryConfig

from handoff.simulators import asked as reading
from handoff.simulators import page_control, telegram_api
from handoff.simulators.asked import Asked
from handoff.simulators.graph_api import GraphApi
from handoff.simulators.page_api import too_fast as page_too_fast
from handoff.simulators.refusals import Refused, busy_graph, graph, telegram
from handoff.simulators.simulator import Simulator
from handoff.simulators.telegram_api import TelegramApi
from handoff.simulators.transfer import Transfer
from handoff.simulators.whatsapp_api import too_fast as whatsapp_too_fast
from handoff.simulators.world import File

QUIET: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False}
CUT = "setu.simulators.cut"
WEB = Path(__file__).parent / "web"
VENDOR = Path(__file__).parents[1] / "web" / "vendor"  # lit, as the other pages have it
INERT = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'"}
SHOWN = ("image/jpeg", "image/png", "image/gif", "image/webp", "audio/", "video/")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: http: https:; "
    "media-src 'self' http: https:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)

Doing = Callable[[], Awaitable[dict[str, Any]]]


class _Cut(Exception):
    pass


def create_app(simulator: Simulator) -> FastAPI:
    transfer = Transfer(simulator)
    graph_api, bots = GraphApi(simulator, transfer), TelegramApi(simulator, transfer)

    app = FastAPI(title="Setu's simulators", docs_url=None, redoc_url=None, openapi_url=None, telemetry=QUIET)
    app.state.transfer = transfer

    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/_cdn/{key}/{name}")
    async def attachment(key: str) -> Response:
        """Messenger's and Instagram's attachments: public, not to be guessed."""
        return _file(simulator.files.get(key))

    @app.get("/_media/{name}")
    async def media(name: str, request: Request) -> Response:
        """WhatsApp's: only with the token, for five minutes."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        known = any(a.token == token for a in simulator.accounts if a.platform == "whatsapp")
        return _file(simulator.files.linked(name)) if known else Response(status_code=401)

    @app.get("/file/bot{token}/{kind}/{key}")
    async def bot_file(token: str, key: str) -> Response:
        try:
            bots.account(token)
        except Refused as refused:
            return _json(refused.status, refused.body)
        return _file(simulator.files.get(key))

    page_control.install(app, simulator)
    app.mount("/web/vendor", StaticFiles(directory=VENDOR), name="vendor")
    app.mount("/web", StaticFiles(directory=WEB), name="web")

    @app.get("/")
    async def page() -> Response:
        html = (WEB / "index.html").read_bytes()
        return Response(html, media_type="text/html", headers={"Content-Security-Policy": POLICY})

    async def bot(request: Request) -> Response:
        token, method = request.path_params["token"], request.path_params["method"]
        call = await reading.read(request)

        def busy() -> Refused:
            return telegram(502, "Bad Gateway")

        def throttled() -> Exception:
            return telegram_api.too_fast(1)

        doing = _befallen(
            simulator, bots.sends(method), lambda: bots.answer(token, method, call), busy, throttled
        )
        return await _answer(simulator, request, doing)

    async def anything_of_graph(request: Request) -> Response:
        call = await reading.read(request)
        doing = _befallen(
            simulator,
            graph_api.sends(call),
            lambda: graph_api.answer(call),
            busy_graph,
            lambda: _throttled(simulator, call),
        )
        return await _answer(simulator, request, doing)

    # Plain routes: nothing is declared that would have to be checked, and they are called most.
    app.add_route("/bot{token}/{method}", bot, methods=["GET", "POST"])
    app.add_route("/{path:path}", anything_of_graph, methods=["GET", "POST", "DELETE"])
    return app


def _throttled(simulator: Simulator, call: Asked) -> Exception:
    account = next((a for a in simulator.accounts if a.token == call.token), None)
    if account is None:
        return graph("(#4) Application request limit reached", 4, retry_after=1)
    return whatsapp_too_fast(1) if account.platform == "whatsapp" else page_too_fast(account, 1)


def _befallen(
    simulator: Simulator,
    sends: bool,
    doing: Doing,
    busy: Callable[[], Refused],
    throttled: Callable[[], Exception],
) -> Doing:
    """The call as it goes when things go wrong: refused while dark, and as the dice say when it sends."""

    async def done() -> dict[str, Any]:
        stats = simulator.stats
        stats["calls"] += 1
        if simulator.dark:
            stats["refused while dark"] += 1
            raise busy()
        if not sends:
            return await doing()
        if wait := simulator.dice.slowed(simulator.faults):
            stats["slow"] += 1
            await asyncio.sleep(wait)
        fate = simulator.dice.fate(simulator.faults)
        if fate != "done":
            stats[fate] += 1
        if fate == "refused":
            raise busy()
        if fate == "throttled":
            raise throttled()
        answer = await doing()
        if fate == "cut":
            raise _Cut
        stats["sent"] += 1
        return answer

    return done


async def _answer(simulator: Simulator, request: Request, doing: Doing) -> Response:
    try:
        return _json(200, await doing())
    except Refused as refused:
        simulator.stats[f"answered {refused.status}"] += 1
        simulator.note("refused", _told(refused))
        return _json(refused.status, refused.body, dict(refused.headers))
    except _Cut:
        simulator.note("cut", request.url.path.rpartition("/")[2])
        request.scope["extensions"][CUT]["abort"]()
        await asyncio.sleep(0)  # until the server has noticed
        await asyncio.sleep(0)
        return Response()


def _told(refused: Refused) -> str:
    body = refused.body
    message = body["error"]["message"] if "error" in body else body.get("description", "")
    return f"{refused.status} {message}"


def _json(status: int, body: Any, headers: dict[str, str] | None = None) -> Response:
    return Response(orjson.dumps(body), status, headers, media_type="application/json")


def _file(file: File | None) -> Response:
    if file is None:
        return Response(status_code=404)
    shown = file.media_type.startswith(SHOWN)
    disposition = {} if shown else {"Content-Disposition": "attachment"}
    return Response(file.data, media_type=file.media_type, headers=INERT | disposition)
