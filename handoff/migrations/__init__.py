"""The database's shape, changed step by step: ``python -m handoff.migrations`` brings it up to date.

``python -m handoff.migrations new "what changes"`` writes the next step by comparing the tables
in the code with a database that is up to date.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

HERE = Path(__file__).parent


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, without a file."""
    made = Config()
    made.set_main_option("script_location", str(HERE))
    made.attributes["connection"] = connection
    return made


async def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database at ``url`` up to date; one transaction, so that a failure changes nothing."""
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(lambda sync: command.upgrade(config(sync), revision))
            await connection.commit()
    finally:
        await engine.dispose()


async def new_revision(url: str, message: str) -> None:
    """Write the next step by comparison; read it before it is committed."""
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(
                lambda sync: command.revision(config(sync), message, autogenerate=True, rev_id=_next_number())
            )
    finally:
        await engine.dispose()


def _next_number() -> str:
    return f"{len(list((HERE / 'versions').glob('[0-9]*.py'))) + 1:04}"


def run(arguments: list[str], url: str) -> None:
    """The command line."""
    if arguments[:1] == ["new"] and len(arguments) == 2:
        asyncio.run(new_revision(url, arguments[1]))
    elif not arguments:
        asyncio.run(upgrade(url))
    else:
        raise SystemExit('usage: python -m handoff.migrations [new "what changes"]')
