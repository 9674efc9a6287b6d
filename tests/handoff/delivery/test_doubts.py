"""Whatever dies and whenever: no message reaches a customer twice, and none is lost without a word."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from actions.db import Database
from handoff.channels.base import Capabilities, Outbound
from handoff.channels.models import Arrival
from handoff.conversations.inbound import Echo, Progress
from handoff.delivery.backoff import ATTEMPTS
from tests.support.deliveries import PLAIN, TELLS, Post, build

LONG = (  # two parts
    "The first sentence is a rather long one, so that it fills a part. "
    "So does the second, with other words than the first, in order to tell them apart."
)
WHOLE = Capabilities(whole=True)


@pytest.fixture
async def telling(database: Database) -> Post:
    """Before a platform that tells of all it took."""
    return await build(database, TELLS)


@pytest.fixture
async def whole(database: Database) -> Post:
    """Before a receiver that knows our deliveries by their ids."""
    return await build(database, WHOLE)


def progress(post: Post, call: int = -1, state: Any = "sent", **rest: Any) -> Progress:
    outbound = post.platform.calls[call]
    return Progress(outbound.contact, state, f"mid.{outbound.ref}", outbound.ref, **rest)


async def killed_at_the_call(post: Post) -> None:
    """The platform has it; the process dies before it hears so."""
    post.platform.gate.clear()
    pushing = asyncio.create_task(post.dispatcher.once())
    await post.platform.entered.wait()
    for task in list(post.dispatcher._running.values()):
        task.cancel()
    await asyncio.gather(pushing, return_exceptions=True)
    call = post.platform.calls[-1]
    post.platform.took.append((call.contact, call.part.text))
    post.platform.gate.set()
    post.platform.entered.clear()


async def test_an_answer_that_was_lost_is_waited_for_and_the_news_settles_it(telling: Post) -> None:
    await telling.say(await telling.customer(), "one", "two")
    telling.platform.loses_answers = 1
    await telling.drain()
    assert await telling.states() == ["unsure", "due"]
    await telling.later(30)
    assert telling.platform.texts() == ["one"]
    await telling.tracking.progress(telling.house.inbox, progress(telling))
    await telling.drain()
    assert telling.platform.texts() == ["one", "two"]
    assert await telling.states() == ["sent", "sent"]


async def test_news_that_came_before_the_answer_was_missed_settles_it_too(telling: Post) -> None:
    await telling.say(await telling.customer(), "one")
    news = asyncio.Event()

    def tell(_outbound: Outbound) -> None:
        asyncio.get_running_loop().create_task(told())

    async def told() -> None:
        await telling.tracking.progress(telling.house.inbox, progress(telling))
        news.set()

    telling.platform.gate.clear()
    telling.platform.at_call, telling.platform.loses_answers = tell, 1
    pushing = asyncio.create_task(telling.dispatcher.once())
    await news.wait()
    telling.platform.gate.set()
    await pushing
    await telling.later(45)
    assert telling.platform.texts() == ["one"]
    assert await telling.states() == ["sent"]


async def test_without_news_it_is_sent_again_where_the_platform_would_have_told(telling: Post) -> None:
    await telling.say(await telling.customer(), "one")
    telling.platform.answers = [TimeoutError()]
    await telling.drain()
    await telling.later(44)
    assert len(telling.platform.calls) == 1
    await telling.later(1)
    await telling.later(2)
    assert telling.platform.texts() == ["one"]
    assert await telling.states() == ["sent"]


async def test_news_that_has_come_and_was_not_read_yet_is_no_silence(telling: Post) -> None:
    await telling.say(await telling.customer(), "one")
    telling.platform.loses_answers = 1
    await telling.drain()
    contact = telling.platform.calls[-1].contact
    inbox_id = telling.house.inbox.id
    unread = Arrival(inbox_id=inbox_id, key="p", kind="progress", contact=f"~{contact}")
    async with telling.house.database.write() as session:
        session.add(unread)
    await telling.later(300)
    assert telling.platform.texts() == ["one"]
    assert await telling.states() == ["unsure"]
    await telling.tracking.progress(telling.house.inbox, progress(telling))
    await telling.drain()
    assert telling.platform.texts() == ["one"]
    assert await telling.states() == ["sent"]


async def test_a_platform_that_never_answers_is_not_asked_for_ever(telling: Post) -> None:
    await telling.say(await telling.customer(), "one")
    telling.platform.answers = [TimeoutError()] * 100
    for _ in range(40):
        await telling.later(3600)
    assert len(telling.platform.calls) == ATTEMPTS
    assert [(row.state, row.code) for row in await telling.rows()] == [("dead", "unsure")]


async def test_without_news_the_desk_decides_where_the_platform_tells_nothing(post: Post) -> None:
    conversation = await post.customer()
    await post.say(conversation, "one", "two")
    post.platform.loses_answers = 1
    await post.drain()
    await post.later(45)
    assert post.platform.texts() == ["one", "two"]
    assert [(row.state, row.code) for row in await post.rows()] == [("dead", "unsure"), ("sent", None)]
    (note,) = await post.notes(conversation)
    assert note["values"]["code"] == "unsure"


async def test_late_news_takes_back_that_it_was_given_up(post: Post) -> None:
    await post.say(await post.customer(), "one")
    post.platform.loses_answers = 1
    await post.drain()
    await post.later(45)
    assert await post.states() == ["dead"]
    await post.tracking.progress(post.house.inbox, progress(post, state="delivered"))
    await post.drain()
    assert post.platform.texts() == ["one"]
    assert [(row.state, row.mark) for row in await post.rows()] == [("sent", "delivered")]


async def test_a_late_echo_without_a_ref_is_known_for_what_was_given_up(post: Post) -> None:
    await post.say(await post.customer(), "one")
    post.platform.loses_answers = 1
    await post.drain()
    await post.later(45)
    assert await post.states() == ["dead"]
    assert await post.tracking.echo(post.house.inbox, Echo("ann", "mid.late", "one"))
    await post.drain()
    assert await post.states() == ["sent"]
    assert post.platform.texts() == ["one"]


@pytest.mark.parametrize("text", ["one", LONG])
async def test_a_death_during_the_call_is_settled_by_news_after_the_restart(telling: Post, text: str) -> None:
    await telling.say(await telling.customer(), text)
    await killed_at_the_call(telling)
    again = telling.another()
    await again.drain()
    assert await again.states() == ["unsure"]
    await again.tracking.progress(again.house.inbox, progress(again))
    await again.drain()
    assert "".join(" ".join(again.platform.texts()).split()) == "".join(text.split())
    assert await again.states() == ["sent"]


async def test_a_death_during_the_call_without_news_ends_with_the_desk(post: Post) -> None:
    await post.say(await post.customer(), "one")
    await killed_at_the_call(post)
    again = post.another()
    await again.drain()
    await again.later(45)
    assert again.platform.texts() == ["one"]
    assert [(row.state, row.code) for row in await again.rows()] == [("dead", "unsure")]


async def test_a_receiver_that_knows_our_ids_is_simply_called_again(whole: Post) -> None:
    await whole.say(await whole.customer(), "one")
    await killed_at_the_call(whole)
    await whole.another().drain()
    assert len({call.delivery_id for call in whole.platform.calls}) == 1
    assert len(whole.platform.calls) == 2
    assert await whole.states() == ["sent"]


async def test_another_gateway_waits_until_the_lease_is_over(post: Post) -> None:
    await post.say(await post.customer(), "one")
    await killed_at_the_call(post)
    other = post.another("other:1")
    await other.drain()
    assert await other.states() == ["sending"]
    await other.later(45)
    assert await other.states() == ["unsure"]


async def test_who_lost_its_lease_still_tells_that_the_message_was_taken(telling: Post) -> None:
    await telling.say(await telling.customer(), "one")
    telling.platform.gate.clear()
    pushing = asyncio.create_task(telling.dispatcher.once())
    await telling.platform.entered.wait()
    telling.house.clock.pass_(60)
    other = telling.another("other:1")
    await other.dispatcher.once()
    assert await other.states() == ["unsure"]
    telling.platform.gate.set()
    await pushing
    await other.drain()
    assert telling.platform.texts() == ["one"]
    assert await other.states() == ["sent"]


class Fuse:
    """Cuts the process off at its n-th statement; from then on it does nothing any more."""

    def __init__(self, at: int) -> None:
        self.left = at

    def step(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise asyncio.CancelledError


async def fused(post: Post, fuse: Fuse) -> None:
    """Push until the fuse blows: at the begin of a transaction, before its commit, before or after a call."""
    engine = post.database.engine.sync_engine

    def at_statement(*_args: Any) -> None:
        fuse.step()

    def at_commit(_connection: Any) -> None:
        fuse.step()

    event.listen(engine, "before_cursor_execute", at_statement)
    event.listen(engine, "commit", at_commit)
    post.platform.at_call = lambda _outbound: fuse.step()
    pushing = asyncio.create_task(post.drain())
    await asyncio.gather(pushing, return_exceptions=True)
    for task in list(post.dispatcher._running.values()):
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    event.remove(engine, "before_cursor_execute", at_statement)
    event.remove(engine, "commit", at_commit)
    post.platform.at_call = None


@pytest.mark.parametrize("can", [PLAIN, TELLS, WHOLE], ids=["mute", "telling", "whole"])
async def test_killed_at_every_step_nothing_is_doubled_or_lost_silently(
    database: Database, can: Capabilities
) -> None:
    """The whole way of messages, cut off at each statement and each call of it in turn."""
    post = await build(database, can)
    contacts = 0
    for at in range(200):
        contact = f"c{at}"
        conversation = await post.customer(contact)
        await post.say(conversation, "a", LONG, "z")
        fuse, dying = Fuse(at), post.another()
        await fused(dying, fuse)
        post.platform.gate.set()
        again = post.another()
        await again.drain()
        if can is TELLS:  # every message that was taken is told of, however late
            for number, call in enumerate(post.platform.calls):
                if call.contact == contact and (call.contact, call.part.text) in post.platform.took:
                    await again.tracking.progress(post.house.inbox, progress(post, number))
        for _ in range(4):
            await again.later(60)
        rows = [row for row in await post.rows() if row.conversation_id == conversation]
        texts = post.platform.texts(contact)
        if can is not WHOLE:  # its receiver deduplicates by our id
            assert len(texts) == len(set(texts)), at
        if can is not PLAIN:
            assert [row.state for row in rows] == ["sent"] * 3, at
            assert [t for n, t in enumerate(texts) if t not in texts[:n]] == sorted(
                set(texts), key=texts.index
            )
        else:
            assert {(row.state, row.code) for row in rows} <= {("sent", None), ("dead", "unsure")}, at
        order = [texts.index(text) for text in ("a", "z") if text in texts]
        assert order == sorted(order), at
        contacts += 1
        if fuse.left >= 0:
            break
    assert 10 < contacts < 200, "the fuse never blew, or always did"


async def test_an_echo_without_a_ref_is_known_by_its_words(post: Post) -> None:
    await post.say(await post.customer(), "Your parcel is on its way")
    post.platform.loses_answers = 1
    await post.drain()
    inbox = post.house.inbox
    for other in ("Something else", "your", ""):
        assert not await post.tracking.echo(inbox, Echo("ann", "m.1", other))
    assert not await post.tracking.echo(inbox, Echo("ben", "m.2", "Your parcel is on its way"))
    assert await post.tracking.echo(inbox, Echo("ann", "m.3", "Your  parcel is on its way"))
    await post.drain()
    assert await post.states() == ["sent"]
    assert [part.external_id for part in await post.parts()] == ["m.3"]


async def test_an_echo_is_ours_by_its_id_its_ref_or_the_platforms_word_for_it(post: Post) -> None:
    await post.say(await post.customer(), "one")
    post.platform.answers = ["m.1"]
    await post.drain()
    inbox, ref = post.house.inbox, post.platform.calls[0].ref
    assert await post.tracking.echo(inbox, Echo("ann", "m.1"))
    assert await post.tracking.echo(inbox, Echo("ann", "m.9", ref=ref))
    assert await post.tracking.echo(inbox, Echo("ann", "m.8", "typed elsewhere", ours=True))
    assert not await post.tracking.echo(inbox, Echo("ann", "m.7", "typed elsewhere"))
    for forged in ("x.0", ref + "x", ref.replace(".", ".-"), ".0", "nonsense", ref[:-1] + "99999999"):
        assert not await post.tracking.echo(inbox, Echo("ann", "m.6", "typed elsewhere", ref=forged))


async def test_a_ref_of_another_inbox_counts_for_nothing(post: Post) -> None:
    await post.say(await post.customer(), "one")
    post.platform.loses_answers = 1
    await post.drain()
    other = (await post.inboxes.create("rest", "Other")).inbox
    await post.tracking.progress(other, progress(post))
    await post.drain()
    assert await post.states() == ["unsure"]


@pytest.mark.parametrize(
    ("told", "mark"),
    [
        (["sent", "delivered", "read"], "read"),
        (["read", "delivered", "sent"], "read"),
        (["delivered", "read", "delivered"], "read"),
        (["delivered", "failed"], "delivered"),
        (["failed", "sent"], "failed"),
    ],
)
async def test_marks_only_move_forward(post: Post, told: list[Any], mark: str) -> None:
    await post.say(await post.customer(), "one")
    await post.drain()
    (part,) = await post.parts()
    for state in told:
        await post.tracking.progress(post.house.inbox, Progress("ann", state, part.external_id))
    assert [row.mark for row in await post.rows()] == [mark]


async def test_marks_that_come_before_our_own_record_are_kept(telling: Post) -> None:
    await telling.say(await telling.customer(), "one")
    telling.platform.gate.clear()
    pushing = asyncio.create_task(telling.dispatcher.once())
    await telling.platform.entered.wait()
    call = telling.platform.calls[0]
    for state in ("read", "sent"):
        await telling.tracking.progress(telling.house.inbox, Progress("ann", state, "wamid.1", call.ref))  # type: ignore[arg-type]
    telling.platform.answers = ["wamid.1"]
    telling.platform.gate.set()
    await pushing
    assert [(row.state, row.mark) for row in await telling.rows()] == [("sent", "read")]
    assert len(await telling.parts()) == 1


async def test_a_message_is_read_when_all_its_parts_are(post: Post) -> None:
    conversation = await post.customer()
    await post.say(conversation, LONG)
    await post.drain()
    inbox = post.house.inbox
    first, second = await post.parts()
    await post.tracking.progress(inbox, Progress("ann", "read", first.external_id))
    assert [row.mark for row in await post.rows()] == ["sent"]
    await post.tracking.progress(inbox, Progress("ann", "read", second.external_id))
    (row,) = await post.rows()
    assert row.mark == "read"
    assert (await post.house.view(conversation)).read_by_customer == row.number
    assert post.house.hub.reads == [("customer", row.number)]


async def test_a_watermark_marks_all_that_was_sent_to_this_contact_by_then(post: Post) -> None:
    conversation, other = await post.customer(), await post.customer("ben")
    times: list[datetime] = []
    for number in range(3):
        await post.say(conversation, f"{number}")
        await post.say(other, f"{number}")
        await post.drain()
        times.append(post.house.clock())
        post.house.clock.pass_(10)
    news = Progress("ann", "read", up_to=times[1] + timedelta(seconds=1))
    await post.tracking.progress(post.house.inbox, news)
    marks = {contact: [] for contact in (conversation, other)}
    for row in await post.rows():
        marks[row.conversation_id].append(row.mark)
    assert marks == {conversation: ["read", "read", "sent"], other: ["sent", "sent", "sent"]}
    await post.tracking.progress(post.house.inbox, news)
    assert post.house.hub.reads[-1] == ("customer", (await post.house.view(conversation)).read_by_customer)


async def test_a_failure_told_later_is_shown_to_the_desk(post: Post) -> None:
    conversation = await post.customer()
    await post.say(conversation, "one")
    await post.drain()
    (part,) = await post.parts()
    news = Progress("ann", "failed", part.external_id, error="131026 not on WhatsApp")
    for _ in range(2):
        await post.tracking.progress(post.house.inbox, news)
    (row,) = await post.rows()
    assert (row.state, row.mark, row.error) == ("dead", "failed", "131026 not on WhatsApp")
    assert [note["values"]["error"] for note in await post.notes(conversation)] == ["131026 not on WhatsApp"]


async def test_a_part_that_failed_while_the_next_was_sent_is_not_forgotten(telling: Post) -> None:
    conversation = await telling.customer()
    await telling.say(conversation, LONG)
    told: list[asyncio.Task[None]] = []

    def tell(outbound: Outbound) -> None:
        if outbound.place == 1:
            telling.platform.gate.clear()
            told.append(asyncio.get_running_loop().create_task(fail(outbound)))

    async def fail(outbound: Outbound) -> None:
        ref = f"{outbound.delivery_id}.0"
        news = Progress("ann", "failed", None, ref, error="131000 went wrong")
        await telling.tracking.progress(telling.house.inbox, news)
        telling.platform.gate.set()

    telling.platform.at_call = tell
    await telling.drain()
    (row,) = await telling.rows()
    assert (row.state, row.mark, row.error) == ("dead", "failed", "131000 went wrong")
    assert [note["values"]["error"] for note in await telling.notes(conversation)] == ["131000 went wrong"]
    assert len(told) == 1


async def test_news_of_messages_that_are_not_ours_changes_nothing(post: Post) -> None:
    await post.tracking.progress(post.house.inbox, Progress("ann", "read", "mid.unknown"))
    await post.tracking.progress(post.house.inbox, Progress("ann", "read", up_to=post.house.clock()))
    await post.tracking.progress(post.house.inbox, Progress("ann", "read"))
    assert await post.rows() == []
