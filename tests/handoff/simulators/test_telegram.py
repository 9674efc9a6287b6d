"""Telegram as a bot meets it over HTTP."""

from __future__ import annotations

import pytest

LONG = {"inline_keyboard": [[{"text": "Yes", "callback_data": "ü" * 33}]]}
YES = {"inline_keyboard": [[{"text": "Yes", "callback_data": "/yes"}]]}


async def test_a_text_is_one_update_with_the_secret(simulator, hook, bot) -> None:
    ann = simulator.customer(bot.account, "Ann Reader")
    number = ann.say("/start hello")
    await simulator.settled()
    (update,) = hook.bodies
    assert hook.got[0][1]["X-Telegram-Bot-Api-Secret-Token"] == bot.account.verify_token
    assert update["message"]["message_id"] == int(number)
    assert update["message"]["chat"] == {
        "id": int(ann.id), "first_name": "Ann", "last_name": "Reader", "type": "private"
    }  # fmt: skip
    assert update["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]


async def test_a_message_with_buttons_is_shown_and_a_tap_is_a_callback(simulator, hook, bot) -> None:
    ann = simulator.customer(bot.account)
    ann.say("hi")
    answer = (await bot.bot("sendMessage", chat_id=ann.id, text="Sure?", reply_markup=YES)).json()
    assert answer["ok"] is True
    assert answer["result"]["message_id"] == int(ann.seen[0].id)
    ann.tap("Yes")
    await simulator.settled()
    query = hook.bodies[1]["callback_query"]
    assert query["data"] == "/yes"
    assert query["message"]["message_id"] == int(ann.seen[0].id)
    assert hook.bodies[1]["update_id"] > hook.bodies[0]["update_id"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "x", "reply_markup": LONG}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_parameters": {"message_id": 99999}}, "message to be replied not found"),
        ({"text": "a < b", "parse_mode": "HTML"}, "can't parse entities"),
        ({"text": "<script>x</script>", "parse_mode": "HTML"}, "can't parse entities"),
        ({"text": "no.", "parse_mode": "MarkdownV2"}, "can't parse entities"),
    ],
)  # fmt: skip
async def test_what_telegram_refuses_is_told_in_its_words(simulator, bot, given, told) -> None:
    ann = simulator.customer(bot.account)
    ann.say("hi")
    answer = await bot.bot("sendMessage", chat_id=ann.id, **given)
    assert answer.status_code == 400
    assert answer.json()["error_code"] == 400
    assert told in answer.json()["description"]
    assert ann.seen == []


async def test_a_bot_cannot_begin_nor_write_to_who_has_blocked_it(simulator, hook, bot) -> None:
    ann = simulator.customer(bot.account)
    unknown = await bot.bot("sendMessage", chat_id=ann.id, text="hi")
    assert unknown.json()["description"] == "Bad Request: chat not found"
    ann.say("hi")
    ann.block()
    blocked = await bot.bot("sendMessage", chat_id=ann.id, text="hi")
    assert (blocked.status_code, blocked.json()["description"]) == (
        403,
        "Forbidden: bot was blocked by the user",
    )
    assert (await bot.bot("getMe", token="7:wrong")).status_code == 401
    await simulator.settled()
    assert hook.bodies[-1]["my_chat_member"]["new_chat_member"]["status"] == "kicked"


async def test_messages_are_edited_and_deleted_within_two_days(simulator, bot) -> None:
    ann = simulator.customer(bot.account)
    ann.say("hi")
    number = (await bot.bot("sendMessage", chat_id=ann.id, text="helo")).json()["result"]["message_id"]
    edited = await bot.bot("editMessageText", chat_id=ann.id, message_id=number, text="hello")
    assert edited.json()["result"]["text"] == "hello"
    assert ann.texts() == ["hello"]
    same = await bot.bot("editMessageText", chat_id=ann.id, message_id=number, text="hello")
    assert "message is not modified" in same.json()["description"]
    assert (await bot.bot("deleteMessage", chat_id=ann.id, message_id=number)).json() == {
        "ok": True,
        "result": True,
    }
    assert ann.texts() == []
    old = (await bot.bot("sendMessage", chat_id=ann.id, text="old")).json()["result"]["message_id"]
    simulator.clock.forward(49 * 3600)
    late = await bot.bot("deleteMessage", chat_id=ann.id, message_id=old)
    assert "can't be deleted" in late.json()["description"]


