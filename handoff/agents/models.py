"""Tables of people who sign in, their sign-ins, and the replies they keep ready."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from actions.db import Base, new_id, now


class Agent(Base):
    """A person with an account. Presence lives here so that every gateway sees it."""

    __tablename__ = "agents"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    role: Mapped[str] = mapped_column(String(12), default="agent")  # agent supervisor trainer operator
    password_hash: Mapped[str] = mapped_column(String(255))
    languages: Mapped[list[str]] = mapped_column(default=list)  # in order of skill
    capacity: Mapped[int] = mapped_column(default=4)  # conversations at once
    load: Mapped[int] = mapped_column(default=0)  # assigned now; moved only by the claim and its release
    availability: Mapped[str] = mapped_column(String(8), default="online")  # or away, by their choice
    seen_at: Mapped[datetime | None]  # last sign of life of a desk connection
    assigned_at: Mapped[datetime | None]  # last time a talk was given, for fairness
    disabled: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)


class SignIn(Base):
    """A signed-in browser. Only the hash of its token is kept."""

    __tablename__ = "sign_ins"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]


class Attempt(Base):
    """Attempts to sign in, counted per account and per address within a window of time."""

    __tablename__ = "attempts"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)  # a hash: no address, no e-mail
    count: Mapped[int] = mapped_column(default=1)
    since: Mapped[datetime] = mapped_column(index=True)


class CannedReply(Base):
    """A reply kept ready, per language; ``{name}``-like variables are filled in the desk."""

    __tablename__ = "canned_replies"
    __table_args__ = (UniqueConstraint("shortcut", "language"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    shortcut: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(8), default="en")
    text: Mapped[str] = mapped_column(Text)
