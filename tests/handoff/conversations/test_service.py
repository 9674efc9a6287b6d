"""Conversations on both databases: stored, answered once, handed over and back."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from actions.db import Database
from tests.support.conversations import House, build


@pytest.fixture
async def house(database: Database) -> AsyncIterator[House]:
    made = await build(database)
    yield made
    made.bot.open()
    await made.conversations.turns.settle()


async def test_a_first_message_is_stored_numbered_and_answered(house: House) -> None:
    outcome = await house.write("Hello")
    thread = await house.thread(outcome.conversation.id)
    assert [(m.number, m.sender, m.text) for m in thread] == [
        (1, "customer", "Hello"),
        (2, "bot", "re: Hello"),
    ]
    assert outcome.conversation.owner == "bot"
    assert [m.text for m in outcome.messages] == ["re: Hello"]
