"""Files of messages: fetched once, whatever crashes and however many fetch; told, and removed in time."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from actions.db import now as utc_now
from handoff.attachments.rows import LEASE
from handoff.attachments.store import Folder
from handoff.attachments.worker import Worker
from handoff.channels.base import SendFailed
from handoff.conversations.changes import change
from handoff.conversations.inbound import IncomingFile
from tests.handoff.attachments import samples
from tests.handoff.attachments.filing import Filed
from tests.support.waiting import until

PHOTO = IncomingFile("image", "f1", "photo.png", "image/png")


class Killed(BaseException):
    """The process ends here."""


class KilledBeforeItIsKept(Folder):
    async def keep(self, id: str, draft: Any, *, raw: bool = False) -> None:
        if not raw:
            raise Killed
        await super().keep(id, draft, raw=raw)


class KilledBeforeItTells(Worker):
    async def _tell(self, id: str, expired: bool = False) -> None:
        raise Killed


async def test_a_file_waits_is_fetched_and_the_message_shows_it_under_the_same_number(filed: Filed) -> None:
    filed.platform.has(samples.picture("PNG", (40, 30)))
    message = await filed.arrives(PHOTO)
    (entry,) = message.rich["files"]
    assert (entry["state"], entry["type"], entry["width"]) == ("waiting", "application/octet-stream", None)
    assert await filed.attachments.find(entry["id"]) is None
    assert await filed.worker().once() == 1
    (ready,) = await filed.entries(message)
    assert ready == entry | {
        "state": "ready", "type": "image/png", "width": 40, "height": 30, "size": ready["size"]
    }  # fmt: skip
    served = await filed.attachments.find(entry["id"])
    assert served is not None
    assert (served.kind, served.media_type, served.name) == ("image", "image/png", "photo.png")
    assert filed.on_disk() == ["kept"]
    told = [one for _, messages in filed.house.hub.published for one in messages if one.id == message.id]
    assert [one.number for one in told] == [message.number] * 2
    assert told[-1].rich["files"] == [ready]
    assert await filed.worker().once() == 0


async def test_the_token_goes_to_the_platform_and_the_name_comes_from_the_address_if_it_gave_none(
    filed: Filed,
) -> None:
    filed.platform.has(samples.PDF)
    message = await filed.arrives(IncomingFile("file", "d/%D1%87%D0%B5%D0%BA.pdf"), text=None)
    await filed.worker().once()
    assert filed.platform.asked[0].headers["Authorization"] == "Bearer ours"
    assert (await filed.entries(message))[0]["name"] == "чек.pdf"


async def test_any_number_of_workers_fetch_a_file_once(filed: Filed) -> None:
    filed.platform.has(samples.OGG)
    message = await filed.arrives(*(IncomingFile("audio", f"f{at}") for at in range(6)))
    workers = [filed.worker(f"gateway:{at}") for at in range(4)]
    while sum(await asyncio.gather(*(worker.once() for worker in workers))):
        pass
    assert sorted(request.url.path for request in filed.platform.asked) == [f"/f{at}" for at in range(6)]
    assert {entry["state"] for entry in await filed.entries(message)} == {"ready"}


async def test_a_crash_after_the_fetch_costs_no_second_one_and_the_restart_goes_on_at_once(
    filed: Filed,
) -> None:
    filed.platform.has(samples.picture())
    message = await filed.arrives(PHOTO)
    with pytest.raises(Killed):
        await filed.worker(store=KilledBeforeItIsKept(filed.store._root)).once()
    assert (await filed.entries(message))[0]["state"] == "waiting"
    assert await filed.worker("other:1").once() == 0  # it cannot know yet that nobody works on it
    assert await filed.worker("one:1").once() == 1
    assert (await filed.entries(message))[0]["state"] == "ready"
    assert len(filed.platform.asked) == 1


async def test_another_gateway_takes_over_when_the_lease_is_over(filed: Filed) -> None:
    filed.platform.has(samples.picture())
    message = await filed.arrives(PHOTO)
    with pytest.raises(Killed):
        await filed.worker(kind=KilledBeforeItTells).once()
    assert (await filed.entries(message))[0]["state"] == "waiting"  # fetched and kept, and not yet told
    filed.house.clock.pass_(LEASE.total_seconds() + 1)
    assert await filed.worker("other:1").once() == 1
    assert (await filed.entries(message))[0]["state"] == "ready"
    assert len(filed.platform.asked) == 1


async def test_who_has_lost_the_lease_changes_nothing(filed: Filed) -> None:
    filed.platform.has(samples.picture())
    message = await filed.arrives(PHOTO)
    id = message.rich["files"][0]["id"]

    async def expire() -> None:
        filed.house.clock.pass_(timedelta(days=181).total_seconds())
        await filed.worker("other:1").sweep()
        await filed.worker("other:1").once()

    class Slow(Folder):
        async def keep(self, key: str, draft: Any, *, raw: bool = False) -> None:
            if not raw:
                await expire()
            await super().keep(key, draft, raw=raw)

    await filed.worker(store=Slow(filed.store._root)).once()
    assert (await filed.entries(message))[0]["state"] == "expired"
    assert await filed.attachments.find(id) is None
    assert filed.on_disk() == []


@pytest.mark.parametrize("status", [500, 503, 429, 408])
async def test_what_may_pass_is_tried_again_later_and_later(filed: Filed, status: int) -> None:
    message = await filed.arrives(PHOTO)
    filed.platform.answer = lambda _request: httpx.Response(status, headers={"Retry-After": "120"})
    await filed.worker().once()
    filed.house.clock.pass_(119)
    assert await filed.worker().once() == 0
    filed.house.clock.pass_(2)
    filed.platform.has(samples.picture())
    assert await filed.worker().once() == 1
    assert (await filed.entries(message))[0]["state"] == "ready"


async def test_what_never_comes_is_lost_at_last(filed: Filed) -> None:
    def broken(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("nobody there", request=request)

    message = await filed.arrives(PHOTO)
    filed.platform.answer = broken
    for _ in range(10):
        await filed.worker().once()
        filed.house.clock.pass_(7 * 3600)
    assert len(filed.platform.asked) == 10
    assert (await filed.entries(message))[0]["state"] == "lost"


async def test_what_the_platform_no_longer_has_is_lost_at_once(filed: Filed) -> None:
    message = await filed.arrives(PHOTO)
    await filed.worker().once()  # 404
    assert (await filed.entries(message))[0]["state"] == "lost"
    filed.platform.gone = SendFailed("expired", final=True)
    message = await filed.arrives(PHOTO)
    await filed.worker().once()
    assert (await filed.entries(message))[0]["state"] == "lost"


async def test_without_a_reference_a_file_is_lost_and_one_that_says_it_is_too_large_is_not_fetched(
    filed: Filed,
) -> None:
    large = IncomingFile("video", "f2", size=11 * 1024 * 1024)
    message = await filed.arrives(IncomingFile("image"), large)
    assert [(e["state"], e.get("reason")) for e in message.rich["files"]] == [
        ("lost", None),
        ("refused", "too_large"),
    ]
    assert await filed.worker().once() == 0
    assert filed.platform.asked == []


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (samples.SVG, "type"),
        (samples.EXE, "type"),
        (samples.png_bomb(), "pixels"),
        (samples.picture()[:60], "broken"),
        (b"", "empty"),
        (b"a" * (10 * 1024 * 1024 + 1), "too_large"),
    ],
    ids=["svg", "program", "bomb", "half", "nothing", "too much"],
)
async def test_what_is_not_taken_is_refused_with_its_reason_and_leaves_nothing(
    filed: Filed, data: bytes, reason: str
) -> None:
    filed.platform.has(data)
    message = await filed.arrives(PHOTO)
    await filed.worker().once()
    (entry,) = await filed.entries(message)
    assert (entry["state"], entry["reason"]) == ("refused", reason)
    assert await filed.attachments.find(entry["id"]) is None
    assert filed.on_disk() == []


async def test_a_scanner_that_is_down_means_waiting_and_what_it_finds_is_refused(filed: Filed) -> None:
    filed.scanner.down = True
    filed.scanner.finds = samples.EICAR
    filed.platform.has(samples.EICAR)
    message = await filed.arrives(IncomingFile("file", "f"))
    for _ in range(20):  # however long it takes
        await filed.worker().once()
        assert (await filed.entries(message))[0]["state"] == "waiting"
        filed.house.clock.pass_(301)
    filed.scanner.down = False
    await filed.worker().once()
    (entry,) = await filed.entries(message)
    assert (entry["state"], entry["reason"]) == ("refused", "harmful")
    assert len(filed.platform.asked) == 1
    assert filed.on_disk() == []


async def test_an_upload_waits_for_the_scanner_too_also_when_it_is_sent_meanwhile(filed: Filed) -> None:
    outcome = await filed.house.write("hello")
    filed.scanner.down = True
    entry = await filed.upload(samples.picture(), "a.png", by=outcome.conversation.contact.id)
    assert entry["state"] == "waiting"
    assert filed.on_disk() == ["raw"]
    receipt = await filed.house.receive(None, uploads=(entry["id"],))
    filed.scanner.down = False
    filed.house.clock.pass_(31)
    await filed.worker().once()
    assert [one["state"] for one in await filed.entries(receipt.message)] == ["ready"]
    assert filed.on_disk() == ["kept"]


async def test_after_its_time_a_file_is_gone_and_the_message_says_so(filed: Filed) -> None:
    filed.platform.has(samples.picture())
    message = await filed.arrives(PHOTO)
    await filed.worker().once()
    filed.house.clock.pass_(timedelta(days=179).total_seconds())
    await filed.worker().sweep()
    assert await filed.worker().once() == 0
    filed.house.clock.pass_(timedelta(days=2).total_seconds())
    assert await filed.attachments.find(message.rich["files"][0]["id"]) is None
    await filed.worker().sweep()
    assert await filed.worker().once() == 1
    assert (await filed.entries(message))[0]["state"] == "expired"
    assert filed.on_disk() == []


async def test_the_files_of_a_message_that_was_taken_back_go_too(filed: Filed) -> None:
    filed.platform.has(samples.picture())
    message = await filed.arrives(PHOTO)
    await filed.worker().once()
    await change(filed.house.conversations.context, message.id, deleted_at=utc_now())
    await filed.worker().sweep()
    await filed.worker().once()
    assert filed.on_disk() == []
    assert (await filed.message(message)).rich == {}


async def test_an_upload_that_is_never_sent_is_forgotten_after_a_day(filed: Filed) -> None:
    entry = await filed.upload()
    filed.house.clock.pass_(23 * 3600)
    await filed.worker().sweep()
    assert await filed.worker().once() == 0
    filed.house.clock.pass_(2 * 3600)
    await filed.worker().sweep()
    await filed.worker().once()
    assert filed.on_disk() == []
    assert await filed.row(entry["id"]) is None


async def test_a_worker_runs_until_it_is_stopped_and_hears_the_bell(filed: Filed) -> None:
    filed.platform.has(samples.picture())
    running = asyncio.create_task(filed.worker().run())
    message = await filed.arrives(PHOTO)

    async def ready() -> bool:
        return (await filed.entries(message))[0]["state"] == "ready"

    await until(ready)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
