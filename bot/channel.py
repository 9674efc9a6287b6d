"""The bot's only door: ``POST /webhooks/setu/turn`` (see :mod:`bot.contract`), bearer token.

A failure of any kind is a status other than 200 with ``{"error": {"code", "message"}}``:
401 token, 422 request, 409 another server was faster, 503 no model, 500 the turn failed.
``DELETE /webhooks/setu/conversations/<id>`` forgets a conversation (204).
``POST /webhooks/setu/vectors`` gives vectors of texts (:mod:`bot.vectors`); 501 without an encoder.
``/webhooks/setu/model`` says which model is live, and changes it (:mod:`bot.model_routes`).
"""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty
from sanic.response import json as answer

from bot.archives import BadSignature
from bot.contract import TurnRequest
from bot.input import BadInput
from bot.loading import CannotLoad
from bot.model_routes import add_routes
from bot.models import NoSuchModel
from bot.processor import ActionFailed, TurnProcessor
from bot.tracker_rows import Conflict
from bot.turns import NoAnswer, take_turn
from bot.vectors import NoEncoder, encode, encoder_of, in_own_letters, read_texts

log = logging.getLogger(__name__)

LARGEST_REQUEST = 400_000  # bytes

Handler = Callable[..., Awaitable[HTTPResponse]]


class SetuInput(InputChannel):  # type: ignore[misc]
    """The gateway's channel; every customer's channel is behind the gateway."""

    def __init__(self, token: str) -> None:
        self._token = token.encode()

    @classmethod
    def name(cls) -> str:
        return "setu"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> SetuInput:
        token = (credentials or {}).get("token")
        if not token or token.startswith("${"):
            raise ValueError("SETU_BOT_TOKEN is not set: the bot does not answer without a token")
        return cls(token)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        del on_new_message  # it swallows what goes wrong
        routes = Blueprint("setu_turns")

        @routes.post("/turn")  # type: ignore[untyped-decorator]
        @self._guarded
        async def turn(request: Request, agent: Agent) -> HTTPResponse:
            reply = await take_turn(agent, _read(request))
            return answer(reply.to_dict())

        @routes.delete("/conversations/<conversation_id:str>")  # type: ignore[untyped-decorator]
        @self._guarded
        async def forget(_request: Request, agent: Agent, conversation_id: str) -> HTTPResponse:
            async with agent.lock_store.lock(conversation_id):
                processor = agent.processor = TurnProcessor.of(agent.processor)  # the live one, now
                await processor.tracker_store.erase(conversation_id)
            return empty()

        @routes.post("/vectors")  # type: ignore[untyped-decorator]
        @self._guarded
        async def vectors(request: Request, agent: Agent) -> HTTPResponse:
            texts, language = read_texts(request.body)
            encoder = encoder_of(agent)
            return answer(await encode(encoder, in_own_letters(agent, texts, language)))

        add_routes(routes, self._guarded, self._token)
        return routes

    def _guarded(self, handler: Handler) -> Handler:
        """Only with the token, only with a model, and never an exception outside."""

        @wraps(handler)
        async def guarded(request: Request, **arguments: Any) -> HTTPResponse:
            sent = request.headers.get("authorization", "").removeprefix("Bearer ")
            if not secrets.compare_digest(sent.encode(), self._token):
                return _error(401, "unauthorised", "the token is missing or wrong")
            agent = request.app.ctx.agent
            if agent is None or not agent.is_ready():
                return _error(503, "not_ready", "no model is loaded")
            try:
                return await handler(request, agent=agent, **arguments)
            except BadInput as error:
                return _error(422, "invalid", str(error))
            except CannotLoad as error:
                log.warning("a model was refused: %s", error)
                return _error(422, "cannot_load", str(error))
            except BadSignature as error:
                log.warning("a model was refused: %s", error)
                return _error(403, "bad_signature", str(error))
            except NoSuchModel as error:
                return _error(404, "no_model", str(error))
            except NoEncoder as error:
                return _error(501, "no_encoder", str(error))
            except Conflict:
                return _error(409, "conflict", "another server took a turn of this conversation")
            except (ActionFailed, NoAnswer) as error:
                log.error("turn failed: %s", error, exc_info=error.__cause__)
                return _error(
                    500, "action_failed" if isinstance(error, ActionFailed) else "empty", str(error)
                )
            except Exception:
                log.exception("turn failed")
                return _error(500, "failed", "the turn failed")

        return guarded


def _read(request: Request) -> TurnRequest:
    if len(request.body) > LARGEST_REQUEST:
        raise BadInput("the request is too large")
    try:
        return TurnRequest.from_dict(json.loads(request.body))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise BadInput(f"not a turn: {error}") from error


def _error(status: int, code: str, message: str) -> HTTPResponse:
    return answer({"error": {"code": code, "message": message}}, status)
