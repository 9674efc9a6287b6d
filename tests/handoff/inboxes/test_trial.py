"""Send me a test: by the way every message goes, its fate to be watched, and the figures that come of it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from handoff.channels.models import Arrival
from handoff.delivery.models import Delivery
from tests.handoff.inboxes.test_api import call, code, made
from tests.support.gateway import Browser, Gateway


@pytest.fixture
async def here(farah: Browser) -> str:
    return "/" + str((await made(farah))["inbox"]["id"])


async def push(running: Gateway, message: str, **values: Any) -> None:
    async with running.database.write() as session:
        await session.execute(update(Delivery).where(Delivery.message_id == message).values(**values))


async def test_a_test_goes_through_the_outbox_and_its_fate_is_told(
    farah: Browser, running: Gateway, here: str
) -> None:
    sent = (await call(farah, "POST", f"{here}/test", {"to": "ann"})).json()["test"]
    assert (sent["to"], sent["number"]) == ("ann", 1)
    fate = f"{here}/test/{sent['message_id']}"
    assert (await call(farah, "GET", fate)).json()["fate"]["state"] == "due"
    await push(running, sent["message_id"], state="sent", mark="delivered")
    told = (await call(farah, "GET", fate)).json()["fate"]
    assert (told["state"], told["mark"], told["error"]) == ("sent", "delivered", None)
    await push(running, sent["message_id"], state="dead", error="pigeon-access-token-1 was refused")
    told = (await call(farah, "GET", fate)).json()["fate"]
    assert (told["state"], told["error"]) == ("dead", "••• was refused")
    health = (await call(farah, "GET", "")).json()["inboxes"][0]["health"]
    assert (health["failed"], health["dead"], health["dead_error"]) == (1, 1, "••• was refused")


async def test_it_is_offered_to_those_who_wrote_last(farah: Browser, running: Gateway, here: str) -> None:
    shop = await running.inbox()
    visitor = await running.visit(shop)
    await visitor.say("Hello")
    web = f"/{shop.inbox.id}"
    (contact,) = (await call(farah, "GET", f"{web}/contacts")).json()["contacts"]
    assert (await call(farah, "GET", f"{here}/contacts")).json()["contacts"] == []
    other = await call(farah, "POST", f"{here}/test", {"contact": contact["id"]})
    assert code(other) == (404, "contact_unknown")
    sent = (await call(farah, "POST", f"{web}/test", {"contact": contact["id"]})).json()["test"]
    shown = await visitor.socket.until("message", lambda news: news["message"]["id"] == sent["message_id"])
    assert "Shop" in shown["message"]["text"]
    fate = (await call(farah, "GET", f"{web}/test/{sent['message_id']}")).json()["fate"]
    assert fate["state"] == "shown"
    assert (await call(farah, "GET", f"{here}/test/{sent['message_id']}")).status_code == 404


@pytest.mark.parametrize(
    "body", [{}, {"to": "a", "contact": "b"}, {"to": ""}, {"to": "a\x00"}, {"contact": "' OR 1=1"}]
)
async def test_it_needs_one_recipient(farah: Browser, here: str, body: dict[str, str]) -> None:
    assert (await call(farah, "POST", f"{here}/test", body)).status_code == 422


async def test_other_messages_cannot_be_read_as_tests(farah: Browser, running: Gateway) -> None:
    shop = await running.inbox()
    visitor = await running.visit(shop)
    message = await visitor.say("Hello")
    assert (await call(farah, "GET", f"/{shop.inbox.id}/test/{message['id']}")).status_code == 404


async def test_what_waits_and_what_is_unknown_is_counted(farah: Browser, running: Gateway, here: str) -> None:
    async with running.database.write() as session:
        for number, (kind, error) in enumerate([("message", None), ("message", "boom"), ("unknown", None)]):
            session.add(
                Arrival(inbox_id=here[1:], key=str(number), kind=kind, data={}, error=error, contact="ann")
            )
    health = (await call(farah, "GET", "")).json()["inboxes"][0]["health"]
    assert (health["waiting"], health["broken"], health["unknown"]) == (2, 1, 1)
    assert health["waiting_since"] is not None
