"""The commands of ``./setu``."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

from . import bench, doctor, model, testing, up
from .console import Problem, say
from .paths import BOT_PYTHON, PYTHON, ROOT


def main(words: list[str]) -> int:
    """Run one command; a Problem becomes its sentence and the way out, never a stack trace."""
    parser = _parser()
    arguments, rest = parser.parse_known_args(words)
    if rest and not getattr(arguments, "takes_rest", False):
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    arguments.rest = [*getattr(arguments, "rest", ()), *rest]
    try:
        return int(arguments.run(arguments) or 0)
    except Problem as problem:
        say(f"\n✘ {problem}\n  → {problem.way_out}\n")
        return 1
    except KeyboardInterrupt:
        say("\nStopped. Run the command again: it goes on where it stopped.")
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./setu", description="Setu: a support chatbot with human hand-off."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: object, text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text)
        added.set_defaults(run=run)
        return added

    running = command("up", lambda a: up.up(a.simulators), "set up whatever is missing and run everything")
    running.add_argument(
        "--simulators",
        action="store_true",
        help="run the messaging platforms here too, with a page to write as their customer",
    )
    test = command(
        "test", lambda a: testing.test(a.stages), "run all that CI runs, with a summary at the end"
    )
    test.add_argument("stages", nargs="*", help=f"only these stages: {' '.join(testing.STAGES)}")
    command("train", lambda _: _train(), "train the bot if its data has changed")
    benched = command(
        "bench", lambda a: bench.bench(a.name, a.json, a.rest), "measure: " + ", ".join(bench.NAMES)
    )
    benched.add_argument("name", choices=bench.NAMES)
    benched.add_argument("--json", metavar="FILE", help="write the figures here too")
    benched.set_defaults(takes_rest=True)  # a bench has options of its own
    parse = command(
        "parse",
        lambda a: _parse(a.file),
        "read utterances, one a line; print what the bot understands as JSON lines",
    )
    parse.add_argument("file", nargs="?")
    command("doctor", lambda _: doctor.doctor(), "look for what is missing or in the way")
    spoken = command(
        "languages", lambda a: _module("handoff.languages", a.rest), "tell what each language lacks"
    )
    spoken.add_argument("rest", nargs=argparse.REMAINDER)
    user = command(
        "user",
        lambda a: _module("handoff.cli", ["user", *a.rest]),
        "add a person who signs in: ./setu user add --help",
    )
    user.add_argument("rest", nargs=argparse.REMAINDER)
    inbox = command(
        "inbox",
        lambda a: _module("handoff.cli", ["inbox", *a.rest]),
        "list, add, test and check inboxes: ./setu inbox --help",
    )
    inbox.add_argument("rest", nargs=argparse.REMAINDER)
    workbench = command(
        "workbench",
        lambda a: _module("handoff.cli", ["workbench", *a.rest]),
        "label, train, compare, promote: ./setu workbench --help",
    )
    workbench.add_argument("rest", nargs=argparse.REMAINDER)
    return parser


def _train() -> int:
    env = up.prepare()
    say(f"The model is {model.ensure_model(env).relative_to(ROOT)}.")
    return 0


def _parse(file: str | None) -> int:
    with_progress_elsewhere = sys.stdout
    sys.stdout = sys.stderr  # stdout carries JSON lines only
    try:
        env = up.prepare()
        trained = model.ensure_model(env)
    finally:
        sys.stdout = with_progress_elsewhere
    command = [str(BOT_PYTHON), "-m", "bot.parse", "--model", str(trained)]
    if file:
        path = os.path.abspath(file)
        if not os.path.isfile(path):
            raise Problem(
                f"There is no file {file}.", "Name a text file with one utterance a line, or pipe them in."
            )
        command.append(path)
    return subprocess.run(command, cwd=str(ROOT), env=env, check=False).returncode


def _module(name: str, words: list[str]) -> int:
    env = up.prepare()
    return subprocess.run([str(PYTHON), "-m", name, *words], cwd=str(ROOT), env=env, check=False).returncode
