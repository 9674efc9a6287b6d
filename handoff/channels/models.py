"""The table of inboxes: configured instances of a channel."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String, Text
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
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)  # welcome, theme, origins, callback_url
    created_at: Mapped[datetime] = mapped_column(default=now)
