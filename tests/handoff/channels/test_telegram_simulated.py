"""Whole talks on a Telegram that somebody else built from the same documents."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from handoff.channels.telegram import TelegramChannel
from handoff.conversations.models import Contact
from handoff.conversations.views import MessageView
from handoff.delivery.models import Delivery
from handoff.simulators import Customer
from tests.support.databases import SqliteFiles
from tests.support.simulated import Simulated, simulated
from tests.support.waiting import until

LONG = '/track_order{"order_number": "SO-100123", "email": "somebody.with.a.long.name@shop.example"}'
PIXEL = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


@pytest.fixture
async def there(sqlite_files: SqliteFiles, tmp_path: Path) -> AsyncIterator[Simulated]:
    async with simulated(sqlite_files.fresh(tmp_path)) as made:
        yield made


@pytest.fixture
async def ann(there: Simulated) -> Customer:
    return await there.customer("telegram")


async def answered(there: Simulated, ann: Customer, text: str) -> None:
    await ann.until(lambda: text in ann.texts())
    await there.simulator.settled()


async def test_pressing_start_greets(there: Simulated, ann: Customer) -> None:
    ann.say("/start summer_sale")
    await answered(there, ann, "re: /greet")


async def test_a_payload_too_long_for_a_button_comes_back_whole(there: Simulated, ann: Customer) -> None:
    assert len(LONG) > 64
    there.running.bot.replies["where is it"] = [
        {"text": "This one?", "buttons": [{"title": "SO-100123", "payload": LONG}]}
    ]
    ann.say("where is it")
    await answered(there, ann, "This one?")
    ann.tap("SO-100123")
    await answered(there, ann, f"re: {LONG}")


async def test_an_old_button_that_nobody_knows_any_more_counts_as_its_words(
    there: Simulated, ann: Customer
) -> None:
    there.running.bot.replies["hello"] = [
        {"text": "Hi", "buttons": [{"title": "Show me shirts", "payload": "/find_product"}]}
    ]
    ann.say("hello")
    await answered(there, ann, "Hi")
    (tap,) = ann.seen[-1].taps
    ann.tap_payload("~#forged-or-older-than-what-is-remembered", tap.title)
    ann.say("hello?")
    await answered(there, ann, "re: hello?")


async def test_cards_come_as_pictures_or_words_with_their_buttons(there: Simulated, ann: Customer) -> None:
    card = {
        "id": "1", "title": "Linen shirt", "subtitle": "Light", "price": "€39",
        "image": "/media/products/1.svg", "buttons": [{"title": "Buy", "payload": "/place_order"}],
    }  # fmt: skip
    there.running.bot.replies["shirts"] = [{"text": "Look", "cards": [card]}]
    ann.say("shirts")
    await ann.until(lambda: any("Linen shirt" in text for text in ann.texts()))
    shown = next(one for one in ann.seen if "Linen shirt" in one.text)
    assert [tap.title for tap in shown.taps] == ["Buy"]


async def test_a_file_is_fetched_and_an_edit_changes_what_is_kept(there: Simulated, ann: Customer) -> None:
    first = ann.say("Where is my oder?")
    ann.send_file(PIXEL, "me.png", "image/png", "it is torn")
    await ann.until(lambda: ann.texts())
    ann.edit(first, "Where is my order?")
    running = there.running

    async def changed() -> bool:
        said = [m for m in await thread_of(there, ann) if m.sender == "customer"]
        files = [file for m in said for file in m.rich.get("files", ())]
        return said[0].text == "Where is my order?" and bool(files) and files[0]["state"] != "waiting"

    await until(changed)
    assert (await thread_of(there, ann))[0].edited_at is not None
    assert running.bot.asked


async def thread_of(there: Simulated, ann: Customer) -> list[MessageView]:
    async with there.running.gateway.database.read() as session:
        conversation = await session.scalar(
            select(Contact.conversation_id).where(Contact.external_id == ann.id)
        )
    return await there.running.thread(conversation)


async def test_who_blocks_us_is_not_called_again_and_the_agent_sees_why(
    there: Simulated, ann: Customer
) -> None:
    ann.say("hello")
    await answered(there, ann, "re: hello")
    ann.block()
    await there.simulator.settled()
    running = there.running
    channel = running.gateway.channels.kinds["telegram"]
    assert isinstance(channel, TelegramChannel)
    conversation = (await thread_of(there, ann))[0].conversation_id
    agent = await running.agent()
    await running.gateway.conversations.claim(conversation, agent)
    await running.gateway.conversations.reply(conversation, agent, "Are you there?", "r1")

    async def told() -> bool:
        async with running.gateway.database.read() as session:
            last = await session.scalar(select(Delivery).order_by(Delivery.number.desc()).limit(1))
        return last is not None and (last.state, last.attempts) == ("dead", 1)

    await until(told)
    assert any(m.rich.get("key") == "undelivered" for m in await thread_of(there, ann))
    assert "Are you there?" not in ann.texts()


async def test_the_operators_check_finds_the_bot(there: Simulated, ann: Customer) -> None:
    inbox = there.inboxes["telegram"].inbox
    channel = there.running.gateway.channels.kinds["telegram"]
    assert isinstance(channel, TelegramChannel)
    health = await channel.check(inbox)
    assert (health.account, health.problem) == (f"@{ann.account.username}", "")
    await channel.connect(inbox, f"http://setu/webhooks/{inbox.id}")
    ann.say("after connecting anew")
    await answered(there, ann, "re: after connecting anew")


async def test_the_answer_to_a_tapped_buttons_webhook_stops_its_waiting(
    there: Simulated, ann: Customer
) -> None:
    inbox = there.inboxes["telegram"].inbox
    body = (Path(__file__).parent / "recorded" / "telegram" / "callback.json").read_bytes()
    secret = {"X-Telegram-Bot-Api-Secret-Token": inbox.credentials["webhook_secret"]}
    for headers, status in (({}, 401), (secret, 200), (secret, 200)):
        answer = await there.running.client.post(f"/webhooks/{inbox.id}", content=body, headers=headers)
        assert answer.status_code == status
    assert answer.json() == {"method": "answerCallbackQuery", "callback_query_id": "3000000000000000001"}
