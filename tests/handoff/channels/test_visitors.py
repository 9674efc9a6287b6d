"""Which contact sits at a widget."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from actions.customers.models import Customer
from actions.db import Database
from handoff.channels.identity import sign
from handoff.channels.models import Inbox
from handoff.channels.visitors import ANONYMOUS_FOR, KNOWN_FOR, Found, Visitors
from handoff.conversations.models import Contact, ContactToken, Conversation
from handoff.conversations.rates import Rates
from handoff.conversations.views import InboxView
from handoff.errors import TooMany, Unauthorised
from tests.support.conversations import Clock, build

SECRET = "the inbox's secret"


class Widget:
    """Starts as the browser does."""

    def __init__(self, database: Database, inbox: InboxView, clock: Clock) -> None:
        self.database = database
        self.inbox = inbox
        self.clock = clock
        self.visitors = Visitors(database, clock)

    async def start(self, token: str | None = None, customer: str | None = None, **more: Any) -> Found:
        identity = asdict(sign(SECRET, customer, int(self.clock().timestamp()) + 60)) if customer else None
        return await self.visitors.start(self.inbox, token=token, identity=identity, **more)

    async def talk(self, found: Found) -> None:
        """As if something had been said."""
        async with self.database.write() as session:
            row = await session.get_one(Conversation, found.conversation_id)
            row.last_number, row.last_message_at = 1, self.clock()


@pytest.fixture
async def widget(database: Database) -> Widget:
    row = Inbox(id="web", channel="web", name="Shop", options={})
    person = Customer(
        id="c1", name="Meera Nair", email="m@example.org", locale="en-IN", country="IN", time_zone="UTC"
    )
    async with database.write() as session:
        session.add_all([row, person])
    return Widget(database, InboxView("web", "web", "Shop", {}, secret=SECRET), Clock())


async def test_a_browser_that_comes_back_finds_its_thread(widget: Widget) -> None:
    first = await widget.start()
    again = await widget.start(first.token)
    assert (again.token, again.conversation_id) == (first.token, first.conversation_id)
    assert (await widget.visitors.by_token(first.token)).conversation_id == first.conversation_id


async def test_two_visitors_share_nothing(widget: Widget) -> None:
    one, other = await widget.start(), await widget.start()
    assert one.contact.id != other.contact.id
    assert one.conversation_id != other.conversation_id


async def test_only_the_hash_of_a_token_is_stored(widget: Widget) -> None:
    found = await widget.start()
    async with widget.database.read() as session:
        [stored] = await session.scalars(select(ContactToken.token_hash))
    assert found.token not in stored
    assert len(found.token) >= 43


@pytest.mark.parametrize("token", ["guess", "x" * 200, "\ud800", "a\x00b"])
async def test_an_unknown_token_starts_afresh(widget: Widget, token: str) -> None:
    first = await widget.start()
    found = await widget.start(token)
    assert found.contact.id != first.contact.id
    assert found.token != token


async def test_a_token_opens_nothing_in_another_inbox(widget: Widget) -> None:
    first = await widget.start()
    async with widget.database.write() as session:
        session.add(Inbox(id="other", channel="web", name="Other", options={}))
    other = InboxView("other", "web", "Other", {}, secret="another")
    found = await widget.visitors.start(other, token=first.token)
    assert found.contact.id != first.contact.id


async def test_a_known_customer_has_one_thread_on_every_device(widget: Widget) -> None:
    laptop = await widget.start(customer="c1")
    phone = await widget.start(customer="c1")
    assert phone.conversation_id == laptop.conversation_id
    assert phone.token != laptop.token
    assert (await widget.visitors.by_token(laptop.token)).customer_id == "c1"
    assert (phone.contact.name, phone.contact.locale) == ("Meera Nair", "en-IN")


async def test_first_visits_at_the_same_moment_become_one_contact(widget: Widget) -> None:
    found = await asyncio.gather(*(widget.start(customer="c1") for _ in range(6)))
    assert len({one.conversation_id for one in found}) == 1
    async with widget.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Contact)) == 1


async def test_who_signs_in_while_talking_goes_on_with_the_same_thread(widget: Widget) -> None:
    anonymous = await widget.start()
    await widget.talk(anonymous)
    known = await widget.start(anonymous.token, customer="c1")
    assert known.conversation_id == anonymous.conversation_id
    async with widget.database.read() as session:
        assert (await session.get_one(Conversation, known.conversation_id)).customer_id == "c1"
    assert (await widget.start(customer="c1")).conversation_id == known.conversation_id


async def test_who_signs_in_before_saying_anything_gets_the_thread_of_last_time(widget: Widget) -> None:
    before = await widget.start(customer="c1")
    await widget.talk(before)
    anonymous = await widget.start()
    known = await widget.start(anonymous.token, customer="c1")
    assert known.conversation_id == before.conversation_id


async def test_another_customer_on_the_same_machine_starts_afresh(widget: Widget) -> None:
    mine = await widget.start(customer="c1")
    await widget.talk(mine)
    other = await widget.start(mine.token, customer="c2")
    assert other.conversation_id != mine.conversation_id
    assert other.contact.customer_id == "c2"


async def test_who_signs_out_leaves_nothing_for_the_next_person(widget: Widget) -> None:
    mine = await widget.start(customer="c1")
    await widget.talk(mine)
    after = await widget.start(mine.token)
    assert after.conversation_id != mine.conversation_id
    assert after.contact.customer_id is None
    with pytest.raises(Unauthorised):
        await widget.visitors.by_token(mine.token)


async def test_a_forged_identity_is_never_taken_for_an_anonymous_visitor(widget: Widget) -> None:
    forged = asdict(sign("guess", "c1", int(widget.clock().timestamp()) + 60))
    with pytest.raises(Unauthorised) as refused:
        await widget.visitors.start(widget.inbox, token=None, identity=forged)
    assert refused.value.code == "identity_invalid"
    async with widget.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Contact)) == 0


@pytest.mark.parametrize(("customer", "lasts"), [(None, ANONYMOUS_FOR), ("c1", KNOWN_FOR)])
async def test_a_token_ends_unless_it_is_used(widget: Widget, customer: str | None, lasts: timedelta) -> None:
    first = await widget.start(customer=customer)
    widget.clock.pass_(lasts.total_seconds() - 1)
    await widget.start(first.token, customer=customer)
    widget.clock.pass_(lasts.total_seconds() - 1)
    assert (await widget.visitors.by_token(first.token)).contact_id == first.contact.id
    widget.clock.pass_(1)
    with pytest.raises(Unauthorised):
        await widget.visitors.by_token(first.token)


async def test_one_address_makes_new_contacts_only_so_fast(widget: Widget) -> None:
    widget.visitors = Visitors(widget.database, widget.clock, Rates(per_second=0.001, burst=2))
    first = await widget.start(address="1.2.3.4")
    await widget.start("guess", address="1.2.3.4")
    with pytest.raises(TooMany):
        await widget.start("guess again", address="1.2.3.4")
    assert (await widget.start(first.token, address="1.2.3.4")).contact.id == first.contact.id
    assert (await widget.start(address="5.6.7.8")).contact.id != first.contact.id


async def test_a_locale_that_is_none_is_left_out(widget: Widget) -> None:
    assert (await widget.start(locale="<script>")).contact.locale is None
    assert (await widget.start(locale="fa_IR")).contact.locale == "fa-IR"


async def test_a_contact_of_another_channel_has_no_widget(database: Database) -> None:
    house = await build(database)
    await house.write("Hello", "ann")
    with pytest.raises(Unauthorised):
        await Visitors(database, house.clock).by_token("ann")
    await house.conversations.turns.settle()
