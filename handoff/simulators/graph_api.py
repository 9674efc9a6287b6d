"""The Graph API over HTTP: who asks, what for, and the answers that are the same for all three."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

from handoff.simulators import graph_objects, whatsapp_api
from handoff.simulators.accounts import Account
from handoff.simulators.asked import Asked
from handoff.simulators.graph_webhooks import GraphWebhooks
from handoff.simulators.page_api import PageApi
from handoff.simulators.refusals import bad_token, expired_token, graph, unknown_object
from handoff.simulators.simulator import Simulator
from handoff.simulators.transfer import Transfer

VERSION = re.compile(r"^v\d+\.\d+$")
UNASKED = "An active access token must be used to query information about the current user."

Answer = dict[str, Any]


class GraphApi:
    """``answer`` raises ``Refused``; ``sends`` says which calls faults may befall."""

    def __init__(self, simulator: Simulator, transfer: Transfer) -> None:
        self._simulator = simulator
        self.webhooks = GraphWebhooks(simulator, transfer)
        self.pages = PageApi(simulator, transfer)
        self.whatsapp = whatsapp_api.WhatsAppApi(simulator, transfer)

    @staticmethod
    def parts(path: str) -> list[str]:
        found = [part for part in path.split("/") if part]
        return found[1:] if found and VERSION.match(found[0]) else found

    def sends(self, asked: Asked) -> bool:
        return asked.method == "POST" and self.parts(asked.path)[1:] == ["messages"]

    async def answer(self, asked: Asked) -> Answer:
        parts = self.parts(asked.path)
        if not asked.readable:
            raise graph("(#100) The body is no JSON object", 100)
        if not parts:
            raise graph("Unsupported get request.", 100, subcode=33, kind="GraphMethodException")
        if parts == ["debug_token"]:
            return graph_objects.debug_token(self._simulator, asked)
        if parts[1:] == ["subscriptions"]:
            return await self.webhooks.subscriptions(parts[0], asked)
        account = self._authorised(asked)
        name = account.id if parts[0] == "me" else parts[0]
        edge = parts[1] if len(parts) > 1 else ""
        if edge == "subscribed_apps" and name in (*account.names, account.waba_id):
            return await self.webhooks.subscribed_apps(account, asked)
        if account.platform == "whatsapp":
            if (asked.method, name, edge) == ("POST", account.id, ""):
                return await self.webhooks.of_number(account, asked)
            return await self.whatsapp.answer(account, name, edge, asked)
        handler = self._of_page(account, name, edge, asked.method)
        return await handler(account, asked)

    def _of_page(
        self, account: Account, name: str, edge: str, method: str
    ) -> Callable[[Account, Asked], Awaitable[Answer]]:
        pages = self.pages
        found = {
            ("POST", "messages"): pages.send,
            ("POST", "message_attachments"): pages.upload,
            ("POST", "pass_thread_control"): pages.pass_control,
            ("POST", "take_thread_control"): pages.take_control,
            ("POST", "request_thread_control"): pages.request_control,
            ("GET", "thread_owner"): pages.owner,
            ("POST", "messenger_profile"): pages.profile_set,
            ("GET", "messenger_profile"): pages.profile,
            ("DELETE", "messenger_profile"): pages.profile_set,
            ("GET", ""): pages.about,
        }.get((method, edge))
        if found is None:
            raise unknown_object(name)
        if name in account.names:
            return found
        if not edge and name in account.threads:
            return pages.person(account.threads[name])
        raise unknown_object(name)

    def _authorised(self, asked: Asked) -> Account:
        if not asked.token:
            raise graph(UNASKED, 2500)
        known = [a for a in self._simulator.accounts if a.token == asked.token and a.platform != "telegram"]
        parts = self.parts(asked.path)
        meant = [a for a in self._simulator.accounts if parts[0] in (*a.names, a.waba_id)]
        whatsapp = any(account.platform == "whatsapp" for account in known or meant)
        status = 401 if whatsapp else 400
        if not known:
            raise bad_token(status)
        if known[0].token_expires_at and known[0].token_expires_at < self._simulator.clock.now():
            raise expired_token(status)
        return known[0]
