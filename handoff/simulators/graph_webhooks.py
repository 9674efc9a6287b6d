"""Where a Meta app's webhooks go, and what it hears of: subscriptions of the app and of its objects."""

from __future__ import annotations

import hmac
import secrets
from typing import Any

from handoff.simulators.accounts import Account, Webhook
from handoff.simulators.asked import Asked
from handoff.simulators.refusals import bad_token, graph, invalid
from handoff.simulators.simulator import Simulator
from handoff.simulators.transfer import Transfer

OBJECTS = {"page": "messenger", "instagram": "instagram", "whatsapp_business_account": "whatsapp"}


class GraphWebhooks:
    def __init__(self, simulator: Simulator, transfer: Transfer) -> None:
        self._simulator, self._transfer = simulator, transfer

    async def subscriptions(self, app: str, asked: Asked) -> dict[str, Any]:
        """``/{app}/subscriptions``, with the app's own token (``id|secret``)."""
        mine = [a for a in self._simulator.accounts if a.app_id == app]
        if not mine or not hmac.compare_digest(asked.token.encode(), f"{app}|{mine[0].app_secret}".encode()):
            raise bad_token()
        if asked.method == "GET":
            return {"data": [self._subscription(account) for account in mine if account.webhook]}
        kind = str(asked.given.get("object"))
        found = [a for a in mine if a.platform == OBJECTS.get(kind)]
        if not found:
            raise invalid("Param object must be one of {page, instagram, whatsapp_business_account}")
        if asked.method == "DELETE":
            found[0].webhook = None
        else:
            url, token = (
                str(asked.given.get("callback_url") or ""),
                str(asked.given.get("verify_token") or ""),
            )
            await self._point(found[0], url, token)
            if found[0].webhook:
                found[0].webhook.fields = _words(asked.given.get("fields"))
        return {"success": True}

    async def subscribed_apps(self, account: Account, asked: Asked) -> dict[str, Any]:
        """``/{page|ig|waba}/subscribed_apps``; WhatsApp's may name an address of its own
        (``override_callback_uri``)."""
        if asked.method == "GET":
            app = {"id": account.app_id, "name": f"{account.name} (simulated)"}
            if account.platform == "whatsapp":
                return {"data": [{"whatsapp_business_api_data": app}] if account.webhook else []}
            fields = list(account.webhook.page_fields or ()) if account.webhook else []
            return {"data": [app | {"subscribed_fields": fields}] if account.webhook else []}
        if asked.method == "DELETE":
            account.webhook = None
            return {"success": True}
        if account.platform == "whatsapp":
            if own := asked.given.get("override_callback_uri"):
                await self._point(account, str(own), str(asked.given.get("verify_token") or ""))
            return {"success": True}
        if not asked.given.get("subscribed_fields"):
            raise invalid("The parameter subscribed_fields is required.")
        if account.webhook and account.platform == "messenger":  # an Instagram account hears by its app's
            account.webhook.page_fields = _words(asked.given["subscribed_fields"])
        return {"success": True}

    async def of_number(self, account: Account, asked: Asked) -> dict[str, Any]:
        """``POST /{phone} {webhook_configuration}``: an address for this number alone."""
        own = asked.given.get("webhook_configuration")
        if not isinstance(own, dict):
            raise invalid("Unsupported post request.", 33)
        address = str(own.get("override_callback_uri") or "")
        if address:
            await self._point(account, address, str(own.get("verify_token") or ""))
        return {"success": True}

    async def _point(self, account: Account, url: str, verify_token: str) -> None:
        """The platform asks the address first, and takes it when the challenge comes back."""
        challenge = str(secrets.randbelow(10**10))
        query = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": verify_token}
        status, body = await self._transfer.ask(url, query)
        if status != 200 or body.strip() != challenge.encode():
            raise graph(
                "(#2200) Callback verification failed with the following errors: "
                f"HTTP Status Code = {status}; HTTP Message = {body[:60].decode('utf-8', 'replace')}",
                2200,
            )
        account.verify_token = verify_token
        before = account.webhook or Webhook(url)
        account.webhook = Webhook(url, fields=before.fields, page_fields=before.page_fields)

    @staticmethod
    def _subscription(account: Account) -> dict[str, Any]:
        assert account.webhook
        kind = next(name for name, platform in OBJECTS.items() if platform == account.platform)
        fields = [{"name": name, "version": "v23.0"} for name in account.webhook.fields or ()]
        return {"object": kind, "callback_url": account.webhook.url, "active": True, "fields": fields}


def _words(fields: Any) -> tuple[str, ...] | None:
    """A list, or words with commas between; None when nothing was said."""
    words = fields.split(",") if isinstance(fields, str) else fields
    if not isinstance(words, list):
        return None
    return tuple(str(word["name"] if isinstance(word, dict) else word).strip() for word in words)
