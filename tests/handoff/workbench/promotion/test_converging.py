"""Whatever happens in whatever order, the servers that answer end with the newest promotion."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.db import Database
from handoff.errors import SetuError
from tests.handoff.workbench.promotion.conftest import House, make_house
from tests.support.databases import SqliteFiles

NAMES = ("alpha", "beta", "gamma")
bots = st.integers(0, 2)
happenings = st.one_of(
    st.tuples(st.just("promote"), st.sampled_from(NAMES)),
    st.tuples(st.just("roll_back")),
    st.tuples(st.sampled_from(["away", "back", "restart", "refuse"]), bots),
    st.tuples(st.just("look")),
)


async def _happen(house: House, what: str, *how: Any) -> None:
    if what == "promote":
        await house.promote(how[0], "sunil", "because I want to see it")
    elif what == "roll_back":
        await house.roll_back()
    elif what == "look":
        await house.look()
    else:
        bot = house.bots[how[0]]
        if what in ("away", "back"):
            bot.away = what == "away"
        elif what == "restart":
            bot.start()
        else:
            bot.refuses.add(house.archive("beta").sha256)


@given(st.lists(happenings, max_size=12))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_all_servers_that_answer_come_to_the_newest_promotion(
    sqlite_files: SqliteFiles, story: list[tuple[Any, ...]]
) -> None:
    async def play() -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            database = Database(sqlite_files.fresh(folder))
            house = await make_house(database, folder)
            await house.look()
            for model in NAMES:
                await house.trained(model)
            for happening in story:
                wished = await house.live()
                before = house.lives()
                try:
                    await _happen(house, *happening)
                except SetuError:
                    assert await house.live() == wished, "what failed is not on record"
                    assert house.lives() == before, "what failed changed no server"
            for bot in house.bots:
                bot.away = False
                bot.refuses.clear()
            house.clock.forward(minutes=2)
            await house.look()
            assert house.lives() == [await house.live()] * 3
            assert house.pointer().name == await house.live()
            await house.models.calls.aclose()
            await database.close()

    asyncio.run(play())
