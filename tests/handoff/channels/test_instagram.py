"""Instagram: where it differs from Messenger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import httpx
import pytest

from handoff.channels.base import Part, SentFile
from handoff.channels.instagram import Instagram
from handoff.conversations.inbound import (
    Deleted,
    Echo,
    Inbound,
    Incoming,
    IncomingFile,
    Progress,
    Reacted,
    Unknown,
)
from tests.support.meta import (
    ACCOUNT,
    APP,
    PAGE,
    RECORDED,
    GraphApi,
    inbox,
    outbound,
    page_call,
    recorded,
)

IGSID, AT = "998877665544332", 1_763_800_000_000
WHEN = datetime.fromtimestamp(AT / 1000, UTC)
CHANNEL = Instagram(httpx.AsyncClient())
CDN = "https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id="


def parse(name: str) -> Sequence[Incoming]:
    return CHANNEL.parse(inbox("instagram"), recorded("instagram", name))


def one(name: str) -> Incoming:
    (found,) = parse(name)
    return found


def said(number: int, text: str | None = None, **more: object) -> Inbound:
    return Inbound(IGSID, text, external_id=f"m_AbCd{number:04d}", sent_at=WHEN, place=AT, **more)  # type: ignore[arg-type]


MESSAGES = {
    "text": said(1, "Ist das noch da? 😊"),
    "quick_reply": said(2, payload="/affirm", title="Yes"),
    "postback": said(3, payload="/greet", title="Start"),
    "image": said(4, files=(IncomingFile("image", CDN + "1&signature=a"),)),
    "voice": said(5, files=(IncomingFile("audio", CDN + "2&signature=a"),)),
    "share": said(6, files=(IncomingFile("file", CDN + "3&signature=a"),)),
    "reel": said(7, files=(IncomingFile("video", CDN + "4", "Tents"),)),
    "story_mention": said(8, files=(IncomingFile("file", CDN + "5"),)),
    "story_reply": said(9, "How much is it?", files=(IncomingFile("file", CDN + "6", "story"),)),
    "unsupported": said(10, files=(IncomingFile("file"),)),
    "reply": said(12, "this", reply_to="m_Ours0001"),
    "change_message": said(13, "by changes"),
}


@pytest.mark.parametrize(("name", "meant"), MESSAGES.items())
def test_what_a_customer_sends_is_read(name: str, meant: Inbound) -> None:
    assert one(name) == meant


def test_what_is_no_message() -> None:
    later = AT + 100
    assert one("deleted") == Deleted(IGSID, "m_AbCd0001", datetime.fromtimestamp(later / 1000, UTC), later)
    assert one("seen") == Progress(IGSID, "read", external_id="m_Ours0001", sent_at=WHEN, place=AT)
    assert one("reaction") == Reacted(IGSID, "m_Ours0001", "❤", WHEN, AT)
    assert one("echo") == Echo(IGSID, "m_AbCd0011", "Ja, klar!", sent_at=WHEN, place=AT)
    comment = one("comment")
    assert isinstance(comment, Unknown)
    assert comment.what == "changes:comments"


def test_events_of_a_page_are_not_instagrams() -> None:
    (found,) = CHANNEL.parse(inbox("instagram"), recorded("messenger", "text"))
    assert isinstance(found, Unknown)


def test_every_recorded_event_has_a_key() -> None:
    for path in (RECORDED / "instagram").glob("*.json"):
        assert [item.key for item in parse(path.stem)]


def test_texts_are_counted_in_bytes() -> None:
    can = Instagram.capabilities
    assert (can.text_limit, can.text_bytes, can.evidence) == (1000, True, False)


async def test_messages_go_by_the_page_and_without_metadata() -> None:
    api = GraphApi()
    async with api.client() as client:
        assert await Instagram(client).send(outbound("instagram", Part("नमस्ते" * 50))) == "m_1"
    _, path, body = api.calls[0]
    assert path == f"{PAGE}/messages"
    page_call(body, instagram=True)


@pytest.mark.parametrize(
    ("file", "attached"),
    [
        (SentFile("file", "https://shop.example/a.pdf", "a.pdf", "application/pdf"), True),
        (SentFile("file", "https://shop.example/a.zip", "a.zip", "application/zip"), False),
        (SentFile("image", "https://shop.example/a.png"), True),
    ],
)
async def test_a_file_that_is_not_taken_goes_as_its_address(file: SentFile, attached: bool) -> None:
    api = GraphApi()
    async with api.client() as client:
        await Instagram(client).send(outbound("instagram", Part(file=file)))
    message = api.calls[0][2]["message"]
    assert ("attachment" in message) == attached
    assert attached or file.url in message["text"]


async def test_connecting_subscribes_to_instagram() -> None:
    api = GraphApi()
    async with api.client() as client:
        await Instagram(client).connect(inbox("instagram"), "https://setu.example/webhooks/inbox1")
    assert [path for _, path, _ in api.calls] == [f"{APP}/subscriptions", f"{PAGE}/subscribed_apps"]
    assert api.calls[0][2]["object"] == "instagram"
    assert {setting.name for setting in Instagram.settings} >= {"account_id", "page_id"}
    assert ACCOUNT != PAGE
