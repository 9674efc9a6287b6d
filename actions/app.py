"""The action server: rasa-sdk's executor behind one FastAPI route (``python -m actions.app``).

How an action comes to be. ``actions/dialogue/registry.py`` holds one function ::

    def actions(tools: Tools) -> list[rasa_sdk.Action]:
        return [TrackOrder(tools), CancelOrder(tools), …]

It is called once at start. An action keeps its ``tools`` (:class:`actions.tools.Tools`) from its
constructor and does its work in ``async def run(dispatcher, tracker, domain)``::

    async with self.tools.database.read() as session:
        order = await orders.find(session, tracker.get_slot("customer_id"), number)
    dispatcher.utter_message(response="utter_order_status", status=…)

No engine, session or setting is ever global. ``domain`` (slots, forms, intents) is read from
``domain.yml`` at start and not sent with each call; forms need nothing special for it.

Answers to the bot: 200 with events and responses; 400 when an action rejects its execution
(Rasa then asks its policies again); 404 unknown action; 500 an action failed. The last two make
the turn fail, and the gateway hands the customer to a person.
"""

from __future__ import annotations

import argparse
import json
import logging
import secrets
import sys
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import uvicorn
import yaml
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException
from sqlalchemy.exc import DBAPIError

from actions.db import Database
from actions.knowledge.serving import opened
from actions.settings import Settings
from actions.shop.shop import Shop
from actions.texts import Texts
from actions.tools import Tools

log = logging.getLogger(__name__)

LARGEST_CALL = 2_000_000  # bytes; a tracker's bounded tail is a few tens of kilobytes

Build = Callable[[Tools], Iterable[Action]]


class Executor(ActionExecutor):  # type: ignore[misc]
    """rasa-sdk's executor with the domain at hand instead of in every call."""

    def __init__(self, actions: Iterable[Action], domain: dict[str, Any]) -> None:
        super().__init__()
        self.domain = domain
        for action in actions:
            self.register_action(action)

    def update_and_return_domain(self, payload: dict[str, Any], action_name: str) -> dict[str, Any]:
        del action_name  # the signature is rasa-sdk's
        return payload.get("domain") or self.domain or {}


def read_domain(path: Path) -> dict[str, Any]:
    """The parts of a domain that actions look at (forms are validated by them)."""
    domain = yaml.safe_load(path.read_text("utf-8")) or {}
    return {part: domain.get(part) or {} for part in ("slots", "forms")} | {
        "intents": domain.get("intents") or []
    }


def create_app(settings: Settings, build: Build) -> FastAPI:
    """The server as an ASGI app; the database opens and closes with it."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        database = Database(settings.database_url)
        shop = Shop.open(home=settings.home, encoder=settings.encoder, clock=settings.shop_clock)
        await _warm(shop, database)
        texts = Texts.load(settings.texts)
        async with opened(
            settings.knowledge,
            texts.languages,
            bots=settings.bots,
            token=settings.bot_token,
            home=settings.home,
        ) as knowledge:
            tools = Tools(database, shop, texts, knowledge, settings.base_url)
            app.state.executor = Executor(build(tools), read_domain(settings.domain))
            yield
        await database.close()

    app = FastAPI(title="Setu actions", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    token = settings.actions_token.get_secret_value().encode()

    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.post("/webhook")
    async def webhook(request: Request) -> Response:
        sent = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not secrets.compare_digest(sent.encode(), token):
            return JSONResponse({"error": "the token is missing or wrong"}, 401)
        try:
            call = json.loads(await _body(request))
            name, _ = call["next_action"], call["tracker"]["sender_id"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return JSONResponse({"error": "this is not a call of an action"}, 422)
        return await _run(app.state.executor, str(name), call)

    return app


async def _warm(shop: Shop, database: Database) -> None:
    """Read the products before the first customer asks; a database without tables has none yet."""
    try:
        async with database.read() as session:
            await shop.products.warm(session)
    except DBAPIError as error:
        log.warning("the products are read when first asked for: %s", error.orig)


async def _run(executor: Executor, name: str, call: dict[str, Any]) -> Response:
    try:
        result = await executor.run(call)
    except ActionExecutionRejection as rejection:
        return JSONResponse({"error": rejection.message, "action_name": rejection.action_name}, 400)
    except ActionNotFoundException:
        log.error("unknown action %s", name)
        return JSONResponse({"error": "there is no such action", "action_name": name}, 404)
    except Exception:
        log.exception("action %s failed", name)
        return JSONResponse({"error": "the action failed", "action_name": name}, 500)
    return JSONResponse({"events": result.events, "responses": result.responses})


async def _body(request: Request) -> bytes:
    """The request's body; ``ValueError`` when it is unreasonably large."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_CALL:
            raise ValueError("too large")
    return body


def main() -> None:
    """Serve on the address of ``SETU_ACTIONS_URL``; only this machine reaches it by default."""
    parser = argparse.ArgumentParser(prog="python -m actions.app", description="Setu's action server")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, help="instead of the one in SETU_ACTIONS_URL")
    arguments = parser.parse_args()
    try:
        settings = Settings()
    except ValidationError as error:
        sys.exit("\n".join(f"SETU_{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors()))
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("rasa_sdk").setLevel(max(logging.WARNING, logging.getLogger().level))
    from actions.dialogue.registry import actions

    port = arguments.port or urlsplit(settings.actions_url).port or 5055
    uvicorn.run(
        create_app(settings, actions),
        host=arguments.host,
        port=port,
        log_config=None,
        access_log=False,
        timeout_keep_alive=75,  # longer than the bot's, so that no call meets a closing connection
    )


if __name__ == "__main__":
    main()
