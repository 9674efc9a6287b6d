"""What has arrived is handled in order, once, and nothing of it is given up silently."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from actions.db import Database
from handoff.channels import arrivals as arriving
from handoff.channels import handling
from handoff.channels.arrivals import Arrivals, Holding, plain
from handoff.channels.handling import ATTEMPTS, Handling
from handoff.channels.models import Arrival
from handoff.channels.registry import Inboxes
from handoff.channels.vault import Vault
from handoff.conversations.inbound import (
    Control,
    Deleted,
    Echo,
    Edited,
    Inbound,
    IncomingFile,
    Location,
    Reacted,
    Unknown,
)
from handoff.conversations.models import Message
from handoff.conversations.views import InboxView
from tests.support.conversations import House, Untracked, build

AT = datetime(2026, 11, 1, 12, tzinfo=UTC)


class Post:
    """A house that gets its messages from a platform."""

    def __init__(self, house: House, inbox: InboxView, inboxes: Inboxes) -> None:
        self.house, self.inbox, self.inboxes = house, inbox, inboxes
        context = house.conversations.context
        self.handling = Handling(context, house.conversations, inboxes, Untracked())
        self.arrivals = Arrivals(context, lambda _seconds: None)

    async def bring(self, *events: Any) -> None:
        await self.arrivals.store(self.inbox, events)

    async def handle(self) -> None:
        """As if the time of holding were over."""
        async with self.house.database.write() as session:
            await session.execute(update(Arrival).values(due_at=self.house.clock()))
        while await self.handling.once():
            pass
        await self.house.conversations.turns.settle()

    async def said(self) -> list[Message]:
        async with self.house.database.read() as session:
            found = await session.scalars(select(Message).order_by(Message.conversation_id, Message.number))
            return list(found)

    async def open(self) -> list[Arrival]:
        async with self.house.database.read() as session:
            return list(await session.scalars(select(Arrival).where(Arrival.handled_at.is_(None))))


@pytest.fixture
async def post(database: Database) -> AsyncIterator[Post]:
    house = await build(database)
    inboxes = Inboxes(database, Vault("k" * 40))
    made = await inboxes.create("rest", "Platform")
    return Post(house, made.inbox, inboxes)


def message(n: int, text: str | None = None, contact: str = "ann", **more: Any) -> Inbound:
    said = f"m{n}" if text is None else text
    return Inbound(contact=contact, text=said, external_id=f"{contact}-{n}", place=n, **more)


async def test_what_overtook_on_the_way_is_put_in_order_and_answered_as_one(post: Post) -> None:
    await post.bring(message(2))
    await post.bring(message(3), message(1))
    await post.handle()
    texts = [one.text for one in await post.said() if one.sender == "customer"]
    assert texts == ["m1", "m2", "m3"]
    assert [request.text for request in post.house.bot.asked] == ["m1\nm2\nm3"]


async def test_two_contacts_do_not_wait_for_each_other(post: Post) -> None:
    await post.bring(*(message(1, contact=who) for who in ("ann", "ben", "cid")))
    await post.handle()
    assert len(post.house.bot.asked) == 3


async def test_many_requests_at_once_are_each_stored_once(post: Post) -> None:
    await asyncio.gather(*(post.bring(message(n % 10)) for n in range(40)))
    assert len(await post.open()) == 10


async def test_a_person_who_answers_elsewhere_silences_the_bot(post: Post) -> None:
    await post.bring(message(1))
    await post.handle()
    await post.bring(Echo("ann", "e1", "I have looked into it", place=2), message(3))
    await post.handle()
    assert len(post.house.bot.asked) == 1
    said = [(one.sender, one.text) for one in await post.said()]
    assert said[-2:] == [("agent", "I have looked into it"), ("customer", "m3")]


async def test_the_bot_is_silent_even_when_it_was_about_to_answer(post: Post) -> None:
    post.house.bot.close()
    await post.bring(message(1))
    async with post.house.database.write() as session:
        await session.execute(update(Arrival).values(due_at=post.house.clock()))
    await post.handling.once()
    await post.bring(Echo("ann", "e1", "Mine", place=2))
    async with post.house.database.write() as session:
        await session.execute(update(Arrival).values(due_at=post.house.clock()))
    await post.handling.once()
    post.house.bot.open()
    await post.house.conversations.turns.settle()
    bot = [one for one in await post.said() if one.sender == "bot"]
    assert [(one.private, one.rich["dropped"]) for one in bot] == [(True, True)]


async def test_a_thread_given_back_goes_on_with_the_bot(post: Post) -> None:
    await post.bring(Control("ann", ours=False, place=1), message(2))
    await post.handle()
    assert post.house.bot.asked == []
    await post.bring(Control("ann", ours=True, place=3), message(4))
    await post.handle()
    assert [request.text for request in post.house.bot.asked] == ["m4"]


async def test_the_bot_that_gets_the_talk_back_is_not_asked_what_a_person_said_elsewhere(post: Post) -> None:
    await post.bring(Echo("ann", "e1", "I have looked into it", place=1))
    await post.handle()
    await post.bring(Control("ann", ours=True, place=2), message(3))
    await post.handle()
    assert [request.text for request in post.house.bot.asked] == ["m3"]
    assert all(one.handled_at for one in await post.said())


async def test_an_echo_of_ours_is_no_word_from_elsewhere(post: Post) -> None:
    await post.bring(message(1))
    await post.bring(Echo("ann", "e1", "Hello", ref="d.0"), Echo("ann", "e2", "Hello", ours=True))
    await post.handle()
    assert [one.sender for one in await post.said()] == ["customer", "bot"]


async def test_edited_taken_back_and_reacted_to(post: Post) -> None:
    await post.bring(message(1, "frist"), message(2, "secret"))
    await post.handle()
    await post.bring(
        Edited("ann", "ann-1", "first", sent_at=AT), Deleted("ann", "ann-2"), Reacted("ann", "ann-1", "👍")
    )
    await post.handle()
    first, second = [one for one in await post.said() if one.sender == "customer"]
    assert (first.text, first.edited_at, first.rich) == (
        "first",
        AT,
        {"reactions": [{"emoji": "👍", "by": "customer"}]},
    )
    assert (second.text, second.deleted_at is not None) == ("", True)
    await post.bring(Reacted("ann", "ann-1", ""), Edited("ann", "ann-2", "what I said"))
    await post.handle()
    first, second = [one for one in await post.said() if one.sender == "customer"]
    assert (first.rich, second.text) == ({}, "")


async def test_an_edit_that_comes_before_its_message_waits_for_it(post: Post) -> None:
    await post.bring(Edited("ann", "ann-1", "first"))
    await post.handle()
    assert [one.attempts for one in await post.open()] == [1]
    await post.bring(message(1, "frist"))
    await post.handle()
    await post.handle()
    assert [one.text for one in await post.said() if one.sender == "customer"] == ["first"]
    assert await post.open() == []


async def test_files_and_places_are_told_to_the_bot_unless_words_come_with_them(post: Post) -> None:
    picture = IncomingFile("image", "https://cdn.example/1.jpg")
    await post.bring(Inbound("ann", external_id="1", files=(picture,), place=1))
    await post.handle()
    await post.bring(Inbound("ann", external_id="2", files=(picture,), place=2))
    await post.bring(Inbound("ann", text="It came broken", external_id="3", place=3))
    await post.handle()
    await post.bring(Inbound("ann", external_id="4", location=Location(23.7, 90.4), place=4))
    await post.handle()
    asked = [(request.text, request.payload) for request in post.house.bot.asked]
    assert asked[0] == (None, '/sent_file{"file_kind":"image"}')
    assert asked[1] == ("It came broken", None)
    assert asked[2][1] is not None
    assert asked[2][1].startswith('/sent_place{"latitude":23.7')
    files = [one.rich["files"][0]["kind"] for one in await post.said() if "files" in one.rich]
    assert files == ["image", "image"]


async def test_a_button_we_do_not_remember_is_taken_as_its_words(post: Post) -> None:
    await post.bring(Inbound("ann", payload="OLD_MENU", title="My orders", external_id="1"))
    await post.handle()
    assert next((one.text, one.payload) for one in await post.said()) == ("My orders", None)


async def test_what_nobody_knows_is_kept_and_counted(post: Post) -> None:
    await post.bring(Unknown("page_mood", {"mood": "\ud83d half", "big": 10**30}), message(1))
    await post.handle()
    async with post.house.database.read() as session:
        kept = (await session.scalars(select(Arrival).where(Arrival.kind == "unknown"))).one()
    assert kept.data["raw"] == {"mood": "\ufffd half", "big": str(10**30)}
    assert kept.handled_at is not None
    text = post.house.conversations.context.metrics.text().decode()
    assert 'setu_events_unknown_total{channel="rest"} 1.0' in text


async def test_a_failure_is_tried_again_and_holds_up_only_its_own_contact(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = post.house.conversations.receive_burst

    async def broken(inbox: InboxView, inbounds: Any) -> Any:
        if inbounds[0].contact == "ann":
            raise OSError("the disk is full")
        return await whole(inbox, inbounds)

    monkeypatch.setattr(post.house.conversations, "receive_burst", broken)
    await post.bring(message(1), message(1, contact="ben"))
    await post.handle()
    assert [request.text for request in post.house.bot.asked] == ["m1"]
    (left,) = await post.open()
    assert (left.attempts, left.error, left.due_at > post.house.clock()) == (1, "OSError", True)
    monkeypatch.undo()
    await post.handle()
    assert len(post.house.bot.asked) == 2


async def test_what_cannot_be_handled_is_kept_in_the_end(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_args: Any) -> Any:
        raise OSError

    monkeypatch.setattr(post.house.conversations, "receive_burst", broken)
    await post.bring(message(1))
    for _ in range(ATTEMPTS):
        await post.handle()
    async with post.house.database.read() as session:
        (kept,) = await session.scalars(select(Arrival))
    assert (kept.error, kept.data["text"], kept.handled_at is not None) == ("OSError", "m1", True)


async def test_one_that_is_refused_does_not_cost_the_others_of_its_burst(post: Post) -> None:
    await post.bring(message(1), Inbound("ann", payload="/made_up", external_id="x", place=2), message(3))
    await post.handle()
    texts = [one.text for one in await post.said() if one.sender == "customer"]
    assert texts == ["m1", "m3"]
    async with post.house.database.read() as session:
        assert (
            await session.scalar(select(Arrival.error).where(Arrival.error.is_not(None))) == "unknown_payload"
        )


async def test_killed_after_storing_and_before_noting_it_answers_once(post: Post) -> None:
    await post.bring(message(1))
    await post.handle()
    async with post.house.database.write() as session:  # as if the note had never been committed
        await session.execute(
            update(Arrival).values(handled_at=None, data=plain(message(1)), lease_owner=None)
        )
    await post.handle()
    assert len(post.house.bot.asked) == 1
    assert [one.sender for one in await post.said()] == ["customer", "bot"]


async def test_a_lane_claimed_by_one_gateway_is_not_begun_by_another(post: Post) -> None:
    await post.bring(message(1))
    async with post.house.database.write() as session:
        await session.execute(
            update(Arrival).values(lease_owner="other", due_at=post.house.clock() + timedelta(seconds=30))
        )
    await post.bring(message(2))
    async with post.house.database.write() as session:
        await session.execute(
            update(Arrival).where(Arrival.lease_owner.is_(None)).values(due_at=post.house.clock())
        )
    assert await post.handling.once() == 0


def test_messages_are_held_a_moment_longer_while_a_platform_catches_up() -> None:
    holding = Holding(AT - timedelta(hours=1))
    fresh = replace(message(1), sent_at=AT)
    assert holding.time("i", fresh, AT) == arriving.HOLD
    assert holding.time("i", replace(fresh, sent_at=AT - timedelta(minutes=1)), AT) == arriving.CATCHING_UP
    assert holding.time("i", fresh, AT + timedelta(seconds=1)) == arriving.CATCHING_UP
    assert holding.time("other", fresh, AT + timedelta(seconds=1)) == arriving.HOLD
    assert holding.time("i", Deleted("ann", "1"), AT) == timedelta(0)
    assert Holding(AT).time("i", fresh, AT) == arriving.CATCHING_UP


@given(st.text(), st.text(st.characters(codec=None), max_size=20))
def test_any_text_a_platform_may_send_can_be_kept(contact: str, text: str) -> None:
    data = plain(Inbound(contact=contact, text=text, external_id="1"))
    kept = f"{data['contact']}{data['text']}"
    assert "\0" not in kept
    assert kept.encode("utf-8").decode("utf-8") == kept


async def test_while_the_bot_has_enough_to_do_only_news_is_handled(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handling, "TURNS", 0)
    await post.bring(message(1), Echo("ben", "e1", "Hello", ref="d.0"))
    await post.handle()
    assert [one.kind for one in await post.open()] == ["message"]
    monkeypatch.undo()
    await post.handle()
    assert [request.text for request in post.house.bot.asked] == ["m1"]
