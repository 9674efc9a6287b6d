"""The parts of attachments put together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import httpx

from actions.db import Database
from handoff.attachments.checking import Checker
from handoff.attachments.fetching import Fetcher
from handoff.attachments.rules import Rules
from handoff.attachments.scanning import make_scanner
from handoff.attachments.service import Attachments
from handoff.attachments.store import Folder, Store
from handoff.attachments.worker import Worker
from handoff.channels.registry import Channels, Inboxes
from handoff.conversations.context import Context


@dataclass(frozen=True, slots=True)
class Filing:
    """``attachments`` goes into the conversations' context; the worker needs that context."""

    attachments: Attachments
    store: Store
    checker: Checker

    def worker(self, context: Context, channels: Channels, inboxes: Inboxes, fetcher: Fetcher) -> Worker:
        return Worker(context, self.attachments, self.store, self.checker, fetcher, channels, inboxes)


def make_filing(database: Database, home: Path, rules: Rules, scan: str = "") -> Filing:
    """Files lie in ``home/files``. ``scan``: see :func:`handoff.attachments.scanning.make_scanner`."""
    store = Folder(home / "files")
    checker = Checker(rules, store, make_scanner(scan))
    return Filing(Attachments(database, store, checker, rules), store, checker)


def make_fetcher(public: httpx.AsyncClient, own: httpx.AsyncClient) -> Fetcher:
    return Fetcher(public, own)
