"""A talk over real sockets: customer, bot, agent."""

from __future__ import annotations

from tests.support.conversations import FakeBot, wish
from tests.support.gateway import Browser, Gateway, Visitor


async def with_a_person(running: Gateway) -> tuple[Visitor, Browser]:
    """A customer whose conversation an agent has."""
    running.bot.answer = lambda _request: wish()
    visitor = await running.visit(await running.inbox())
    maria = await running.desk("Maria")
    await visitor.say("A person, please")
    await maria.live.until("conversation", lambda row: row["status"] == "assigned")
    return visitor, maria


async def test_a_customer_writes_and_the_bot_answers(running: Gateway) -> None:
    visitor = await running.visit(await running.inbox())
    stored = await visitor.say("Hello")
    assert (stored["number"], stored["sender"], stored["text"]) == (1, "customer", "Hello")
    answer = await visitor.socket.until("message", lambda data: data["message"]["sender"] == "bot")
    assert (answer["message"]["number"], answer["message"]["text"]) == (2, "re: Hello")


async def test_a_waiting_conversation_goes_to_the_agent_who_answers(running: Gateway) -> None:
    visitor, maria = await with_a_person(running)
    given = await maria.live.until("conversation", lambda row: row["status"] == "assigned")
    assert given["agent"]["id"] == maria.agent.id
    joined = await visitor.socket.until("conversation", lambda row: row["owner"] == "agent")
    assert joined["agent"] == {"name": "Maria"}
    await maria.act(visitor.conversation_id, "reply", text="Here I am", client_id="r1")
    heard = await visitor.socket.until("message", lambda data: data["message"]["sender"] == "agent")
    assert heard["message"]["text"] == "Here I am"
    assert heard["message"]["author"]["name"] == "Maria"
    await visitor.say("Wonderful")
    told = await maria.live.until("message", lambda data: data["message"]["text"] == "Wonderful")
    assert told["conversation_id"] == visitor.conversation_id


async def test_a_message_sent_again_is_the_same_message(running: Gateway) -> None:
    visitor = await running.visit(await running.inbox())
    first = await visitor.say("Hello", client_id="c1")
    again = await visitor.say("Hello", client_id="c1")
    assert again["id"] == first["id"]
    await visitor.socket.until("message", lambda data: data["message"]["sender"] == "bot")
    missed = await visitor.socket.call("sync", {"after": 0})
    assert [m["number"] for m in missed["messages"]] == [1, 2]


async def test_messages_keep_the_order_in_which_one_socket_sent_them(running: Gateway) -> None:
    visitor, maria = await with_a_person(running)
    for n in range(30):
        await visitor.socket.emit("send", {"client_id": f"n{n}", "text": f"number {n}"})
    await maria.live.until("message", lambda data: data["message"]["text"] == "number 29")
    missed = await visitor.socket.call("sync", {"after": 1})
    texts = [m["text"] for m in missed["messages"] if m["text"].startswith("number")]
    assert texts == [f"number {n}" for n in range(30)]


async def test_what_was_missed_comes_after_the_last_number_known(running: Gateway) -> None:
    visitor, maria = await with_a_person(running)
    await visitor.socket.close()
    await maria.act(visitor.conversation_id, "note", text="for colleagues only", client_id="n1")
    await maria.act(visitor.conversation_id, "reply", text="Still there?", client_id="r1")
    back = await running.socket("/widget", {"token": visitor.token})
    missed = await back.call("sync", {"after": 3})
    assert [m["text"] for m in missed["messages"]] == ["Still there?"]
    assert missed["conversation"]["last_number"] == missed["messages"][-1]["number"]


async def test_a_note_never_reaches_the_customer(running: Gateway) -> None:
    visitor, maria = await with_a_person(running)
    await maria.act(visitor.conversation_id, "note", text="a difficult one", client_id="n1")
    await maria.act(visitor.conversation_id, "reply", text="Let me see", client_id="r1")
    await visitor.socket.until("message", lambda data: data["message"]["text"] == "Let me see")
    assert "a difficult one" not in str(list(visitor.socket.seen))
    told = await maria.live.until("message", lambda data: data["message"]["private"])
    assert told["message"]["text"] == "a difficult one"


