"""One piece of work with the database, from the command line."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import NoReturn, TypeVar

import typer

from actions.db import Database
from actions.texts import Texts
from handoff.errors import SetuError, words
from handoff.settings import Settings

T = TypeVar("T")


def with_database(work: Callable[[Database, Settings], Awaitable[T]]) -> T:
    """Do it and close the database; what a person can understand becomes a sentence and status 1."""

    async def run() -> T:
        settings = Settings()
        database = Database(settings.database)
        try:
            return await work(database, settings)
        finally:
            await database.close()

    try:
        return asyncio.run(run())
    except SetuError as error:
        fail(words(Texts.load(), error.code, "en", error.values))


def fail(sentence: str) -> NoReturn:
    typer.echo(f"✘ {sentence}", err=True)
    raise typer.Exit(1)
