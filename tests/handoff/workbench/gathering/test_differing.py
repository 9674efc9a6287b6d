"""What a shadow reads otherwise makes an utterance worth a label."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from handoff.conversations.models import Message
from handoff.workbench.gathering import differing
from handoff.workbench.gathering.marks import Moved
from handoff.workbench.models import Model, Shadow, ShadowReading
from tests.handoff.workbench.gathering.conftest import Bench, together

LIVE = {"intent": "track_order", "confidence": 0.9, "doubtful": False}
OTHER = {"intent": "late_parcel", "confidence": 0.8, "doubtful": False}


def otherwise(one: Message) -> ShadowReading:
    at = one.handled_at
    return ShadowReading(shadow_id="s", message_id=one.id, text=one.text, live=LIVE, shadow=OTHER, at=at)


async def begin(bench: Bench) -> None:
    """A model begins to read along."""
    agent, now = await bench.house.agent(), bench.clock()
    async with bench.house.database.write() as session:
        session.add(Model(name="new", sha256="0", size=1))
        await session.flush()
        until = now + timedelta(days=1)
        session.add(Shadow(id="s", model="new", live="old", agent_id=agent, since=now, until=until))


async def differ(bench: Bench, *texts: str) -> None:
    """The shadow has read the last messages of these texts otherwise."""
    async with bench.house.database.write() as session:
        asked = select(Message).where(Message.text.in_(texts)).order_by(Message.handled_at)
        last = {one.text: one for one in await session.scalars(asked)}
        session.add_all(otherwise(one) for one in last.values())


async def looked(bench: Bench) -> int:
    return await differing.look_at_shadow(bench.context)


async def test_what_the_shadow_reads_otherwise_becomes_useful_once(bench: Bench) -> None:
    await bench.write("where is the parcel from monday")
    await bench.write("a wholly different question of mine", "bob")
    await bench.gathered()
    before = await bench.row("where is the parcel from monday")
    await begin(bench)
    await differ(bench, "where is the parcel from monday")
    assert await looked(bench) == 1
    assert await looked(bench) == 0
    after = await bench.row("where is the parcel from monday")
    assert after.signals["disagree"] == 1
    assert "disagree" in after.reasons
    assert after.score > before.score
    assert "disagree" not in (await bench.row("a wholly different question of mine")).reasons


async def test_a_difference_waits_until_its_message_is_an_utterance(bench: Bench) -> None:
    await bench.write("where is the parcel from monday")
    await begin(bench)
    await differ(bench, "where is the parcel from monday")
    assert await looked(bench) == 0
    await bench.gathered()
    assert await looked(bench) == 1
    assert (await bench.row("where is the parcel from monday")).signals["disagree"] == 1


async def test_it_counts_for_who_stands_for_its_like_and_for_what_is_personal(bench: Bench) -> None:
    await bench.write("please cancel the order i made yesterday evening")
    await bench.write("please cancel the order i made yesterday evenings", "bob")
    await bench.write("my mail is ann@example.org", "cy")
    await bench.gathered()
    await begin(bench)
    await differ(bench, "please cancel the order i made yesterday evenings", "my mail is ann@example.org")
    assert await looked(bench) == 2
    heads = [row for row in await bench.rows() if not row.hidden]
    assert [row.signals.get("disagree") for row in heads] == [1, 1]


async def test_later_differences_follow_and_several_gateways_count_none_twice(bench: Bench) -> None:
    await bench.write("where is the parcel from monday")
    await bench.gathered()
    await begin(bench)
    await differ(bench, "where is the parcel from monday")
    await looked(bench)
    await bench.write("what about the other one then", "bob")
    await bench.write("where is the parcel from monday", "bob")
    await bench.gathered()
    await differ(bench, "where is the parcel from monday")
    done = await together(*(looked(bench) for _ in range(3)))
    assert all(isinstance(one, int | Moved) for one in done)
    assert (await bench.row("where is the parcel from monday")).signals["disagree"] == 2


async def test_a_message_that_was_erased_counts_no_more(bench: Bench) -> None:
    await bench.write("where is the parcel from monday")
    await bench.gathered()
    await begin(bench)
    await differ(bench, "where is the parcel from monday")
    async with bench.house.database.write() as session:
        for one in await session.scalars(select(Message)):
            one.deleted_at = bench.clock()
    assert await looked(bench) == 1
    assert "disagree" not in (await bench.row("where is the parcel from monday")).signals
