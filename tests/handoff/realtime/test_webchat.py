"""Widgets made for Rasa talk to the gateway as they are: sessions, words, agents, pages that come and go."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import socketio
from sqlalchemy import func, select

from handoff.channels.identity import sign
from handoff.channels.registry import Made
from handoff.conversations.models import Contact, Conversation, Message
from tests.support.conversations import said, wish
from tests.support.gateway import Gateway
from tests.support.waiting import until
from tests.support.webchat import RasaWidget

SHOP = "https://shop.example"
Opened = Callable[..., Awaitable[RasaWidget]]


@pytest.fixture
async def inbox(running: Gateway) -> Made:
    return await running.inboxes.create("webchat", "Old widget", {"origins": [SHOP]})


@pytest.fixture
async def widget(running: Gateway) -> AsyncIterator[Opened]:
    made: list[RasaWidget] = []

    async def opened(store: dict[str, Any] | None = None, origin: str = SHOP, **how: Any) -> RasaWidget:
        made.append(RasaWidget(running.url, store=store, origin=origin, **how))
        return await made[-1].open()

    yield opened
    for one in made:
        await one.close()


async def count(running: Gateway, what: Any) -> int:
    async with running.database.read() as session:
        return await session.scalar(select(func.count()).select_from(what)) or 0


async def conversation_of(running: Gateway, text: str) -> str:
    async def there() -> bool:
        return await _conversation(running, text) is not None

    await until(there)
    found = await _conversation(running, text)
    assert found
    return found


async def _conversation(running: Gateway, text: str) -> str | None:
    async with running.database.read() as session:
        return await session.scalar(select(Message.conversation_id).where(Message.text == text))


@pytest.mark.parametrize("transport", ["websocket", "polling"])
async def test_what_is_said_is_answered(inbox: Made, widget: Opened, transport: str) -> None:
    ann = await widget(transports=[transport])
    await ann.say("Hello")
    assert await ann.until("re: Hello") == ["re: Hello"]
    assert isinstance(ann.confirmed[0], str)
    assert len(ann.confirmed[0]) >= 43  # 256 bits


async def test_nobody_is_noted_before_something_is_said(
    running: Gateway, inbox: Made, widget: Opened
) -> None:
    await widget()
    assert (await count(running, Contact), await count(running, Conversation)) == (0, 0)


async def test_the_same_page_goes_on_in_one_talk(running: Gateway, inbox: Made, widget: Opened) -> None:
    ann = await widget()
    for text in ("One", "Two", "Three"):
        await ann.say(text)
        await ann.until(f"re: {text}")
    assert (await count(running, Contact), await count(running, Conversation)) == (1, 1)


async def test_the_next_page_resumes_by_the_old_id_and_hears_nothing_twice(
    running: Gateway, inbox: Made, widget: Opened
) -> None:
    ann = await widget()
    await ann.say("Hello")
    await ann.until("re: Hello")
    await ann.close()
    await gone(running)
    again = await widget(ann.store)
    assert again.confirmed == ann.confirmed
    await again.say("Still me")
    assert await again.until("re: Still me") == ["re: Still me"]
    assert await count(running, Conversation) == 1


async def gone(running: Gateway) -> None:
    """Until the gateway knows that every widget's line is closed."""

    async def nobody() -> bool:
        return not any(ns.members for name, ns in running.sockets.namespace_handlers.items() if name == "/")

    await until(nobody)


async def test_an_agents_answers_arrive_and_so_do_those_given_while_the_page_was_away(
    running: Gateway, inbox: Made, widget: Opened
) -> None:
    running.bot.answer = lambda _request: wish(text="A person comes")
    maria = await running.desk("Maria")
    ann = await widget()
    await ann.say("A person please")
    row = await maria.live.until("conversation", lambda row: row["status"] == "assigned")
    await maria.act(row["id"], "reply", text="How can I help?", client_id="r1")
    await ann.until("How can I help?")
    await ann.close()
    await gone(running)
    await maria.act(row["id"], "note", text="for colleagues only", client_id="n1")
    await maria.act(row["id"], "reply", text="Are you there?", client_id="r2")
    again = await widget(ann.store)
    assert await again.until("Are you there?") == ["Are you there?"]


async def test_after_a_restart_of_the_gateway_no_answer_is_missed(
    running: Gateway, inbox: Made, widget: Opened
) -> None:
    running.bot.answer = lambda _request: wish(text="A person comes")
    maria = await running.desk("Maria")
    ann = await widget()
    await ann.say("A person please")
    row = await maria.live.until("conversation", lambda row: row["status"] == "assigned")
    await ann.close()
    await gone(running)
    running.sockets.namespace_handlers["/"]._missed._left.clear()  # what a new process knows
    await maria.act(row["id"], "reply", text="Are you there?", client_id="r1")
    again = await widget(ann.store)
    assert (await again.until("Are you there?"))[-1] == "Are you there?"


