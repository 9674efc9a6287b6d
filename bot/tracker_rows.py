"""The rows behind :mod:`bot.tracker_store`: what is kept of a conversation, in SQL, synchronously.

Two tables. ``bot_trackers``: for each conversation its version, and the *head*, what is left of
all turns up to number ``cut``. ``bot_turns``: the events of each save, one row a turn, never
changed again; trainers read them. SQLAlchemy 1.4 Core (Rasa 3.6 pins it), SQLite or PostgreSQL.
"""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

Events = list[dict[str, Any]]

_metadata = sa.MetaData()
_trackers = sa.Table(
    "bot_trackers",
    _metadata,
    sa.Column("conversation_id", sa.String(200), primary_key=True),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("cut", sa.BigInteger, nullable=False),
    sa.Column("head", sa.Text, nullable=False),
)
_turns = sa.Table(
    "bot_turns",
    _metadata,
    sa.Column("conversation_id", sa.String(200), primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("events", sa.Text, nullable=False),
)


class Conflict(Exception):
    """Another server saved a turn of this conversation first; nothing was written."""


@dataclass(frozen=True)
class Stored:
    """A conversation as it is kept: its head and, by number, the events of the turns after it."""

    version: int
    cut: int
    head: Events
    turns: list[tuple[int, Events]]


def first_version() -> int:
    """Versions start anywhere, so that a conversation erased and begun anew is never mistaken
    for its former self by a server that still has the old one in memory."""
    return secrets.randbits(48)


class Rows:
    """The two tables; every method is one transaction and blocks: call it in a thread."""

    def __init__(self, url: str) -> None:
        self._engine = _engine(url)
        self._writer = self._engine.execution_options(setu_write=True)
        self.threads = 1 if self._engine.dialect.name == "sqlite" else 8
        with self._writer.begin() as connection:
            if self._engine.dialect.name == "postgresql":  # two servers may start at once
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(736574755)")
            _metadata.create_all(connection)

    def version(self, conversation_id: str) -> int | None:
        with self._engine.connect() as connection:
            found = connection.execute(_VERSION, {"id": conversation_id}).scalar()
        return None if found is None else int(found)

    def load(self, conversation_id: str) -> Stored | None:
        with self._engine.begin() as connection:  # one view of both tables
            row = connection.execute(_TRACKER, {"id": conversation_id}).first()
            if row is None:
                return None
            tail = connection.execute(_TAIL, {"id": conversation_id, "cut": row.cut}).all()
        return Stored(
            row.version, row.cut, json.loads(row.head), [(t.number, json.loads(t.events)) for t in tail]
        )

    def history(self, conversation_id: str) -> list[Events]:
        """The events of every turn from the very first."""
        with self._engine.connect() as connection:
            rows = connection.execute(_TAIL, {"id": conversation_id, "cut": -1}).all()
        return [json.loads(row.events) for row in rows]

    def append(
        self, conversation_id: str, version: int, events: Events, *, new: bool, cut: int, head: Events | None
    ) -> None:
        """Add turn number ``version + 1``; ``head`` is given when the cut moved.

        Raises :class:`Conflict` if the conversation is not at ``version`` (or there, when ``new``).
        """
        number = version + 1
        with self._writer.begin() as connection:
            if new:
                row = {"conversation_id": conversation_id, "version": number, "cut": cut, "head": "[]"}
                try:
                    connection.execute(_trackers.insert(), row)
                except sa.exc.IntegrityError as error:
                    raise Conflict(conversation_id) from error
            else:
                values: dict[str, Any] = {"version": number}
                if head is not None:
                    values |= {"cut": cut, "head": json.dumps(head)}
                update = _trackers.update().where(
                    _trackers.c.conversation_id == conversation_id, _trackers.c.version == version
                )
                if connection.execute(update.values(values)).rowcount != 1:
                    raise Conflict(conversation_id)
            turn = {"conversation_id": conversation_id, "number": number, "at": time.time()}
            connection.execute(_turns.insert(), turn | {"events": json.dumps(events)})

    def erase(self, conversation_id: str) -> None:
        with self._writer.begin() as connection:
            for table in (_turns, _trackers):
                connection.execute(table.delete().where(table.c.conversation_id == conversation_id))

    def conversations(self) -> list[str]:
        with self._engine.connect() as connection:
            return list(connection.execute(sa.select(_trackers.c.conversation_id)).scalars())

    def close(self) -> None:
        self._engine.dispose()


_VERSION = sa.select(_trackers.c.version).where(_trackers.c.conversation_id == sa.bindparam("id"))
_TRACKER = sa.select(_trackers).where(_trackers.c.conversation_id == sa.bindparam("id"))
_TAIL = (
    sa.select(_turns.c.number, _turns.c.events)
    .where(_turns.c.conversation_id == sa.bindparam("id"), _turns.c.number > sa.bindparam("cut"))
    .order_by(_turns.c.number)
)


def _engine(url: str) -> sa.engine.Engine:
    parsed = sa.engine.make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return sa.create_engine(
            parsed, future=True, pool_size=8, max_overflow=0, pool_pre_ping=True,
            connect_args={"connect_timeout": 3},
        )  # fmt: skip
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    # One connection, kept: opening one for each turn (the default for files) costs more than the turn.
    engine = sa.create_engine(
        parsed, future=True, poolclass=sa.pool.StaticPool, connect_args={"check_same_thread": False}
    )
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, see _begin_sqlite
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    # A read that turns into a write can fail at once, without waiting: writers say so at the start.
    write = connection.get_execution_options().get("setu_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
