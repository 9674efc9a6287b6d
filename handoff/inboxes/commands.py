"""Inboxes from the command line: ``./setu inbox list|add|test|check|disable|enable|reseal``.

A setting is given as ``NAME=value``. A secret never is, for others could read it in the list of
processes and in the shell's history: it is taken from the environment (``SETU_INBOX_<NAME>``) or asked for.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, Any

import httpx
import typer

from actions.db import Database
from actions.texts import Texts
from handoff.channels.base import Setting
from handoff.channels.kinds import kinds
from handoff.channels.registry import Channels, Inboxes
from handoff.channels.vault import Vault
from handoff.conversations.context import Context, Holder
from handoff.conversations.ports import Nobody, NullHub
from handoff.inboxes import trial
from handoff.inboxes.checking import Checks
from handoff.inboxes.service import Care, settings_of
from handoff.once import fail, with_database
from handoff.settings import Settings

BY = "cli"  # as the log names who did it
WATCHED = 30.0  # seconds for a test to reach its end
ENV = "SETU_INBOX_"

inbox = typer.Typer(no_args_is_help=True, help="Configured channels.")
Id = Annotated[str, typer.Argument(help="The inbox's id, see: inbox list", metavar="INBOX")]


@dataclass(frozen=True, slots=True)
class Desk:
    """What the commands work with."""

    database: Database
    channels: Channels
    inboxes: Inboxes
    care: Care
    context: Context


@asynccontextmanager
async def opened(database: Database, settings: Settings) -> AsyncIterator[Desk]:
    async with httpx.AsyncClient(trust_env=False) as client:
        channels = Channels(kinds(client, client))
        inboxes = Inboxes(database, Vault(*settings.secret_keys))
        checks = Checks(database, inboxes, channels)
        context = Context(
            database=database,
            hub=NullHub(),
            presence=Nobody(),
            texts=Texts.load(),
            thresholds=settings.thresholds(),
            turn_timeout=settings.turn_timeout,
            holder=Holder.at("cli"),
            pushes=channels.pushes,
        )
        yield Desk(
            database, channels, inboxes, Care(database, inboxes, channels, checks, settings.base_url), context
        )


@inbox.command("list")
def listed() -> None:
    """All of them, and how each does."""

    async def work(database: Database, settings: Settings) -> list[dict[str, Any]]:
        async with opened(database, settings) as desk:
            return await desk.care.listed()

    for one in with_database(work):
        typer.echo(_line(one))


@inbox.command()
def add(
    channel: Annotated[str, typer.Argument(help="web, rest, telegram, …")],
    name: str,
    given: Annotated[
        list[str] | None, typer.Argument(metavar="[SETTING=VALUE]...", help="No secrets: they are asked for.")
    ] = None,
    origin: Annotated[
        list[str] | None, typer.Option(help="Sites that may embed it (web), repeatable.")
    ] = None,
    callback: Annotated[str, typer.Option(help="Where replies are pushed (rest).")] = "",
) -> None:
    """Make an inbox and tell its platform; what is made up for it is printed once."""
    values: dict[str, Any] = {"origins": origin} if origin else {}
    values |= {"callback_url": callback} if callback else {}
    for word in given or ():
        setting, equals, value = word.partition("=")
        if not equals:
            fail("Settings are given as NAME=value.")
        values[setting] = value

    async def work(database: Database, settings: Settings) -> tuple[dict[str, Any], dict[str, str]]:
        async with opened(database, settings) as desk:
            form = settings_of(desk.channels.kinds[channel]) if channel in desk.channels.kinds else ()
            inbox_id, made = await desk.care.create(BY, channel, name, _with_secrets(form, values))
            return await desk.care.one(inbox_id), made

    one, made = with_database(work)
    shown = "".join(f", {what} {value}" for what, value in made.items())
    typer.echo(f"inbox {one['id']}{shown}")
    if one["webhook"]:
        typer.echo(f"webhook {one['webhook']}")
    if problem := one["health"]["problem"]:
        fail(f"It is made, but its platform says: {problem}")


@inbox.command()
def check(inbox_id: Id) -> None:
    """Ask its platform whether all is well."""

    async def work(database: Database, settings: Settings) -> dict[str, Any]:
        async with opened(database, settings) as desk:
            await desk.care.check(inbox_id)
            return await desk.care.one(inbox_id)

    one = with_database(work)
    typer.echo(_line(one))
    if problem := one["health"]["problem"]:
        fail(problem)


@inbox.command()
def test(inbox_id: Id, to: Annotated[str, typer.Argument(help="Their id on the channel.")]) -> None:
    """Send a test message and tell what became of it; a running gateway sends it."""

    async def work(database: Database, settings: Settings) -> dict[str, Any]:
        async with opened(database, settings) as desk:
            found = await desk.inboxes.get(inbox_id)
            sent = await trial.send(desk.context, found, to=to)
            fate: dict[str, Any] = {"state": "due", "mark": None, "error": None}
            try:
                async with asyncio.timeout(WATCHED):
                    while fate["state"] in ("due", "sending"):
                        await asyncio.sleep(0.5)
                        async with database.read() as session:
                            fate = await trial.fate(session, found, sent["message_id"])
            except TimeoutError:
                pass
            return fate

    fate = with_database(work)
    typer.echo(fate["mark"] or fate["state"])
    if fate["state"] in ("due", "sending"):
        fail(fate["error"] or f"Not sent within {WATCHED:.0f} seconds. Does the gateway run?")
    if fate["state"] == "dead" or fate["mark"] == "failed":
        fail(fate["error"] or "not delivered")


@inbox.command()
def disable(inbox_id: Id) -> None:
    """Take it out of service: what comes in is kept, nothing is answered or sent."""
    _switch(inbox_id, disabled=True)


@inbox.command()
def enable(inbox_id: Id) -> None:
    """Put it back into service; what came in meanwhile is handled."""
    _switch(inbox_id, disabled=False)


@inbox.command()
def reseal() -> None:
    """Seal all secrets with the present SETU_SECRET_KEY; the earlier one is in SETU_SECRET_KEY_OLD."""

    async def work(database: Database, settings: Settings) -> int:
        return await Inboxes(database, Vault(*settings.secret_keys)).reseal()

    try:
        changed = with_database(work)
    except ValueError:
        fail(
            "Some secrets were sealed with a key that is neither SETU_SECRET_KEY nor in SETU_SECRET_KEY_OLD."
        )
    typer.echo(f"{changed} sealed anew. SETU_SECRET_KEY_OLD is not needed any more.")


def _switch(inbox_id: str, *, disabled: bool) -> None:
    async def work(database: Database, settings: Settings) -> dict[str, Any]:
        async with opened(database, settings) as desk:
            await desk.care.switch(BY, inbox_id, disabled=disabled)
            return await desk.care.one(inbox_id)

    typer.echo(_line(with_database(work)))


def _with_secrets(form: Sequence[Setting], values: dict[str, Any]) -> dict[str, Any]:
    """The values, with each secret from the environment or the terminal."""
    filled = dict(values)
    for setting in form:
        if not setting.secret or setting.made:
            continue
        if setting.name in values:
            fail(f"{setting.name} is a secret: give it as {ENV}{setting.name.upper()}, or when asked.")
        found = os.environ.get(f"{ENV}{setting.name.upper()}")
        if found is None and setting.required:
            found = typer.prompt(setting.name, hide_input=True)
        if found:
            filled[setting.name] = found
    return filled


def _line(one: dict[str, Any]) -> str:
    health = one["health"]
    signs = f" ({', '.join(health['signs'])})" if health["signs"] else ""
    return f"{one['id']}  {one['channel']:<10} {health['state']:<5} {one['name']}{signs}"