async def test_edits_by_the_customer_are_told_deletions_never_reactions_if_asked_for(
    simulator, hook, bot
) -> None:
    ann = simulator.customer(bot.account)
    said = ann.say("hi")
    ann.edit(said, "hi!")
    ann.unsend(said)
    await bot.bot("sendMessage", chat_id=ann.id, text="hello")
    ann.react(ann.seen[0].id, "👍")
    bot.account.webhook.allowed = ("message", "message_reaction")
    ann.react(ann.seen[0].id, "")
    await simulator.settled()
    assert hook.bodies[1]["edited_message"]["text"] == "hi!"
    reaction = hook.bodies[2]["message_reaction"]
    assert (reaction["old_reaction"], reaction["new_reaction"]) == ([{"type": "emoji", "emoji": "👍"}], [])
    assert len(hook.bodies) == 3


async def test_a_picture_is_fetched_by_its_file_id(simulator, hook, bot, client) -> None:
    ann = simulator.customer(bot.account)
    ann.send_file(b"\xff\xd8jpeg", "me.jpg", "image/jpeg", "look")
    await simulator.settled()
    message = hook.bodies[0]["message"]
    assert message["caption"] == "look"
    info = (await bot.bot("getFile", file_id=message["photo"][-1]["file_id"])).json()["result"]
    path = f"/file/bot{bot.account.token}/{info['file_path']}"
    assert (await client.get(path)).content == b"\xff\xd8jpeg"
    assert (await client.get(path.replace(bot.account.token, "7:x"))).status_code == 401


async def test_files_are_sent_as_uploads_by_address_and_as_a_group(simulator, bot, client) -> None:
    ann = simulator.customer(bot.account)
    ann.say("hi")
    here = f"/bot{bot.account.token}"
    files = {"document": ("bill.pdf", b"%PDF-", "application/pdf")}
    sent = await client.post(f"{here}/sendDocument", data={"chat_id": ann.id, "caption": "Bill"}, files=files)
    assert sent.json()["result"]["document"]["file_name"] == "bill.pdf"
    assert ann.seen[0].file.data == b"%PDF-"
    photo = await bot.bot("sendPhoto", chat_id=ann.id, photo=ann.seen[0].file.url)
    assert photo.status_code == 200
    lost = await bot.bot("sendPhoto", chat_id=ann.id, photo=f"{simulator.api_url}/_cdn/no/x.png")
    assert lost.json()["description"] == "Bad Request: failed to get HTTP URL content"
    media = [{"type": "photo", "media": ann.seen[1].file.id}] * 2
    assert len((await bot.bot("sendMediaGroup", chat_id=ann.id, media=media)).json()["result"]) == 2


async def test_the_webhook_is_set_looked_at_and_taken_away(bot) -> None:
    plain = await bot.bot("setWebhook", url="http://shop.example/hook")
    assert "HTTPS URL must be provided" in plain.json()["description"]
    port = await bot.bot("setWebhook", url="https://shop.example:8000/hook")
    assert "ports 80, 88, 443 or 8443" in port.json()["description"]
    given = {"url": "https://shop.example/hook", "secret_token": "s3cret-_", "allowed_updates": ["message"]}
    assert (await bot.bot("setWebhook", **given)).json() == {"ok": True, "result": True}
    told = (await bot.bot("getWebhookInfo")).json()["result"]
    assert (told["url"], told["allowed_updates"]) == (given["url"], ["message"])
    assert bot.account.webhook.secret == "s3cret-_"
    await bot.bot("deleteWebhook")
    assert (await bot.bot("getWebhookInfo")).json()["result"]["url"] == ""


async def test_too_fast_is_429_with_the_seconds_to_wait(simulator, bot) -> None:
    ann = simulator.customer(bot.account)
    ann.say("hi")
    answers = [await bot.bot("sendMessage", chat_id=ann.id, text=str(n)) for n in range(40)]
    assert [answer.status_code for answer in answers] == [200] * 20 + [429] * 20
    assert answers[-1].json()["parameters"] == {"retry_after": 1}
    assert answers[-1].json()["description"] == "Too Many Requests: retry after 1"
    assert len(ann.seen) == 20
