"""Typing and read marks reach the platforms, seldom enough, and trouble with them reaches nobody."""

from __future__ import annotations

import pytest

from actions.db import Database
from handoff.channels.base import Capabilities, SendFailed, Sign
from handoff.channels.registry import Channels, Inboxes
from handoff.channels.signals import EVERY, QUIET, ChannelSigns
from handoff.channels.vault import Vault
from handoff.conversations.views import InboxView
from tests.support import conversations
from tests.support.conversations import House
from tests.support.deliveries import Platform


class Showing(Platform):
    """A platform that shows signs."""

    def __init__(self, capabilities: Capabilities = Capabilities(typing=True, read_receipts=True)) -> None:
        super().__init__(capabilities)
        self.shown: list[tuple[str, Sign, str | None]] = []
        self.trouble: Exception | None = None

    async def signal(self, inbox: InboxView, contact: str, sign: Sign, last: str | None) -> None:
        if self.trouble:
            raise self.trouble
        self.shown.append((contact, sign, last))


class Scene:
    def __init__(self, house: House, platform: Platform) -> None:
        self.house, self.platform = house, platform
        self.now = 0.0
        inboxes = Inboxes(house.database, Vault("k" * 40))
        self.signs = ChannelSigns(house.database, Channels({"rest": platform}), inboxes, lambda: self.now)
        self.conversation = ""

    @property
    def shown(self) -> list[tuple[str, Sign, str | None]]:
        assert isinstance(self.platform, Showing)
        return self.platform.shown

    async def typed(self, who: str = "agent", on: bool = True) -> None:
        await self.signs.typing(self.conversation, who, on, "Maria")
        await self.signs.settle()


async def scene(database: Database, platform: Platform) -> Scene:
    made = Scene(await conversations.build(database), platform)
    outcome = await made.house.write("Hello", external_id="wamid.1")
    made.conversation = outcome.conversation.id
    return made


@pytest.fixture
async def showing(database: Database) -> Scene:
    return await scene(database, Showing())


async def test_who_types_on_our_side_is_shown_by_the_customers_newest_message(showing: Scene) -> None:
    await showing.typed("agent")
    assert showing.shown == [("ann", "typing", "wamid.1")]


async def test_the_customers_own_typing_and_its_end_are_not(showing: Scene) -> None:
    await showing.typed("customer")
    await showing.typed("bot", on=False)
    assert showing.shown == []


async def test_signs_are_not_repeated_at_once(showing: Scene) -> None:
    for _ in range(5):
        await showing.typed()
    assert len(showing.shown) == 1
    showing.now += EVERY["typing"]
    await showing.typed("bot")
    assert len(showing.shown) == 2


async def test_what_an_agent_read_and_what_the_bot_answered_is_marked_as_read(showing: Scene) -> None:
    await showing.signs.read(showing.conversation, "agent", 1)
    await showing.signs.settle()
    await showing.signs.read(showing.conversation, "customer", 2)
    showing.now += EVERY["read"]
    (published, said), *_ = showing.house.hub.published[-1:]
    assert [message.sender for message in said] == ["bot"]
    await showing.signs.publish(published, said)
    await showing.signs.settle()
    assert [sign for _, sign, _ in showing.shown] == ["read", "read"]


async def test_a_platform_that_refuses_is_spared_them_for_a_while(showing: Scene) -> None:
    assert isinstance(showing.platform, Showing)
    showing.platform.trouble = SendFailed("window closed", final=True)
    await showing.typed()
    showing.platform.trouble = None
    showing.now += QUIET - 1
    await showing.typed()
    assert showing.shown == []
    showing.now += EVERY["typing"]
    await showing.typed()
    assert len(showing.shown) == 1


async def test_trouble_of_any_kind_reaches_nobody(showing: Scene) -> None:
    assert isinstance(showing.platform, Showing)
    showing.platform.trouble = ValueError("no JSON")
    await showing.typed()
    await showing.signs.typing("no such conversation", "agent", True)
    await showing.signs.settle()
    assert showing.shown == []


@pytest.mark.parametrize("platform", [Platform(), Showing(Capabilities())], ids=["without", "by capability"])
async def test_channels_that_show_none_are_left_alone(database: Database, platform: Platform) -> None:
    made = await scene(database, platform)
    await made.signs.publish(*made.house.hub.published[-1])
    await made.typed()
    assert not getattr(platform, "shown", [])
