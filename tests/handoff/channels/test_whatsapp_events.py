"""WhatsApp's webhooks, as recorded: every kind is read, whole batches, nothing lost."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime

import httpx
import pytest

from handoff.channels.whatsapp import WhatsApp
from handoff.conversations.inbound import (
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

WA, USER, AT = "15550001111", "US.13491208655302741918", 1_763_800_000_000
CHANNEL = WhatsApp(httpx.AsyncClient())
MEDIA = "1003383421387256"


def parse(name: str) -> Sequence[Incoming]:
    return CHANNEL.parse(inbox("whatsapp"), recorded("whatsapp", name))


def one(name: str) -> Incoming:
    (found,) = parse(name)
    return found


def when(seconds: int = 0) -> datetime:
    return datetime.fromtimestamp(AT / 1000 + seconds, UTC)


def said(number: int, text: str | None = None, **more: object) -> Inbound:
    return Inbound(
        WA,
        text,
        external_id=f"wamid.TEST{number:04d}=",
        name="Sheena Nelson",
        sent_at=when(),
        place=AT,
        **more,  # type: ignore[arg-type]
    )


def file(kind: str, media_type: str, name: str = "") -> tuple[IncomingFile, ...]:
    return (IncomingFile(kind, MEDIA, name, media_type),)


MESSAGES = {
    "text": said(1, "Does it come in another colour? 🎨"),
    "reply": said(2, "this one", reply_to="wamid.OURS0001="),
    "button": said(3, payload="/affirm", title="Yes, please", reply_to="wamid.OURS0001="),
    "button_reply": said(4, payload="/affirm", title="Yes"),
    "list_reply": said(5, payload="/track_order", title="Track it"),
    "form_reply": said(6, "size: M\ncount: 2"),
    "image": said(7, "It came like this", files=file("image", "image/jpeg")),
    "voice": said(8, files=file("audio", "audio/ogg")),
    "video": said(9, files=file("video", "video/mp4")),
    "document": said(10, "See page 2", files=file("file", "application/pdf", "invoice.pdf")),
    "sticker": said(11, files=file("image", "image/webp")),
    "location": said(12, location=Location(37.9838, 23.7275, "Syntagma, Athens")),
    "contacts": said(13, "Maria K.: +30 210 0000000, maria@example.com"),
    "order": said(16, "By Friday?\n2 × SKU-1 (44.50 EUR)"),
}


@pytest.mark.parametrize(("name", "meant"), MESSAGES.items())
def test_what_a_customer_sends_is_read(name: str, meant: Inbound) -> None:
    assert one(name) == meant


def test_reactions_edits_and_deletions_name_their_message() -> None:
    assert one("reaction") == Reacted(WA, "wamid.OURS0001=", "👍", when(), AT)
    assert one("reaction_taken_back") == Reacted(WA, "wamid.OURS0001=", "", when(), AT)
    edit = one("edit")
    assert isinstance(edit, Edited)
    assert (edit.external_id, edit.text) == ("wamid.TEST0001=", "Does it come in green?")
    caption = one("edit_caption")
    assert isinstance(caption, Edited)
    assert (caption.external_id, caption.text) == ("wamid.TEST0007=", "And like that")
    assert one("revoke") == Deleted(WA, "wamid.TEST0001=", when(90), AT + 90_000)


def test_someone_who_hides_the_number_is_known_by_the_user_id() -> None:
    found = one("hidden_number")
    assert isinstance(found, Inbound)
    assert (found.contact, found.name, found.text) == (USER, "Ada", "hi")


@pytest.mark.parametrize("name", ["unsupported", "new_kind"])
def test_what_we_cannot_read_is_shown_as_something_and_kept(name: str) -> None:
    shown, kept = parse(name)
    assert isinstance(shown, Inbound)
    assert shown.files == (IncomingFile("file"),)
    assert isinstance(kept, Unknown)
    assert kept.raw["id"] == shown.external_id


def test_statuses_come_as_they_are_told_with_our_ref() -> None:
    states = [item for item in parse("statuses") if isinstance(item, Progress)]
    assert [(item.state, item.ref) for item in states] == [
        ("read", None),
        ("sent", "0a1b2c.0"),
        ("delivered", None),
    ]
    assert {item.external_id for item in states} == {"wamid.OURS0001="}
    assert [item.place for item in states] == [AT + 3000, AT + 1000, AT + 2000]


def test_a_failed_status_says_why() -> None:
    assert one("status_failed") == Progress(
        WA,
        "failed",
        external_id="wamid.OURS0001=",
        ref="0a1b2c.1",
        error="131047 Re-engagement message More than 24 hours have passed.",
        code="window_closed",
        sent_at=when(),
        place=AT,
    )


def test_what_was_written_in_the_business_app_is_a_person_elsewhere() -> None:
    assert one("echo") == Echo(WA, "wamid.APP0001=", "Maria here", sent_at=when(), place=AT)


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("system", "message:system"),
        ("group", "group"),
        ("other_number", "other_account"),
        ("status_of_a_new_kind", "status:warning"),
        ("template_status", "changes:message_template_status_update"),
        ("account_errors", "errors"),
    ],
)
def test_other_kinds_are_kept_and_counted(name: str, what: str) -> None:
    found = one(name)
    assert isinstance(found, Unknown)
    assert found.what == what
    assert found.raw


def test_a_batch_is_read_whole_around_what_is_odd() -> None:
    found = parse("batch")
    assert [item.text for item in found if isinstance(item, Inbound)] == ["one", "two", "three"]
    assert [item.kind for item in found] == ["message", "message", "progress", "unknown", "message"]


def test_every_recorded_event_has_a_key_of_its_own() -> None:
    names = [path.stem for path in (RECORDED / "whatsapp").glob("*.json")]
    assert len(names) > 30
    for name in names:
        keys = [item.key for item in parse(name)]
        assert keys
        assert len(keys) == len(set(keys)), name


def altered(name: str, **fields: object) -> Sequence[Incoming]:
    batch = json.loads((RECORDED / "whatsapp" / f"{name}.json").read_text())
    batch["entry"][0]["changes"][0]["value"]["messages"][0] |= fields
    return CHANNEL.parse(inbox("whatsapp"), request(batch))


@pytest.mark.parametrize("at", [None, "soon", "-5", "9" * 40, 1e300, {}, 1_763_800_000])
def test_an_odd_time_costs_no_message(at: object) -> None:
    (found,) = altered("text", timestamp=at)
    assert isinstance(found, Inbound)
    assert found.place == (AT if at == 1_763_800_000 else 0)


@pytest.mark.parametrize("form", ["no JSON", "[1]", "{", "[" * 5000, '{"a": {"b": 1}}', 7, None, {"a": "b"}])
def test_an_odd_form_costs_nothing(form: object) -> None:
    reply = {"type": "nfm_reply", "nfm_reply": {"response_json": form, "body": "Sent"}}
    (found,) = altered("form_reply", interactive=reply)
    assert isinstance(found, Inbound)
    assert found.text


@pytest.mark.parametrize(
    "content",
    [
        {"text": {}},
        {"text": None},
        {"text": {"body": "\u200b"}},
        {"text": []},
        {"from": ""},
        {"id": "x" * 999},
    ],
)
def test_a_message_that_says_nothing_is_kept(content: dict[str, object]) -> None:
    (found,) = altered("text", **content)
    assert isinstance(found, Unknown)
    assert found.raw["type"] == "text"
