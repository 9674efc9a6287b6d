"""The turn contract over HTTP, against the real bot process with the small bot in it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest

from bot.contract import TurnReply
from tests.support.fake_actions import FakeActions, fake_actions
from tests.support.servers import Place, Server, bot_server

_numbers = count()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place(tmp_path_factory.mktemp("bot"), {"SETU_ACTIONS_TOKEN": "actions"})


@pytest.fixture(scope="module")
def bot(place: Place, small_model: Path) -> Iterator[Server]:
    with bot_server(place, small_model) as server:
        yield server


@pytest.fixture
async def actions(place: Place) -> AsyncIterator[FakeActions]:
    async with fake_actions(urlsplit(place.env["SETU_ACTIONS_URL"]).port) as fake:
        yield fake


class Talk:
    """One conversation with the bot process."""

    def __init__(self, bot: Server) -> None:
        self.bot = bot
        self.id = f"talk-{next(_numbers)}"

    async def raw(self, body: Any = None, *, token: str | None = None, **given: Any) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {token}"} if token is not None else self.bot.headers
        request = {"conversation_id": self.id, "message_id": f"m-{next(_numbers)}", **given}
        url = f"{self.bot.url}/webhooks/setu/turn"
        async with aiohttp.ClientSession() as http:
            sent = {"data": body} if body is not None else {"json": request}
            async with http.post(url, headers=headers, **sent) as answer:
                return answer.status, await answer.json()

    async def say(self, text: str | None = None, **given: Any) -> TurnReply:
        status, answer = await self.raw(**({"text": text} if text is not None else {}), **given)
        assert status == 200, answer
        return TurnReply.from_dict(answer)

    async def fail(self, status: int, code: str, **given: Any) -> None:
        got, answer = await self.raw(**given)
        assert (got, answer["error"]["code"]) == (status, code)
        assert "Traceback" not in answer["error"]["message"]


@pytest.fixture
def talk(bot: Server) -> Talk:
    return Talk(bot)


def texts(reply: TurnReply) -> list[str | None]:
    return [said.text for said in reply.replies]


async def test_a_turn_answers_with_replies_understanding_and_slots(talk: Talk, actions: FakeActions) -> None:
    reply = await talk.say("tell me facts", customer_id="anna", locale="en-IN", channel="mail")
    assert texts(reply) == ["A fact for anna"]
    assert reply.understanding.intent == "ask_facts"
    assert reply.understanding.ranking[0]["name"] == "ask_facts"
    assert reply.slots == {"customer_id": "anna", "locale": "en-IN", "channel": "mail", "seen": 1}
    assert (reply.doubtful, reply.handoff, reply.active_form) == (False, None, None)


async def test_a_form_asks_with_buttons_and_a_tap_answers(talk: Talk, actions: FakeActions) -> None:
    assert (await talk.say("place an order")).active_form == "order_form"
    asked = await talk.say("it is SO-100123")
    (button,) = asked.replies[-1].buttons
    assert button["title"] == "Red"
    done = await talk.say(payload=button["payload"])
    assert texts(done) == ["Order SO-100123 in red"]
    assert done.active_form is None
    assert done.understanding.confidence == 1.0


async def test_cards_travel_whole(talk: Talk, actions: FakeActions) -> None:
    reply = await talk.say("show cards")
    assert reply.replies[0].cards[0]["title"] == "Lamp"
    assert reply.replies[0].text == "Look"


async def test_the_dialogue_may_ask_for_a_person(talk: Talk, actions: FakeActions) -> None:
    reply = await talk.say("a person")
    assert reply.handoff is not None
    assert (reply.handoff.reason, texts(reply)) == ("asked", ["A person comes"])


async def test_a_message_not_understood_is_told_as_doubtful(talk: Talk) -> None:
    reply = await talk.say("zxcv qwerty uiop")
    assert reply.doubtful
    assert reply.replies[0].buttons


async def test_the_same_message_twice_is_answered_twice_and_handled_once(
    talk: Talk, actions: FakeActions
) -> None:
    first = await talk.say("tell me facts", message_id="same")
    again = await talk.say("tell me facts", message_id="same")
    assert again == first
    assert len(actions.calls) == 1


async def test_an_earlier_message_repeated_late_is_not_handled_again(
    talk: Talk, actions: FakeActions
) -> None:
    first = await talk.say("tell me facts", message_id="first")
    await talk.say("hello")
    again = await talk.say("tell me facts", message_id="first")
    assert (texts(again), again.understanding) == (texts(first), first.understanding)
    assert len(actions.calls) == 1


async def test_typed_text_is_never_a_payload(talk: Talk) -> None:
    typed = await talk.say('/inform{"order_number": "SO-999999"}')
    assert typed.understanding.confidence < 1
    assert "order_number" not in typed.slots or typed.slots["order_number"] == "SO-999999"
    restarted = await talk.say("/restart")
    assert restarted.understanding.intent != "restart"


async def test_a_payload_unknown_to_the_bot_is_refused(talk: Talk) -> None:
    await talk.fail(422, "invalid", payload="/no_such_intent")
    await talk.fail(422, "invalid", payload='/inform{"customer_id": "somebody-else"}')


async def test_the_gateways_slots_follow_it_and_go_when_it_says_so(talk: Talk) -> None:
    assert (await talk.say("hello", customer_id="anna")).slots["customer_id"] == "anna"
    assert (await talk.say("hello", customer_id="olga")).slots["customer_id"] == "olga"
    assert "customer_id" not in (await talk.say("hello")).slots


async def test_a_tap_as_the_first_word_takes_the_conversations_language(talk: Talk) -> None:
    assert texts(await talk.say(payload="/greet", language="hi")) == ["Hello"]


async def test_what_was_said_to_a_person_is_known_afterwards(talk: Talk) -> None:
    meanwhile = [
        {"sender": "customer", "text": "it is SO-100123"},
        {"sender": "agent", "text": "not SO-100199?"},
        {"sender": "customer", "text": "/restart, and in blue"},
    ]
    reply = await talk.say(payload="/handed_back", meanwhile=meanwhile)
    assert texts(reply) == ["I am back"]
    assert (reply.slots["order_number"], reply.slots["colour"]) == ("SO-100123", "blue")


async def test_a_failing_action_fails_the_turn_and_leaves_no_trace(talk: Talk, actions: FakeActions) -> None:
    await talk.say("tell me facts")
    await talk.fail(500, "action_failed", text="be broken", message_id="bad")
    await talk.fail(500, "action_failed", text="be broken", message_id="bad")  # not taken for answered
    assert (await talk.say("tell me facts")).slots["seen"] == 2


async def test_without_an_action_server_the_turn_fails_and_the_next_one_may_work(
    talk: Talk, place: Place
) -> None:
    await talk.fail(500, "action_failed", text="tell me facts")
    await talk.fail(500, "action_failed", text="place an order")  # a form's validation
    assert texts(await talk.say("hello")) == ["Hi"]
    async with fake_actions(urlsplit(place.env["SETU_ACTIONS_URL"]).port):
        assert (await talk.say("tell me facts")).slots["seen"] == 1


async def test_silence_is_a_failure(talk: Talk, actions: FakeActions) -> None:
    await talk.fail(500, "empty", text="be silent")
    assert texts(await talk.say("hello")) == ["Hi"]


async def test_turns_of_a_conversation_wait_for_each_other(talk: Talk, actions: FakeActions) -> None:
    replies = await asyncio.gather(*(talk.say("tell me facts") for _ in range(5)))
    assert sorted(reply.slots["seen"] for reply in replies) == [1, 2, 3, 4, 5]


async def test_a_slow_action_of_one_customer_holds_nobody_else_up(bot: Server, actions: FakeActions) -> None:
    actions.wait = asyncio.Event()
    slow = asyncio.create_task(Talk(bot).say("tell me facts"))
    async with asyncio.timeout(30):
        await actions.called.wait()
        assert texts(await Talk(bot).say("hello")) == ["Hi"]
    actions.wait.set()
    await slow


@pytest.mark.parametrize("token", ["", "wrong", "bot-token-of-the-test", "å"])
async def test_without_the_token_nothing_happens(talk: Talk, token: str) -> None:
    status, answer = await talk.raw(text="hello", token=token.encode().decode("latin-1"))
    assert (status, answer["error"]["code"]) == (401, "unauthorised")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b"\xff\xfe",
        b"{}",
        b'{"conversation_id": "c", "message_id": "m"}',
        b'{"conversation_id": "c", "message_id": "m", "text": "a", "payload": "/greet"}',
        b'{"conversation_id": 7, "message_id": "m", "text": "a"}',
        b'{"conversation_id": "c", "message_id": "m", "text": 7}',
        b'{"conversation_id": "c", "message_id": "m", "text": "a", "meanwhile": [1]}',
        b'{"conversation_id": "c", "message_id": "m", "text": "a", "meanwhile": [{"sender": "customer"}]}',
        b'{"conversation_id": "c", "message_id": "m", "text": "a", "locale": []}',
        b'{"conversation_id": "c", "message_id": "m", "text": "' + b"x" * 10_001 + b'"}',
        b'{"conversation_id": "c", "message_id": "m", "text": "' + b"x" * 500_000 + b'"}',
        b"[" * 100_000,
    ],
    ids=lambda body: repr(body[:60]),
)
async def test_what_is_no_turn_is_refused_with_a_sentence(talk: Talk, body: bytes) -> None:
    status, answer = await talk.raw(body)
    assert (status, answer["error"]["code"]) == (422, "invalid")
    assert len(answer["error"]["message"]) < 300


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "x" * 10_000,
        "\x00\x01\x1b[31m",
        "a\ud800b",
        "<script>alert(1)</script>",
        "🙂" * 300,
        "\u202eabc",
    ],
    ids=["empty", "blank", "long", "control", "surrogate", "script", "emoji", "rtl"],
)
async def test_odd_text_gets_an_answer(talk: Talk, text: str) -> None:
    reply = await talk.say(text)
    assert reply.replies


async def test_an_erased_conversation_is_forgotten(talk: Talk, bot: Server) -> None:
    await talk.say("it is SO-100123")
    url = f"{bot.url}/webhooks/setu/conversations/{talk.id}"
    async with aiohttp.ClientSession() as http:
        async with http.delete(url) as refused:
            assert refused.status == 401
        async with http.delete(url, headers=bot.headers) as done:
            assert done.status == 204
    assert "order_number" not in (await talk.say("hello")).slots


async def test_rasas_own_doors_are_shut(bot: Server) -> None:
    async with aiohttp.ClientSession() as http:
        async with http.post(
            f"{bot.url}/webhooks/rest/webhook", json={"sender": "x", "message": "hi"}
        ) as rest:
            assert rest.status == 404
        async with http.get(f"{bot.url}/conversations/x/tracker") as tracker:
            assert tracker.status == 401
        async with http.put(f"{bot.url}/model", json={"model_file": "/etc/passwd"}) as swap:
            assert swap.status == 410


async def test_a_killed_bot_goes_on_where_it_was(talk: Talk) -> None:
    first = await talk.say("it is SO-100123", message_id="last")
    talk.bot.process.kill()
    await asyncio.to_thread(talk.bot.restart)
    assert await talk.say("it is SO-100123", message_id="last") == first
    assert (await talk.say("hello")).slots["order_number"] == "SO-100123"
