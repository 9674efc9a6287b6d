"""Each platform's talk through the real adapters and the whole gateway."""

from __future__ import annotations

import pytest

from tests.support.simulated import simulated

PLATFORMS = ("messenger", "instagram", "whatsapp", "telegram")


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_a_customer_writes_and_the_bots_answer_is_shown_on_the_phone(database_url, platform) -> None:
    async with simulated(database_url) as there:
        ann = await there.customer(platform)
        ann.say("hello")
        await ann.until(lambda: ann.texts(), 20)
        await there.simulator.settled()
        assert len(there.running.bot.asked) == 1
