"""Sending on WhatsApp: shapes and limits, templates, media."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from handoff.channels import base
from handoff.channels.base import Button, Part, SendFailed, SentFile, Template
from handoff.channels.whatsapp import WhatsApp
from tests.support.meta import APP, BUSINESS, NUMBER, TOKEN, VERIFY, GraphApi, inbox, outbound

PATH, WA = f"{NUMBER}/messages", "15550001111"
YES = Button("Yes", "/affirm")
SITE = Button("Open", url="https://shop.example/help")


@pytest.fixture
def api() -> GraphApi:
    return GraphApi()


@pytest.fixture
async def channel(api: GraphApi) -> AsyncIterator[WhatsApp]:
    async with api.client() as client:
        yield WhatsApp(client)


async def sent(channel: WhatsApp, api: GraphApi, part: Part, **more: Any) -> dict[str, Any]:
    """The body of the call that the platform took."""
    assert await channel.send(outbound("whatsapp", part, **{"contact": WA} | more)) == "wamid.1"
    return api.calls[0][2]


async def test_it_is_all_that_the_platform_offers(channel: WhatsApp) -> None:
    for protocol in (
        base.Webhook, base.Challenged, base.Signals, base.Media, base.Configured, base.Templated,
    ):  # fmt: skip
        assert isinstance(channel, protocol)


async def test_a_text_quotes_and_carries_our_ref(channel: WhatsApp, api: GraphApi) -> None:
    assert await sent(channel, api, Part("Hello"), reply_to="wamid.TEST0001=") == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": WA,
        "type": "text",
        "text": {"body": "Hello", "preview_url": False},
        "context": {"message_id": "wamid.TEST0001="},
        "biz_opaque_callback_data": "0a1b2c.0",
    }


async def test_someone_who_hides_the_number_is_addressed_by_the_user_id(
    channel: WhatsApp, api: GraphApi
) -> None:
    body = await sent(channel, api, Part("Hi"), contact="US.13491208655302741918")
    assert body["recipient"] == "US.13491208655302741918"
    assert "to" not in body


def many(count: int) -> tuple[Button, ...]:
    return tuple(Button(f"Order {n}", f"/order{n}") for n in range(count))


INTERACTIVE = {
    "buttons": (Part("Is it?", buttons=(YES, Button("No", "/deny"))), "button"),
    "more than a message has": (
        Part("Which?", buttons=tuple(Button(f"{n}", f"/{n}") for n in range(4))),
        "list",
    ),
    "choices": (Part("Which?", choices=many(10)), "list"),
    "too many": (Part("Which?", choices=many(12)), "list"),
    "a long text": (Part("x" * 4096, buttons=(YES,)), "list"),
    "an address": (Part("See", buttons=(SITE,)), "cta_url"),
    "the same twice": (Part("Which?", buttons=(Button("A", "/x"), Button("B", "/x"))), "button"),
    "long words": (Part("Which?", buttons=(Button("t" * 50, "p" * 900),)), "button"),
    "spaces": (Part(" Which? ", buttons=(Button(" a ", " /x "),)), "button"),
}


@pytest.mark.parametrize(("part", "kind"), INTERACTIVE.values(), ids=INTERACTIVE.keys())
async def test_what_can_be_tapped_goes_out_as_documented(
    channel: WhatsApp, api: GraphApi, part: Part, kind: str
) -> None:
    assert (await sent(channel, api, part))["interactive"]["type"] == kind


async def test_addresses_beside_buttons_are_written_out(channel: WhatsApp, api: GraphApi) -> None:
    body = await sent(channel, api, Part("Is it?", buttons=(YES, SITE)))
    assert body["interactive"]["body"]["text"] == "Is it?\nOpen: https://shop.example/help"


def given(kind: str, media_type: str, size: int = 1000) -> SentFile:
    return SentFile(kind, "https://shop.example/f/1", "f.bin", media_type, size)


@pytest.mark.parametrize(
    ("file", "caption", "kind"),
    [
        (given("image", "image/jpeg"), "Look", "image"),
        (given("image", "image/webp"), "Look", "document"),
        (given("image", "image/png", 6 * 2**20), "", "document"),
        (given("video", "video/mp4"), "Look", "video"),
        (given("video", "video/webm"), "", "document"),
        (given("audio", "audio/ogg; codecs=opus"), "", "audio"),
        (given("audio", "audio/ogg"), "Listen", "document"),
        (given("file", "application/pdf"), "Read", "document"),
    ],
)
async def test_files_go_by_their_address_as_what_the_platform_takes(
    channel: WhatsApp, api: GraphApi, file: SentFile, caption: str, kind: str
) -> None:
    body = await sent(channel, api, Part(caption, file=file))
    assert body["type"] == kind
    assert body[kind].get("caption", "") == caption
    assert body[kind]["link"] == file.url


async def test_a_template_is_filled_in_its_language(channel: WhatsApp, api: GraphApi) -> None:
    body = await sent(
        channel, api, Part("…", template=Template("order_update", "hi", ("आशा", " SO-1\n\t7 ")))
    )
    assert body["template"] == {
        "name": "order_update",
        "language": {"code": "hi"},
        "components": [
            {
                "type": "body",
                "parameters": [{"type": "text", "text": "आशा"}, {"type": "text", "text": "SO-1 7"}],
            }
        ],
    }


async def test_a_template_with_an_empty_gap_is_not_sent(channel: WhatsApp, api: GraphApi) -> None:
    with pytest.raises(SendFailed) as failed:
        await channel.send(outbound("whatsapp", Part(template=Template("a", "en", ("x", " ")))))
    assert (failed.value.final, failed.value.code, api.calls) == (True, "bad_content", [])


@pytest.mark.parametrize(
    ("code", "meant", "final"),
    [
        (131047, "window_closed", True),
        (131056, "contact_limited", False),
        (130429, "rate_limited", False),
        (131026, "blocked", True),
        (190, "token_expired", True),
        (132001, "bad_content", True),
        (131016, "unreachable", False),
    ],
)
async def test_errors_mean(channel: WhatsApp, api: GraphApi, code: int, meant: str, final: bool) -> None:
    api.fail(code)
    with pytest.raises(SendFailed) as failed:
        await channel.send(outbound("whatsapp", Part("Hi"), contact=WA))
    assert (failed.value.code, failed.value.final) == (meant, final)


async def test_signs_belong_to_the_customers_message(channel: WhatsApp, api: GraphApi) -> None:
    await channel.signal(inbox("whatsapp"), WA, "typing", None)
    assert api.calls == []
    await channel.signal(inbox("whatsapp"), WA, "typing", "wamid.T=")
    await channel.signal(inbox("whatsapp"), WA, "read", "wamid.T=")
    typing, read = (body for _, _, body in api.calls)
    assert read == {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.T="}
    assert typing == read | {"typing_indicator": {"type": "text"}}


async def test_a_file_is_fetched_with_our_token_from_the_platforms_own_hosts_only(
    channel: WhatsApp, api: GraphApi
) -> None:
    api.objects["1003"] = {"url": "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1"}
    trusted = await channel.locate(inbox("whatsapp"), "1003")
    assert (trusted.headers, trusted.own) == ({"Authorization": f"Bearer {TOKEN}"}, False)
    for url in ("https://evil.example/fbsbx.com", "https://evilfbsbx.com/", "http://lookaside.fbsbx.com/"):
        api.objects["1003"] = {"url": url}
        assert (await channel.locate(inbox("whatsapp"), "1003")).headers == {}


@pytest.mark.parametrize("ref", ["", "../me", "1?x=1", "٣"])
async def test_an_odd_reference_is_no_file(channel: WhatsApp, api: GraphApi, ref: str) -> None:
    with pytest.raises(SendFailed) as failed:
        await channel.locate(inbox("whatsapp"), ref)
    assert (failed.value.final, api.calls) == (True, [])


async def test_a_file_that_the_platform_no_longer_has(channel: WhatsApp, api: GraphApi) -> None:
    api.fail(100, 33)
    with pytest.raises(SendFailed) as failed:
        await channel.locate(inbox("whatsapp"), "1003")
    assert failed.value.final


def listed(name: str, text: str, status: str = "APPROVED", **header: Any) -> dict[str, Any]:
    components = [{"type": "BODY", "text": text}, *([header] if header else [])]
    return {"name": name, "language": "en", "status": status, "category": "UTILITY", "components": components}


async def test_templates_are_those_that_can_be_filled(channel: WhatsApp, api: GraphApi) -> None:
    path = f"{BUSINESS}/message_templates"
    ours = listed("order_update", "Hello {{1}}, order {{2}} left, {{1}}.")
    left_out = [
        listed("pending", "Hello", "PENDING"),
        listed("named", "Hello {{first_name}}"),
        listed("with_picture", "Hello", type="HEADER", format="IMAGE"),
        listed("with_link", "Hello", type="BUTTONS", buttons=[{"type": "URL", "url": "https://x/{{1}}"}]),
    ]
    first = {"data": [ours, *left_out], "paging": {"cursors": {"after": "c1"}, "next": "https://…"}}
    api.answers += [(200, first, {}), (200, {"data": [listed("plain", "Hi")], "paging": {}}, {})]
    assert await channel.templates(inbox("whatsapp")) == [
        {
            "name": "order_update",
            "language": "en",
            "body": "Hello {{1}}, order {{2}} left, {{1}}.",
            "variables": 2,
            "category": "utility",
        },
        {"name": "plain", "language": "en", "body": "Hi", "variables": 0, "category": "utility"},
    ]
    assert [called for _, called, _ in api.calls] == [path, path]
    assert api.calls[1][2]["after"] == "c1"


async def test_connecting_points_this_number_at_this_inbox(channel: WhatsApp, api: GraphApi) -> None:
    await channel.connect(inbox("whatsapp"), "https://setu.example/webhooks/inbox1")
    assert [path for _, path, _ in api.calls] == [
        f"{APP}/subscriptions",
        f"{BUSINESS}/subscribed_apps",
        NUMBER,
    ]
    assert api.calls[2][2] == {
        "webhook_configuration": {
            "override_callback_uri": "https://setu.example/webhooks/inbox1",
            "verify_token": VERIFY,
        }
    }


async def test_health_names_the_number(channel: WhatsApp, api: GraphApi) -> None:
    scopes = ["whatsapp_business_messaging", "whatsapp_business_management"]
    api.objects["debug_token"] = {"data": {"is_valid": True, "scopes": scopes, "expires_at": 0}}
    api.objects[NUMBER] = {"verified_name": "Shop", "display_phone_number": "+1 555 999 0000"}
    health = await channel.check(inbox("whatsapp"))
    assert (health.problem, health.account, health.token_expires_at) == ("", "Shop, +1 555 999 0000", None)
