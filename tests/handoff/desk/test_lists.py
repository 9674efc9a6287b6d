"""Lists of conversations: order, pages, counts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from actions.db import Database, new_id, now
from handoff.agents.models import Agent
from handoff.channels.models import Inbox
from handoff.conversations.models import Contact, Conversation
from handoff.desk import lists
from handoff.errors import Invalid

AT = now()


@pytest.fixture
async def agent(database: Database) -> Agent:
    made = Agent(id=new_id(), email="m@example.org", name="Maria", password_hash="", role="agent")
    async with database.write() as session:
        session.add_all([made, Inbox(id="web", channel="web", name="Shop", options={})])
    return made


async def add(
    database: Database,
    name: str,
    status: str,
    age: float,
    agent: Agent | None = None,
    last: int = 1,
    inbox: str = "web",
    merged_into: str | None = None,
) -> str:
    contact = Contact(id=new_id(), inbox_id=inbox, external_id=new_id(), name=name)
    at = AT - timedelta(seconds=age)
    talk = Conversation(
        id=new_id(),
        contact_id=contact.id,
        inbox_id=inbox,
        merged_into=merged_into,
        status=status,
        agent_id=agent.id if agent else None,
        last_number=last,
        queued_at=at,
        last_message_at=at,
    )
    async with database.write() as session:
        session.add(contact)
        await session.flush()
        session.add(talk)
    return talk.id


async def names(database: Database, agent: Agent, view: str, **more: str) -> list[str | None]:
    async with database.read() as session:
        rows, _ = await lists.page(session, agent, view, lists.Filter(**more))
    return [row.contact.name for row in rows]


async def test_the_queue_begins_with_who_waits_longest_and_others_with_the_newest(
    database: Database, agent: Agent
) -> None:
    for name, age in (("old", 300), ("new", 5), ("middle", 60)):
        await add(database, name, "queued", age)
        await add(database, name, "bot", age)
    assert await names(database, agent, "queue") == ["old", "middle", "new"]
    assert await names(database, agent, "bot") == ["new", "middle", "old"]


@pytest.mark.parametrize("view", ["queue", "bot"])
async def test_pages_follow_each_other_without_gap_or_repeat(
    database: Database, agent: Agent, view: str
) -> None:
    status = "queued" if view == "queue" else view
    for n in range(lists.PAGE * 2 + 5):
        await add(database, f"{n:03}", status, n // 3)  # three at each moment
    seen: list[str] = []
    before: str | None = None
    more = True
    while more:
        async with database.read() as session:
            rows, more = await lists.page(session, agent, view, before=before)
        seen += [row.id for row in rows]
        before = seen[-1]
    assert len(seen) == len(set(seen)) == lists.PAGE * 2 + 5


async def test_an_opened_widget_alone_is_no_conversation(database: Database, agent: Agent) -> None:
    await add(database, "silent", "bot", 5, last=0)
    assert await names(database, agent, "bot") == []


async def test_names_are_found_as_they_are_written(database: Database, agent: Agent) -> None:
    for name in ("Anna Maria", "100% Bob", "o'Neil"):
        await add(database, name, "bot", 5)
    assert await names(database, agent, "bot", q="MARIA") == ["Anna Maria"]
    assert await names(database, agent, "bot", q="%") == ["100% Bob"]
    assert await names(database, agent, "bot", q="'; DROP TABLE agents; --") == []
    assert await names(database, agent, "bot", q="o'N") == ["o'Neil"]


async def test_counts_are_of_what_the_agent_may_see(database: Database, agent: Agent) -> None:
    other = Agent(id=new_id(), email="o@example.org", name="Omar", password_hash="")
    async with database.write() as session:
        session.add(other)
    for status in ("queued", "bot", "resolved"):
        await add(database, status, status, 5)
    for status, owner in (("assigned", agent), ("snoozed", agent), ("assigned", other)):
        await add(database, status, status, 5, owner)
    async with database.read() as session:
        assert await lists.counts(session, agent) == {
            "queue": 1,
            "mine": 2,
            "bot": 1,
            "elsewhere": 0,
            "resolved": 1,
            "unread": 0,
        }
        agent.role = "supervisor"
        assert (await lists.counts(session, agent))["all"] == 6


async def test_an_unknown_view_is_an_error(database: Database, agent: Agent) -> None:
    with pytest.raises(Invalid):
        await names(database, agent, "secret")


async def test_a_list_is_narrowed_to_a_channel_or_to_one_inbox(database: Database, agent: Agent) -> None:
    async with database.write() as session:
        for id, channel in (("wa1", "whatsapp"), ("wa2", "whatsapp")):
            session.add(Inbox(id=id, channel=channel, name=id, options={}))
    for inbox, age in (("web", 1), ("wa1", 2), ("wa2", 3)):
        await add(database, f"of {inbox}", "bot", age, inbox=inbox)
    assert await names(database, agent, "bot", channel="whatsapp") == ["of wa1", "of wa2"]
    assert await names(database, agent, "bot", inbox="wa2") == ["of wa2"]
    assert await names(database, agent, "bot", channel="whatsapp", q="wa1") == ["of wa1"]
    assert await names(database, agent, "bot", channel="whatsapp", inbox="web") == []


async def test_what_goes_on_in_another_thread_is_in_no_list_and_in_no_count(
    database: Database, agent: Agent
) -> None:
    for status in ("queued", "bot", "elsewhere", "resolved"):
        into = await add(database, "goes on", status, 1)
        await add(database, "merged", status, 2, merged_into=into)
    for view in ("queue", "bot", "elsewhere", "resolved", "all"):
        assert "merged" not in await names(database, agent, view)
    async with database.read() as session:
        counts = await lists.counts(session, agent)
    assert (counts["queue"], counts["bot"], counts["elsewhere"], counts["resolved"]) == (1, 1, 1, 1)


async def test_what_a_person_answers_elsewhere_has_a_list_that_every_agent_sees(
    database: Database, agent: Agent
) -> None:
    await add(database, "Nadia", "elsewhere", 1)
    assert await names(database, agent, "elsewhere") == ["Nadia"]
