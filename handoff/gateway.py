"""The gateway's parts put together from settings, and their regular work."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import structlog

from actions.db import Database
from actions.knowledge.search import Knowledge
from actions.knowledge.serving import client as bot_calls
from actions.knowledge.serving import load as load_articles
from actions.knowledge.vectors import BotVectors
from actions.shop.reference import Reference
from actions.texts import Texts
from handoff.agents.presence import Duty
from handoff.attachments.assembly import make_filing
from handoff.attachments.fetching import Fetcher
from handoff.attachments.worker import Worker as FilesWorker
from handoff.channels import parts
from handoff.channels.addresses import PublicTransport
from handoff.channels.arrivals import Arrivals
from handoff.channels.handling import Handling
from handoff.channels.kinds import kinds
from handoff.channels.registry import Channels, Inboxes
from handoff.channels.signals import ChannelSigns
from handoff.channels.vault import Vault
from handoff.conversations.context import Context, Holder
from handoff.conversations.rates import Rates
from handoff.conversations.service import Conversations
from handoff.delivery.dispatcher import Dispatcher
from handoff.delivery.tracking import Tracking
from handoff.front import Front, make_front
from handoff.inboxes.checking import Checks
from handoff.inboxes.service import Care
from handoff.inboxes.watching import Watching
from handoff.rasa import RasaBot
from handoff.realtime.hub import SocketHub
from handoff.realtime.hubs import Hubs
from handoff.realtime.server import make_server
from handoff.realtime.webchat_hub import WebchatHub
from handoff.settings import Settings
from handoff.workbench.assembly import Workbench, make_workbench
from handoff.workbench.context import Context as WorkbenchContext

TEND = 2.0  # seconds between looks for turns that were left behind and conversations to be woken

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Gateway:
    settings: Settings
    texts: Texts
    database: Database
    bot: RasaBot
    calls: httpx.AsyncClient  # outgoing, to platforms
    callbacks: httpx.AsyncClient  # outgoing, to integrators
    media: httpx.AsyncClient  # outgoing, to where files of messages lie
    files: FilesWorker
    knowledge: Knowledge
    bot_calls: httpx.AsyncClient  # for vectors
    channels: Channels
    inboxes: Inboxes
    watching: Watching
    checks: Checks
    conversations: Conversations
    arrivals: Arrivals
    handling: Handling
    dispatcher: Dispatcher
    front: Front
    workbench: Workbench
    sockets: object  # the Socket.IO server

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Everything runs; at the end it is let go, to be taken up by the next start."""
        work = {"tend": self._tend(), "outbox": self.dispatcher.run(), "heart": self.front.heart.run()}
        work |= {"arrivals": self.handling.run()}
        work |= {"watching": self.watching.run(), "checks": self.checks.run()}
        work["files"] = self.files.run()
        work |= {name: start() for name, start in self.workbench.work.items()}
        # The action server begins at the other end: what one has learned the other reads.
        work["articles"] = self.knowledge.run(self.texts.languages[::-1])
        async with self.opened():
            tasks = [asyncio.create_task(what, name=name) for name, what in work.items()]
            try:
                yield
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Only what is asked runs; at the end all connections are closed."""
        try:
            yield
        finally:
            await self.conversations.turns.stop()
            await self.bot.close()
            await self.calls.aclose()
            await self.callbacks.aclose()
            await self.media.aclose()
            await self.bot_calls.aclose()
            await self.database.close()

    async def _tend(self) -> None:
        while True:
            try:
                await self.conversations.tend()
            except Exception:
                log.exception("tending_failed")
            await asyncio.sleep(TEND)


def build(
    settings: Settings,
    *,
    to_callbacks: httpx.AsyncBaseTransport | None = None,
    to_platforms: httpx.AsyncBaseTransport | None = None,
) -> Gateway:
    """Make all parts; nothing runs and nothing is connected yet. The transports are for tests."""
    texts = Texts.load()
    database = Database(settings.database)
    calls = httpx.AsyncClient(trust_env=False, transport=to_platforms)
    guarded = None if settings.private_callbacks else PublicTransport()
    callbacks = httpx.AsyncClient(trust_env=False, transport=to_callbacks or guarded)
    media = httpx.AsyncClient(trust_env=False, transport=to_platforms or PublicTransport())
    channels = Channels(kinds(calls, callbacks))
    filing = make_filing(database, settings.home, settings.rules, settings.scan)
    inboxes = Inboxes(database, Vault(*settings.secret_keys))
    server = make_server(settings.redis_url)
    hub, webchat = SocketHub(server, database), WebchatHub(server, settings.base_url)
    context = Context(
        database=database,
        hub=Hubs(hub, webchat, ChannelSigns(database, channels, inboxes)),
        presence=Duty(),
        texts=texts,
        thresholds=settings.thresholds(),
        turn_timeout=settings.turn_timeout,
        holder=Holder.at(f"{socket.gethostname()}:{settings.gateway_port}"),
        pushes=channels.pushes,
        files=filing.attachments,
        chosen=lambda inbox, text, rich: parts.meant(text, rich, channels.of(inbox).capabilities),
    )
    token = settings.bot_token.get_secret_value()
    bot = RasaBot(settings.bot_urls, token, settings.turn_timeout)
    for_vectors = bot_calls()
    knowledge = load_articles(
        settings.knowledge, BotVectors(settings.bot_urls, token, for_vectors), settings.home
    )
    conversations = Conversations(context, bot, Rates(settings.contact_rate, settings.contact_burst))
    handling = Handling(context, conversations, inboxes, Tracking(context))
    watching = Watching(database, registry=context.metrics.registry)
    checks = Checks(database, inboxes, channels, registry=context.metrics.registry)
    front = make_front(
        server=server,
        hub=hub,
        webchat=webchat,
        channels=channels,
        conversations=conversations,
        inboxes=inboxes,
        texts=texts,
        reference=Reference.load(),
        knowledge=knowledge,
        attachments=filing.attachments,
        care=Care(database, inboxes, channels, checks, settings.base_url),
        base_url=settings.base_url,
        public_url=settings.public_url,
        demo=settings.demo,
    )
    workbench = make_workbench(
        WorkbenchContext(
            database=database,
            texts=texts,
            knowledge=knowledge,
            door=front.door,
            root=settings.workspace,
            models=settings.models,
            home=settings.home,
            python=settings.bot_python,
            bot_urls=settings.bot_urls,
            bot_token=token,
            holder=context.holder.token,
        )
    )
    return Gateway(
        settings=settings,
        texts=texts,
        database=database,
        bot=bot,
        calls=calls,
        callbacks=callbacks,
        media=media,
        files=filing.worker(context, channels, inboxes, Fetcher(media, calls)),
        knowledge=knowledge,
        bot_calls=for_vectors,
        channels=channels,
        inboxes=inboxes,
        watching=watching,
        checks=checks,
        conversations=conversations,
        arrivals=Arrivals(context, handling.wake),
        handling=handling,
        dispatcher=Dispatcher(
            context, channels, inboxes, base_url=settings.base_url, unsure_wait=settings.unsure_wait
        ),
        front=front,
        workbench=workbench,
        sockets=server,
    )
