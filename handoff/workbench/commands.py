"""The trainer's steps from the command line: ``./setu workbench …``, in the order of the work."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from actions.db import Database
from handoff.once import fail, with_database
from handoff.settings import Settings
from handoff.workbench import telling
from handoff.workbench.local import Calls, opened

LOOK = 0.5  # seconds between looks at a run
OTHERS = ("out_of_scope", "skip")

workbench = typer.Typer(no_args_is_help=True, help="From misunderstood messages to a better live model.")
As = Annotated[
    str | None, typer.Option("--as", help="Your e-mail, where several people work here.", envvar="SETU_AS")
]
Id = Annotated[str, typer.Argument(help="See: workbench changes", metavar="CHANGE")]
Name = Annotated[str, typer.Argument(help="See: workbench models", metavar="MODEL")]


def _do(email: str | None, work: Callable[[Calls], Awaitable[None]]) -> None:
    async def inside(database: Database, settings: Settings) -> None:
        async with opened(database, settings, email) as calls:
            await work(calls)

    with_database(inside)


@workbench.command()
def queue(
    view: Annotated[
        str, typer.Option(help="useful random second contradicting mine labelled all")
    ] = "useful",
    language: str | None = None,
    out: Annotated[Path | None, typer.Option("--csv", help="Write them here, to be labelled.")] = None,
    email: As = None,
) -> None:
    """What is worth labelling, the most useful first."""

    async def work(calls: Calls) -> None:
        told = await calls.get("/queue", view=view, language=language)
        rows = [
            (
                one["id"],
                one["text"],
                one["reading"].get("intent") or "",
                telling.percent(one["reading"].get("confidence")),
            )
            for one in told["utterances"]
        ]
        if out:
            with out.open("w", newline="", encoding="utf-8") as file:
                csv.writer(file).writerows([("utterance", "text", "label"), *(row[:3] for row in rows)])
        telling.table(("utterance", "text", "read as", "sure"), rows)
        counts = told["counts"]
        typer.echo("  ".join(f"{name} {count}" for name, count in counts.items()))

    _do(email, work)


@workbench.command("import")
def bring(file: Path, email: As = None) -> None:
    """Take messages from a text, CSV or JSON-lines file into the queue."""

    async def work(calls: Calls) -> None:
        told = await calls.post("/import", content, **{"X-Name": file.name})
        typer.echo(f"{told['taken']} taken, {told['known']} known already, {len(told['refused'])} refused")
        for one in told["refused"][:20]:
            typer.echo(f"  line {one['line']}: {one['code']}")

    if not file.is_file():
        fail(f"There is no file {file}.")
    content = file.read_bytes()
    _do(email, work)


@workbench.command()
def label(file: Path, email: As = None) -> None:
    """Give the labels of a CSV file with the columns utterance and label: an intent, out_of_scope, skip, or
    two intents with + between."""

    async def work(calls: Calls) -> None:
        told = await calls.post("/labels", {"labels": labels, "similar": False})
        typer.echo(f"{len(told['labelled'])} labelled; undo with: workbench undo {told['batch']}")
        for one in told["refused"]:
            typer.echo(f"  {one['utterance']}: {one['code']}")
        for id, places in told["against"].items():
            typer.echo(f"  {id}: the data say otherwise in {places[0]['file']}:{places[0]['line']}")

    if not file.is_file():
        fail(f"There is no file {file}.")
    with file.open(newline="", encoding="utf-8") as opened_file:
        rows = list(csv.DictReader(opened_file))
    if not rows or not {"utterance", "label"} <= rows[0].keys():
        fail("The file needs a head with utterance and label.")
    labels = [_label(row["utterance"], row["label"].strip()) for row in rows if (row["label"] or "").strip()]
    _do(email, work)


@workbench.command()
def undo(batch: Annotated[str | None, typer.Argument()] = None, email: As = None) -> None:
    """Take back labels that were given together; your last ones unless said."""

    async def work(calls: Calls) -> None:
        told = await calls.post("/labels/undo", {"batch": batch} if batch else {})
        typer.echo(f"{len(told['utterances'])} labels taken back")

    _do(email, work)


@workbench.command()
def draft(email: As = None) -> None:
    """Make a change of the training data from all settled labels, and show it."""

    async def work(calls: Calls) -> None:
        telling.change(await calls.post("/changes/from-labels"))

    _do(email, work)


@workbench.command()
def changes(email: As = None) -> None:
    """Drafts and what became of earlier changes."""

    async def work(calls: Calls) -> None:
        told = (await calls.get("/changes"))["changes"]
        rows = [(one["id"], one["state"], one["title"], one["author"]["name"]) for one in told]
        telling.table(("change", "state", "title", "by"), rows)

    _do(email, work)


@workbench.command()
def show(change: Id, email: As = None) -> None:
    """A change with its diff and what is wrong with it."""

    async def work(calls: Calls) -> None:
        telling.change(await calls.get(f"/changes/{change}"))

    _do(email, work)


@workbench.command()
def apply(
    change: Id,
    commit: Annotated[bool, typer.Option(help="Commit it to git, in your name.")] = False,
    message: Annotated[str | None, typer.Option(help="Of the commit.")] = None,
    email: As = None,
) -> None:
    """Write a change to the files."""

    async def work(calls: Calls) -> None:
        version = (await calls.get(f"/changes/{change}"))["version"]
        body = {"version": version, "commit": commit} | ({"message": message} if message else {})
        told = await calls.post(f"/changes/{change}/apply", body)
        typer.echo(
            f"applied: {', '.join(one['path'] for one in told['files'])} {told['commit'] or ''}".rstrip()
        )

    _do(email, work)


@workbench.command()
def withdraw(change: Id, email: As = None) -> None:
    """Give a draft up."""

    async def work(calls: Calls) -> None:
        version = (await calls.get(f"/changes/{change}"))["version"]
        await calls.post(f"/changes/{change}/withdraw", {"version": version})
        typer.echo("withdrawn")

    _do(email, work)


@workbench.command()
def revert(change: Id, email: As = None) -> None:
    """Make the change that takes an applied one back."""

    async def work(calls: Calls) -> None:
        version = (await calls.get(f"/changes/{change}"))["version"]
        telling.change(await calls.post(f"/changes/{change}/revert", {"version": version}))

    _do(email, work)


@workbench.command()
def check(email: As = None) -> None:
    """The checks that stand before every training; status 1 if there are errors."""

    async def work(calls: Calls) -> None:
        told = await calls.post("/data/check")
        telling.problems(told["problems"])
        if any(one["severity"] == "error" for one in told["problems"]):
            raise typer.Exit(1)
        typer.echo("The data can be learnt from.")

    _do(email, work)


@workbench.command()
def train(email: As = None) -> None:
    """Check, train, and compare with the live model; status 1 unless the gate passes."""

    async def work(calls: Calls) -> None:
        async with calls.working("runs"):
            run = (await calls.post("/runs"))["run"]
            said = None
            while run["ended_at"] is None:
                if (now := f"{run['state']} {run['step']}".strip()) != said:
                    said = now
                    typer.echo(f"{run['share']:>4.0%}  {said}")
                await asyncio.sleep(LOOK)
                run = (await calls.get(f"/runs/{run['id']}"))["run"]
        telling.run(run)
        if run["state"] != "done" or not run["verdict"]["passed"]:
            raise typer.Exit(1)

    _do(email, work)


@workbench.command()
def report(
    run: Annotated[str | None, typer.Argument(help="The last one unless said.")] = None, email: As = None
) -> None:
    """What a training came to."""

    async def work(calls: Calls) -> None:
        chosen = run
        if chosen is None:
            runs = (await calls.get("/runs"))["runs"]
            if not runs:
                fail("Nothing was trained yet: workbench train")
            chosen = runs[0]["id"]
        telling.run((await calls.get(f"/runs/{chosen}"))["run"])

    _do(email, work)


@workbench.command()
def models(email: As = None) -> None:
    """The live model, the others, and what the servers have."""

    async def work(calls: Calls) -> None:
        told = await calls.get("/models")
        rows = [
            (
                "live" if one["live"] else "",
                one["name"],
                one["trained_at"][:16],
                f"{one['size'] / 1e6:.0f} MB",
            )
            for one in told["models"]
        ]
        telling.table(("", "model", "trained", "size"), rows)
        telling.table(
            ("server", "state", "model"),
            [(one["url"], one["state"], one["model"] or "") for one in told["servers"]],
        )

    _do(email, work)


@workbench.command()
def promote(
    model: Name,
    override: Annotated[str | None, typer.Option(help="Why, although the gate refuses it.")] = None,
    email: As = None,
) -> None:
    """Let a model answer customers, on all servers, without a dropped turn."""

    async def work(calls: Calls) -> None:
        await calls.post(f"/models/{model}/promote", {"override": override} if override else {})
        typer.echo(f"{model} is live; back with: workbench roll-back")

    _do(email, work)


@workbench.command()
def shadow(model: Name, hours: int = 24, email: As = None) -> None:
    """Let a model read beside the live one and answer nobody (a running gateway does it)."""

    async def work(calls: Calls) -> None:
        await calls.post(f"/models/{model}/shadow", {"hours": hours})
        typer.echo(f"{model} reads along for {hours} hours")

    _do(email, work)


@workbench.command("roll-back")
def roll_back(email: As = None) -> None:
    """The model that was live before."""

    async def work(calls: Calls) -> None:
        await calls.post("/models/roll-back")
        typer.echo(f"{(await calls.get('/models'))['live']} is live")

    _do(email, work)


@workbench.command()
def history(email: As = None) -> None:
    """Who did what."""

    async def work(calls: Calls) -> None:
        entries = (await calls.get("/audit"))["entries"]
        rows = [
            (one["at"][:16], (one["agent"] or {}).get("name") or "–", one["what"], one["about"] or "")
            for one in entries
        ]
        telling.table(("at", "who", "what", "about"), rows)

    _do(email, work)


def _label(utterance: str, said: str) -> dict[str, Any]:
    if said in OTHERS:
        return {"utterance": utterance, "kind": said}
    if "+" in said:
        return {
            "utterance": utterance,
            "kind": "two_wishes",
            "wishes": [one.strip() for one in said.split("+")],
        }
    return {"utterance": utterance, "kind": "intent", "intent": said}
