"""Last week's talks: bounded, and with nothing personal in them."""

from __future__ import annotations

from datetime import timedelta

from handoff.workbench.context import Context
from handoff.workbench.talks.replay import MOST_TALKS, MOST_TURNS, last_week
from tests.handoff.workbench.talks.made import Wrote


async def test_talks_come_in_order_and_masked(context: Context) -> None:
    wrote = Wrote(context)
    now = context.clock()
    await wrote.talk("hello", "my mail is ann.doe@example.org", at=now - timedelta(hours=2))
    await wrote.talk(
        "I am Theodora", "where is it", name="Theodora", language="el", at=now - timedelta(hours=1)
    )
    newest, older = await last_week(context.database, now)
    assert (newest.language, older.language) == ("el", "en")
    assert newest.texts[1] == "where is it"
    assert "Theodora" not in newest.texts[0]
    assert older.texts[0] == "hello"
    assert "ann.doe" not in older.texts[1]


async def test_there_are_no_more_turns_than_the_bound_however_long_a_talk(context: Context) -> None:
    wrote = Wrote(context)
    await wrote.talk(*(f"message {n}" for n in range(MOST_TURNS + 5)))
    (talk,) = await last_week(context.database, context.clock())
    assert len(talk.texts) == MOST_TURNS
    assert talk.texts[-1] == f"message {MOST_TURNS + 4}"


async def test_there_are_no_more_talks_than_the_bound_and_the_newest_count(context: Context) -> None:
    wrote = Wrote(context)
    now = context.clock()
    for number in range(MOST_TALKS + 3):
        await wrote.talk(f"talk {number}", at=now - timedelta(minutes=number + 1))
    talks = await last_week(context.database, now)
    assert [talk.texts for talk in talks] == [(f"talk {number}",) for number in range(MOST_TALKS)]


async def test_without_talks_there_is_nothing(context: Context) -> None:
    assert await last_week(context.database, context.clock()) == []
