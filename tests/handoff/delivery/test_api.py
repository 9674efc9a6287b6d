"""What an agent sees of the ways to a customer, and does about messages that went (or did not go) there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request

from actions.db import Database
from actions.texts import Texts
from handoff import answers
from handoff.agents.models import Agent
from handoff.channels.base import SendFailed
from handoff.channels.registry import Channels
from handoff.conversations.inbound import Progress
from handoff.conversations.views import iso
from handoff.delivery import api
from tests.support.deliveries import WINDOWS, Changing, Post, build

LONG = (  # two parts
    "The first sentence is a rather long one, so that it fills a part. "
    "So does the second, with other words than the first, in order to tell them apart."
)


class FakeDoor:
    """Whoever ``who`` names is signed in."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.who = ""

    async def agent(self, _request: Request) -> Agent:
        async with self.database.read() as session:
            return await session.get_one(Agent, self.who)


class Desk:
    def __init__(self, post: Post, door: FakeDoor, http: httpx.AsyncClient) -> None:
        self.post, self.door, self.http = post, door, http
        self.conversation = ""

    @property
    def platform(self) -> Changing:
        assert isinstance(self.post.platform, Changing)
        return self.post.platform

    async def owned(self) -> str:
        """A conversation that Maria, who is signed in, has claimed; its messages so far are sent."""
        self.conversation = await self.post.customer()
        self.door.who = await self.post.house.agent()
        await self.post.house.conversations.claim(self.conversation, self.door.who)
        await self.post.drain()
        self.platform.took.clear()
        self.platform.calls.clear()
        return self.conversation

    async def write(self, text: str) -> int:
        """Maria writes; the message's number."""
        message = await self.post.house.conversations.reply(self.conversation, self.door.who, text)
        return message.number

    async def act(self, number: int, what: str, **body: Any) -> httpx.Response:
        path = f"/api/desk/conversations/{self.conversation}/messages/{number}/{what}"
        return await self.http.post(path, json=body or None)

    async def reach(self) -> Any:
        return (await self.http.get(f"/api/desk/conversations/{self.conversation}/reach")).json()