async def test_both_sides_see_the_other_typing(running: Gateway) -> None:
    visitor, maria = await with_a_person(running)
    await visitor.socket.emit("typing", {"on": True})
    sign = await maria.live.until("typing", lambda data: data["who"] == "customer")
    assert sign == {"conversation_id": visitor.conversation_id, "who": "customer", "name": None, "on": True}
    await maria.live.call("typing", {"conversation": visitor.conversation_id, "on": True})
    sign = await visitor.socket.until("typing", lambda data: data["who"] == "agent")
    assert sign == {"who": "agent", "name": "Maria", "on": True}


async def test_read_marks_reach_the_other_side(running: Gateway) -> None:
    visitor, maria = await with_a_person(running)
    await visitor.socket.call("read", {"number": 2})
    mark = await maria.live.until("read", lambda data: data["who"] == "customer")
    assert mark["number"] == 2
    await maria.act(visitor.conversation_id, "read", number=1)
    assert (await visitor.socket.until("read"))["number"] == 1


async def test_the_queue_is_seen_by_customers_and_desks(running: Gateway) -> None:
    running.bot.answer = lambda _request: wish()
    inbox = await running.inbox()
    first, second = await running.visit(inbox), await running.visit(inbox)
    maria = await running.desk("Maria", capacity=1)
    await maria.live.call("availability", {"value": "away"})
    await first.say("A person")
    await first.socket.until("conversation", lambda row: row["queue_position"] == 1)
    await second.say("A person too")
    await second.socket.until("conversation", lambda row: row["queue_position"] == 2)
    await maria.live.until("queue", lambda data: data["waiting"] == 2)
    await maria.live.call("availability", {"value": "online"})
    await second.socket.until("conversation", lambda row: row["queue_position"] == 1)


async def test_a_conversation_handed_back_is_the_bots_again(running: Gateway) -> None:
    visitor, maria = await with_a_person(running)
    running.bot.answer = FakeBot().answer
    row = (await maria.act(visitor.conversation_id, "hand-back", next="track_order"))["conversation"]
    assert (row["owner"], row["agent"]) == ("bot", None)
    await visitor.socket.until("message", lambda data: data["message"]["text"].startswith("re: /handed_back"))
    assert running.bot.asked[-1].payload == '/handed_back{"next": "track_order"}'


async def test_a_conversation_taken_by_a_colleague_leaves_the_list(running: Gateway) -> None:
    running.bot.answer = lambda _request: wish()
    visitor = await running.visit(await running.inbox())
    maria, omar = await running.desk("Maria"), await running.desk("Omar")
    for desk in (maria, omar):
        await desk.live.call("availability", {"value": "away"})
        await desk.live.call("watch", {"conversation": visitor.conversation_id})
    await visitor.say("A person")
    await omar.live.until("conversation", lambda row: row["status"] == "queued")
    await maria.act(visitor.conversation_id, "claim")
    gone = await omar.live.until("conversation", lambda row: row.get("hidden"))
    assert gone["id"] == visitor.conversation_id
    assert "last_message" not in gone
    await visitor.say("My secret is 4711")
    await maria.live.until("message", lambda data: data["message"]["text"] == "My secret is 4711")
    assert "4711" not in str(list(omar.live.seen))


async def test_a_supervisor_watches_what_an_agent_has(running: Gateway) -> None:
    visitor, _maria = await with_a_person(running)
    ravi = await running.desk("Ravi", "supervisor")
    assert (await ravi.live.call("watch", {"conversation": visitor.conversation_id}))["ok"]
    await visitor.say("Can you hear me?")
    heard = await ravi.live.until("message", lambda data: data["message"]["text"] == "Can you hear me?")
    assert heard["conversation_id"] == visitor.conversation_id
    await ravi.live.call("unwatch", {"conversation": visitor.conversation_id})
    await visitor.say("And now?")
    row = await ravi.live.until("conversation", lambda row: row["last_message"]["text"] == "And now?")
    assert row["unread"] >= 1
    assert "And now?" not in [data["message"]["text"] for data in ravi.live.of("message")]


async def test_an_agent_keeps_hearing_of_what_the_agent_resolved(running: Gateway) -> None:
    visitor, maria = await with_a_person(running)
    await maria.act(visitor.conversation_id, "resolve")
    row = await maria.live.until("conversation", lambda row: row["status"] == "resolved")
    assert not row.get("hidden")
    opened = await maria.get(f"conversations/{visitor.conversation_id}")
    assert opened["conversation"]["status"] == "resolved"
