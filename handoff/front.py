"""The front of the gateway put together: sockets, HTTP of desk and widget, and their regular work."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from fastapi import APIRouter
from socketio import AsyncServer

from actions.knowledge.search import Knowledge
from actions.shop.reference import Reference
from actions.texts import Texts
from handoff import media
from handoff.agents import api as agents_api
from handoff.agents.passwords import Passwords
from handoff.agents.presence import Presence
from handoff.agents.service import Accounts
from handoff.assignment.service import Assignment
from handoff.attachments import api as files_api
from handoff.attachments.service import Attachments
from handoff.channels import web
from handoff.channels.registry import Channels, Inboxes
from handoff.channels.visitors import Visitors
from handoff.conversations import codes
from handoff.conversations.rates import Rates
from handoff.conversations.service import Conversations
from handoff.delivery import api as delivery_api
from handoff.demo import api as demo_api
from handoff.desk import api as desk_api
from handoff.desk import links as desk_links
from handoff.desk.access import Door
from handoff.inboxes import api as inboxes_api
from handoff.inboxes.service import Care
from handoff.knowledge import pages as help_pages
from handoff.knowledge import search as help_search
from handoff.knowledge import suggestions
from handoff.realtime.desk import DeskSockets
from handoff.realtime.heart import Heart
from handoff.realtime.hub import SocketHub
from handoff.realtime.webchat import WebchatSockets
from handoff.realtime.webchat_hub import WebchatHub
from handoff.realtime.widget import WidgetSockets


@dataclass(frozen=True, slots=True)
class Front:
    """What the application mounts (``routers``) and runs until it ends (``heart``)."""

    accounts: Accounts
    presence: Presence
    door: Door
    visitors: Visitors
    widget: WidgetSockets
    desk: DeskSockets
    assignment: Assignment
    heart: Heart
    routers: tuple[APIRouter, ...]


def make_front(
    *,
    server: AsyncServer,
    hub: SocketHub,
    webchat: WebchatHub | None = None,
    conversations: Conversations,
    inboxes: Inboxes,
    texts: Texts,
    reference: Reference,
    knowledge: Knowledge | None = None,
    attachments: Attachments | None = None,
    care: Care | None = None,
    channels: Channels | None = None,
    base_url: str = "",
    public_url: str = "",
    demo: bool = False,
    passwords: Passwords | None = None,
    searches: Rates | None = None,
) -> Front:
    """Everything around ``conversations``, whose context has the ``hub`` already. ``demo`` adds the
    demo shop's calls, with which anybody can be a demo customer.

    ``server`` gets its namespaces; it is mounted by the application (``socketio.ASGIApp``). With
    ``webchat`` widgets made for Rasa are served too.
    """
    context = conversations.context
    database, clock, bell = context.database, context.clock, context.queue
    accounts = Accounts(database, passwords, clock)
    presence = Presence(database, clock)
    visitors = Visitors(database, clock)
    door = Door(accounts, presence, public_url)
    widget = WidgetSockets(
        server,
        texts=texts,
        database=database,
        visitors=visitors,
        conversations=conversations,
        hub=context.hub,
        public_url=public_url,
    )
    desk = DeskSockets(
        server,
        texts=texts,
        database=database,
        accounts=accounts,
        presence=presence,
        hub=context.hub,
        bell=bell,
        public_url=public_url,
    )
    server.register_namespace(widget)
    server.register_namespace(desk)
    if webchat is not None:
        rasas = WebchatSockets(
            server,
            texts=texts,
            database=database,
            visitors=visitors,
            inboxes=inboxes,
            conversations=conversations,
            hub=webchat,
            public_url=public_url,
        )
        server.register_namespace(rasas)
    assignment = Assignment(database, conversations, clock)
    heart = Heart(
        server=server,
        desk=desk,
        presence=presence,
        hub=hub,
        assignment=assignment,
        conversations=conversations,
        bell=bell,
    )
    articles = knowledge or Knowledge([])
    asked = searches or Rates(per_second=2, burst=30)  # searches of one address
    routers: tuple[APIRouter, ...] = (
        agents_api.router(
            database=database,
            accounts=accounts,
            presence=presence,
            door=door,
            sockets=desk,
            texts=texts,
            bell=bell,
        ),
        desk_api.router(
            database=database, conversations=conversations, door=door, texts=texts, reference=reference
        ),
        desk_links.router(database=database, conversations=conversations, door=door),
        web.router(
            database=database,
            visitors=visitors,
            inboxes=inboxes,
            texts=texts,
            public_url=public_url,
            helpful=bool(articles.articles),
            file_limit=attachments.rules.most if attachments else 0,
            offer=partial(codes.offer, context),
        ),
        media.router(database=database),
        help_pages.router(knowledge=articles, texts=texts, rates=asked, chat="/" if demo else ""),
        help_search.router(
            knowledge=articles,
            texts=texts,
            inboxes=inboxes,
            rates=asked,
            base_url=base_url,
            public_url=public_url,
        ),
        suggestions.router(database=database, knowledge=articles, texts=texts, door=door, base_url=base_url),
    )
    if attachments:
        routers += (
            files_api.router(
                attachments=attachments,
                visitors=visitors,
                inboxes=inboxes,
                door=door,
                texts=texts,
                public_url=public_url,
            ),
        )
    if channels:
        routers += (
            delivery_api.router(
                context=context, channels=channels, inboxes=inboxes, door=door, base_url=base_url
            ),
        )
    if care:
        routers += (
            inboxes_api.router(database=database, context=context, inboxes=inboxes, care=care, door=door),
        )
    if demo:
        routers += (demo_api.router(database=database, inboxes=inboxes, texts=texts, reference=reference),)
    return Front(accounts, presence, door, visitors, widget, desk, assignment, heart, routers)
