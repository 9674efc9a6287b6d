"""An inbox out of service: what comes is acknowledged and kept, and handled when it is back."""

from __future__ import annotations

import pytest

from actions.db import Database
from handoff.channels.arrivals import Arrivals
from handoff.channels.handling import Handling
from handoff.channels.registry import Inboxes
from handoff.channels.vault import Vault
from handoff.conversations.inbound import Inbound
from handoff.errors import Forbidden, Unauthorised
from tests.support.conversations import Untracked, build
from tests.support.gateway import Gateway


async def test_what_comes_meanwhile_is_kept_and_answered_afterwards(database: Database) -> None:
    house = await build(database)
    inboxes = Inboxes(database, Vault("k" * 40))
    context = house.conversations.context
    handling = Handling(context, house.conversations, inboxes, Untracked())
    arrivals = Arrivals(context, lambda _seconds: None)
    await inboxes.update(house.inbox.id, disabled=True)
    assert await arrivals.store(house.inbox, [Inbound("ann", text="Hello?", external_id="1")]) == 1
    house.clock.pass_(60)
    assert await handling.once() == 0
    await house.conversations.turns.settle()
    assert house.bot.asked == []
    await inboxes.update(house.inbox.id, disabled=False)
    assert await handling.once() == 1
    await house.conversations.turns.settle()
    assert [asked.text for asked in house.bot.asked] == ["Hello?"]


async def test_on_our_own_pages_nobody_begins_to_talk(running: Gateway) -> None:
    web, rest = await running.inbox(), await running.inboxes.create("rest", "REST")
    for made in (web, rest):
        await running.inboxes.update(made.inbox.id, disabled=True)
    refused = await running.start(web)
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "inbox_disabled")
    with pytest.raises(Forbidden, match="inbox_disabled"):
        await running.inboxes.authenticated(rest.inbox.id, rest.token, "rest")
    with pytest.raises(Unauthorised):
        await running.inboxes.authenticated(rest.inbox.id, "wrong", "rest")
