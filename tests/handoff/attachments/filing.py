"""Attachments around a house of conversations, with a fake platform and a fake scanner."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import select

from actions.db import Database
from handoff.attachments.checking import Checker
from handoff.attachments.fetching import Fetcher
from handoff.attachments.models import Attachment
from handoff.attachments.rules import Rules
from handoff.attachments.scanning import ScannerDown
from handoff.attachments.service import Attachments
from handoff.attachments.store import Folder
from handoff.attachments.worker import Worker
from handoff.channels.base import Capabilities, Outbound, SendFailed, Source
from handoff.channels.registry import Channels, Inboxes
from handoff.channels.vault import Vault
from handoff.conversations.context import Holder
from handoff.conversations.inbound import IncomingFile
from handoff.conversations.service import Conversations
from handoff.conversations.views import InboxView, MessageView
from tests.support.conversations import House, build

Answer = Callable[[httpx.Request], httpx.Response]


@dataclass
class Platform:
    """A channel with files; ``answer`` is what its servers say."""

    answer: Answer = field(default=lambda request: httpx.Response(404))
    gone: SendFailed | None = None
    asked: list[httpx.Request] = field(default_factory=list)
    capabilities: Capabilities = field(default_factory=Capabilities)

    def pushes(self, inbox: InboxView) -> bool:
        return False

    async def send(self, outbound: Outbound) -> str | None:
        return None

    async def locate(self, inbox: InboxView, ref: str) -> Source:
        if self.gone:
            raise self.gone
        return Source(f"https://cdn.example/{ref}", {"Authorization": "Bearer ours"})

    def has(self, body: bytes) -> None:
        self.answer = lambda _request: httpx.Response(200, content=body)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        return self.answer(request)


@dataclass
class FakeScanner:
    down: bool = False
    finds: bytes = b""
    scanned: int = 0

    async def scan(self, path: Path) -> str | None:
        self.scanned += 1
        if self.down:
            raise ScannerDown("refused")
        return "Eicar" if self.finds and self.finds in _bytes(path) else None


@dataclass
class Filed:
    house: House
    platform: Platform
    scanner: FakeScanner
    store: Folder
    checker: Checker
    attachments: Attachments

    def worker(self, address: str = "one:1", kind: type[Worker] = Worker, store: Any = None) -> Worker:
        """A worker of a gateway that starts now, at an address."""
        context = replace(self.house.conversations.context, holder=Holder.at(address))
        calls = httpx.AsyncClient(transport=httpx.MockTransport(self.platform))
        inboxes = Inboxes(self.house.database, Vault("k" * 40))
        channels = Channels({"rest": self.platform})
        fetcher, store = Fetcher(calls, calls), store or self.store
        return kind(
            context, self.attachments, store, self.checker, fetcher, channels, inboxes, luck=lambda: 1.0
        )

    async def arrives(self, *files: IncomingFile, text: str | None = "look") -> MessageView:
        """A customer sends files."""
        receipt = await self.house.receive(text, files=files)
        await receipt.done()
        message: MessageView = receipt.message
        return message

    async def message(self, message: MessageView) -> MessageView:
        """The message as it is now."""
        thread = await self.house.thread(message.conversation_id)
        return next(one for one in thread if one.id == message.id)

    async def entries(self, message: MessageView) -> list[dict[str, Any]]:
        return list((await self.message(message)).rich["files"])

    async def row(self, id: str) -> Attachment | None:
        async with self.house.database.read() as session:
            found: Attachment | None = await session.scalar(select(Attachment).where(Attachment.id == id))
            return found

    async def upload(self, data: bytes = b"hello", name: str = "a.txt", by: str = "ann") -> dict[str, Any]:
        return await self.attachments.upload(chunks(data), name=name, by=by)

    def on_disk(self) -> list[str]:
        root = self.store._root
        return sorted(str(path.relative_to(root).parts[0]) for path in root.rglob("*") if path.is_file())


async def chunks(data: bytes, size: int = 1000) -> AsyncIterator[bytes]:
    for at in range(0, len(data), size):
        yield data[at : at + size]


async def filed(database: Database, folder: Path, rules: Rules | None = None) -> Filed:
    house, rules = await build(database), rules or Rules()
    scanner, store = FakeScanner(), Folder(folder / "files")
    checker = Checker(rules, store, scanner)
    attachments = Attachments(database, store, checker, rules, house.clock)
    context = replace(house.conversations.context, files=attachments)
    house = replace(house, conversations=Conversations(context, house.bot))
    return Filed(house, Platform(), scanner, store, checker, attachments)


def _bytes(path: Path) -> bytes:
    return path.read_bytes()
