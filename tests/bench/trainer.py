"""``bench trainer``: from labels to a live model, and what a trainer waits for on the way.

Parts, each of which can be run by itself (``--only live``): ``live`` (:mod:`.trainer_live`), ``retrain``
(:mod:`.trainer_retrain`), ``swap`` (:mod:`.trainer_swap`, with the product's model), ``page``
(:mod:`.trainer_page`), ``alike`` (:mod:`.trainer_alike`), ``active`` (:mod:`.trainer_active`; a
quarter of an hour).
"""

from __future__ import annotations

import argparse
import importlib
import math
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.bench.report import Report
from tests.support.servers import the_model

NEVER = 99.0  # JSON knows no infinity
GOALS = {
    "trainer.labels_to_live_s": "≤ 60",
    "trainer.retrain_s": "≤ 20",
    "trainer.swap_failed": "0",
    "trainer.page_ms": "≤ 1,000",
    "trainer.active_labels": "≤ 0.5",
}


def run(options: list[str]) -> Report:
    parser = argparse.ArgumentParser(prog="./setu bench trainer")
    parser.add_argument("--only", nargs="+", choices=list(PARTS), default=list(PARTS))
    chosen = parser.parse_args(options).only
    report = Report(goals=GOALS)
    for name in chosen:
        print(f"{name} …", file=sys.stderr)
        for key, value in PARTS[name]().items():
            report.figures[f"trainer.{key}"] = value if math.isfinite(value) else NEVER
    if NEVER in report.figures.values():
        report.notes.append(f"{NEVER:g}: never reached")
    return report


def _part(name: str) -> Callable[..., dict[str, float]]:
    measure: Callable[..., dict[str, float]] = importlib.import_module(f"tests.bench.trainer_{name}").measure
    return measure


def _live() -> dict[str, float]:
    return _part("live")(the_model(os.environ))


def _swap() -> dict[str, float]:
    """The product's model and a copy of it under another name."""
    model = the_model(os.environ)
    with tempfile.TemporaryDirectory(prefix="setu-bench-") as folder:
        return _part("swap")(model, Path(shutil.copy(model, Path(folder) / "another.tar.gz")))


PARTS: dict[str, Callable[[], dict[str, float]]] = {
    "live": _live,
    "retrain": lambda: _part("retrain")(),
    "swap": _swap,
    "page": lambda: _part("page")(),
    "alike": lambda: _part("alike")(),
    "active": lambda: _part("active")(),
}
