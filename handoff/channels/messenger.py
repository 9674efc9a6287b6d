"""Facebook Messenger: pages that talk to people through the Messenger Platform.

One app serves one inbox: an app has one webhook address for all its pages.
Limits: https://developers.facebook.com/documentation/business-messaging/messenger-platform/reference/send-api
Windows: https://developers.facebook.com/documentation/business-messaging/messenger-platform/policy
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

import httpx

from handoff.channels import graph, graph_errors, loose, messenger_parts
from handoff.channels.base import (
    Capabilities,
    Health,
    Outbound,
    Part,
    Rate,
    RawRequest,
    SendFailed,
    Setting,
    Sign,
    Source,
)
from handoff.channels.messenger_events import Account, read
from handoff.conversations.inbound import Incoming, Unknown
from handoff.conversations.views import InboxView

SIGNS: Mapping[Sign, str] = {"typing": "typing_on", "read": "mark_seen"}


@dataclass(frozen=True, slots=True)
class Platform:
    """Where Messenger and Instagram differ."""

    kind: str  # the object that webhooks are about
    account: str  # the setting with its id
    scopes: frozenset[str]
    fields: str  # of the app's webhook
    page_fields: str  # of the page's subscription
    metadata: bool  # whether echoes bring back what we gave with a message


class Messenger:
    """Messages of a Facebook page."""

    platform: ClassVar = Platform(
        kind="page",
        account="page_id",
        scopes=frozenset({"pages_messaging", "pages_manage_metadata"}),
        fields="messages,messaging_postbacks,messaging_referrals,message_echoes,message_edits,"
        "message_reactions,message_reads,message_deliveries,messaging_handovers,standby",
        page_fields="messages,messaging_postbacks,messaging_referrals,message_echoes,message_edits,"
        "message_reactions,message_reads,message_deliveries,messaging_handovers,standby",
        metadata=True,
    )
    capabilities = Capabilities(
        buttons=3,
        button_limit=20,
        choices=13,
        choice_limit=20,
        cards=10,
        card_buttons=3,
        card_limit=80,
        images=True,
        files=True,
        typing=True,
        read_receipts=True,
        text_limit=2000,
        reply_window=timedelta(hours=24),
        human_window=timedelta(days=7),
        evidence=True,
        rate=Rate(per_second=40, burst=40),  # 300 are taken, but above 40 the page's own inbox stalls
    )
    settings: tuple[Setting, ...] = (
        Setting("page_id"),
        Setting("app_id"),
        Setting("app_secret", secret=True),
        Setting("access_token", secret=True),
        Setting("verify_token", secret=True, made=True),
    )

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._graph = graph.Graph(client)

    def pushes(self, inbox: InboxView) -> bool:
        return True

    def verify(self, inbox: InboxView, request: RawRequest) -> None:
        graph.verify(inbox, request)

    def challenge(self, inbox: InboxView, query: Mapping[str, str]) -> str:
        return graph.challenge(inbox, query)

    def parse(self, inbox: InboxView, request: RawRequest) -> Sequence[Incoming]:
        entries, other = graph.entries(request, self.platform.kind)
        account = Account(
            loose.ident(inbox.options.get(self.platform.account)), loose.ident(inbox.options.get("app_id"))
        )
        return [*read(entries, account), *(Unknown("batch", {"batch": item}) for item in other)]

    async def send(self, outbound: Outbound) -> str | None:
        """Only people's words go out late, tagged as such; and only for a person's words is a
        conversation taken from another application of the page."""
        inbox, written = outbound.inbox, outbound.message.sender == "agent"
        if outbound.late and not written:
            raise SendFailed("nobody wrote it, and the window is closed", final=True, code="window_closed")
        body = self.body(outbound)
        try:
            answer = await self._graph.post(inbox, self._path(inbox, "messages"), body)
        except graph_errors.Elsewhere:
            if not written:
                raise
            taken = {"recipient": body["recipient"]}
            await self._graph.post(inbox, self._path(inbox, "take_thread_control"), taken)
            answer = await self._graph.post(inbox, self._path(inbox, "messages"), body)
        return loose.ident(answer.get("message_id")) or None

    def body(self, outbound: Outbound) -> dict[str, Any]:
        """The call's JSON."""
        message = self.message(outbound.part)
        if self.platform.metadata:
            message |= {"metadata": outbound.ref}
        tagged = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
        return {
            "recipient": messenger_parts.recipient(outbound.contact),
            "message": message,
            **(tagged if outbound.late else {"messaging_type": "RESPONSE"}),
        }

    def message(self, part: Part) -> dict[str, Any]:
        return messenger_parts.message(part)

    async def signal(self, inbox: InboxView, contact: str, sign: Sign, last: str | None) -> None:
        body = {"recipient": messenger_parts.recipient(contact), "sender_action": SIGNS[sign]}
        await self._graph.post(inbox, self._path(inbox, "messages"), body)

    async def locate(self, inbox: InboxView, ref: str) -> Source:
        """Attachments come as addresses that anybody can fetch for a while."""
        own = bool(inbox.options.get("api_url")) and ref.startswith(f"{self._graph.address(inbox)}/")
        return Source(ref, own=own)

    async def connect(self, inbox: InboxView, webhook_url: str) -> None:
        """Point the app's webhook at us, and subscribe it to the page."""
        subscription = {
            "object": self.platform.kind,
            "callback_url": webhook_url,
            "verify_token": inbox.credentials.get("verify_token", ""),
            "fields": self.platform.fields,
            "include_values": True,
        }
        app = graph.option(inbox, "app_id")
        await self._graph.post(inbox, f"{app}/subscriptions", subscription, as_app=True)
        fields = {"subscribed_fields": self.platform.page_fields}
        await self._graph.post(inbox, self._path(inbox, "subscribed_apps"), fields)

    async def check(self, inbox: InboxView) -> Health:
        page = loose.ident(inbox.options.get("page_id"))
        return await graph.health(self._graph, inbox, self.platform.scopes, page, "name")

    def _path(self, inbox: InboxView, edge: str) -> str:
        return f"{graph.option(inbox, 'page_id')}/{edge}"
