"""How the bot calls the action server: one kept connection, and only what an action reads."""

from __future__ import annotations

from typing import Any

import aiohttp
import ujson
from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

TIMEOUT = 3.0  # seconds; the gateway gives the whole turn four
LAST_TURNS = 3  # of the tracker's events an action sees those since the third last thing said


class KeptAliveEndpoint(EndpointConfig):  # type: ignore[misc]
    """Rasa's endpoint opens a new connection for each call and sends every event it has."""

    _session: aiohttp.ClientSession | None = None

    @classmethod
    def of(cls, endpoint: EndpointConfig) -> KeptAliveEndpoint:
        """The same endpoint, kept alive, without the domain in each call."""
        kwargs = {**endpoint.kwargs, "enable_selective_domain": True}
        return cls(endpoint.url, endpoint.params, endpoint.headers, token=endpoint.token, **kwargs)

    async def request(self, json: dict[str, Any], **_: Any) -> Any:
        """Run an action; raises ``ClientResponseError`` on an answer ≥ 400, ``ValueError`` on one
        that is none, else aiohttp's errors."""
        body = ujson.dumps(_reduced(json), ensure_ascii=False).encode()
        async with self.session().post(self.url, data=body) as response:
            answer = await response.read()
        if response.status >= 400:
            raise ClientResponseError(response.status, response.reason, answer)
        return _checked(ujson.loads(answer))

    def session(self) -> aiohttp.ClientSession:
        """The one session; made on the first call, because it belongs to the running loop."""
        if self._session is None or self._session.closed:
            headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
            # uvicorn keeps an idle connection longer than that, so that we are the one to close it
            connector = aiohttp.TCPConnector(limit=64, keepalive_timeout=30)
            timeout = aiohttp.ClientTimeout(total=TIMEOUT, connect=1.0)
            self._session = aiohttp.ClientSession(headers=headers, connector=connector, timeout=timeout)
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


def spare_the_schema() -> None:
    """Let Rasa take the answers that :class:`KeptAliveEndpoint` has checked as they are.

    It would check its own JSON schema against the schema of schemas on each answer: 16 ms of the
    18 that an action costs. There is no setting for it, hence this one replaced method.
    """
    RemoteAction._validate_action_result = lambda _self, _answer: True


def _checked(answer: Any) -> Any:
    """The answer, if it holds lists of events and responses."""
    good = isinstance(answer, dict) and all(
        isinstance(answer.get(part), list) and all(isinstance(one, dict) for one in answer[part])
        for part in ("events", "responses")
    )
    if not good or not all(isinstance(event.get("event"), str) for event in answer["events"]):
        raise ValueError("the action server's answer is not a list of events and one of responses")
    return answer


def _reduced(call: dict[str, Any]) -> dict[str, Any]:
    """The call with the tracker's last turns only; what was said last is in ``latest_message``."""
    tracker = call["tracker"]
    said = [index for index, event in enumerate(tracker["events"]) if event["event"] == "user"]
    start = said[-LAST_TURNS] if len(said) >= LAST_TURNS else 0
    return {**call, "tracker": {**tracker, "events": tracker["events"][start:]}}
