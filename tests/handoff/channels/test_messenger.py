"""Sending on Messenger: shapes and limits, windows and tags, whose conversation it is."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from handoff.channels import base
from handoff.channels.base import Button, Card, Part, SendFailed, SentFile
from handoff.channels.messenger import Messenger
from tests.support.meta import APP, PAGE, VERIFY, GraphApi, inbox, outbound

PATH = f"{PAGE}/messages"
YES = Button("Yes", "/affirm")
SITE = Button("Open", url="https://shop.example/help")


@pytest.fixture
def api() -> GraphApi:
    return GraphApi()


@pytest.fixture
async def channel(api: GraphApi) -> AsyncIterator[Messenger]:
    async with api.client() as client:
        yield Messenger(client)


async def test_it_is_all_that_the_platform_offers(channel: Messenger) -> None:
    for protocol in (base.Webhook, base.Challenged, base.Signals, base.Media, base.Configured):
        assert isinstance(channel, protocol)


async def test_a_text_is_a_response_with_our_ref(channel: Messenger, api: GraphApi) -> None:
    assert await channel.send(outbound("messenger", Part("Hello"))) == "m_1"
    assert api.calls == [
        (
            "POST",
            PATH,
            {
                "recipient": {"id": "7654321098765432"},
                "messaging_type": "RESPONSE",
                "message": {"text": "Hello", "metadata": "0a1b2c.0"},
            },
        )
    ]


PARTS = {
    "buttons": Part("Is it?", buttons=(YES, Button("No", "/deny"), SITE)),
    "choices": Part("Which?", choices=tuple(Button(f"Order {n}", f"/order{n}") for n in range(13))),
    "a long text with buttons": Part("x" * 1990, buttons=(YES,)),
    "cards": Part(
        cards=tuple(Card(f"Tent {n}", "€ 89", "https://shop.example/t.png", (YES, SITE)) for n in range(10))
    ),
    "a bare card": Part(cards=(Card("Tent"),)),
    "long words": Part("x" * 2000, choices=(Button("t" * 50, "p" * 3000),)),
    "image": Part(file=SentFile("image", "https://shop.example/a.jpg")),
    "voice": Part(file=SentFile("audio", "https://shop.example/a.ogg")),
    "document": Part(file=SentFile("file", "https://shop.example/a.pdf", "invoice.pdf")),
    "of a kind nobody knows": Part(file=SentFile("hologram", "https://shop.example/a")),
}


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS.keys())
async def test_parts_go_out_as_documented(channel: Messenger, part: Part) -> None:
    assert await channel.send(outbound("messenger", part)) == "m_1"


async def test_long_text_keeps_its_buttons_and_addresses(channel: Messenger, api: GraphApi) -> None:
    await channel.send(outbound("messenger", Part("x" * 700, buttons=(YES, SITE))))
    message = api.calls[0][2]["message"]
    assert message["text"].endswith("Open: https://shop.example/help")
    assert [reply["payload"] for reply in message["quick_replies"]] == ["/affirm"]


async def test_an_image_too_large_for_one_goes_as_a_file(channel: Messenger, api: GraphApi) -> None:
    await channel.send(
        outbound("messenger", Part(file=SentFile("image", "https://shop.example/a", size=9_000_000)))
    )
    assert api.calls[0][2]["message"]["attachment"]["type"] == "file"


async def test_an_empty_part_is_not_sent(channel: Messenger, api: GraphApi) -> None:
    with pytest.raises(SendFailed) as failed:
        await channel.send(outbound("messenger", Part(" ")))
    assert (failed.value.final, failed.value.code, api.calls) == (True, "bad_content", [])


async def test_a_contact_known_by_reference_is_addressed_by_it(channel: Messenger, api: GraphApi) -> None:
    await channel.send(outbound("messenger", Part("Hi"), contact="user_ref:ur-0815"))
    assert api.calls[0][2]["recipient"] == {"user_ref": "ur-0815"}


async def test_late_words_of_a_person_carry_the_tag(channel: Messenger, api: GraphApi) -> None:
    await channel.send(outbound("messenger", Part("Sorry for the wait"), sender="agent", late=True))
    body = api.calls[0][2]
    assert (body["messaging_type"], body["tag"]) == ("MESSAGE_TAG", "HUMAN_AGENT")


@pytest.mark.parametrize("sender", ["bot", "system"])
async def test_nothing_that_no_person_wrote_goes_out_late(
    channel: Messenger, api: GraphApi, sender: str
) -> None:
    with pytest.raises(SendFailed) as failed:
        await channel.send(outbound("messenger", Part("Hello"), sender=sender, late=True))
    assert (failed.value.final, failed.value.code, api.calls) == (True, "window_closed", [])


async def test_for_a_person_the_conversation_is_taken_and_the_message_sent_again(
    channel: Messenger, api: GraphApi
) -> None:
    api.fail(10, 2018300, 403)
    assert await channel.send(outbound("messenger", Part("Hi"), sender="agent")) == "m_1"
    assert [path for _, path, _ in api.calls] == [PATH, f"{PAGE}/take_thread_control", PATH]
    assert api.calls[1][2] == {"recipient": {"id": "7654321098765432"}}


async def test_the_bot_takes_no_conversation_from_anybody(channel: Messenger, api: GraphApi) -> None:
    api.fail(10, 2018300, 403)
    with pytest.raises(SendFailed) as failed:
        await channel.send(outbound("messenger", Part("Hi")))
    assert (failed.value.final, failed.value.code, len(api.calls)) == (True, "elsewhere", 1)


async def test_a_conversation_is_taken_once_at_most(channel: Messenger, api: GraphApi) -> None:
    api.fail(10, 2018300, 403)
    api.answers.append((200, {"success": True}, {}))
    api.fail(10, 2018300, 403)
    with pytest.raises(SendFailed):
        await channel.send(outbound("messenger", Part("Hi"), sender="agent"))
    assert len(api.calls) == 3


async def test_a_success_without_an_id_is_a_success(channel: Messenger, api: GraphApi) -> None:
    api.answers.append((200, {"recipient_id": "1"}, {}))
    assert await channel.send(outbound("messenger", Part("Hi"))) is None


async def test_a_proxys_page_is_no_success(channel: Messenger, api: GraphApi) -> None:
    api.answers.append((200, b"<html>Welcome to the hotel</html>", {}))
    with pytest.raises(SendFailed) as failed:
        await channel.send(outbound("messenger", Part("Hi")))
    assert failed.value.unsure


async def test_half_an_emoji_can_be_sent(channel: Messenger) -> None:
    assert await channel.send(outbound("messenger", Part("cut \ud83d"))) == "m_1"


@pytest.mark.parametrize(("sign", "action"), [("typing", "typing_on"), ("read", "mark_seen")])
async def test_signs(channel: Messenger, api: GraphApi, sign: base.Sign, action: str) -> None:
    await channel.signal(inbox("messenger"), "7", sign, None)
    assert api.calls == [("POST", PATH, {"recipient": {"id": "7"}, "sender_action": action})]


async def test_connecting_points_the_webhook_at_us_and_subscribes_the_page(
    channel: Messenger, api: GraphApi
) -> None:
    await channel.connect(inbox("messenger"), "https://setu.example/webhooks/inbox1")
    (_, app, subscription), (_, page, fields) = api.calls
    assert (app, page) == (f"{APP}/subscriptions", f"{PAGE}/subscribed_apps")
    assert subscription["callback_url"] == "https://setu.example/webhooks/inbox1"
    assert subscription["verify_token"] == VERIFY
    assert "message_echoes" in fields["subscribed_fields"]


async def test_attachments_are_fetched_as_strangers_would(channel: Messenger) -> None:
    source = await channel.locate(inbox("messenger"), "https://cdn.fbsbx.com/v/a.pdf")
    assert (source.headers, source.own) == ({}, False)
    simulated = inbox("messenger", api_url="http://127.0.0.1:9/graph")
    assert (await channel.locate(simulated, "http://127.0.0.1:9/graph/media/1")).own
    assert not (await channel.locate(simulated, "http://127.0.0.1:9/graphite")).own
