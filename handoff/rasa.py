"""The bot over HTTP: n Rasa servers, each conversation at home on one of them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import httpx
import orjson

from bot.contract import TurnReply, TurnRequest
from handoff.conversations.ports import BotFailure

PATH = "/webhooks/setu/turn"
CONNECT = 1.0  # seconds; the servers are near


def ranked(servers: Sequence[str], conversation_id: str) -> list[str]:
    """Servers in this conversation's order of preference (rendezvous hashing): without one of
    them only its own conversations move. Thaler and Ravishankar (1998)."""

    def weight(server: str) -> bytes:
        return hashlib.blake2s(f"{server} {conversation_id}".encode()).digest()

    return sorted(servers, key=weight) if len(servers) > 1 else list(servers)


class RasaBot:
    """Sends turns over kept-alive connections. A server that cannot be reached is passed over
    (nothing was asked of it yet); any other failure is the turn's failure."""

    def __init__(
        self,
        servers: Sequence[str],
        token: str,
        timeout: float,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._servers = list(servers)
        self._client = httpx.AsyncClient(
            timeout=httpx.Timeout(timeout, connect=min(CONNECT, timeout)),
            limits=httpx.Limits(max_connections=200, max_keepalive_connections=50),
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
            transport=transport,
            trust_env=False,
        )

    async def turn(self, request: TurnRequest) -> TurnReply:
        body = orjson.dumps(request.to_dict())
        for server in ranked(self._servers, request.conversation_id):
            try:
                answer = await self._client.post(server + PATH, content=body)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
            except httpx.TimeoutException as late:
                raise BotFailure("timeout") from late
            except httpx.HTTPError as broken:
                raise BotFailure("unreachable", type(broken).__name__) from broken
            return _read(answer)
        raise BotFailure("unreachable", "no server")

    async def ready(self) -> bool:
        """Whether at least one server answers."""
        for server in self._servers:
            try:
                if (await self._client.get(f"{server}/health", timeout=CONNECT)).status_code == 200:
                    return True
            except httpx.HTTPError:
                continue
        return False

    async def close(self) -> None:
        await self._client.aclose()


def _read(answer: httpx.Response) -> TurnReply:
    if answer.status_code != 200:
        raise BotFailure("status", str(answer.status_code))
    try:
        reply = TurnReply.from_dict(orjson.loads(answer.content))
        float(reply.understanding.confidence), float(reply.understanding.sentiment.get("score") or 0)
        well = all(isinstance(r.buttons, list) and isinstance(r.cards, list) for r in reply.replies)
    except (ValueError, TypeError, KeyError, AttributeError) as unreadable:
        raise BotFailure("invalid", type(unreadable).__name__) from unreadable
    if not well or not all(r.text or r.cards or r.buttons or r.image for r in reply.replies):
        raise BotFailure("invalid", "a reply without content")
    return reply
