"""The gateway's commands, called by ``./setu``: migrate, seed, simulators, user, inbox, workbench."""

from __future__ import annotations

import asyncio
import secrets
import sys
from pathlib import Path
from typing import Annotated

import structlog
import typer

from actions.db import Database, now
from actions.shop import seed as shop_seed
from handoff import migrations
from handoff.agents.service import Accounts
from handoff.channels.registry import Inboxes
from handoff.channels.vault import Vault
from handoff.demo import seed as demo_seed
from handoff.demo import simulated
from handoff.inboxes.commands import inbox
from handoff.once import with_database
from handoff.settings import Settings
from handoff.workbench.commands import workbench

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
user = typer.Typer(no_args_is_help=True, help="People who sign in.")
app.add_typer(user, name="user")
app.add_typer(inbox, name="inbox")
app.add_typer(workbench, name="workbench")


@app.command()
def migrate() -> None:
    """Bring the database's tables up to date."""
    asyncio.run(migrations.upgrade(Settings().database))


@app.command()
def seed() -> None:
    """Fill an empty database with the demo; its accounts go to a file in the data folder."""

    async def work(database: Database, settings: Settings) -> None:
        await shop_seed.seed(database, now(), say=typer.echo)
        inboxes = Inboxes(database, Vault(*settings.secret_keys))
        await demo_seed.seed(database, inboxes, Path(settings.home))

    with_database(work)


@app.command()
def simulators(
    url: Annotated[str, typer.Option(help="Where they are; empty: they do not run, inboxes rest.")] = "",
) -> None:
    """Make an inbox at each of the simulated platforms, or switch these off."""

    async def work(database: Database, settings: Settings) -> None:
        inboxes = Inboxes(database, Vault(*settings.secret_keys))
        gateway = f"http://127.0.0.1:{settings.gateway_port}"
        await simulated.prepare(inboxes, Path(settings.home), url, gateway)

    with_database(work)


@user.command()
def add(
    email: str,
    name: Annotated[str, typer.Option(prompt=True, help="As customers see it.")],
    role: Annotated[str, typer.Option(help="agent, supervisor, trainer or operator")] = "agent",
    languages: Annotated[str, typer.Option(help="In order of skill, e.g. en,hi")] = "en",
    capacity: Annotated[int, typer.Option(help="Conversations at once.")] = 4,
) -> None:
    """Make an account; its password is made up and printed once."""
    password = secrets.token_urlsafe(12)

    async def work(database: Database, _settings: Settings) -> None:
        spoken = [language.strip() for language in languages.split(",") if language.strip()]
        await Accounts(database).create(
            email=email, name=name, password=password, role=role, languages=spoken, capacity=capacity
        )

    with_database(work)
    typer.echo(f"{role} {email}, password {password}")


if __name__ == "__main__":
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))  # stdout is for answers
    app()
