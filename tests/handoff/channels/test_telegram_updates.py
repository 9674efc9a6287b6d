"""What Telegram tells us: every kind of update, as its documentation shows it, and anything else."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.channels.base import RawRequest, Webhook
from handoff.channels.telegram import TelegramChannel
from handoff.conversations.inbound import (
    Edited,
    Inbound,
    Incoming,
    IncomingFile,
    Location,
    Reacted,
    Unknown,
)
from handoff.conversations.intake import cleaned
from handoff.conversations.views import InboxView
from handoff.errors import Invalid, Unauthorised

RECORDED = Path(__file__).parent / "recorded" / "telegram"
NAMES = sorted(path.stem for path in RECORDED.glob("*.json"))
SECRET = "a_secret-of-the-webhook"
INBOX = InboxView("i1", "telegram", "Shop", credentials={"bot_token": "1:x", "webhook_secret": SECRET})
CHANNEL = TelegramChannel(httpx.AsyncClient())
ANN = "700100200"


def recorded(name: str) -> bytes:
    return (RECORDED / f"{name}.json").read_bytes()


def parse(body: bytes) -> Incoming:
    (event,) = CHANNEL.parse(INBOX, RawRequest(body, {}))
    return event


def said(name: str) -> Inbound:
    event = parse(recorded(name))
    assert isinstance(event, Inbound)
    assert event.contact == ANN
    return event


def test_it_is_a_webhook_channel() -> None:
    assert isinstance(CHANNEL, Webhook)


def test_a_text_comes_with_all_that_is_known_of_it() -> None:
    assert parse(recorded("text")) == Inbound(
        contact=ANN,
        text="Where is my order? 📦 https://shop.example/o/1",
        external_id="700100200:41",
        name="Ann Lee",
        locale="en",
        sent_at=datetime.fromtimestamp(1790000041, UTC),
        place=880000101,
    )


def test_an_address_under_words_is_kept() -> None:
    assert said("text_link").text == "this one\nhttps://shop.example/p/7"


def test_pressing_start_greets_and_a_links_parameter_stays_to_be_seen() -> None:
    assert (said("start").payload, said("start").title, said("start").text) == ("/greet", "/start", None)
    assert (said("start_link").payload, said("start_link").title) == ("/greet", "/start summer_sale")


def test_an_answer_names_the_message_it_answers() -> None:
    assert said("reply").reply_to == "700100200:12"


def test_a_forwarded_text_is_a_text() -> None:
    assert said("forwarded").text == "they told me this"


def test_of_a_photo_the_largest_size_is_taken() -> None:
    photo = said("photo")
    assert photo.text == "it is torn"
    assert photo.files == (IncomingFile("image", "AgAC-made-up-l", "", "image/jpeg", 98000),)


@pytest.mark.parametrize(
    ("name", "text", "file"),
    [
        ("album_second", None, ("image", "AgAC-made-up-b", "", "image/jpeg", 1300)),
        ("document", "my invoice", ("file", "AgAC-made-up-d", "invoice.pdf", "application/pdf", 48211)),
        ("document_too_big", None, ("file", None, "film.mkv", "video/x-matroska", 104857600)),
        ("voice", None, ("audio", "AgAC-made-up-v", "", "audio/ogg", 15000)),
        ("audio", None, ("audio", "AgAC-made-up-a", "song.mp3", "audio/mpeg", 3100000)),
        ("video", "see at 0:03", ("video", "AgAC-made-up-vid", "clip.mp4", "video/mp4", 900000)),
        ("video_note", None, ("video", "AgAC-made-up-vn", "", "video/mp4", 400000)),
        ("animation", None, ("video", "AgAC-made-up-g", "a.mp4", "video/mp4", 50000)),
        ("sticker", "👍", ("image", "AgAC-made-up-st", "", "image/webp", 22000)),
    ],
)
def test_files_of_every_kind(name: str, text: str | None, file: tuple[Any, ...]) -> None:
    assert (said(name).text, said(name).files) == (text, (IncomingFile(*file),))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("sticker_animated", "😡"),
        ("contact", "Ravi K +919800000000"),
        ("dice", "🎲 5"),
        ("poll", "Which colour? \n- Red \n- Blue"),
    ],
)
def test_what_is_no_text_is_said_in_words(name: str, text: str) -> None:
    assert (said(name).text, said(name).files) == (text, ())


def test_places_and_their_names() -> None:
    assert said("location").location == Location(28.6139, 77.209)
    assert said("venue").location == Location(37.9838, 23.7275, "Kafeneio, Ermou 1, Athina")


def test_an_edit_names_its_message_and_its_version() -> None:
    edited = parse(recorded("edited"))
    assert isinstance(edited, Edited)
    assert (edited.external_id, edited.text) == ("700100200:41", "Where is my order SO-100123?")
    assert edited.key == "d:700100200:41:880000124"


def test_a_tapped_button_comes_with_its_payload_and_its_words() -> None:
    tapped = said("callback")
    assert (tapped.payload, tapped.title, tapped.text) == ("/affirm", "Yes", None)
    assert tapped.key == "m:tap:3000000000000000001"


def test_a_button_of_a_message_too_old_to_be_shown_still_counts() -> None:
    assert (said("callback_old").payload, said("callback_old").title) == ("/deny", None)


def test_a_tapped_button_is_told_to_stop_waiting_by_the_answer_itself() -> None:
    request = RawRequest(recorded("callback"), {})
    assert CHANNEL.acknowledge(INBOX, request) == {
        "method": "answerCallbackQuery",
        "callback_query_id": "3000000000000000001",
    }
    assert CHANNEL.acknowledge(INBOX, RawRequest(recorded("text"), {})) is None
    assert CHANNEL.acknowledge(INBOX, RawRequest(b"{", {})) is None


def test_reactions_are_put_and_taken_back() -> None:
    put, taken = parse(recorded("reaction")), parse(recorded("reaction_taken_back"))
    assert isinstance(put, Reacted)
    assert isinstance(taken, Reacted)
    assert (put.external_id, put.emoji, taken.emoji) == ("700100200:33", "❤", "")
    assert put.key != taken.key


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("group", "in a supergroup"),
        ("channel_post", "channel_post"),
        ("from_bot", "from a bot"),
        ("poll_answer", "poll_answer"),
        ("service", "message.message_auto_delete_timer_changed"),
        ("edited_live_location", "edited message.location"),
        ("callback_inline", "callback_query without a message"),
        ("reaction_custom", "message_reaction of another type"),
        ("blocked", "blocked"),
        ("unblocked", "unblocked"),
    ],
)
def test_what_is_not_for_us_is_kept_and_named(name: str, what: str) -> None:
    event = parse(recorded(name))
    assert isinstance(event, Unknown)
    assert event.what == what
    assert event.raw == orjson.loads(recorded(name))


def test_no_two_recorded_updates_are_taken_for_one() -> None:
    assert len({parse(recorded(name)).key for name in NAMES}) == len(NAMES)


def test_who_does_not_know_the_secret_is_refused() -> None:
    for headers in (
        {},
        {"x-telegram-bot-api-secret-token": "wrong"},
        {"x-telegram-bot-api-secret-token": "é"},
    ):
        with pytest.raises(Unauthorised):
            CHANNEL.verify(INBOX, RawRequest(b"{}", headers))
    CHANNEL.verify(INBOX, RawRequest(b"{}", {"x-telegram-bot-api-secret-token": SECRET}))


def test_an_inbox_without_a_secret_takes_nothing() -> None:
    bare = InboxView("i1", "telegram", "Shop")
    with pytest.raises(Unauthorised):
        CHANNEL.verify(bare, RawRequest(b"{}", {"x-telegram-bot-api-secret-token": ""}))


def total(body: bytes) -> None:
    """It is an event that can be kept, or an error with a code."""
    try:
        event = parse(body)
    except Invalid:
        return
    assert len(event.key) <= 300
    assert len(event.contact) <= 255
    assert abs(event.place) < 2**63
    if isinstance(event, Inbound):
        try:
            cleaned(event)
        except Invalid:
            return


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"null", b"1", b"{}", b'{"update_id": "1"}', b'{"update_id": true}', b"\xff\xfe",
        b'{"update_id": 1e400}', b'{"update_id": 99999999999999999999}', b"[" * 100_000,
        b'{"update_id":' * 2000, '{"update_id": 1}'.encode("utf-16"),
    ],
)  # fmt: skip
def test_what_is_no_update_is_refused_with_a_code(body: bytes) -> None:
    with pytest.raises(Invalid, match="bad_request"):
        parse(body)


def test_half_an_emoji_does_not_cost_the_message() -> None:
    body = recorded("text").replace("📦".encode(), rb"\ud83d")
    event = parse(body)
    assert isinstance(event, Inbound)
    assert event.text
    assert event.text.startswith("Where is my order? ")


def test_every_cut_of_a_recorded_update_is_survived() -> None:
    for name in NAMES:
        body = recorded(name)
        for end in range(0, len(body), 7):
            total(body[:end])


leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
anything = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
)


def paths(value: Any, so_far: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [so_far] if so_far else []
    for key, inner in inside:
        found += paths(inner, (*so_far, key))
    return found


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_whatever_stands_in_any_place_of_an_update_the_answer_is_an_event_or_a_code(
    data: st.DataObject,
) -> None:
    update = orjson.loads(recorded(data.draw(st.sampled_from(NAMES))))
    for _ in range(data.draw(st.integers(1, 3))):
        *way, last = data.draw(st.sampled_from(paths(update) or [("update_id",)]))
        where = update
        for key in way:
            where = where[key]
        where[last] = data.draw(anything)
    try:
        body = orjson.dumps(update)
    except TypeError:  # an integer that JSON of this library cannot hold
        return
    total(body)


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_no_bytes_break_it(body: bytes) -> None:
    total(body)
