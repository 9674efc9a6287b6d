"""``setup``: minutes and gigabytes of ``./setu up`` from nothing in a fresh clone, and of the second time."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.report import Report
from tests.support.processes import free_port

ROOT = Path(__file__).resolve().parents[2]
READY = "Setu is up."


def run(_options: list[str]) -> Report:
    """Clone, ``./setu up`` twice; what pip already has in its cache is used, as the notes say."""
    report = Report(goals={"setup.second_s": "≤ 30"})
    with tempfile.TemporaryDirectory(prefix="setu-bench-") as folder:
        clone = Path(folder) / "setu"
        subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
        with _up(clone) as (first, lines):
            report.figures["setup.minutes"] = first / 60
            report.figures |= dict(_steps(lines))
        report.figures["setup.gigabytes"] = _gigabytes(clone)
        for part in (".venv-bot", ".venv", "models", "var"):
            report.figures[f"setup.{part.strip('.').replace('-', '_')}_gb"] = _gigabytes(clone / part)
        with _up(clone) as (second, _lines):
            report.figures["setup.second_s"] = second
    report.notes.append("packages came from pip's cache where it had them; a cold cache adds the download")
    return report


@contextmanager
def _up(clone: Path) -> Iterator[tuple[float, list[str]]]:
    """``./setu up`` until it says that it is up: the seconds that took and what it printed."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("SETU_")}
    env.pop("PYTHONPATH", None)
    for name in ("SETU_GATEWAY_PORT", "SETU_BOT_PORT", "SETU_ACTIONS_PORT"):
        env[name] = str(free_port())
    started = time.monotonic()
    process = subprocess.Popen(
        ["./setu", "up"], cwd=clone, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert process.stdout is not None
    lines = []
    try:
        for line in process.stdout:
            lines.append(line.rstrip())
            if READY in line:
                break
        else:
            raise RuntimeError("./setu up ended before it was up:\n" + "\n".join(lines[-20:]))
        yield time.monotonic() - started, lines
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def _steps(lines: list[str]) -> Iterator[tuple[str, float]]:
    """Seconds of each step, from ``✔ title (12 s)``."""
    for line in lines:
        done = re.fullmatch(r"\s*✔ (.+) \((\d+) s\)", line)
        if done and int(done[2]) > 0:
            name = re.sub(r"\W+", "_", re.sub(r"\(.*", "", done[1]).strip())
            yield f"setup.{name}_s", float(done[2])


def _gigabytes(path: Path) -> float:
    told = subprocess.run(["du", "-sk", str(path)], capture_output=True, text=True, check=True)
    return int(told.stdout.split()[0]) / 1024**2
