"""What goes out to Telegram, against an API that takes only what its documentation allows."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.db import now
from handoff.channels.base import (
    Button,
    Card,
    Changes,
    Configured,
    Media,
    Outbound,
    Part,
    SendFailed,
    SentFile,
    Signals,
    Template,
)
from handoff.channels.telegram import TelegramChannel
from handoff.conversations.standins import means
from handoff.conversations.views import InboxView, MessageView
from tests.support.telegram import TOKEN, BotApi

SECRET = "s" * 32
ANN = "700100200"
HOOK = "https://chat.example/webhooks/inbox-1"
FILE = "https://chat.example/files/made-up"


@pytest.fixture
def api() -> BotApi:
    return BotApi()


@pytest.fixture
def channel(api: BotApi) -> TelegramChannel:
    return TelegramChannel(api.client())


def inbox(token: str = TOKEN, **options: Any) -> InboxView:
    secrets = {"bot_token": token, "webhook_secret": SECRET}
    return InboxView("inbox-1", "telegram", "Shop", options, credentials=secrets)


def outbound(part: Part, **rest: Any) -> Outbound:
    message = MessageView("m", "c", 1, "bot", part.text, now())
    return Outbound("d1", rest.pop("inbox", inbox()), ANN, message, part, **rest)


async def failure(channel: TelegramChannel, part: Part = Part("Hello"), **rest: Any) -> SendFailed:
    with pytest.raises(SendFailed) as failed:
        await channel.send(outbound(part, **rest))
    assert TOKEN not in str(failed.value)
    return failed.value


def test_it_can_all_that_the_platform_offers(channel: TelegramChannel) -> None:
    for protocol in (Signals, Changes, Media, Configured):
        assert isinstance(channel, protocol)


async def test_a_text_goes_out_as_it_is_and_is_known_by_chat_and_number(
    api: BotApi, channel: TelegramChannel
) -> None:
    text = "*not bold* _nor_ <b>this</b> [x](tg://user?id=1)"
    assert await channel.send(outbound(Part(text))) == f"{ANN}:101"
    assert api.calls == [("sendMessage", {"chat_id": ANN, "text": text})]


async def test_short_buttons_stand_side_by_side_and_long_ones_below_each_other(
    api: BotApi, channel: TelegramChannel
) -> None:
    buttons = (
        Button("Yes", "/affirm"),
        Button("No", "/deny"),
        Button("Neither, I want a person", "/contact_human"),
        Button("Open the shop", url="https://shop.example/"),
    )
    await channel.send(outbound(Part("Sure?", buttons=buttons)))
    assert api.calls[0][1]["reply_markup"]["inline_keyboard"] == [
        [{"text": "Yes", "callback_data": "/affirm"}, {"text": "No", "callback_data": "/deny"}],
        [{"text": "Neither, I want a person", "callback_data": "/contact_human"}],
        [{"text": "Open the shop", "url": "https://shop.example/"}],
    ]


@given(st.lists(st.text(max_size=300), min_size=1, max_size=20))
@settings(max_examples=50, deadline=None)
async def test_every_payload_fits_a_button_and_is_known_again(payloads: list[str]) -> None:
    api = BotApi()
    choices = tuple(Button(f"Choice {n}", payload) for n, payload in enumerate(payloads))
    await TelegramChannel(api.client()).send(outbound(Part("Which?", choices=choices)))
    rows = api.calls[0][1]["reply_markup"]["inline_keyboard"]
    data = [button["callback_data"] for row in rows for button in row]
    for given_back, payload in zip(data, payloads, strict=True):
        assert [p for p in {*payloads} if means(given_back, p)] == ([payload] if payload else [])


async def test_a_card_is_a_picture_with_its_words_and_buttons(api: BotApi, channel: TelegramChannel) -> None:
    card = Card("Linen shirt", "€39", "https://chat.example/p/1.jpg", (Button("Buy", "/buy"),))
    await channel.send(outbound(Part(cards=(card,))))
    method, fields = api.calls[0]
    assert (method, fields["photo"], fields["caption"]) == ("sendPhoto", card.image, "Linen shirt\n€39")
    assert fields["reply_markup"]["inline_keyboard"] == [[{"text": "Buy", "callback_data": "/buy"}]]


async def test_a_picture_that_cannot_be_shown_costs_the_picture_not_the_card(
    api: BotApi, channel: TelegramChannel
) -> None:
    api.refuse = lambda method, _: "IMAGE_PROCESS_FAILED" if method == "sendPhoto" else None
    card = Card("Linen shirt", "€39", "https://chat.example/p/1.svg", (Button("Buy", "/buy"),))
    assert await channel.send(outbound(Part(cards=(card,)))) == f"{ANN}:101"
    method, fields = api.calls[0]
    assert (method, fields["text"]) == ("sendMessage", "Linen shirt\n€39")
    assert "reply_markup" in fields


async def test_several_cards_in_one_part_lose_nothing(api: BotApi, channel: TelegramChannel) -> None:
    cards = tuple(Card(f"Shirt {n}", buttons=(Button(f"Buy {n}", f"/buy{n}"),)) for n in range(3))
    await channel.send(outbound(Part(cards=cards)))
    assert api.calls[0][1]["text"] == "Shirt 0\nShirt 1\nShirt 2"
    assert "Buy 2" in str(api.calls[0][1]["reply_markup"])


@pytest.mark.parametrize(
    ("kind", "media_type", "size", "method", "field"),
    [
        ("image", "image/jpeg", 4_000_000, "sendPhoto", "photo"),
        ("video", "video/mp4", 9_000_000, "sendVideo", "video"),
        ("audio", "audio/ogg", 90_000, "sendVoice", "voice"),
        ("audio", "audio/mpeg", 5_000_000, "sendAudio", "audio"),
        ("file", "application/pdf", 5_000_000, "sendDocument", "document"),
    ],
)
async def test_files_are_fetched_by_telegram_where_it_does_that(
    api: BotApi, channel: TelegramChannel, kind: str, media_type: str, size: int, method: str, field: str
) -> None:
    await channel.send(outbound(Part("Here", file=SentFile(kind, FILE, "x", media_type, size))))
    assert api.calls == [(method, {"chat_id": ANN, field: FILE, "caption": "Here"})]


@pytest.mark.parametrize(
    "file",
    [
        SentFile("file", FILE, "list.txt", "text/plain", 3),
        SentFile("image", FILE, "large.png", "image/png", 6_000_000),
        SentFile("image", FILE, "drawing.svg", "image/svg+xml", 3),
        SentFile("video", FILE, "old.avi", "video/x-msvideo", 3),
    ],
)
async def test_other_files_are_sent_along_as_documents(
    api: BotApi, channel: TelegramChannel, file: SentFile
) -> None:
    api.files[FILE] = b"abc\r\n\xff"
    await channel.send(outbound(Part("Here", file=file, buttons=(Button("Thanks", "/thank"),))))
    method, fields = api.calls[0]
    assert (method, fields["document"], fields["caption"]) == ("sendDocument", b"abc\r\n\xff", "Here")
    assert fields["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "/thank"


async def test_a_photo_that_telegram_cannot_fetch_is_sent_along(
    api: BotApi, channel: TelegramChannel
) -> None:
    api.files[FILE] = b"jpeg"
    api.refuse = lambda method, _: "failed to get HTTP URL content" if method == "sendPhoto" else None
    await channel.send(outbound(Part(file=SentFile("image", FILE, "a.jpg", "image/jpeg", 4))))
    assert api.calls == [("sendDocument", {"chat_id": ANN, "document": b"jpeg"})]


async def test_a_file_that_is_gone_is_not_tried_again(channel: TelegramChannel) -> None:
    failed = await failure(channel, Part(file=SentFile("file", FILE, "a.txt", "text/plain", 4)))
    assert failed.final


async def test_an_answer_to_a_message_names_it_and_only_in_its_own_chat(
    api: BotApi, channel: TelegramChannel
) -> None:
    await channel.send(outbound(Part("Yes"), reply_to=f"{ANN}:12"))
    await channel.send(outbound(Part("Yes"), reply_to="999:12"))
    expected = {"message_id": 12, "allow_sending_without_reply": True}
    assert [fields.get("reply_parameters") for _, fields in api.calls] == [expected, None]


def error(status: int, description: str, **parameters: Any) -> tuple[int, dict[str, Any]]:
    return status, {"ok": False, "error_code": status, "description": description, "parameters": parameters}


@pytest.mark.parametrize(
    ("answer", "final", "code", "unsure", "retry_after"),
    [
        (error(429, "Too Many Requests: retry after 34", retry_after=34), False, "rate_limited", False, 34.0),
        (error(403, "Forbidden: bot was blocked by the user"), True, "blocked", False, None),
        (error(403, "Forbidden: user is deactivated"), True, "blocked", False, None),
        (error(400, "Bad Request: chat not found"), True, "blocked", False, None),
        (error(400, "Bad Request: message is too long"), True, "bad_content", False, None),
        (error(401, "Unauthorized"), True, "token_expired", False, None),
        (error(404, "Not Found"), True, "token_expired", False, None),
        (error(500, "Internal Server Error"), False, "", False, None),
        ((502, b"<html>Bad Gateway</html>"), False, "", True, None),
        ((200, b"not json"), False, "", True, None),
        ((429, b"[]"), False, "rate_limited", False, 1.0),
        (httpx.ConnectError("x"), False, "unreachable", False, None),
        (httpx.ConnectTimeout("x"), False, "unreachable", False, None),
        (httpx.ReadTimeout("x"), False, "unreachable", True, None),
        (httpx.RemoteProtocolError("x"), False, "unreachable", True, None),
    ],
)
async def test_every_failure_is_told_for_what_it_is(
    api: BotApi,
    channel: TelegramChannel,
    answer: Any,
    final: bool,
    code: str,
    unsure: bool,
    retry_after: float | None,
) -> None:
    api.answers = [answer]
    failed = await failure(channel)
    assert (failed.final, failed.code, failed.unsure, failed.retry_after) == (
        final,
        code,
        unsure,
        retry_after,
    )


async def test_without_a_token_or_with_a_wrong_one_the_operator_is_asked(channel: TelegramChannel) -> None:
    assert (await failure(channel, inbox=InboxView("i", "telegram", "Shop"))).code == "token_expired"
    assert (await failure(channel, inbox=inbox("1:wrong"))).code == "token_expired"


async def test_a_template_is_not_sent_as_something_else(channel: TelegramChannel) -> None:
    assert (await failure(channel, Part(template=Template("t", "en")))).final


async def test_typing_is_shown_and_reading_is_not(api: BotApi, channel: TelegramChannel) -> None:
    await channel.signal(inbox(), ANN, "read", f"{ANN}:1")
    await channel.signal(inbox(), ANN, "typing", f"{ANN}:1")
    assert api.calls == [("sendChatAction", {"chat_id": ANN, "action": "typing"})]


async def test_a_message_is_changed_and_so_is_a_caption(api: BotApi, channel: TelegramChannel) -> None:
    await channel.edit(inbox(), ANN, f"{ANN}:101", "Better")
    api.refuse = lambda method, _: (
        "there is no text in the message to edit" if method == "editMessageText" else None
    )
    await channel.edit(inbox(), ANN, f"{ANN}:102", "Better")
    assert [(method, fields["message_id"]) for method, fields in api.calls] == [
        ("editMessageText", 101),
        ("editMessageCaption", 102),
    ]


async def test_what_is_done_already_is_done(api: BotApi, channel: TelegramChannel) -> None:
    api.answers = [error(400, "Bad Request: message is not modified: specified new message content")]
    await channel.edit(inbox(), ANN, f"{ANN}:101", "Same")
    api.answers = [error(400, "Bad Request: message to delete not found")]
    await channel.delete(inbox(), ANN, f"{ANN}:101")


async def test_what_can_no_longer_be_taken_back_is_told(api: BotApi, channel: TelegramChannel) -> None:
    api.answers = [error(400, "Bad Request: message can't be deleted for everyone")]
    with pytest.raises(SendFailed) as failed:
        await channel.delete(inbox(), ANN, f"{ANN}:101")
    assert failed.value.final
    with pytest.raises(SendFailed):
        await channel.delete(inbox(), ANN, "tap:x")


async def test_a_file_is_found_by_its_id(channel: TelegramChannel) -> None:
    source = await channel.locate(inbox(), "AgAC-made-up")
    assert source.url == f"https://api.telegram.org/file/bot{TOKEN}/photos/file%201.jpg"
    assert source.own


async def test_the_address_of_the_api_can_be_another(api: BotApi, channel: TelegramChannel) -> None:
    api.files = {}
    failed = await failure(channel, inbox=inbox(api_url="http://127.0.0.1:9/telegram/"))
    assert failed.final  # that one has no such method


async def test_connecting_tells_the_secret_and_what_is_wanted(api: BotApi, channel: TelegramChannel) -> None:
    await channel.connect(inbox(), HOOK)
    method, fields = api.calls[0]
    assert (method, fields["url"], fields["secret_token"]) == ("setWebhook", HOOK, SECRET)
    assert fields["drop_pending_updates"] is False
    assert {"message", "edited_message", "callback_query", "message_reaction", "my_chat_member"} == {
        *fields["allowed_updates"]
    }


async def test_an_address_that_telegram_does_not_call_is_told(channel: TelegramChannel) -> None:
    with pytest.raises(SendFailed, match="HTTPS url"):
        await channel.connect(inbox(), "http://localhost:8000/webhooks/inbox-1")


@pytest.mark.parametrize(
    ("webhook", "problem"),
    [
        ({"url": HOOK, "pending_update_count": 0}, ""),
        (
            {
                "url": HOOK,
                "pending_update_count": 0,
                "last_error_date": 1790000000,
                "last_error_message": "x",
            },
            "",
        ),
        (
            {
                "url": HOOK,
                "pending_update_count": 7,
                "last_error_date": 1790000000,
                "last_error_message": "Wrong response from the webhook: 502 Bad Gateway",
            },
            "Wrong response from the webhook: 502 Bad Gateway (7 updates are waiting)",
        ),
        ({"url": "", "pending_update_count": 3}, "no webhook is set (3 updates are waiting)"),
        (
            {"url": "https://other.example/x", "pending_update_count": 0},
            "the webhook leads to another address than this inbox's",
        ),
    ],
)
async def test_the_check_says_what_the_platform_says(
    api: BotApi, channel: TelegramChannel, webhook: dict[str, Any], problem: str
) -> None:
    api.webhook = webhook
    health = await channel.check(inbox())
    assert (health.account, health.problem) == ("@a_shop_bot", problem)


@pytest.mark.parametrize("odd", [(200, {"ok": True, "result": []}), (200, {"ok": True}), (500, b"")])
async def test_the_check_never_fails_by_an_answer(api: BotApi, channel: TelegramChannel, odd: Any) -> None:
    api.answers = [odd]
    assert (await channel.check(inbox())).problem
