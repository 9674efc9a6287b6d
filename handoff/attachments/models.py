"""The table of attachments; the files themselves lie in a folder, named by nothing a sender chose."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from actions.db import Base, new_id, now


class Attachment(Base):
    """One file. Its id is the only key to it and cannot be guessed.

    ``state``: waiting (to be fetched from the platform), ready, refused (too large, harmful, of a
    kind we do not take), lost (the platform no longer has it), expired. A message shows it by an
    entry in ``rich["files"]``; see :mod:`handoff.attachments`.
    """

    __tablename__ = "attachments"

    id: Mapped[str] = mapped_column(String(43), primary_key=True)
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversations.id"), index=True)
    message_id: Mapped[str | None] = mapped_column(ForeignKey("messages.id"), index=True)
    inbox_id: Mapped[str | None] = mapped_column(String(32))
    uploaded_by: Mapped[str | None] = mapped_column(String(32))  # agent or contact; null: fetched
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    kind: Mapped[str] = mapped_column(String(8))  # image audio video file
    name: Mapped[str] = mapped_column(String(200), default="")
    media_type: Mapped[str] = mapped_column(String(100), default="application/octet-stream")  # as sniffed
    size: Mapped[int] = mapped_column(BigInteger, default=0)  # bytes
    width: Mapped[int | None]  # pixels, of an image
    height: Mapped[int | None]
    sha256: Mapped[str | None] = mapped_column(String(64))
    source: Mapped[str | None] = mapped_column(Text)  # the platform's URL or file id, until it is fetched
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None] = mapped_column(index=True)  # when to (try to) fetch it
    lease_owner: Mapped[str | None] = mapped_column(String(32))
    error: Mapped[str | None] = mapped_column(String(200))
    expires_at: Mapped[datetime | None] = mapped_column(index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)


def new_key() -> str:
    """The id of an attachment: 128 random bits and more, for it is all that protects the file."""
    return new_id() + new_id()[:11]
