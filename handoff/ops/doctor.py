"""``./setu doctor``: what is there, what is missing, and what to do about it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import partial

from . import environments, model
from .console import Problem, say
from .paths import ROOT, home, settings
from .processes import check_port_free
from .up import ports_of


def doctor() -> int:
    """Print one line a check; 1 when something must be mended before ./setu up can work."""
    bad = 0
    for title, check in _checks():
        try:
            say(f"  ✔ {title}: {check()}")
        except Problem as problem:
            bad += 1
            say(f"  ✘ {title}: {problem}\n    → {problem.way_out}")
    say(f"\nData and logs are in {home()}.")
    return 1 if bad else 0


def _checks() -> Iterator[tuple[str, Callable[[], str]]]:
    yield "Python 3.11", environments.find_python
    yield "disk", _disk
    yield "environments", _environments
    yield "encoder", _encoder
    yield "model", _model
    for name, host, port, setting in ports_of(settings()):
        yield f"port {port}", partial(_port, host, port, name, setting)


def _disk() -> str:
    environments.check_disk()
    return f"{shutil.disk_usage(str(ROOT)).free / 1e9:.0f} GB free"


def _environments() -> str:
    return "will be made by ./setu up" if environments.outdated() else "ready"


def _encoder() -> str:
    exported = (model.encoder_folder() / "encoder.json").exists()
    return "exported" if exported else "will be exported by ./setu up"


def _model() -> str:
    live = model.promoted(home())
    reason = model.why_not(live) if live else None
    if live and not reason:
        learnt = "" if model.has_learnt_all(live) else "; the data has changes that no model has learnt"
        return f"{live.name} is live{learnt}"
    trained = "one that fits the data is there" if model.fitting_model() else "will be trained by ./setu up"
    return f"{reason} {trained[0].upper()}{trained[1:]}" if reason else trained


def _port(host: str, port: int, name: str, setting: str) -> str:
    check_port_free(host, port, name, setting)
    return "free"
