"""Messenger's webhooks, as recorded: every kind is read, whole batches, nothing lost."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime

import httpx
import pytest

from handoff.channels.messenger import Messenger
from handoff.conversations.inbound import (
    Control,
    Deleted,
    Echo,
    Edited,
    Inbound,
    Incoming,
    IncomingFile,
    Location,
    Progress,
    Reacted,
    Unknown,
)
from tests.support.meta import RECORDED, inbox, recorded, request

PSID, AT = "7654321098765432", 1_763_800_000_000
WHEN = datetime.fromtimestamp(AT / 1000, UTC)
CHANNEL = Messenger(httpx.AsyncClient())
CDN = "https://scontent.xx.fbcdn.net/v/t1/"


def parse(name: str) -> Sequence[Incoming]:
    return CHANNEL.parse(inbox("messenger"), recorded("messenger", name))


def one(name: str) -> Incoming:
    (found,) = parse(name)
    return found


def said(number: int, text: str | None = None, **more: object) -> Inbound:
    return Inbound(PSID, text, external_id=f"m_AbCd{number:04d}", sent_at=WHEN, place=AT, **more)  # type: ignore[arg-type]


def file(kind: str, url: str, name: str = "") -> tuple[IncomingFile, ...]:
    return (IncomingFile(kind, url, name),)


MESSAGES = {
    "text": said(1, "Where is my order SO-100123? 📦"),
    "quick_reply": said(2, payload="/track_order", title="Track it"),
    "postback": said(3, payload="/greet", title="Get started"),
    "image": said(6, files=file("image", CDN + "photo.jpg?oh=1")),
    "images_with_text": said(
        7, "Both are broken", files=(*file("image", CDN + "1.jpg"), *file("image", CDN + "2.jpg"))
    ),
    "audio": said(8, files=file("audio", "https://cdn.fbsbx.com/v/audioclip.mp4?x=1")),
    "video": said(9, files=file("video", "https://video.xx.fbcdn.net/v.mp4")),
    "file": said(10, files=file("file", "https://cdn.fbsbx.com/v/invoice.pdf")),
    "sticker": said(11, files=file("image", CDN + "thumb.png")),
    "reel": said(12, files=file("video", "https://www.facebook.com/reel/1", "Unboxing")),
    "fallback": said(13, "https://example.com/p/9\nA blue tent"),
    "fallback_without_payload": said(14, files=(IncomingFile("file"),)),
    "product_template": said(15, "Blue tent"),
    "location": said(16, location=Location(37.9838, 23.7275, "Pinned")),
    "reply": said(17, "this one", reply_to="m_Ours0001"),
}


@pytest.mark.parametrize(("name", "meant"), MESSAGES.items())
def test_what_a_customer_sends_is_read(name: str, meant: Inbound) -> None:
    assert one(name) == meant


def test_a_postback_without_an_id_gets_one_that_is_the_same_each_time() -> None:
    first, again = one("postback_without_mid"), one("postback_without_mid")
    assert isinstance(first, Inbound)
    assert first.external_id
    assert first.key == again.key


def test_a_code_that_a_link_of_ours_carried_is_as_good_as_said() -> None:
    by_link, tapped = parse("postback_with_referral")
    assert isinstance(by_link, Inbound)
    assert isinstance(tapped, Inbound)
    assert (by_link.text, tapped.payload, tapped.title) == ("SETU-ABCDEFGH2345", "/greet", "Get started")
    assert by_link.key != tapped.key
    alone = one("referral")
    assert isinstance(alone, Inbound)
    assert alone.text == "SETU-ABCDEFGH2345"


def test_what_another_link_carried_nobody_has_said() -> None:
    batch = json.loads((RECORDED / "messenger" / "referral.json").read_text())
    batch["entry"][0]["messaging"][0]["referral"]["ref"] = "autumn-campaign"
    (found,) = CHANNEL.parse(inbox("messenger"), request(batch))
    assert isinstance(found, Unknown)
    assert found.what == "referral"


def test_a_sender_known_by_a_reference_only_is_a_contact() -> None:
    found = one("user_ref")
    assert isinstance(found, Inbound)
    assert found.contact == "user_ref:ur-0815"


def test_reactions_and_edits_name_their_message() -> None:
    assert one("reaction") == Reacted(PSID, "m_Ours0001", "❤️", WHEN, AT)
    assert one("reaction_taken_back") == Reacted(PSID, "m_Ours0001", "", WHEN, AT)
    assert one("edit") == Edited(PSID, "m_AbCd0001", "Where is my order SO-100124?", "1", WHEN, AT)


def test_an_echo_is_ours_by_the_app_and_brings_back_what_we_gave() -> None:
    echo = one("echo_ours")
    assert echo == Echo(
        PSID, "m_AbCd0020", "It is on its way.", "0a1b2c.0", ours=True, sent_at=WHEN, place=AT
    )


def test_an_echo_of_another_app_is_a_person_elsewhere_whatever_its_metadata() -> None:
    echo = one("echo_elsewhere")
    assert echo == Echo(PSID, "m_AbCd0021", "Maria here, one moment", sent_at=WHEN, place=AT)


def test_an_echo_of_no_app_is_not_ours() -> None:
    echo = one("echo_of_nobody")
    assert isinstance(echo, Echo)
    assert (echo.ours, echo.ref) == (False, None)


def test_read_and_delivery_marks() -> None:
    until = datetime.fromtimestamp((AT - 1000) / 1000, UTC)
    assert one("read") == Progress(PSID, "read", up_to=until, sent_at=WHEN, place=AT)
    assert [(p.state, p.external_id, p.up_to) for p in parse("delivery") if isinstance(p, Progress)] == [
        ("delivered", "m_Ours0001", None),
        ("delivered", "m_Ours0002", None),
    ]
    marked = one("delivery_without_mids")
    assert isinstance(marked, Progress)
    assert marked.up_to == datetime.fromtimestamp((AT - 500) / 1000, UTC)


@pytest.mark.parametrize(
    ("name", "ours"),
    [("pass_thread_control", True), ("pass_thread_control_away", False), ("take_thread_control", False)],
)
def test_who_has_the_conversation(name: str, ours: bool) -> None:
    assert one(name) == Control(PSID, ours, WHEN, AT)


def test_asking_for_control_does_not_give_it() -> None:
    found = one("request_thread_control")
    assert isinstance(found, Unknown)
    assert found.what == "request_thread_control"


def test_in_standby_messages_are_kept_and_the_conversation_is_not_ours() -> None:
    control, message, echo = parse("standby")
    assert control == Control(PSID, False, WHEN, AT)
    assert message == said(30, "Hello, Maria?")
    assert isinstance(echo, Echo)
    assert (echo.text, echo.ours) == ("Yes!", False)


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("optin", "optin"),
        ("account_linking", "account_linking"),
        ("other_page", "other_account"),
        ("feed_change", "changes:feed"),
    ],
)
def test_other_kinds_are_kept_and_counted(name: str, what: str) -> None:
    found = one(name)
    assert isinstance(found, Unknown)
    assert found.what == what
    assert found.raw


def test_a_batch_is_read_whole_around_what_is_odd() -> None:
    found = parse("batch")
    assert [item.text for item in found if isinstance(item, Inbound)] == ["one", "two", "three", "four"]
    assert [item.kind for item in found] == [
        "message", "message", "unknown", "message", "progress", "control", "message",
    ]  # fmt: skip


def test_a_message_that_was_taken_back() -> None:
    batch = json.loads((RECORDED / "messenger" / "text.json").read_text())
    batch["entry"][0]["messaging"][0]["message"] = {"mid": "m_AbCd0001", "is_deleted": True}
    assert CHANNEL.parse(inbox("messenger"), request(batch)) == [Deleted(PSID, "m_AbCd0001", WHEN, AT)]


def test_every_recorded_event_has_a_key_of_its_own() -> None:
    names = [path.stem for path in (RECORDED / "messenger").glob("*.json")]
    assert len(names) > 30
    for name in names:
        keys = [item.key for item in parse(name)]
        assert keys
        assert len(keys) == len(set(keys)), name


def test_what_is_said_to_another_page_than_the_inboxs_is_not_ours() -> None:
    for channel in (inbox("messenger", page_id="1"), inbox("messenger", page_id="")):
        assert all(
            isinstance(item, Unknown) for item in CHANNEL.parse(channel, recorded("messenger", "batch"))
        )
    nobodys = request({"object": "page", "entry": [{"messaging": [{"sender": {"id": "1"}, "message": {}}]}]})
    assert all(isinstance(i, Unknown) for i in CHANNEL.parse(inbox("messenger", page_id=""), nobodys))


@pytest.mark.parametrize("at", [None, "soon", -1, 0, 10**30, 1e308, [], True, "1763800000000"])
def test_an_odd_time_costs_no_message(at: object) -> None:
    batch = json.loads((RECORDED / "messenger" / "text.json").read_text())
    batch["entry"][0]["messaging"][0]["timestamp"] = at
    (found,) = CHANNEL.parse(inbox("messenger"), request(batch))
    assert isinstance(found, Inbound)
    assert found.place == (AT if at == "1763800000000" else 0)


@pytest.mark.parametrize(
    "coordinates", [{"lat": 91, "long": 0}, {"lat": "x", "long": 1}, {}, {"lat": float("1e300"), "long": 1}]
)
def test_a_place_that_is_not_on_earth_is_no_place_but_still_a_message(coordinates: dict[str, object]) -> None:
    batch = json.loads((RECORDED / "messenger" / "location.json").read_text())
    attachment = batch["entry"][0]["messaging"][0]["message"]["attachments"][0]
    attachment["payload"]["coordinates"] = coordinates
    (found,) = CHANNEL.parse(inbox("messenger"), request(batch))
    assert isinstance(found, Inbound)
    assert found.location is None
    assert found.files
