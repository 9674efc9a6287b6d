"""Other channels of a person at the desk: who may be the same, joined with proof, parted again."""

from __future__ import annotations

from typing import Any

import httpx

from handoff.conversations.inbound import Inbound
from tests.support.gateway import Gateway, Visitor


async def talk(running: Gateway) -> Visitor:
    visitor = await running.visit(await running.inbox())
    await visitor.say("Hello")
    await running.conversations.turns.settle()
    return visitor


async def other(running: Gateway, name: str | None = None, **more: Any) -> str:
    """A talk of somebody on a REST inbox; returns its thread."""
    made = await running.inboxes.create("rest", "Till")
    inbound = Inbound("+49170123456", text="Hi", name=name, **more)
    receipt = await running.conversations.receive(made.inbox, inbound)
    await running.conversations.turns.settle()
    return receipt.message.conversation_id


async def test_merged_they_are_one_thread_and_undone_they_are_two(running: Gateway) -> None:
    here, there = (await talk(running)).conversation_id, await other(running)
    maria = await running.desk("Maria", availability="away")
    merged = await maria.post(f"conversations/{here}/links/merge", {"conversation_id": there})
    assert merged.json() == {"conversation_id": here}
    found = await maria.get(f"conversations/{here}/links")
    assert [(one["channel"], one["handle"], one["current"]) for one in found["contacts"]] == [
        ("web", found["contacts"][0]["handle"], True),
        ("rest", "…3456", False),
    ]
    (link,) = found["links"]
    assert (link["proof"], link["agent"], link["from"], link["undone_at"]) == ("agent", "Maria", there, None)
    await maria.act(here, f"links/{link['id']}/undo")
    found = await maria.get(f"conversations/{here}/links")
    assert len(found["contacts"]) == 1
    assert found["links"][0]["undone_at"]
    again = await maria.post(f"conversations/{here}/links/{link['id']}/undo")
    assert (again.status_code, again.json()["error"]["code"]) == (409, "undone")


async def test_who_may_be_the_same_person_is_named_with_the_reason(running: Gateway) -> None:
    same = await other(running, "Meera Nair", customer_id="c1")
    await other(running, "Somebody Else")
    made = await running.inboxes.create("rest", "Phone")
    receipt = await running.conversations.receive(made.inbox, Inbound("x", text="Hi", name="meera nair"))
    await running.conversations.turns.settle()
    maria = await running.desk("Maria", availability="away")
    found = await maria.get(f"conversations/{receipt.message.conversation_id}/links")
    assert [(one["conversation_id"], one["why"]) for one in found["candidates"]] == [(same, "name")]


async def test_a_code_goes_to_the_other_channel_and_is_asked_for_here(running: Gateway) -> None:
    visitor, there = await talk(running), await other(running)
    maria = await running.desk("Maria", availability="away")
    contact = (await maria.get(f"conversations/{there}/links"))["contacts"][0]
    await maria.act(visitor.conversation_id, "links/code", contact_id=contact["id"])
    asked = (await maria.get(f"conversations/{visitor.conversation_id}/messages"))["messages"][-1]
    shown = (await maria.get(f"conversations/{there}/messages"))["messages"][-1]
    assert (asked["rich"]["key"], shown["rich"]["key"]) == ("link_ask", "link_code")
    await visitor.say(shown["rich"]["values"]["code"])
    await visitor.socket.until("message", lambda one: one["message"]["rich"].get("key") == "link_done")
    assert len((await maria.get(f"conversations/{visitor.conversation_id}/links"))["contacts"]) == 2


async def test_a_talk_that_an_agent_may_not_see_is_no_talk(running: Gateway) -> None:
    here, there = (await talk(running)).conversation_id, await other(running)
    nikos = await running.desk("Nikos", availability="away")
    await nikos.act(there, "claim")
    maria = await running.desk("Maria", availability="away")
    contact = (await nikos.get(f"conversations/{there}/links"))["contacts"][0]
    for answer in (
        await maria.http.get(f"/api/desk/conversations/{there}/links"),
        await maria.post(f"conversations/{here}/links/merge", {"conversation_id": there}),
        await maria.post(f"conversations/{here}/links/code", {"contact_id": contact["id"]}),
        await maria.post(f"conversations/{here}/links/{'x' * 22}/undo"),
    ):
        assert answer.status_code == 404


async def test_what_became_part_of_a_talk_is_read_by_who_has_the_talk(running: Gateway) -> None:
    here, there = (await talk(running)).conversation_id, await other(running)
    nikos = await running.desk("Nikos", availability="away")
    await nikos.act(there, "claim")
    await nikos.act(there, "resolve")
    maria = await running.desk("Maria", availability="away")
    hidden = await maria.http.get(f"/api/desk/conversations/{there}/messages")
    assert hidden.status_code == 404
    await nikos.post(f"conversations/{here}/links/merge", {"conversation_id": there})
    await maria.act(here, "claim")
    earlier = await maria.get(f"conversations/{there}/messages")
    assert earlier["messages"][0]["text"] == "Hi"


async def test_a_code_taken_along_from_the_widget_joins_the_channel_it_is_said_on(running: Gateway) -> None:
    inbox = await running.inbox()
    visitor = await running.visit(inbox)
    await visitor.say("Hello")
    async with httpx.AsyncClient(base_url=running.url) as http:
        path = f"/api/widget/{inbox.inbox.id}/continue"
        answer = await http.post(path, json={"token": visitor.token})
        stranger = await http.post(path, json={"token": "x" * 43})
    assert (stranger.status_code, stranger.json()["error"]["code"]) == (401, "token_unknown")
    made = await running.inboxes.create("rest", "Phone")
    said = Inbound("ann", text=f"Hi! {answer.json()['code']}")
    await running.conversations.receive(made.inbox, said)
    maria = await running.desk("Maria", availability="away")
    talks = (await maria.get("conversations", view="bot"))["conversations"]
    assert len(talks) == 1
    contacts = (await maria.get(f"conversations/{talks[0]['id']}/links"))["contacts"]
    assert sorted(one["channel"] for one in contacts) == ["rest", "web"]
