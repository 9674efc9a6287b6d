"""Uploads: taken, given to one message of the person who made them, and to no other."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from handoff.attachments.rules import Refused
from handoff.errors import Invalid
from tests.handoff.attachments import samples
from tests.handoff.attachments.filing import Filed


async def contact(filed: Filed, name: str = "ann") -> str:
    outcome = await filed.house.write("hello", contact=name)
    return outcome.conversation.contact.id


async def send(filed: Filed, *ids: str, text: str | None = None, name: str = "ann", **rest: Any) -> Any:
    return await filed.house.receive(text, contact=name, uploads=tuple(ids), **rest)


async def test_an_upload_is_checked_and_sent_with_a_message_by_who_made_it(filed: Filed) -> None:
    ann = await contact(filed)
    entry = await filed.upload(samples.picture(), "a.png", by=ann)
    assert (entry["state"], entry["kind"], entry["width"]) == ("ready", "image", 40)
    receipt = await send(filed, entry["id"], text="here")
    assert receipt.message.rich["files"] == [entry]
    row = await filed.row(entry["id"])
    assert row is not None
    assert (row.message_id, row.conversation_id) == (receipt.message.id, receipt.message.conversation_id)


async def test_files_alone_are_a_message(filed: Filed) -> None:
    entry = await filed.upload(by=await contact(filed))
    assert (await send(filed, entry["id"])).message.rich["files"] == [entry]


async def test_the_same_message_again_has_the_same_files(filed: Filed) -> None:
    entry = await filed.upload(by=await contact(filed))
    first = await send(filed, entry["id"], external_id="m1")
    again = await send(filed, entry["id"], external_id="m1")
    assert (again.duplicate, again.message.rich) == (True, first.message.rich)


async def test_nobody_sends_what_another_uploaded_or_what_was_sent(filed: Filed) -> None:
    ann, bob = await contact(filed), await contact(filed, "bob")
    entry = await filed.upload(by=ann)
    for id in (entry["id"], "x" * 33, "../../etc/passwd"):
        with pytest.raises(Invalid, match="unknown_file"):
            await send(filed, id, name="bob")
    await send(filed, entry["id"])
    with pytest.raises(Invalid, match="unknown_file"):
        await send(filed, entry["id"])
    assert ann != bob


async def test_of_two_messages_at_once_one_gets_the_file(filed: Filed) -> None:
    entry = await filed.upload(by=await contact(filed))
    outcomes = await asyncio.gather(
        send(filed, entry["id"]), send(filed, entry["id"]), return_exceptions=True
    )
    assert sorted(isinstance(one, Invalid) for one in outcomes) == [False, True]


async def test_a_message_takes_ten_files(filed: Filed) -> None:
    ann = await contact(filed)
    ids = [(await filed.upload(by=ann))["id"] for _ in range(11)]
    with pytest.raises(Invalid, match="too_many_files"):
        await send(filed, *ids)
    assert len((await send(filed, *ids[:10])).message.rich["files"]) == 10


async def test_an_agent_replies_with_a_file(filed: Filed) -> None:
    outcome = await filed.house.write("hello")
    agent, conversations = await filed.house.agent(), filed.house.conversations
    await conversations.claim(outcome.conversation.id, agent)
    entry = await filed.upload(by=agent)
    said = await conversations.reply(outcome.conversation.id, agent, "", files=[entry["id"]])
    assert said.rich["files"] == [entry]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (samples.SVG, "type"),
        (samples.HTML, "type"),
        (samples.png_bomb(), "pixels"),
        (b"a" * (10 * 1024 * 1024 + 1), "too_large"),
        (samples.EICAR, "harmful"),
    ],
    ids=["nothing", "svg", "html", "bomb", "too much", "virus"],
)
async def test_what_is_refused_leaves_neither_row_nor_file(filed: Filed, data: bytes, reason: str) -> None:
    filed.scanner.finds = samples.EICAR
    with pytest.raises(Refused) as refused:
        await filed.upload(data)
    assert refused.value.reason == reason
    assert filed.on_disk() == []


async def test_ids_are_long_and_each_another(filed: Filed) -> None:
    ids = {(await filed.upload())["id"] for _ in range(20)}
    assert len(ids) == 20
    assert all(len(id) >= 32 for id in ids)
    assert len({id[:8] for id in ids}) == 20
