"""``./setu bench NAME [--json FILE]``: run one bench, print its table, write its figures."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.bench.report import Report

NAMES = ("turn", "relay", "widget", "nlu", "knowledge", "setup", "channels", "faults", "trainer")


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./setu bench")
    parser.add_argument("name", choices=NAMES)
    parser.add_argument("--json", type=Path)
    arguments, rest = parser.parse_known_args(words)
    report: Report = importlib.import_module(f"tests.bench.{arguments.name}").run(rest)
    print(f"\n{arguments.name}, {machine()}\n")
    print(report.table())
    if arguments.json:
        arguments.json.write_text(json.dumps(record(arguments.name, report), indent=2) + "\n")
        print(f"\nWritten to {arguments.json}.")
    return 0


def record(name: str, report: Report) -> dict[str, Any]:
    """What ``--json`` writes: names and numbers, and on what they were measured."""
    return {
        "bench": name,
        "commit": commit(),
        "machine": machine(),
        "figures": {key: round(value, 4) for key, value in report.figures.items()},
        "notes": report.notes,
    }


def commit() -> str:
    told = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    changed = subprocess.run(["git", "status", "--porcelain"], capture_output=True, text=True, check=False)
    return (told.stdout.strip() or "unknown") + ("+changes" if changed.stdout.strip() else "")


def machine() -> str:
    system = f"{platform.system()} {platform.machine()}"
    return f"{os.cpu_count()} cores, {system}, Python {platform.python_version()}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