async def test_two_tabs_of_one_browser_are_in_one_talk(running: Gateway, inbox: Made, widget: Opened) -> None:
    first = await widget()
    await first.say("Hello")
    await first.until("re: Hello")
    second = await widget(first.store)
    await second.say("From the second tab")
    assert await first.until("re: From the second tab") == ["re: Hello", "re: From the second tab"]
    # The first line might have been dead: what it was told just now is told again.
    assert await second.until("re: From the second tab") == ["re: Hello", "re: From the second tab"]


async def test_what_was_told_to_a_dead_line_is_told_to_the_next(
    running: Gateway, inbox: Made, widget: Opened
) -> None:
    running.bot.answer = lambda _request: wish(text="A person comes")
    maria = await running.desk("Maria")
    ann = await widget()
    await ann.say("A person please")
    row = await maria.live.until("conversation", lambda row: row["status"] == "assigned")
    ann.client.handlers["/"].pop("bot_uttered")  # the line is there, and nobody at its end
    await maria.act(row["id"], "reply", text="Are you there?", client_id="r1")
    again = await widget(ann.store)
    assert (await again.until("Are you there?"))[-1] == "Are you there?"
    await maria.act(row["id"], "reply", text="Ah, there you are", client_id="r2")
    assert (await again.until("Ah, there you are")).count("Are you there?") == 1


async def test_a_line_whose_pings_failed_is_not_trusted_to_have_brought_the_last_words(
    running: Gateway, inbox: Made, widget: Opened
) -> None:
    ann = await widget()
    await ann.say("Hello")
    await ann.until("re: Hello")
    await ann.close()
    await gone(running)
    missed = running.sockets.namespace_handlers["/"]._missed
    (contact,) = missed._left
    missed.left(contact, in_order=False)
    again = await widget(ann.store)
    assert await again.until("re: Hello") == ["re: Hello"]


async def test_one_visitor_never_hears_another(running: Gateway, inbox: Made, widget: Opened) -> None:
    ann, eve = await widget(), await widget()
    await ann.say("My secret is 4711")
    await ann.until("re: My secret is 4711")
    contact = await _contact_ids(running)
    for number, guess in enumerate(
        ("", "1", "0" * 32, *contact, "x" * 5000, "a\x00b", None, 7, {"id": 1}, ["x"])
    ):
        await eve.client.emit("session_request", {"session_id": guess})
        await eve.say(f"Question {number}", session_id=guess)
    for event in ("enter_room", "join", "trigger_event"):
        await eve.client.emit(event, {"room": f"contact:{contact[0]}"})
    await eve.events(1)  # a burst is one turn
    await ann.say("and 4712")
    await ann.until("re: and 4712")
    told = len(eve.heard)
    await eve.say("The end")
    await eve.events(told + 1)
    assert "47" not in str(eve.heard)
    assert eve.session not in (None, ann.session)
    assert await count(running, Contact) == 2


async def _contact_ids(running: Gateway) -> list[str]:
    async with running.database.read() as session:
        rows = (await session.execute(select(Contact.id, Contact.external_id))).all()
        conversations = (await session.scalars(select(Conversation.id))).all()
    return [*(id for row in rows for id in row), *conversations]


async def test_an_id_that_was_not_made_here_is_never_taken_up(
    running: Gateway, inbox: Made, widget: Opened
) -> None:
    planted = "an-id-that-somebody-sent-to-ann-in-a-link"
    ann = await widget({"session_id": planted})
    assert ann.session != planted
    await ann.say("Hello", session_id=planted)  # as widgets do that make ids themselves
    await ann.until("re: Hello")
    eve = await widget({"session_id": planted})
    await eve.say("Hello again", session_id=planted)
    assert await eve.until("re: Hello again") == ["re: Hello again"]
    assert await count(running, Conversation) == 2


async def test_a_page_that_no_inbox_allows_is_refused(running: Gateway, inbox: Made) -> None:
    for origin in ("https://evil.example", "https://shop.example.evil.example", "null"):
        stranger = RasaWidget(running.url, origin=origin)
        with pytest.raises(socketio.exceptions.ConnectionError):
            await stranger.open()
        assert stranger.refused == ["origin_refused"]
        await stranger.close()


async def test_without_a_webchat_inbox_there_is_no_such_door(running: Gateway) -> None:
    await running.inbox(origins=[SHOP])
    stranger = RasaWidget(running.url, origin=SHOP)
    with pytest.raises(socketio.exceptions.ConnectionError):
        await stranger.open()
    await stranger.close()


