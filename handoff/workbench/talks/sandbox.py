"""A bot and an action server over a made-up shop of their own, for talks that touch nobody's orders.

::

    with Sandbox(root, bot_python, cache) as sandbox:
        sandbox.start(archive)
        sandbox.load(another)      # the running bot changes its model
        sandbox.begin_anew()       # the shop as it was at first
        sandbox.ask({...})         # a turn

Blocking, for threads; :meth:`Sandbox.stop` may be called from any, and ends what others wait for. Scratch
folder, tokens and ports are made up each time.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import shutil
import sqlite3
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx

from bot.contract import TurnReply
from handoff.workbench.talks.playing import TurnFailed
from handoff.workbench.talks.processes import Process, SandboxFailed, free_port, healthy, run

CODE = Path(__file__).resolve().parents[3]
TODAY = "2026-11-16T09:30:00+00:00"  # the shop's clock stands still there
KEPT = ("SETU_ENCODER",)  # settings that do count in a sandbox
#: What the made-up shop is made from, next to the data: another one is made when any of it changes.
SHOP = ("handoff/migrations/versions", "actions/shop", "actions/customers", "actions/knowledge")
SHOP_DATA = ("shop", "knowledge")
TURN_TIMEOUT = 20.0  # seconds


class Sandbox:
    """``root``: the folder with ``data/``; ``bot_python``: the interpreter of the bot's environment;
    ``cache``: a folder in which the empty shop is kept for the next time."""

    def __init__(self, root: Path, bot_python: Path, cache: Path) -> None:
        self._root, self._bot_python, self._cache = root.absolute(), bot_python.absolute(), cache.absolute()
        self._folder = Path(tempfile.mkdtemp(prefix="setu-sandbox-"))
        self._token = secrets.token_urlsafe(24)
        self._actions_url = f"http://127.0.0.1:{free_port()}"
        self._bot_url = f"http://127.0.0.1:{free_port()}"
        self._env = self._environment()
        self._processes: list[Process] = []
        self._starting = threading.Lock()
        self._actions: Process | None = None
        self._bot: Process | None = None
        self._model: Path | None = None
        self._stopped = threading.Event()
        self._shop: sqlite3.Connection | None = None  # kept open: it tells whether others wrote
        self._version: int | None = None
        bearer = {"Authorization": f"Bearer {self._token}"}
        # Another's proxy must never see a sandbox's turns.
        self._client = httpx.Client(timeout=TURN_TIMEOUT, headers=bearer, trust_env=False)

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: TracebackType | BaseException | type[BaseException] | None) -> None:
        self.stop()

    @property
    def running(self) -> bool:
        """Whether turns can be asked for."""
        both = self._bot, self._actions
        return not self._stopped.is_set() and all(process is not None and process.alive for process in both)

    def start(self, model: Path) -> None:
        """Shop, action server and bot, as far as they do not run; :class:`SandboxFailed`."""
        if not (self._folder / "setu.db").exists():
            self._make_shop()
        if self._actions is None or not self._actions.alive:
            self._actions = self._started("actions", [sys.executable, "-m", "actions.app"])
        if self._bot is None or not self._bot.alive:
            self._bot = self._start_bot(model)
        self._actions.until(lambda: healthy(self._actions_url), self._stopped)
        self._bot.until(lambda: healthy(self._bot_url), self._stopped)

    def load(self, model: Path) -> None:
        """Let the bot go on with this model; :class:`SandboxFailed` if it cannot be loaded."""
        self.start(model)
        if self._model == model:
            return
        content = model.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        name = model.name.removesuffix(".tar.gz")
        signature = hmac.new(self._token.encode(), f"{name}.{digest}".encode(), "sha256").hexdigest()
        headers = {"X-Name": name, "X-Sha256": digest, "X-Signature": signature}
        try:
            answer = self._client.put(
                f"{self._bot_url}/webhooks/setu/model?as=live", content=content, headers=headers, timeout=120
            )
        except httpx.HTTPError as error:
            raise SandboxFailed(f"the bot did not take the model: {error!r}") from error
        if answer.status_code != 200:
            raise SandboxFailed(f"the bot did not take the model: {_failure(answer)}")
        self._model = model

    def ask(self, request: dict[str, Any]) -> TurnReply:
        """One turn; :class:`TurnFailed` says why there is no answer."""
        try:
            answer = self._client.post(f"{self._bot_url}/webhooks/setu/turn", json=request)
        except httpx.HTTPError as error:
            raise TurnFailed(f"the bot did not answer: {error!r}") from error
        if answer.status_code != 200:
            said = self._actions.said(3000) if self._actions else ""
            raise TurnFailed(f"the turn failed: {_failure(answer)}\naction server:\n{said}")
        return TurnReply.from_dict(answer.json())

    def begin_anew(self) -> None:
        """The shop as it was at first. Nothing is copied if nobody has written since."""
        if self._shop is None:
            self._shop = sqlite3.connect(self._folder / "setu.db", timeout=30, check_same_thread=False)
            self._version = self._seen()
        if self._seen() == self._version:
            return
        with closing(sqlite3.connect(self._folder / "untouched.db")) as source:
            source.backup(self._shop)
        self._version = self._seen()

    def stop(self) -> None:
        """End everything; nothing of it stays."""
        with self._starting:
            self._stopped.set()
        for process in self._processes:
            process.kill()
        self._client.close()
        if self._shop is not None:
            with suppress(sqlite3.Error):
                self._shop.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _seen(self) -> int:
        """Changes when another connection has written."""
        assert self._shop is not None
        return int(self._shop.execute("PRAGMA data_version").fetchone()[0])

    def _make_shop(self) -> None:
        """Made once and kept: it takes some seconds."""
        kept = self._cache / f"shop-{self._fingerprint()}.db"
        draft = self._folder / "draft.db"
        if not kept.exists():
            env = self._env | {"SETU_DATABASE_URL": f"sqlite+aiosqlite:///{draft}"}
            run([sys.executable, "-m", "handoff.cli", "migrate"], env, self._root)
            run([sys.executable, "-m", "actions.shop.seed"], env, self._root)
            self._cache.mkdir(parents=True, exist_ok=True)
            for old in self._cache.glob("shop-*.db"):
                old.unlink(missing_ok=True)
            finished = kept.with_name(f"{secrets.token_hex(4)}.draft")  # other gateways may make it, too
            _copy(draft, finished)
            finished.replace(kept)
        shutil.copyfile(kept, self._folder / "untouched.db")
        _copy(self._folder / "untouched.db", self._folder / "setu.db")

    def _fingerprint(self) -> str:
        digest = hashlib.sha256()
        for path in self._makings():
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
        return digest.hexdigest()[:16]

    def _makings(self) -> Iterator[Path]:
        folders = [CODE / name for name in SHOP] + [self._root / "data" / name for name in SHOP_DATA]
        for folder in folders:
            files = folder.rglob("*") if folder.is_dir() else iter(())
            yield from sorted(one for one in files if one.is_file() and "__pycache__" not in one.parts)

    def _start_bot(self, model: Path) -> Process:
        port = self._bot_url.rpartition(":")[2]
        command = [
            str(self._bot_python),
            "-m",
            "bot.server",
            "--model",
            str(model.absolute()),
            "--port",
            port,
        ]
        self._model = model
        return self._started("bot", command)

    def _started(self, name: str, command: list[str]) -> Process:
        with self._starting:
            if self._stopped.is_set():
                raise SandboxFailed("it was stopped")
            process = Process(command, self._folder / f"{name}.log", self._env, self._root)
            self._processes.append(process)
        return process

    def _environment(self) -> dict[str, str]:
        given = {name: v for name, v in os.environ.items() if not name.startswith("SETU_") or name in KEPT}
        return given | {
            "PYTHONPATH": str(CODE),
            "PYTHONUNBUFFERED": "1",
            "OMP_NUM_THREADS": "1",
            "SETU_HOME": str(self._folder),
            "SETU_DATABASE_URL": f"sqlite+aiosqlite:///{self._folder / 'setu.db'}",
            "SETU_TRACKER_URL": f"sqlite:///{self._folder / 'trackers.db'}",
            "SETU_BOT_TOKEN": self._token,
            "SETU_ACTIONS_TOKEN": secrets.token_urlsafe(24),
            "SETU_SECRET_KEY": secrets.token_urlsafe(32),
            "SETU_ACTIONS_URL": self._actions_url,
            "SETU_BOT_URLS": self._bot_url,
            "SETU_SHOP_CLOCK": TODAY,
            "SETU_DEMO": "1",
        }


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target, timeout=30)) as other:
        one.backup(other)


def _failure(answer: httpx.Response) -> str:
    try:
        error = answer.json()["error"]
        return f"{answer.status_code} {error['code']}: {error['message']}"
    except (ValueError, KeyError, TypeError):
        return f"{answer.status_code}"
