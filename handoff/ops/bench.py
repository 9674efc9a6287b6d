"""``./setu bench NAME``: run one bench, print its table, and with ``--json`` write its figures."""

from __future__ import annotations

import subprocess

from . import model, up
from .paths import PYTHON, ROOT

NAMES = ("turn", "relay", "widget", "nlu", "knowledge", "setup", "channels", "faults", "trainer")
UNTRAINED = ("nlu", "channels", "faults")  # train what they measure, or have a fake bot


def bench(name: str, json_file: str | None, rest: list[str]) -> int:
    env = up.prepare(tests=True)
    if name not in UNTRAINED:
        env["SETU_MODEL"] = str(model.ensure_model(env))
    command = [str(PYTHON), "-m", "tests.bench", name, *rest]
    if json_file:
        command += ["--json", json_file]
    return subprocess.run(command, cwd=str(ROOT), env=env, check=False).returncode