async def test_of_several_inboxes_the_page_names_one(running: Gateway, inbox: Made, widget: Opened) -> None:
    other = await running.inboxes.create("webchat", "Other", {"origins": [SHOP]})
    foreign = await running.inboxes.create("webchat", "Foreign", {"origins": ["https://other.example"]})
    ann = await widget(custom={"inbox": other.inbox.id})
    await ann.say("Hello")
    await ann.until("re: Hello")
    view = await running.view(await conversation_of(running, "Hello"))
    assert view.inbox_id == other.inbox.id
    for custom in ({}, {"inbox": foreign.inbox.id}, {"inbox": ["x"]}):
        lost = await widget(custom=custom)
        await lost.say("Where am I?")
        assert len(await lost.events(1)) == 1
        assert "re:" not in str(lost.heard)


async def test_a_session_of_another_page_is_not_resumed_here(
    running: Gateway, inbox: Made, widget: Opened
) -> None:
    await running.inboxes.create("webchat", "Other", {"origins": ["https://other.example"]})
    ann = await widget()
    await ann.say("Hello")
    await ann.until("re: Hello")
    elsewhere = await widget(dict(ann.store), origin="https://other.example")
    assert elsewhere.session != ann.session


async def test_buttons_come_as_quick_replies_and_their_payload_is_known(
    running: Gateway, inbox: Made, widget: Opened
) -> None:
    payload = '/track_order{"order_number": "SO-100123"}'
    running.bot.answer = lambda request: (
        said("Sure?", buttons=[{"title": "Yes", "payload": payload}])
        if request.text
        else said(f"tapped {request.payload}")
    )
    ann = await widget()
    await ann.say("Where is it?")
    (asked,) = await ann.events(1)
    assert asked == {
        "text": "Sure?",
        "quick_replies": [{"content_type": "text", "title": "Yes", "payload": payload}],
    }
    await ann.say(payload)
    await ann.until(f"tapped {payload}")
    assert await conversation_of(running, "Yes")  # as the desk reads it


async def test_a_payload_that_was_not_offered_is_only_words(
    running: Gateway, inbox: Made, widget: Opened
) -> None:
    ann = await widget()
    await ann.say('/cancel_order{"order_number": "SO-1"}')
    await ann.until('re: /cancel_order{"order_number": "SO-1"}')
    assert running.bot.asked[-1].payload is None


async def test_a_page_may_begin_with_a_greeting(running: Gateway, inbox: Made, widget: Opened) -> None:
    ann = await widget()
    await ann.say("/greet")
    await ann.until("re: /greet")
    assert running.bot.asked[-1].payload == "/greet"


async def test_a_customer_vouched_for_by_the_page_is_known(
    running: Gateway, inbox: Made, widget: Opened
) -> None:
    proof = sign(inbox.secret, "c-1", int(time.time()) + 600)
    identity = {"customer": "c-1", "expires": proof.expires, "signature": proof.signature}
    ann = await widget(custom={"identity": identity, "language": "en"})
    for text in ("Hello", "And again"):
        await ann.say(text)
        await ann.until(f"re: {text}")
    view = await running.view(await conversation_of(running, "Hello"))
    assert view.customer_id == "c-1"
    assert await count(running, Contact) == 1


async def test_a_forged_identity_is_no_visitor_at_all(running: Gateway, inbox: Made, widget: Opened) -> None:
    forged = {"customer": "c-1", "expires": int(time.time()) + 600, "signature": "0" * 64}
    eve = await widget(custom={"identity": forged})
    await eve.say("I am Ann")
    await eve.events(1)
    assert running.bot.asked == []
    assert await count(running, Contact) == 0


async def test_what_is_wrong_is_said_in_the_talk(running: Gateway, inbox: Made, widget: Opened) -> None:
    ann = await widget()
    for message in ("x" * 10_001, "", " \u200b", None, {"a": 1}, 7):
        await ann.say(message)
    await ann.client.emit("user_uttered", "not an object")
    await ann.client.emit("session_request")
    await ann.say("Hello")
    texts = await ann.until("re: Hello")
    assert len(texts) == 7
    assert running.bot.asked[-1].text == "Hello"


async def test_connect_and_disconnect_cannot_be_sent_as_events(
    running: Gateway, inbox: Made, widget: Opened
) -> None:
    ann = await widget()
    for event in ("connect", "disconnect"):
        await ann.client.emit(event, {"HTTP_ORIGIN": "https://evil.example"})
    await ann.say("Still here")
    await ann.until("re: Still here")
