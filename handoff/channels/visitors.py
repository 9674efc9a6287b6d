"""Who sits at a widget: a contact behind a random token, known as a customer only with proof."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from actions.customers import profiles
from actions.db import Database, new_id
from actions.db import now as utc_now
from handoff.channels.identity import verify
from handoff.channels.models import Inbox
from handoff.channels.registry import hashed
from handoff.conversations.hygiene import clean_locale
from handoff.conversations.models import Contact, ContactToken, Conversation
from handoff.conversations.rates import Rates
from handoff.conversations.views import InboxView
from handoff.errors import TooMany, Unauthorised

ANONYMOUS_FOR = timedelta(days=180)  # a browser that comes back finds its thread
KNOWN_FOR = timedelta(days=1)  # the shop's page vouches anew at each start


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whose socket it is. ``external_id`` is the contact's id as the channel names it."""

    contact_id: str
    external_id: str
    name: str | None
    customer_id: str | None
    locale: str | None
    conversation_id: str
    inbox: InboxView


@dataclass(frozen=True, slots=True)
class Found:
    """The contact of a start and the token that its browser is to use from now on."""

    contact: Contact
    conversation_id: str
    token: str


class Visitors:
    """``fresh`` limits how fast one address makes new contacts."""

    def __init__(
        self, database: Database, clock: Callable[[], datetime] = utc_now, fresh: Rates | None = None
    ) -> None:
        self._database = database
        self._clock = clock
        self._fresh = fresh or Rates(per_second=2, burst=120)

    async def start(
        self,
        inbox: InboxView,
        *,
        token: str | None,
        identity: Any = None,
        locale: str | None = None,
        address: str = "",
        new_token: str | None = None,
    ) -> Found:
        """Find or make the contact.

        A token alone leads to an anonymous contact only: whoever signed out of the shop must not
        leave the thread open for the next person at the machine. With an identity: the anonymous
        contact of the token becomes the customer's, unless the customer has a thread in this inbox
        and the anonymous one is empty; a token of another customer starts afresh.
        :class:`Unauthorised` for an identity that does not hold, :class:`TooMany` for an address
        that makes contacts too fast. ``new_token``: one made here that the browser has already.
        """
        customer = verify(inbox.secret, identity, self._clock()) if identity is not None else None
        try:
            return await self._find(inbox, token, customer, clean_locale(locale), address, new_token)
        except IntegrityError:  # the customer's first visit, at the same moment in another browser
            return await self._find(inbox, token, customer, clean_locale(locale), address, new_token)

    async def _find(
        self,
        inbox: InboxView,
        token: str | None,
        customer: str | None,
        locale: str | None,
        address: str,
        new_token: str | None,
    ) -> Found:
        async with self._database.write() as session:
            held = await self._held(session, inbox.id, token) if token else None
            if held is not None and held.customer_id not in (None, customer):
                await self._forget(session, token)
                held = None
            contact = held if customer is None else await self._of_customer(session, inbox.id, customer, held)
            if contact is None:
                wait = self._fresh.spend((inbox.id, address))
                if wait:
                    raise TooMany("too_fast", retry_after=wait)
                contact = await self._make(session, inbox.id, customer, locale)
            if customer is not None and contact.customer_id is None:
                await self._link(session, contact, customer)
            if locale is not None and contact.locale is None:
                contact.locale = locale
            same = token if held is not None and held.id == contact.id else None
            conversation_id = await self._conversation(session, contact)
            return Found(contact, conversation_id, await self._admit(session, contact, same, new_token))

    async def by_token(self, token: str) -> Visitor:
        """Whose token it is; :class:`Unauthorised` when unknown or expired."""
        statement = (
            select(Contact, Conversation.id, Inbox)
            .join(ContactToken, ContactToken.contact_id == Contact.id)
            .join(Conversation, Conversation.id == Contact.conversation_id)
            .join(Inbox, Inbox.id == Contact.inbox_id)
            .where(ContactToken.token_hash == hashed(token), ContactToken.expires_at > self._clock())
        )
        async with self._database.read() as session:
            row = (await session.execute(statement)).first()
        if row is None:
            raise Unauthorised("token_unknown")
        contact, conversation_id, inbox = row
        view = InboxView(inbox.id, inbox.channel, inbox.name, inbox.options)
        return Visitor(
            contact.id,
            contact.external_id,
            contact.name,
            contact.customer_id,
            contact.locale,
            conversation_id,
            view,
        )

    async def _held(self, session: AsyncSession, inbox_id: str, token: str) -> Contact | None:
        found: Contact | None = await session.scalar(
            select(Contact)
            .join(ContactToken, ContactToken.contact_id == Contact.id)
            .where(
                Contact.inbox_id == inbox_id,
                ContactToken.token_hash == hashed(token),
                ContactToken.expires_at > self._clock(),
            )
        )
        return found

    async def _of_customer(
        self, session: AsyncSession, inbox_id: str, customer: str, held: Contact | None
    ) -> Contact | None:
        """The contact a customer goes on with: one begun here and now, else the one talked in last."""
        if held is not None and (held.customer_id == customer or await self._has_talked(session, held)):
            return held
        known: Contact | None = await session.scalar(
            select(Contact)
            .join(Conversation, Conversation.id == Contact.conversation_id)
            .where(Contact.inbox_id == inbox_id, Contact.customer_id == customer)
            .order_by(Conversation.last_message_at.desc().nulls_last(), Contact.created_at)
            .limit(1)
        )
        return known or held

    async def _has_talked(self, session: AsyncSession, contact: Contact) -> bool:
        last = await session.scalar(
            select(Conversation.last_number).where(Conversation.id == contact.conversation_id)
        )
        return bool(last)

    async def _make(
        self, session: AsyncSession, inbox_id: str, customer: str | None, locale: str | None
    ) -> Contact:
        # A customer has one contact an inbox by its name, so that two first visits at once become one.
        external_id = new_id() if customer is None else f"customer:{customer}"
        contact = Contact(id=new_id(), inbox_id=inbox_id, external_id=external_id, locale=locale)
        session.add(contact)
        await session.flush()
        return contact

    async def _link(self, session: AsyncSession, contact: Contact, customer: str) -> None:
        person = await profiles.get(session, customer)
        contact.customer_id = customer
        if person is not None:
            contact.name, contact.locale = person.name, person.locale
        await session.execute(
            update(Conversation)
            .where(Conversation.id == contact.conversation_id)
            .values(customer_id=customer, locale=contact.locale)
        )

    async def _conversation(self, session: AsyncSession, contact: Contact) -> str:
        found: str | None = await session.scalar(
            select(Conversation.id).where(Conversation.id == contact.conversation_id)
        )
        if found is not None:
            return found
        conversation = Conversation(
            id=contact.conversation_id,
            contact_id=contact.id,
            inbox_id=contact.inbox_id,
            customer_id=contact.customer_id,
            locale=contact.locale,
        )
        session.add(conversation)
        return conversation.id

    async def _admit(
        self, session: AsyncSession, contact: Contact, token: str | None, new_token: str | None
    ) -> str:
        """A token for the browser: its own, made to last again, or a new one."""
        expires = self._clock() + (KNOWN_FOR if contact.customer_id else ANONYMOUS_FOR)
        if token is not None:
            await session.execute(
                update(ContactToken)
                .where(ContactToken.token_hash == hashed(token))
                .values(expires_at=expires)
            )
            return token
        fresh = new_token or secrets.token_urlsafe(32)
        session.add(ContactToken(token_hash=hashed(fresh), contact_id=contact.id, expires_at=expires))
        await session.execute(delete(ContactToken).where(ContactToken.expires_at <= self._clock()))
        return fresh

    async def _forget(self, session: AsyncSession, token: str | None) -> None:
        if token:
            await session.execute(delete(ContactToken).where(ContactToken.token_hash == hashed(token)))