@pytest.fixture
async def desk(database: Database) -> AsyncIterator[Desk]:
    post = await build(database, platform=Changing())
    door, app = FakeDoor(database), FastAPI()
    answers.install(app, Texts.load())
    channels = Channels({"rest": post.platform})
    app.include_router(
        api.router(
            context=post.context,
            channels=channels,
            inboxes=post.inboxes,
            door=door,  # type: ignore[arg-type]
            base_url="https://shop.example",
        )
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://desk") as http:
        yield Desk(post, door, http)


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


async def test_the_window_is_told_as_it_closes(desk: Desk) -> None:
    await desk.owned()
    desk.platform.capabilities = WINDOWS
    wrote = desk.post.house.clock()
    window = (await desk.reach())["window"]
    assert window == {
        "open": True,
        "closes_at": iso(wrote + timedelta(hours=24)),
        "human_until": iso(wrote + timedelta(days=7)),
        "template_only": False,
    }
    desk.post.house.clock.pass_(24 * 3600)
    assert [(await desk.reach())["window"][key] for key in ("open", "template_only")] == [False, False]
    desk.platform.capabilities = replace(WINDOWS, templates=True)
    desk.post.house.clock.pass_(7 * 24 * 3600)
    assert (await desk.reach())["window"]["template_only"]


async def test_what_the_channel_can_do_and_its_templates_are_told(desk: Desk) -> None:
    await desk.owned()
    desk.platform.capabilities = replace(WINDOWS, edits=True, templates=True, files=True)
    for _ in range(3):
        told = await desk.reach()
    assert told["can"] == {
        "files": True,
        "images": False,
        "edits": True,
        "deletions": False,
        "text_limit": 100,
        "typing": False,
        "read_receipts": False,
    }
    assert [template["name"] for template in told["templates"]] == ["hello"]
    assert desk.platform.listed == 1


async def test_templates_that_cannot_be_asked_for_are_no_error(desk: Desk) -> None:
    await desk.owned()
    desk.platform.capabilities = replace(WINDOWS, templates=True)
    desk.platform.refuses = True
    assert (await desk.reach())["templates"] == []


async def test_a_disabled_inbox_reaches_nobody(desk: Desk) -> None:
    await desk.owned()
    await desk.post.inboxes.update(desk.post.house.inbox.id, disabled=True)
    assert (await desk.reach())["window"]["open"] is False


async def test_a_dead_message_is_sent_again(desk: Desk) -> None:
    await desk.owned()
    desk.platform.answers = [SendFailed("blocked", final=True, code="blocked")]
    number = await desk.write("Hello?")
    await desk.post.drain()
    answer = await desk.act(number, "resend")
    assert answer.json()["delivery"]["state"] == "due"
    await desk.post.drain()
    assert desk.platform.texts() == ["Hello?"]
    row = next(row for row in await desk.post.rows() if row.number == number)
    assert (row.state, row.error, row.code, row.attempts) == ("sent", None, None, 0)
    assert code(await desk.act(number, "resend")) == (409, "not_resendable")


async def test_only_the_part_that_failed_is_sent_again(desk: Desk) -> None:
    await desk.owned()
    number = await desk.write(LONG)
    await desk.post.drain()
    first = next(part for part in await desk.post.parts() if LONG.startswith(desk.platform.texts()[0]))
    parts = [
        part for part in await desk.post.parts() if part.delivery_id == desk.platform.calls[0].delivery_id
    ]
    failed = Progress("ann", "failed", parts[0].external_id, error="131000")
    await desk.post.tracking.progress(desk.post.house.inbox, failed)
    await desk.act(number, "resend")
    await desk.post.drain()
    one, two = desk.platform.texts()[:2]
    assert desk.platform.texts() == [one, two, one]
    assert first.place == 0
    row = next(row for row in await desk.post.rows() if row.number == number)
    assert (row.state, row.mark) == ("sent", "sent")


async def test_a_message_in_doubt_is_sent_again_when_a_person_says_so(desk: Desk) -> None:
    await desk.owned()
    number = await desk.write("Hello?")
    desk.platform.answers = [TimeoutError()]
    await desk.post.drain()
    assert (await desk.act(number, "resend")).status_code == 200
    await desk.post.drain()
    assert desk.platform.texts() == ["Hello?"]


async def test_nothing_is_sent_again_into_a_closed_window(desk: Desk) -> None:
    await desk.owned()
    desk.platform.capabilities = WINDOWS
    desk.platform.answers = [SendFailed("blocked", final=True, code="blocked")]
    number = await desk.write("Hello?")
    await desk.post.drain()
    desk.post.house.clock.pass_(8 * 24 * 3600)
    assert code(await desk.act(number, "resend")) == (409, "window_closed")


async def test_a_dead_reply_of_the_bot_goes_out_if_a_person_wants_it_to(desk: Desk) -> None:
    conversation = desk.conversation = await desk.post.customer()
    await desk.post.say(conversation, "Opening hours: 9 to 5", sender="bot")
    desk.platform.answers = [SendFailed("no", final=True)]
    await desk.post.drain()
    desk.door.who = await desk.post.house.agent()
    await desk.post.house.conversations.claim(conversation, desk.door.who)
    await desk.post.drain()
    number = min(row.number for row in await desk.post.rows())
    await desk.act(number, "resend")
    await desk.post.drain()
    assert desk.platform.texts()[-1] == "Opening hours: 9 to 5"


async def test_an_edit_reaches_the_customer(desk: Desk) -> None:
    await desk.owned()
    number = await desk.write("Good mornign")
    await desk.post.drain()
    answer = await desk.act(number, "edit", text="Good morning")
    message = answer.json()["message"]
    assert (message["text"], message["edited_at"], message["delivery"]["state"]) == (
        "Good morning",
        iso(desk.post.house.clock()),
        "sent",
    )
    (part,) = [p for p in await desk.post.parts() if p.delivery_id == desk.platform.calls[0].delivery_id]
    assert desk.platform.changed == [("ann", part.external_id, "Good morning")]


async def test_of_a_long_message_only_the_part_that_differs_is_edited(desk: Desk) -> None:
    await desk.owned()
    number = await desk.write(LONG)
    await desk.post.drain()
    await desk.act(number, "edit", text=LONG.replace("apart", "Apart"))
    assert [text for _, _, text in desk.platform.changed] == [
        desk.platform.texts()[1].replace("apart", "Apart")
    ]
    assert code(await desk.act(number, "edit", text="short")) == (409, "not_changeable")


async def test_what_the_platform_refuses_is_not_changed_here_either(desk: Desk) -> None:
    await desk.owned()
    number = await desk.write("Good mornign")
    await desk.post.drain()
    desk.platform.refuses = True
    assert code(await desk.act(number, "edit", text="Good morning")) == (409, "change_refused")
    assert code(await desk.act(number, "delete")) == (409, "change_refused")
    thread = await desk.post.house.thread(desk.conversation)
    assert thread[number - 1].text == "Good mornign"


async def test_a_deletion_takes_back_every_part(desk: Desk) -> None:
    await desk.owned()
    number = await desk.write(LONG)
    await desk.post.drain()
    message = (await desk.act(number, "delete")).json()["message"]
    assert (message["text"], message["deleted_at"]) == ("", iso(desk.post.house.clock()))
    assert [text for _, _, text in desk.platform.changed] == [None, None]
    assert code(await desk.act(number, "delete")) == (409, "not_changeable")


async def test_a_message_that_is_still_here_is_changed_or_taken_back_before_it_goes(desk: Desk) -> None:
    await desk.owned()
    desk.platform.capabilities = replace(desk.platform.capabilities, edits=False, deletions=False)
    first, second = await desk.write("one"), await desk.write("two")
    assert (await desk.act(first, "edit", text="One")).status_code == 200
    assert (await desk.act(second, "delete")).status_code == 200
    await desk.post.drain()
    assert desk.platform.texts() == ["One"]
    assert [row.state for row in await desk.post.rows()][-2:] == ["sent", "dropped"]


async def test_a_channel_without_edits_keeps_what_was_sent(desk: Desk) -> None:
    await desk.owned()
    desk.platform.capabilities = replace(desk.platform.capabilities, edits=False, deletions=False)
    number = await desk.write("Hello")
    await desk.post.drain()
    for what, body in (("edit", {"text": "Hi"}), ("delete", {})):
        assert code(await desk.act(number, what, **body)) == (409, "not_changeable")


async def test_only_the_own_words_are_changed_and_only_what_may_be_seen_is_found(desk: Desk) -> None:
    await desk.owned()
    number = await desk.write("Hello")
    await desk.post.drain()
    assert code(await desk.act(1, "edit", text="I never said that")) == (409, "not_yours")
    assert code(await desk.act(999, "delete")) == (404, "message_unknown")
    desk.door.who = await desk.post.house.agent("Ben")
    for what in ("resend", "delete"):
        assert code(await desk.act(number, what)) == (404, "conversation_unknown")
    answer = await desk.http.get(f"/api/desk/conversations/{desk.conversation}/reach")
    assert code(answer) == (404, "conversation_unknown")


@pytest.mark.parametrize("text", ["", "   ", "x" * 20_000])
async def test_an_edit_needs_words(desk: Desk, text: str) -> None:
    await desk.owned()
    number = await desk.write("Hello")
    await desk.post.drain()
    assert (await desk.act(number, "edit", text=text)).status_code == 422
