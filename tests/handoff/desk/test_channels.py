"""The desk over HTTP, where channels differ: what a reply holds, how far it got, who talks in a thread."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from actions.db import new_id
from handoff.channels.models import Inbox
from handoff.conversations.models import Contact, Conversation, Message
from handoff.delivery.models import Delivery
from tests.handoff.desk.test_api import away, code, queued
from tests.support.gateway import Browser, Gateway


async def claimed(running: Gateway) -> tuple[Browser, str]:
    """An agent with a conversation of theirs."""
    visitor = await queued(running)
    maria = await away(running)
    await maria.act(visitor.conversation_id, "claim")
    return maria, visitor.conversation_id


async def test_a_template_goes_out_with_what_fills_its_gaps_and_the_words_it_reads_like(
    running: Gateway,
) -> None:
    maria, id = await claimed(running)
    template = {"name": "parcel_news", "language": "en", "variables": ["Anna", "SO-100123"]}
    said = (await maria.act(id, "reply", text="Hello Anna, news of SO-100123.", template=template))["message"]
    assert said["text"] == "Hello Anna, news of SO-100123."
    assert said["rich"]["template"] == template


async def test_a_reply_says_which_message_it_answers(running: Gateway) -> None:
    maria, id = await claimed(running)
    said = (await maria.act(id, "reply", text="Yes, that one", reply_to=1))["message"]
    assert said["rich"]["reply_to"] == 1
    stored = (await maria.get(f"conversations/{id}"))["messages"][-1]
    assert stored["rich"]["reply_to"] == 1


async def test_files_that_nobody_uploaded_are_refused_and_nothing_is_said(running: Gateway) -> None:
    maria, id = await claimed(running)
    answer = await maria.post(f"conversations/{id}/reply", {"text": "Here", "files": ["unknown"]})
    assert code(answer) == (422, "unknown_file")
    assert (await maria.get(f"conversations/{id}"))["messages"][-1]["text"] != "Here"


@pytest.mark.parametrize(
    "body",
    [
        {"files": ["../etc/passwd"]},
        {"files": ["f"] * 11},
        {"text": "a", "template": {"name": "x"}},
        {"text": "a", "template": {"name": "x y", "language": "en"}},
        {"text": "a", "template": {"name": "x", "language": "en", "variables": ["\x00"]}},
        {"text": "a", "template": {"name": "x", "language": "en", "variables": ["a" * 1001]}},
        {"text": "a", "reply_to": 0},
        {"text": "a", "reply_to": 2**31},
        {"text": " "},
        {},
    ],
)
async def test_a_reply_that_makes_no_sense_gets_a_clear_error(running: Gateway, body: dict[str, Any]) -> None:
    maria, id = await claimed(running)
    answer = await maria.post(f"conversations/{id}/reply", body)
    assert answer.status_code == 422, answer.text
    assert answer.json()["error"]["message"]


async def test_messages_come_with_how_far_their_push_got(running: Gateway) -> None:
    maria, id = await claimed(running)
    said = (await maria.act(id, "reply", text="Sent to a platform"))["message"]
    assert said["delivery"] is None  # the widget fetches what is for it
    async with running.database.write() as session:
        message = await session.get_one(Message, said["id"])
        conversation = await session.get_one(Conversation, id)
        session.add(
            Delivery(
                message_id=message.id,
                conversation_id=id,
                contact_id=conversation.contact_id,
                number=message.number,
                epoch=message.epoch,
                state="dead",
                error="(#10) outside of the window",
                code="window_closed",
            )
        )
    opened = (await maria.get(f"conversations/{id}"))["messages"][-1]
    after = (await maria.get(f"conversations/{id}/messages", after=said["number"] - 1))["messages"][0]
    assert opened["delivery"] == after["delivery"]
    assert (opened["delivery"]["state"], opened["delivery"]["code"]) == ("dead", "window_closed")


async def test_the_card_names_every_channel_by_which_the_person_writes_here(running: Gateway) -> None:
    maria, id = await claimed(running)
    async with running.database.write() as session:
        session.add(Inbox(id="wa", channel="whatsapp", name="Shop WhatsApp", options={}))
        await session.flush()
        session.add(Contact(id=new_id(), inbox_id="wa", external_id="911", name="Anna", conversation_id=id))
    contacts = (await maria.get(f"conversations/{id}"))["card"]["contacts"]
    assert [(one["channel"], one["inbox"], one["current"]) for one in contacts] == [
        ("web", "Shop", True),
        ("whatsapp", "Shop WhatsApp", False),
    ]
    assert "external_id" not in contacts[0]


async def test_lists_are_narrowed_to_what_the_desk_is_told_of(running: Gateway) -> None:
    maria, id = await claimed(running)
    async with running.database.write() as session:
        session.add(Inbox(id="wa", channel="whatsapp", name="A WhatsApp", options={}))
        session.add(Inbox(id="off", channel="telegram", name="Gone", options={}, disabled=True))
    inboxes = (await maria.get("filters"))["inboxes"]
    assert [(one["name"], one["channel"]) for one in inboxes] == [("A WhatsApp", "whatsapp"), ("Shop", "web")]
    shop = inboxes[1]["id"]
    for query, found in (
        ({"inbox": shop}, [id]),
        ({"channel": "web"}, [id]),
        ({"inbox": "wa"}, []),
        ({"channel": "whatsapp"}, []),
    ):
        rows = (await maria.get("conversations", view="mine", **query))["conversations"]
        assert [row["id"] for row in rows] == found, query
    for bad in ("channel=WEB", "channel=a%27b", "inbox=%00", "inbox=a/b"):
        assert (await maria.http.get(f"/api/desk/conversations?{bad}")).status_code == 422, bad


async def test_only_who_is_signed_in_learns_which_inboxes_there_are(running: Gateway) -> None:
    async with httpx.AsyncClient(base_url=running.url) as http:
        assert code(await http.get("/api/desk/filters")) == (401, "not_signed_in")
