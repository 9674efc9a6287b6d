"""What sockets must not be able to do."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from actions.db import now
from handoff.agents.models import Agent, SignIn
from handoff.conversations.models import ContactToken
from tests.support.conversations import wish
from tests.support.gateway import PASSWORD, Gateway
from tests.support.sockets import Refused


async def refused(running: Gateway, *args: Any, **how: Any) -> str:
    with pytest.raises(Refused) as answer:
        await running.socket(*args, **how)
    return str(answer.value.code)


async def test_a_widget_without_a_good_token_stays_outside(running: Gateway) -> None:
    odd: list[Any] = [None, {}, ["token"], "token", {"token": None}, {"token": 1}, {"token": "\ud800"}]
    for auth in (*odd, {"token": ""}, {"token": "guess"}, {"token": "x" * 5000}, {"token": "a\x00b"}):
        assert await refused(running, "/widget", auth) in ("token_unknown", "bad_request")


async def test_an_expired_token_stays_outside(running: Gateway) -> None:
    visitor = await running.visit(await running.inbox())
    async with running.database.write() as session:
        await session.execute(update(ContactToken).values(expires_at=now()))
    assert await refused(running, "/widget", {"token": visitor.token}) == "token_unknown"


async def test_a_customer_hears_and_reads_nothing_of_another(running: Gateway) -> None:
    inbox = await running.inbox()
    ann, eve = await running.visit(inbox), await running.visit(inbox)
    await ann.say("My secret is 4711")
    await ann.socket.until("message", lambda data: data["message"]["sender"] == "bot")
    for event, data in (
        ("sync", {"after": 0, "conversation": ann.conversation_id, "conversation_id": ann.conversation_id}),
        ("read", {"number": 1, "conversation": ann.conversation_id}),
        ("watch", {"conversation": ann.conversation_id}),
        ("join", {"room": f"contact:{ann.conversation_id}"}),
        ("enter_room", {"room": f"contact:{ann.conversation_id}"}),
    ):
        assert "4711" not in str(await eve.socket.call(event, data))
    await eve.say("Hello")
    await eve.socket.until("message", lambda data: data["message"]["sender"] == "bot")
    assert "4711" not in str(list(eve.socket.seen))
    assert (await running.view(ann.conversation_id)).read_by_customer == 0


async def test_typing_cannot_be_forged(running: Gateway) -> None:
    """Whatever a customer claims, the sign is the customer's own, in the customer's own conversation."""
    running.bot.answer = lambda _request: wish()
    inbox = await running.inbox()
    ann, eve = await running.visit(inbox), await running.visit(inbox)
    maria = await running.desk("Maria", capacity=1)
    await ann.say("A person")
    await maria.live.until("conversation", lambda row: row["status"] == "assigned")
    forged = {"on": True, "who": "agent", "name": "Maria", "conversation_id": ann.conversation_id}
    await eve.socket.call("typing", forged | {"conversation": ann.conversation_id})
    await ann.socket.call("typing", {"on": True, "who": "agent", "name": "Maria"})
    sign = await maria.live.until("typing")
    assert (sign["who"], sign["name"], sign["conversation_id"]) == ("customer", None, ann.conversation_id)
    assert len(maria.live.of("typing")) == 1
    assert {sign["who"] for sign in ann.socket.of("typing")} <= {"bot"}


async def test_an_agent_types_only_in_an_own_conversation(running: Gateway) -> None:
    running.bot.answer = lambda _request: wish()
    visitor = await running.visit(await running.inbox())
    maria, omar = await running.desk("Maria"), await running.desk("Omar", availability="away")
    await visitor.say("A person")
    await maria.live.until("conversation", lambda row: row["status"] == "assigned")
    answer = await omar.live.call("typing", {"conversation": visitor.conversation_id, "on": True})
    assert answer["error"]["code"] == "not_yours"
    assert {sign["who"] for sign in visitor.socket.of("typing")} <= {"bot"}


async def test_an_agent_cannot_watch_what_a_colleague_has(running: Gateway) -> None:
    running.bot.answer = lambda _request: wish()
    visitor = await running.visit(await running.inbox())
    maria, omar = await running.desk("Maria"), await running.desk("Omar", availability="away")
    await visitor.say("A person")
    await maria.live.until("conversation", lambda row: row["status"] == "assigned")
    answer = await omar.live.call("watch", {"conversation": visitor.conversation_id})
    assert answer["error"]["code"] == "conversation_unknown"
    unknown = await omar.live.call("watch", {"conversation": "no-such-conversation"})
    assert unknown == answer


async def test_a_desk_without_a_good_cookie_stays_outside(running: Gateway) -> None:
    for cookie in (None, "", "setu_desk=", "setu_desk=forged", "other=1", "setu_desk=;;=,", 'setu_desk="'):
        assert await refused(running, "/desk", cookie=cookie) == "not_signed_in"


async def test_a_widgets_token_opens_no_desk_and_a_desks_cookie_no_widget(running: Gateway) -> None:
    visitor = await running.visit(await running.inbox())
    maria = await running.desk("Maria")
    token = maria.cookie.split("=", 1)[1]
    assert await refused(running, "/desk", {"token": visitor.token}, cookie=f"setu_desk={visitor.token}")
    assert await refused(running, "/widget", {"token": token}, cookie=maria.cookie) == "token_unknown"


async def test_a_trainer_has_no_desk(running: Gateway) -> None:
    mitra = await running.browser(await running.hire("Mitra", "trainer"))
    assert await refused(running, "/desk", cookie=mitra.cookie) == "role_refused"


async def test_another_pages_script_cannot_use_the_desk(running: Gateway) -> None:
    maria = await running.desk("Maria")
    for origin in ("https://evil.example", "null", "http://127.0.0.1:1", "file://"):
        assert await refused(running, "/desk", cookie=maria.cookie, origin=origin) == "origin_refused"


async def test_a_widget_runs_only_in_the_pages_its_inbox_allows(running: Gateway) -> None:
    inbox = await running.inbox(origins=["https://shop.example"])
    visitor = await running.visit(inbox)
    auth = {"token": visitor.token}
    assert await refused(running, "/widget", auth, origin="https://evil.example") == "origin_refused"
    assert await refused(running, "/widget", auth, origin="https://shop.example.evil.example")
    for origin in ("https://shop.example", running.url):
        socket = await running.socket("/widget", auth, origin=origin)
        assert (await socket.call("sync", {"after": 0}))["ok"]


async def test_no_event_reaches_what_is_not_meant_for_clients(running: Gateway) -> None:
    visitor = await running.visit(await running.inbox())
    maria = await running.desk("Maria")
    for event in ("admit", "left", "emit", "close_room", "on_connect", "trigger_event", "__class__", "", "*"):
        for socket in (visitor.socket, maria.live):
            answer = await socket.call(event, {})
            assert answer["error"]["code"] == "event_unknown"


async def test_connect_and_disconnect_cannot_be_sent_as_events(running: Gateway) -> None:
    ann = await running.visit(await running.inbox())
    environ = {"HTTP_ORIGIN": "https://evil.example"}
    for event in ("connect", "disconnect"):
        await ann.socket.emit(event, environ)
    assert (await ann.say("Still here"))["number"] == 1


BAD: list[tuple[str, Any]] = [
    ("send", None),
    ("send", []),
    ("send", "Hello"),
    ("send", {}),
    ("send", {"text": "Hello"}),
    ("send", {"client_id": "", "text": "Hello"}),
    ("send", {"client_id": "x" * 65, "text": "Hello"}),
    ("send", {"client_id": "a\x00b", "text": "Hello"}),
    ("send", {"client_id": "1", "text": {"a": 1}}),
    ("send", {"client_id": "1", "text": ""}),
    ("send", {"client_id": "1", "text": " \u200b\n"}),
    ("send", {"client_id": "1", "text": "x" * 10_001}),
    ("send", {"client_id": "1", "text": "a", "payload": "/greet"}),
    ("send", {"client_id": "1", "payload": "/unknown{"}),
    ("send", {"client_id": "1", "payload": "/greet"}),
    ("read", {"number": "1"}),
    ("read", {"number": -1}),
    ("read", {"number": 2**40}),
    ("read", {"number": True}),
    ("sync", {"after": None}),
    ("sync", {"after": -5}),
    ("sync", {}),
]


async def test_bad_input_gets_an_error_and_changes_nothing(running: Gateway) -> None:
    visitor = await running.visit(await running.inbox())
    for event, data in BAD:
        answer = await visitor.socket.call(event, data)
        assert answer["ok"] is False, (event, data)
        assert answer["error"]["code"] not in ("internal", "unknown"), (event, data)
        assert answer["error"]["message"]
    view = await running.view(visitor.conversation_id)
    assert (view.last_number, view.read_by_customer) == (0, 0)
    assert running.bot.asked == []


async def test_odd_texts_are_stored_as_texts(running: Gateway) -> None:
    inbox = await running.inbox()
    odd = (
        "<script>alert(1)</script>",
        "\u202egnp.exe",
        "a\x00b\x1b[31m",
        "👩‍👩‍👧",
        "\ud83d",
        "/greet",
        "x" * 10_000,
    )
    for text in odd:
        visitor = await running.visit(inbox)
        stored = await visitor.say(text, client_id="1")
        assert stored["number"] == 1
        assert not set(stored["text"]) & {"\x00", "\x1b", "\u202e", "\ud83d"}
        await visitor.socket.until("message", lambda data: data["message"]["sender"] == "bot")
        assert running.bot.asked[-1].payload is None


async def test_fifty_messages_in_a_second_are_all_kept(running: Gateway) -> None:
    visitor = await running.visit(await running.inbox())
    answers = await asyncio.gather(
        *(visitor.socket.call("send", {"client_id": f"c{n}", "text": f"message {n}"}) for n in range(50))
    )
    assert all(answer["ok"] for answer in answers)
    found = (await visitor.socket.call("sync", {"after": 0}))["messages"]
    own = [m["text"] for m in found if m["sender"] == "customer"]
    assert own == [f"message {n}" for n in range(50)]


async def test_signing_out_closes_the_live_connection(running: Gateway) -> None:
    maria = await running.desk("Maria")
    cookie = maria.cookie
    assert (await maria.post("sign-out")).status_code == 200
    await asyncio.wait_for(maria.live.closed.wait(), 10)
    assert await refused(running, "/desk", cookie=cookie) == "not_signed_in"


async def test_a_new_password_closes_the_connections_of_other_browsers(running: Gateway) -> None:
    agent = await running.hire("Maria")
    here = await (await running.browser(agent)).open_desk()
    there = await (await running.browser(agent)).open_desk()
    body = {"old": PASSWORD, "new": "an even better one"}
    assert (await here.http.put("/api/desk/me/password", json=body)).status_code == 200
    await asyncio.wait_for(there.live.closed.wait(), 10)
    assert (await here.http.get("/api/desk/me")).status_code == 200
    assert (await there.http.get("/api/desk/me")).status_code == 401


@pytest.mark.parametrize("change", [
    update(SignIn).values(expires_at=now() - timedelta(seconds=1)),
    update(Agent).values(disabled=True),
])  # fmt: skip
async def test_the_next_beat_closes_a_desk_whose_right_has_ended(running: Gateway, change: Any) -> None:
    maria = await running.desk("Maria")
    async with running.database.write() as session:
        await session.execute(change)
    await running.front.heart.signs_of_life()
    await asyncio.wait_for(maria.live.closed.wait(), 10)
