"""The way to a person is open in every conversation, offered or not."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from actions.db import Database
from handoff.conversations.drafting import ASK_PERSON
from handoff.errors import Invalid
from tests.support.conversations import House, build


@pytest.fixture
async def house(database: Database) -> AsyncIterator[House]:
    made = await build(database)
    yield made
    made.bot.open()
    await made.conversations.turns.settle()


async def test_a_person_can_be_asked_for_by_a_tap_that_nobody_offered(house: House) -> None:
    receipt = await house.receive(payload=ASK_PERSON)
    assert (receipt.message.payload, receipt.message.text) == (ASK_PERSON, "Talk to a person")


async def test_any_other_payload_that_was_never_offered_is_refused(house: House) -> None:
    with pytest.raises(Invalid, match="unknown_payload"):
        await house.receive(payload="/cancel_order")
