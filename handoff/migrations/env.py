"""Run by alembic: compares and changes the tables over the connection it was given."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from actions.db import Json, UtcDateTime
from handoff.tables import Base

# Tables of the indexes of words, made by statements of their own.
OTHERS = ("message_words", "utterance_words")


def render(kind: str, thing: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Our own column types by name."""
    if kind == "type" and isinstance(thing, UtcDateTime):
        autogen.imports.add("from actions.db import UtcDateTime")
        return "UtcDateTime()"
    if kind == "type" and thing is Json:
        autogen.imports.add("from actions.db import Json")
        return "Json"
    return False


def ours(_thing: Any, name: str | None, *_rest: Any) -> bool:
    return not (name or "").startswith((*OTHERS, "ix_messages_words"))


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    render_item=render,
    include_object=ours,
    compare_type=False,  # the variants of one type on two databases are told apart by tests instead
)
with context.begin_transaction():
    context.run_migrations()
