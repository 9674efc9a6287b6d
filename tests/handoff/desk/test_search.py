"""Search over messages, on both engines."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from actions.db import Database
from handoff.agents.models import Agent
from handoff.conversations.models import Message
from handoff.desk.search import search, snippet, words_of
from tests.support.conversations import House, build


@pytest.fixture
async def house(database: Database) -> AsyncIterator[House]:
    made = await build(database)
    yield made
    await made.conversations.turns.settle()


async def found(house: House, question: str, agent_id: str | None = None) -> list[str]:
    """Texts of the messages that customers wrote and the search finds."""
    agent_id = agent_id or await house.agent("Searcher")
    async with house.database.read() as session:
        agent = await session.get_one(Agent, agent_id)
        hits = await search(session, agent, question)
    return [hit.message.text for hit in hits if hit.message and hit.message.sender == "customer"]


async def test_words_are_found_by_how_they_begin_in_any_case(house: House) -> None:
    await house.write("My parcel is late", "ann")
    await house.write("Where is the shop?", "ben")
    assert await found(house, "PARC") == ["My parcel is late"]
    assert await found(house, "late my") == ["My parcel is late"]
    assert await found(house, "parcel shop") == []


async def test_numbers_and_addresses_are_found_by_their_parts(house: House) -> None:
    await house.write("Order SO-100123 for ann.lee@example.org", "ann")
    for question in ("SO-100123", "100123", "so100", "ann.lee", "example.org", "lee@example"):
        expected = [] if question == "so100" else ["Order SO-100123 for ann.lee@example.org"]
        assert await found(house, question) == expected, question


@pytest.mark.parametrize(
    "text", ["मेरा पार्सल देर से है", "আমার পার্সেল দেরি", "Το δέμα μου άργησε", "بسته من دیر شد"]
)
async def test_every_script_is_found_by_whole_words(house: House, text: str) -> None:
    await house.write(text, "ann")
    assert await found(house, text.split()[1]) == [text]


ODD = [
    *(
        "'",
        '"',
        "it's",
        '"fine',
        "fine'",
        "a AND",
        "NEAR(a b)",
        "a*",
        "(",
        "-",
        ":",
        "text:fine",
        "\\",
        "%",
        "_",
    ),
    *("& |", "!fine", "fine:*", "<->", "'; DROP TABLE messages; --", "\x00", "\ud800", "x" * 300),
]


async def test_no_question_breaks_the_engine(house: House) -> None:
    await house.write("It's 100% fine", "ann")
    for question in ODD:
        await found(house, question)
    assert await found(house, "fine") == ["It's 100% fine"]


async def test_the_index_follows_changes_and_deletions(house: House) -> None:
    outcome = await house.write("My parcel is late", "ann")
    async with house.database.write() as session:
        await session.execute(update(Message).where(Message.sender == "customer").values(text="(removed)"))
    assert await found(house, "parcel") == []
    assert await found(house, "removed") == ["(removed)"]
    async with house.database.write() as session:
        await session.execute(delete(Message).where(Message.conversation_id == outcome.conversation.id))
    async with house.database.read() as session:
        assert (await session.scalars(select(Message))).all() == []
    assert await found(house, "removed") == []


async def test_contacts_are_found_by_name(house: House) -> None:
    await house.write("Hello", "ann", name="Anna Lindqvist")
    agent_id = await house.agent()
    async with house.database.read() as session:
        hits = await search(session, await session.get_one(Agent, agent_id), "lindq")
    assert [(hit.message, hit.snippet) for hit in hits] == [(None, "Anna Lindqvist")]


def test_a_snippet_shows_the_word_with_what_is_around() -> None:
    text = "x " * 100 + "here it is " + "y " * 100
    shown = snippet(text, ["here"])
    assert "here it is" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert snippet("short", ["absent"]) == "short"


@given(st.text(max_size=300))
def test_words_hold_nothing_the_engines_read_as_language(question: str) -> None:
    for word in words_of(question):
        assert not set(word) & set("\"'\\\0 -/.@_:")
        assert any(one.isalnum() for one in word)
