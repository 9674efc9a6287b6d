"""What the workbench's commands print."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import typer

FIGURES = ("accuracy", "macro_f1", "answered", "wrong", "ece", "oos_recall", "hand_offs")
WIDEST = 70  # characters of a column


def change(made: dict[str, Any]) -> None:
    """With its diff and what is wrong with it."""
    typer.echo(f"{made['id']}  {made['state']}  {made['title']}")
    for file in made["files"]:
        typer.echo(file["diff"].rstrip())
    problems(made.get("problems", ()))


def problems(found: Sequence[dict[str, Any]]) -> None:
    for one in found:
        place = f"{one.get('file') or ''}:{one.get('line') or ''}".strip(":")
        typer.echo(f"{one['severity']:8} {place}  {one['text']}", err=True)


def run(made: dict[str, Any]) -> None:
    """What it came to: figures of both models, and each line of the gate."""
    typer.echo(f"run {made['number']}: {made['state']}  {made['challenger'] or ''}".rstrip())
    problems(made["problems"])
    if made["failure"]:
        typer.echo(f"  {made['failure']['code']}: {made['failure']['message']}", err=True)
    report, verdict = made["report"], made["verdict"]
    if not report or not verdict:
        return
    figures = report["overall"]
    who = [name for name in ("champion", "challenger") if figures.get(name)]
    table(("", *who), [(name, *(_figure(figures[one].get(name)) for one in who)) for name in FIGURES])
    table(("", "gate", "value", "limit", "of"), [_line(one) for one in verdict["lines"]])
    typer.echo("The gate passes." if verdict["passed"] else "The gate refuses it.")


def percent(value: float | None) -> str:
    return "" if value is None else f"{value:.0%}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    if not rows:
        typer.echo("nothing")
        return
    widths = [max(len(str(row[at])) for row in (head, *rows)) for at in range(len(head))]
    for row in (head, *rows):
        cells = (
            str(cell)[:WIDEST].replace("\n", " ").ljust(min(width, WIDEST))
            for cell, width in zip(row, widths, strict=True)
        )
        sys.stdout.write("  ".join(cells).rstrip() + "\n")


def _line(one: dict[str, Any]) -> tuple[str, ...]:
    mark = "✔" if one["passed"] else "✘"
    return mark, one["code"], _figure(one["value"]), _figure(one["limit"]), str(one.get("subject") or "")


def _figure(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    return "–" if value is None else str(value)
