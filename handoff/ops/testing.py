"""``./setu test``: everything CI runs, stage by stage, and a summary at the end."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from typing import NamedTuple

from . import model, up
from .console import Problem, Step, say
from .paths import BOT_PYTHON, PYTHON, ROOT
from .running import run_step

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


TWO_AT_A_TIME = ("--numprocesses=2", "--dist=worksteal")  # each with a PostgreSQL of its own


class Stage(NamedTuple):
    """One part of the tests and the command that runs it."""

    title: str
    command: Callable[[], list[str]]


def _services(*words: str) -> Callable[[], list[str]]:
    return lambda: [str(PYTHON), "-m", *words]


def _bot(*words: str) -> Callable[[], list[str]]:
    return lambda: [str(BOT_PYTHON), "-m", *words]


STAGES: dict[str, Stage] = {
    "lint": Stage("ruff", _services("ruff", "check", ".")),
    "format": Stage("ruff format", _services("ruff", "format", "--check", ".")),
    "types": Stage("mypy strict", _services("mypy")),
    "imports": Stage("import contract", lambda: [str(PYTHON.parent / "lint-imports")]),
    "data": Stage(
        "bot data",
        _bot(
            "rasa",
            "data",
            "validate",
            "--domain",
            "domain.yml",
            "--config",
            "config.yml",
            "--data",
            "data/nlu",
            "data/rules",
            "data/stories",
        ),
    ),
    "ops": Stage("set-up and supervision", _services("pytest", "tests/ops")),
    "bot": Stage("bot", _bot("pytest", "tests/bot")),
    "actions": Stage("actions and the shop", _services("pytest", "tests/actions")),
    "handoff": Stage("gateway", _services("pytest", "tests/handoff", "tests/contract", *TWO_AT_A_TIME)),
    "stories": Stage("conversations", _services("pytest", "tests/stories")),
    "browser": Stage("pages in a browser", _services("pytest", "tests/browser")),
    "faults": Stage("faults", _services("pytest", "tests/faults")),
}


def test(only: list[str]) -> int:
    """Run the stages (all, or those named) to the end; 1 if any failed."""
    unknown = [name for name in only if name not in STAGES]
    if unknown:
        raise Problem(f"There is no stage {', '.join(unknown)}.", f"The stages are: {' '.join(STAGES)}")
    env = up.prepare(tests=True)
    env["SETU_MODEL"] = str(model.ensure_model(env))
    env.setdefault("SETU_YARDSTICKS", os.path.join(str(ROOT.parent), "shared", "yardsticks"))
    if "browser" in (only or STAGES):
        _ensure_chromium(env)
    results = [_run(name, STAGES[name], env) for name in only or STAGES]
    say("\nSummary")
    for line, _ in results:
        say(line)
    failed = [line for line, good in results if not good]
    say(f"\n{len(results) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


def _ensure_chromium(env: dict[str, str]) -> None:
    """The system's Chromium is taken; where there is none, playwright downloads its own once."""
    if env.get("SETU_CHROMIUM") or any(map(shutil.which, CHROMIUM)):
        return
    with Step("fetching a Chromium for the browser tests") as step:
        run_step([str(PYTHON), "-m", "playwright", "install", "chromium"], "chromium", step, env)


def _run(name: str, stage: Stage, env: dict[str, str]) -> tuple[str, bool]:
    say(f"\n── {name}: {stage.title}")
    started = time.monotonic()
    process = subprocess.Popen(
        stage.command(),
        cwd=str(ROOT),
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert process.stdout is not None
    pipe = process.stdout.fileno()
    tail = b""
    # Bytes are passed on as they come, so that a test that hangs is seen where it hangs.
    for chunk in iter(lambda: os.read(pipe, 8192), b""):
        sys.stdout.buffer.write(chunk)
        sys.stdout.buffer.flush()
        tail = (tail + chunk)[-4000:]
    code = process.wait()
    counts = re.findall(rb"(\d+ (?:passed|failed|error|errors|skipped)[^\n]*?) in ", tail)
    detail = counts[-1].decode() if counts else ""
    ran_nothing = stage.command()[2:3] == ["pytest"] and code == 5
    good = code == 0
    mark = "✔" if good else "✘"
    if ran_nothing:
        detail = "no test was found"
    return f"  {mark} {name:<9} {stage.title:<24} {time.monotonic() - started:5.0f} s  {detail}", good
