"""One connection to the action server, only what an action reads, and no failure goes unheard."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from bot.action_endpoint import KeptAliveEndpoint, _reduced
from tests.support.fake_actions import FakeActions, fake_actions
from tests.support.processes import free_port


def call(action: str = "action_facts", turns: int = 1) -> dict[str, object]:
    said = [{"event": "user", "text": str(number)} for number in range(turns)]
    events = [event for one in said for event in (one, {"event": "bot"}, {"event": "action"})]
    return {
        "next_action": action,
        "sender_id": "c",
        "tracker": {"slots": {"customer_id": "ä"}, "events": events},
    }


@pytest.fixture
async def endpoint(actions: FakeActions) -> AsyncIterator[KeptAliveEndpoint]:
    endpoint = KeptAliveEndpoint.of(EndpointConfig(f"{actions.url}/webhook", token="actions"))
    yield endpoint
    await endpoint.close()


async def test_many_calls_share_one_connection(endpoint: KeptAliveEndpoint, actions: FakeActions) -> None:
    answers = [await endpoint.request(json=call()) for _ in range(5)]
    assert answers[0]["responses"] == [{"text": "A fact for ä"}]
    assert len(actions.connections) == 1


async def test_only_the_last_turns_travel(endpoint: KeptAliveEndpoint, actions: FakeActions) -> None:
    whole = call(turns=10)
    await endpoint.request(json=whole)
    sent = actions.calls[0]["tracker"]["events"]
    assert [event["text"] for event in sent if event["event"] == "user"] == ["7", "8", "9"]
    assert sent[0]["event"] == "user"
    assert len(whole["tracker"]["events"]) == 30  # the bot's own tracker is left alone


def test_a_short_talk_travels_whole() -> None:
    assert _reduced(call(turns=2)) == call(turns=2)


async def test_an_action_that_fails_raises_with_its_status(endpoint: KeptAliveEndpoint) -> None:
    with pytest.raises(ClientResponseError) as failed:
        await endpoint.request(json=call("action_broken"))
    assert failed.value.status == 500


async def test_an_answer_that_is_none_raises(endpoint: KeptAliveEndpoint) -> None:
    with pytest.raises(ValueError, match="events"):
        await endpoint.request(json=call("action_garbled"))


async def test_a_wrong_token_raises(actions: FakeActions) -> None:
    endpoint = KeptAliveEndpoint.of(EndpointConfig(f"{actions.url}/webhook", token="wrong"))
    with pytest.raises(ClientResponseError) as failed:
        await endpoint.request(json=call())
    assert failed.value.status == 401
    await endpoint.close()


async def test_nobody_there_raises_and_a_server_that_comes_back_is_found() -> None:
    port = free_port()
    endpoint = KeptAliveEndpoint.of(EndpointConfig(f"http://127.0.0.1:{port}/webhook", token="actions"))
    with pytest.raises(aiohttp.ClientConnectionError):
        await endpoint.request(json=call())
    for _ in range(2):  # a restart in between breaks the kept connection
        async with fake_actions(port):
            assert (await endpoint.request(json=call()))["responses"]
    await endpoint.close()
