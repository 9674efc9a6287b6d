"""Tables of inboxes (configured instances of a channel) and of what arrives at them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from actions.db import Base, new_id, now


class Inbox(Base):
    """A configured instance of a channel. Its id is public and cannot be guessed."""

    __tablename__ = "inboxes"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    channel: Mapped[str] = mapped_column(String(20))  # key in the channel registry: web, rest, …
    name: Mapped[str] = mapped_column(String(80))
    token_hash: Mapped[str | None] = mapped_column(String(64))  # SHA-256 of the integrator's token
    secret: Mapped[str | None] = mapped_column(Text)  # encrypted; signs identities or outgoing calls
    credentials: Mapped[str | None] = mapped_column(Text)  # encrypted JSON: the platform's tokens and secrets
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)  # welcome, theme, origins, callback_url
    created_at: Mapped[datetime] = mapped_column(default=now)
    disabled: Mapped[bool] = mapped_column(default=False)
    last_webhook_at: Mapped[datetime | None]
    refused: Mapped[int] = mapped_column(default=0)  # wrong signatures since the last right one
    last_refused_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]  # when the platform was last asked whether all is well
    problem: Mapped[str | None] = mapped_column(Text)  # what it said
    token_expires_at: Mapped[datetime | None]


class Arrival(Base):
    """Something a platform told us, kept before it is acknowledged and handled afterwards.

    ``(inbox_id, key)`` settles duplicates. ``data`` is emptied once it is handled: the key has to
    outlive the platform's retries, the words do not. Kinds that we do not know stay with ``data``.
    """

    __tablename__ = "arrivals"
    __table_args__ = (
        UniqueConstraint("inbox_id", "key"),
        Index("ix_arrivals_open", "handled_at", "due_at"),
        Index("ix_arrivals_contact", "inbox_id", "contact", "handled_at"),
    )

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=True
    )
    inbox_id: Mapped[str] = mapped_column(ForeignKey("inboxes.id"))
    key: Mapped[str] = mapped_column(String(300))
    kind: Mapped[str] = mapped_column(String(12))
    contact: Mapped[str] = mapped_column(String(255), default="")
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    place: Mapped[int] = mapped_column(BigInteger, default=0)  # the platform's order within a contact
    received_at: Mapped[datetime] = mapped_column(default=now)
    due_at: Mapped[datetime] = mapped_column(default=now)
    lease_owner: Mapped[str | None] = mapped_column(String(32))
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(Text)
    handled_at: Mapped[datetime | None]
