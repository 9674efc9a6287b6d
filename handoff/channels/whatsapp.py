"""WhatsApp by the Cloud API: one inbox is one business phone number.

Limits: https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages
Rates: 80 messages a second for a number, and to one person one every 6 seconds (45 at once);
https://developers.facebook.com/documentation/business-messaging/whatsapp/throughput
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx

from handoff.channels import graph, loose, whatsapp_events, whatsapp_parts
from handoff.channels.base import (
    Capabilities,
    Health,
    Outbound,
    Rate,
    RawRequest,
    SendFailed,
    Setting,
    Sign,
    Source,
)
from handoff.channels.whatsapp_templates import usable
from handoff.conversations.inbound import Incoming, Unknown
from handoff.conversations.views import InboxView

KIND = "whatsapp_business_account"
SCOPES = frozenset({"whatsapp_business_messaging", "whatsapp_business_management"})
FIELDS = (
    "messages,smb_message_echoes,message_template_status_update,account_update,phone_number_quality_update"
)
HOSTS = (".fbsbx.com", ".facebook.com", ".whatsapp.net", ".fbcdn.net")  # that may be shown our token
MEDIA_ID = re.compile(r"[A-Za-z0-9_-]+")
PAGES = 20  # of templates, 100 each


class WhatsApp:
    """Messages of a business phone number."""

    capabilities = Capabilities(
        buttons=3,
        button_limit=20,
        choices=10,
        choice_limit=24,
        images=True,
        files=True,
        caption_limit=1024,
        typing=True,
        read_receipts=True,
        text_limit=4096,
        reply_window=timedelta(hours=24),
        templates=True,
        evidence=True,
        rate=Rate(per_second=80, burst=80),
        contact_rate=Rate(per_second=1 / 6, burst=45),
    )
    settings: tuple[Setting, ...] = (
        Setting("phone_number_id"),
        Setting("business_id"),  # of the WhatsApp Business account
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
        entries, other = graph.entries(request, KIND)
        number = loose.ident(inbox.options.get("phone_number_id"))
        found = whatsapp_events.read(entries, number)
        return [*found, *(Unknown("batch", {"batch": item}) for item in other)]

    async def send(self, outbound: Outbound) -> str | None:
        answer = await self._post(outbound.inbox, "messages", self.body(outbound))
        sent = loose.mappings(answer.get("messages"))
        return (loose.ident(sent[0].get("id")) or None) if sent else None

    def body(self, outbound: Outbound) -> dict[str, Any]:
        """The call's JSON."""
        quoted = {"context": {"message_id": outbound.reply_to}} if outbound.reply_to else {}
        return {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            **whatsapp_parts.recipient(outbound.contact),
            **whatsapp_parts.message(outbound.part),
            **quoted,
            "biz_opaque_callback_data": outbound.ref,
        }

    async def signal(self, inbox: InboxView, contact: str, sign: Sign, last: str | None) -> None:
        """Both belong to a message of the customer; typing (25 seconds at most) marks it as read too."""
        if not last:
            return
        body: dict[str, Any] = {"messaging_product": "whatsapp", "status": "read", "message_id": last}
        if sign == "typing":
            body["typing_indicator"] = {"type": "text"}
        await self._post(inbox, "messages", body)

    async def locate(self, inbox: InboxView, ref: str) -> Source:
        """Where a file is for the next five minutes; it takes our token to fetch it."""
        if not MEDIA_ID.fullmatch(ref):
            raise SendFailed("no such file", final=True)
        known = await self._graph.get(inbox, ref)
        address = loose.link(known.get("url")) or ""
        own = address.startswith(f"{self._graph.address(inbox)}/")
        parts = urlsplit(address)
        trusted = own or (parts.scheme == "https" and (parts.hostname or "").endswith(HOSTS))
        if not address:
            raise SendFailed("no such file", final=True)
        headers = {"Authorization": f"Bearer {graph.token(inbox)}"} if trusted else {}
        return Source(address, headers, own=own)

    async def templates(self, inbox: InboxView) -> list[dict[str, Any]]:
        """The approved ones that can be filled with texts."""
        query = {"fields": "name,language,status,category,components", "status": "APPROVED", "limit": "100"}
        found: list[dict[str, Any]] = []
        for _ in range(PAGES):
            page = await self._graph.get(
                inbox, f"{graph.option(inbox, 'business_id')}/message_templates", query
            )
            found += [item for raw in loose.mappings(page.get("data")) if (item := usable(raw))]
            after = loose.string(loose.within(page, "paging", "cursors").get("after"))
            if not after or not loose.mapping(page.get("paging")).get("next"):
                break
            query |= {"after": after}
        return found

    async def connect(self, inbox: InboxView, webhook_url: str) -> None:
        """Point the app's webhook at us, subscribe it to the account, and this number to this inbox
        (so that an app may have several numbers)."""
        verify_token = inbox.credentials.get("verify_token", "")
        subscription = {
            "object": KIND,
            "callback_url": webhook_url,
            "verify_token": verify_token,
            "fields": FIELDS,
            "include_values": True,
        }
        app = graph.option(inbox, "app_id")
        await self._graph.post(inbox, f"{app}/subscriptions", subscription, as_app=True)
        await self._graph.post(inbox, f"{graph.option(inbox, 'business_id')}/subscribed_apps")
        own = {"override_callback_uri": webhook_url, "verify_token": verify_token}
        number = graph.option(inbox, "phone_number_id")
        await self._graph.post(inbox, number, {"webhook_configuration": own})

    async def check(self, inbox: InboxView) -> Health:
        number = loose.ident(inbox.options.get("phone_number_id"))
        fields = "verified_name,display_phone_number"
        return await graph.health(self._graph, inbox, SCOPES, number, fields)

    async def _post(self, inbox: InboxView, edge: str, body: dict[str, Any]) -> dict[str, Any]:
        return await self._graph.post(inbox, f"{graph.option(inbox, 'phone_number_id')}/{edge}", body)
