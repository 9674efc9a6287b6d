"""How a business tells Meta where its webhooks go: the challenge, and what it subscribes to."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from tests.handoff.simulators.conftest import error
from tests.support.serving import serving

TOKEN = "made-up"


async def gateway(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answers the challenge if the token is right."""
    query = {key: values[0] for key, values in parse_qs(scope["query_string"].decode()).items()}
    right = query.get("hub.verify_token") == TOKEN and query.get("hub.mode") == "subscribe"
    body = query["hub.challenge"].encode() if right else b"no"
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200 if right else 403, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def test_a_pages_app_is_pointed_after_the_challenge_and_hears_what_both_subscribe_to(page) -> None:
    account = page.account
    account.webhook = None
    app = f"{account.app_id}|{account.app_secret}"
    body = {"object": "page", "verify_token": TOKEN, "fields": "messages,message_echoes"}
    async with serving(gateway) as url:
        path = f"{account.app_id}/subscriptions"
        wrong = await page.call(
            "POST", path, token=app, json=body | {"callback_url": url, "verify_token": "x"}
        )
        assert error(wrong)[:2] == (400, 2200)
        assert account.webhook is None
        done = await page.call("POST", path, token=app, json=body | {"callback_url": url})
        assert done.json() == {"success": True}
    fields = {"subscribed_fields": "messages,message_reads"}
    assert (await page.call("POST", f"{account.id}/subscribed_apps", json=fields)).json() == {"success": True}
    assert account.webhook.url == url
    assert set(account.webhook.fields) & set(account.webhook.page_fields) == {"messages"}
    assert (await page.call("GET", path, token=app)).json()["data"][0]["object"] == "page"
    assert error(await page.call("POST", path, json=body))[:2] == (400, 190)


async def test_a_number_may_have_an_address_of_its_own(number) -> None:
    own = {"override_callback_uri": "", "verify_token": TOKEN}
    async with serving(gateway) as url:
        own["override_callback_uri"] = url
        answer = await number.call("POST", number.account.id, json={"webhook_configuration": own})
        assert answer.json() == {"success": True}
        assert number.account.webhook.url == url
        app = await number.call("POST", f"{number.account.waba_id}/subscribed_apps", json=own)
        assert app.json() == {"success": True}
    lost = await number.call("POST", number.account.id, json={"webhook_configuration": own})
    assert error(lost)[:2] == (400, 2200)
