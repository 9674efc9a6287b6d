"""The whole history from its witnesses: the simulators and the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from actions.db import Database
from handoff.channels.models import Arrival
from handoff.conversations.models import Contact, JournalEntry, Message
from handoff.delivery.models import Delivery, DeliveryPart
from handoff.simulators import Customer
from tests.bench.history import History, Push, Said, Shown, Step, Stored

ONLY_SECONDS = frozenset({"whatsapp"})  # whose timestamps have no more


@dataclass(frozen=True, slots=True)
class Witness:
    """A customer, and the inbox that they write to."""

    inbox: str
    customer: Customer

    def external(self, id_: str) -> str:
        """The platform's id as ours has it: Telegram's numbers are of one chat only."""
        return f"{self.customer.id}:{id_}" if self.customer.account.platform == "telegram" else id_


async def read(
    database: Database, witnesses: Sequence[Witness], replied: Mapping[str, str], *, by_line: bool
) -> History:
    """Everything, as it is now."""
    history = History(replied=dict(replied), by_line=by_line)
    for witness in witnesses:
        _from_customer(history, witness)
    await _from_database(history, database)
    return history


def _from_customer(history: History, witness: Witness) -> None:
    inbox, contact = witness.inbox, witness.customer.id
    seconds = witness.customer.account.platform in ONLY_SECONDS
    for place, said in enumerate(witness.customer.said):
        told = float(int(said.at)) if seconds else said.at
        history.said.append(Said(inbox, contact, witness.external(said.id), said.text, place, told))
    for shown in witness.customer.seen:
        words = Shown(inbox, contact, witness.external(shown.id), shown.text, shown.at, shown.ref)
        (history.shown if shown.by == "app" else history.persons).append(words)


async def _from_database(history: History, database: Database) -> None:
    async with database.read() as session:
        contacts = {
            contact.id: contact for contact in await session.scalars(select(Contact))
        }  # by whom, on which inbox
        for message in await session.scalars(select(Message).order_by(Message.number)):
            contact = contacts[message.contact_id] if message.contact_id else None
            history.stored.append(
                Stored(
                    id=message.id,
                    conversation=message.conversation_id,
                    number=message.number,
                    sender=message.sender,
                    inbox=contact.inbox_id if contact else "",
                    contact=contact.external_id if contact else "",
                    text=message.text,
                    at=message.created_at.timestamp(),
                    external_id=message.external_id,
                    client_id=message.client_id,
                    private=message.private,
                    handled=message.handled_at is not None,
                    elsewhere=bool(message.rich.get("elsewhere")),
                )
            )
        for entry in await session.scalars(select(JournalEntry).order_by(JournalEntry.id)):
            history.steps.append(Step(entry.conversation_id, entry.event, entry.at.timestamp()))
        arrivals = select(Arrival.inbox_id, Arrival.key, Arrival.received_at).where(Arrival.kind == "message")
        for inbox, key, at in await session.execute(arrivals):
            history.arrived[inbox, key.removeprefix("m:")] = at.timestamp()
        parts: dict[str, dict[int, str | None]] = {}
        called: dict[str, dict[int, float]] = {}
        for part in await session.scalars(select(DeliveryPart)):
            parts.setdefault(part.delivery_id, {})[part.place] = part.external_id
            called.setdefault(part.delivery_id, {})[part.place] = part.at.timestamp()
        for push in await session.scalars(select(Delivery)):
            history.pushes.append(
                Push(push.id, push.message_id, push.state, parts.get(push.id, {}), called.get(push.id, {}))
            )
