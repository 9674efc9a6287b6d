"""The outbox: one row for each message that must be pushed to a channel."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from actions.db import Base, new_id, now


class Delivery(Base):
    """A push of one message; written with the message, claimed by lease, retried, dead-lettered.

    ``due → sending → sent | due (again) | unsure | dead | dropped``. ``unsure``: we cannot know
    whether the platform took it (its answer was lost, or we were killed). ``mark`` is how far it
    got at the customer's.
    """

    __tablename__ = "deliveries"
    __table_args__ = (Index("ix_deliveries_due", "state", "next_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id"), unique=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"), index=True)  # to whom, on which inbox
    number: Mapped[int]  # of the message: order within a conversation is kept
    epoch: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default="due")  # due sending sent unsure dropped dead
    parts: Mapped[int] = mapped_column(default=0)  # place of the part that is sent now, or next
    mark: Mapped[str | None] = mapped_column(String(10))  # sent delivered read failed
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(default=now)
    lease_owner: Mapped[str | None] = mapped_column(String(32))
    error: Mapped[str | None] = mapped_column(Text)
    code: Mapped[str | None] = mapped_column(String(20))  # of the error, for the desk's words
    created_at: Mapped[datetime] = mapped_column(default=now)
    sent_at: Mapped[datetime | None]


class DeliveryPart(Base):
    """One call of a push that the platform took, by its id over there; its status moves forward only."""

    __tablename__ = "delivery_parts"
    __table_args__ = (
        UniqueConstraint("inbox_id", "external_id"),
        UniqueConstraint("delivery_id", "place"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    delivery_id: Mapped[str] = mapped_column(ForeignKey("deliveries.id", ondelete="CASCADE"))
    place: Mapped[int]  # from 0
    inbox_id: Mapped[str] = mapped_column(String(32))
    external_id: Mapped[str | None] = mapped_column(String(255))
    status: Mapped[str] = mapped_column(String(10), default="sent")  # sent delivered read failed
    at: Mapped[datetime] = mapped_column(default=now)
