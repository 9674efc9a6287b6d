"""The bot, the action server and the gateway as real processes on free ports, for any test.

::

    with seeded(folder) as place, action_server(place) as actions, bot_server(place) as bot:
        httpx.post(f"{bot.url}/webhooks/setu/turn", headers=bot.headers, json=…)

A :class:`Place` is a folder with its own databases, tokens and logs. Each process is awaited until
its ``/health`` says 200, can be killed and restarted on the same port, and ends with its block.
The model is ``SETU_MODEL``, or the one that fits the data, or is trained now.
"""

from __future__ import annotations

import os
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from handoff.ops.model import ensure_model
from handoff.ops.paths import BOT_PYTHON, PYTHON, ROOT
from tests.support.processes import Process, free_port, running

# The shop's clock stands still in tests, at the time of handoff.workbench.talks.sandbox (whose imports the
# bot's environment lacks).
TODAY = "2026-11-16T09:30:00+00:00"


@dataclass
class Place:
    """Where a set of processes lives, and the environment that tells them so."""

    folder: Path
    env: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        given = {name: value for name, value in os.environ.items() if not name.startswith("SETU_")}
        self.env = given | {
            "PYTHONPATH": str(ROOT),
            "SETU_HOME": str(self.folder),
            "SETU_MODELS": str(self.folder / "models"),
            "SETU_DATABASE_URL": f"sqlite+aiosqlite:///{self.folder}/setu.db",
            "SETU_TRACKER_URL": f"sqlite:///{self.folder}/trackers.db",
            "SETU_BOT_TOKEN": "bot-token-of-the-tests",
            "SETU_ACTIONS_TOKEN": "actions-token-of-the-tests",
            "SETU_SECRET_KEY": "a-secret-key-that-only-the-tests-know",
            "SETU_ACTIONS_URL": f"http://127.0.0.1:{free_port()}",
            "SETU_BOT_URLS": f"http://127.0.0.1:{free_port()}",
            "SETU_GATEWAY_HOST": "127.0.0.1",
            "SETU_GATEWAY_PORT": str(free_port()),
            "SETU_SHOP_CLOCK": TODAY,
            "SETU_DEMO": "1",
            **self.env,
        }
        Path(self.env["SETU_MODELS"]).mkdir(parents=True, exist_ok=True)
        if "SETU_ENCODER" in os.environ:
            self.env.setdefault("SETU_ENCODER", os.environ["SETU_ENCODER"])
        self.env.setdefault("SETU_PUBLIC_URL", f"http://127.0.0.1:{self.env['SETU_GATEWAY_PORT']}")


@dataclass
class Server:
    """A running process of ours and how to reach it."""

    process: Process
    url: str
    headers: dict[str, str] = field(default_factory=dict)

    def healthy(self) -> bool:
        return healthy(self.url)

    def restart(self, seconds: float = 90) -> None:
        """Start it again after a kill and wait until it is healthy."""
        self.process.restart()
        self.process.wait_until(self.healthy, seconds)


def healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@contextmanager
def seeded(folder: Path, **env: str) -> Iterator[Place]:
    """A place whose database (SQLite unless ``SETU_DATABASE_URL`` is given) holds the demo shop."""
    place = Place(folder, dict(env))
    _run(place, PYTHON, "-m", "handoff.cli", "migrate")
    _run(place, PYTHON, "-m", "actions.shop.seed")
    yield place


@contextmanager
def action_server(place: Place) -> Iterator[Server]:
    url = place.env["SETU_ACTIONS_URL"]
    with _serve(place, "actions", [str(PYTHON), "-m", "actions.app"], url) as server:
        server.headers["Authorization"] = f"Bearer {place.env['SETU_ACTIONS_TOKEN']}"
        yield server


@contextmanager
def bot_server(place: Place, model: Path | None = None, port: int | None = None) -> Iterator[Server]:
    """The bot; a second one (same trackers, other ``port``) can be started for the same place."""
    url = f"http://127.0.0.1:{port}" if port else place.env["SETU_BOT_URLS"].split(",")[0]
    archive = model or the_model(place.env)
    command = [str(BOT_PYTHON), "-m", "bot.server", "--model", str(archive), "--port", url.rpartition(":")[2]]
    with _serve(place, f"bot-{url.rpartition(':')[2]}", command, url) as server:
        server.headers["Authorization"] = f"Bearer {place.env['SETU_BOT_TOKEN']}"
        yield server


@contextmanager
def gateway(place: Place) -> Iterator[Server]:
    url = f"http://127.0.0.1:{place.env['SETU_GATEWAY_PORT']}"
    with _serve(place, "gateway", [str(PYTHON), "-m", "handoff.app"], url) as server:
        yield server


def the_model(env: Mapping[str, str]) -> Path:
    """The model to test: the caller's, or the one that fits the data (trained if need be)."""
    given = os.environ.get("SETU_MODEL")
    return Path(given) if given else ensure_model(dict(env))


@contextmanager
def _serve(place: Place, name: str, command: list[str], url: str) -> Iterator[Server]:
    log = place.folder / f"{name}.log"
    with running(command, log, lambda: healthy(url), env=place.env, cwd=ROOT, seconds=120) as process:
        yield Server(process, url)


def _run(place: Place, *command: str | Path) -> None:
    done = subprocess.run(
        [str(word) for word in command], env=place.env, cwd=ROOT, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))} failed:\n{done.stdout}{done.stderr}")
