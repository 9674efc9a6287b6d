"""A platform's webhook: verified, all of its messages stored once, bad ones skipped."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import AsyncIterator
from pathlib import Path

import orjson
import pytest
from sqlalchemy import select, update

from actions.db import now
from handoff.channels.base import Capabilities, Outbound, RawRequest, Webhook
from handoff.channels.models import Arrival
from handoff.conversations.inbound import Inbound
from handoff.conversations.views import InboxView
from handoff.errors import Unauthorised
from tests.support.databases import SqliteFiles
from tests.support.gateways import Running, running


class Pigeons:
    """A platform of the test: signed batches of messages."""

    capabilities = Capabilities(text_limit=20)

    def verify(self, inbox: InboxView, request: RawRequest) -> None:
        expected = hmac.new((inbox.secret or "").encode(), request.body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(request.headers.get("x-signature", ""), expected):
            raise Unauthorised("inbox_unknown")

    def parse(self, inbox: InboxView, request: RawRequest) -> list[Inbound]:
        batch = orjson.loads(request.body)
        return [Inbound(contact=m["from"], text=m["text"], external_id=m["id"]) for m in batch]

    def pushes(self, inbox: InboxView) -> bool:
        return False

    async def send(self, outbound: Outbound) -> str | None:
        return None


@pytest.fixture
async def gateway(sqlite_files: SqliteFiles, tmp_path: Path) -> AsyncIterator[Running]:
    async with running(sqlite_files.fresh(tmp_path), at_work=False) as made:
        channel = Pigeons()
        assert isinstance(channel, Webhook)
        made.gateway.channels.kinds["pigeons"] = channel
        made.inbox = await made.gateway.inboxes.create("pigeons", "Pigeons")
        yield made


async def call(gateway: Running, *messages: dict[str, str], secret: str | None = None) -> tuple[int, int]:
    """The status, and how many messages were stored."""
    body = orjson.dumps(messages)
    key = (secret or gateway.inbox.secret).encode()
    signature = hmac.new(key, body, hashlib.sha256).hexdigest()
    answer = await gateway.client.post(
        f"/webhooks/{gateway.inbox.inbox.id}", content=body, headers={"X-Signature": signature}
    )
    return answer.status_code, answer.json().get("stored", 0)


async def handled(gateway: Running) -> None:
    """Everything that has arrived is due, and dealt with."""
    async with gateway.gateway.database.write() as session:
        await session.execute(update(Arrival).values(due_at=now()))
    while await gateway.gateway.handling.once():
        pass
    await gateway.gateway.conversations.turns.settle()


ONE = {"from": "ann", "id": "1", "text": "Hello"}
TWO = {"from": "ben", "id": "2", "text": "Hi"}


async def test_every_message_of_a_request_is_stored_and_a_repeated_request_changes_nothing(
    gateway: Running,
) -> None:
    assert await call(gateway, ONE, TWO) == (200, 2)
    assert await call(gateway, ONE, TWO) == (200, 2)
    await handled(gateway)
    assert sorted(gateway.bot.acted.values()) == ["re: Hello", "re: Hi"]


async def test_a_message_nobody_can_read_is_kept_with_its_error_the_others_are_answered(
    gateway: Running,
) -> None:
    assert await call(gateway, {**ONE, "text": " "}, TWO) == (200, 2)
    await handled(gateway)
    assert list(gateway.bot.acted.values()) == ["re: Hi"]
    async with gateway.gateway.database.read() as session:
        kept = (await session.scalars(select(Arrival).where(Arrival.error.is_not(None)))).one()
    assert (kept.error, kept.data["text"]) == ("text_empty", " ")


async def test_it_is_acknowledged_before_the_bot_is_asked(gateway: Running) -> None:
    assert await call(gateway, ONE) == (200, 1)
    assert gateway.bot.asked == []


async def test_what_is_handled_keeps_no_words(gateway: Running) -> None:
    await call(gateway, ONE)
    await handled(gateway)
    async with gateway.gateway.database.read() as session:
        assert list(await session.scalars(select(Arrival.data))) == [{}]


async def test_a_wrong_signature_stores_nothing(gateway: Running) -> None:
    assert (await call(gateway, ONE, secret="wrong"))[0] == 401
    assert gateway.bot.asked == []


async def test_an_inbox_without_webhook_has_no_such_address(gateway: Running) -> None:
    rest = await gateway.gateway.inboxes.create("rest", "REST")
    answer = await gateway.client.post(f"/webhooks/{rest.inbox.id}", content=b"[]")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "inbox_unknown")


async def test_what_cannot_be_stored_is_not_acknowledged(
    gateway: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_args: object) -> int:
        raise OSError("no space left on device")

    monkeypatch.setattr(gateway.gateway.arrivals, "store", full)
    body = orjson.dumps([ONE])
    signature = hmac.new((gateway.inbox.secret or "").encode(), body, hashlib.sha256).hexdigest()
    path = f"/webhooks/{gateway.inbox.inbox.id}"
    answer = await gateway.client.post(path, content=body, headers={"X-Signature": signature})
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal")
    assert "space" not in answer.text
    monkeypatch.undo()
    assert await call(gateway, ONE) == (200, 1)
