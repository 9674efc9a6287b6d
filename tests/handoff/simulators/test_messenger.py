"""Messenger and Instagram as a business meets them over HTTP."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from tests.handoff.simulators.conftest import error


async def test_a_text_is_told_in_the_documented_shape_and_signed_over_its_bytes(
    simulator, hook, page
) -> None:
    ann = simulator.customer(page.account)
    mid = ann.say("Wo ist mein Päckchen? 📦/🎁")
    await simulator.settled()
    body, headers = hook.got[0]
    right = hmac.new(page.account.app_secret.encode(), body, hashlib.sha256).hexdigest()
    assert headers["X-Hub-Signature-256"] == f"sha256={right}"
    assert b"\\ud83d\\udce6\\/" in body  # as Meta escapes it
    assert hook.bodies[0]["object"] == "page"
    assert hook.bodies[0]["entry"][0]["id"] == page.account.id
    event = hook.messaging[0]
    assert (event["sender"]["id"], event["recipient"]["id"]) == (ann.id, page.account.id)
    assert event["message"] == {"mid": mid, "text": "Wo ist mein Päckchen? 📦/🎁"}
    assert len(str(event["timestamp"])) == 13


async def test_a_send_is_answered_shown_echoed_and_delivered(simulator, hook, page) -> None:
    ann = simulator.customer(page.account)
    ann.say("hi")
    answer = await page.send(ann.id, {"text": "hello", "metadata": "delivery.0"})
    await simulator.settled()
    mid = answer.json()["message_id"]
    assert answer.json() == {"recipient_id": ann.id, "message_id": mid}
    assert [(shown.id, shown.text, shown.ref) for shown in ann.seen] == [(mid, "hello", "delivery.0")]
    echo, delivery = hook.messaging[1:]
    assert echo["sender"]["id"] == page.account.id
    assert echo["message"]["is_echo"] is True
    assert echo["message"]["app_id"] == int(page.account.app_id)
    assert echo["message"]["metadata"] == "delivery.0"
    assert delivery["delivery"]["mids"] == [mid]


async def test_a_tapped_quick_reply_a_button_and_a_card_come_back_as_the_platform_tells_them(
    simulator, hook, page
) -> None:
    ann = simulator.customer(page.account)
    ann.say("hi")
    reply = {"content_type": "text", "title": "Yes", "payload": "/yes"}
    await page.send(ann.id, {"text": "Sure?", "quick_replies": [reply]})
    button = {"type": "postback", "title": "Take it", "payload": "/take"}
    elements = [{"title": "Dress", "subtitle": "€ 49", "buttons": [button]}]
    payload = {"template_type": "generic", "elements": elements}
    await page.send(ann.id, {"attachment": {"type": "template", "payload": payload}})
    ann.tap("Yes")
    ann.tap("Take it")
    await simulator.settled()
    tapped, posted = [e for e in hook.messaging if e["sender"]["id"] == ann.id and "delivery" not in e][1:]
    assert tapped["message"]["quick_reply"] == {"payload": "/yes"}
    assert tapped["message"]["text"] == "Yes"
    assert (posted["postback"]["title"], posted["postback"]["payload"]) == ("Take it", "/take")


async def test_reads_edits_and_reactions_are_told_and_messenger_keeps_silent_on_what_was_taken_back(
    simulator, hook, page
) -> None:
    ann = simulator.customer(page.account)
    said = ann.say("hi")
    await page.send(ann.id, "hello")
    ann.edit(said, "hi!")
    ann.react(ann.seen[0].id, "❤")
    ann.read()
    ann.unsend(said)
    await simulator.settled()
    told = hook.messaging[3:]
    assert told[0]["message_edit"] == {"mid": said, "text": "hi!", "num_edit": 1}
    assert told[1]["reaction"] == {"mid": ann.seen[0].id, "action": "react", "reaction": "love", "emoji": "❤"}
    assert told[2]["read"]["watermark"] >= ann.seen[0].at * 1000 - 1
    assert len(told) == 3


async def test_instagram_tells_of_what_was_taken_back_and_says_in_no_echo_whose_it_is(
    simulator, hook, instagram
) -> None:
    ann = simulator.customer(instagram.account)
    said = ann.say("hi")
    await instagram.send(ann.id, {"text": "hello", "metadata": "d.0"})
    ann.read()
    ann.unsend(said)
    await simulator.settled()
    _, echo, read, gone = hook.messaging
    assert hook.bodies[0]["object"] == "instagram"
    assert echo["message"] == {"is_echo": True, "mid": ann.seen[0].id, "text": "hello"}
    assert read["read"] == {"mid": ann.seen[0].id}
    assert gone["message"] == {"mid": said, "is_deleted": True}


async def test_a_person_in_the_pages_inbox_is_echoed_with_another_app(simulator, hook, page) -> None:
    ann = simulator.customer(page.account)
    ann.say("hi")
    ann.answered_elsewhere("Joe here")
    await simulator.settled()
    echo = hook.messaging[1]["message"]
    assert echo["text"] == "Joe here"
    assert echo["app_id"] == 263902037430900
    assert ann.seen[0].by == "person"


async def test_while_another_app_has_the_thread_we_stand_by_and_may_not_send(simulator, hook, page) -> None:
    ann = simulator.customer(page.account)
    ann.say("hi")
    answer = await page.call(
        "POST", f"{page.account.id}/pass_thread_control", json={"recipient": {"id": ann.id}}
    )
    assert answer.json() == {"success": True}
    ann.say("anybody?")
    assert error(await page.send(ann.id, "me")) == (403, 10, 2018300)
    await page.call("POST", f"{page.account.id}/take_thread_control", json={"recipient": {"id": ann.id}})
    assert (await page.send(ann.id, "me")).status_code == 200
    await simulator.settled()
    assert hook.messaging[1]["pass_thread_control"]["previous_owner_app_id"] == page.account.app_id
    stood_by = [
        event for body in hook.bodies for entry in body["entry"] for event in entry.get("standby", [])
    ]
    assert [event["message"]["text"] for event in stood_by] == ["anybody?"]


@pytest.mark.parametrize("action", ["typing_on", "mark_seen"])
async def test_typing_and_read_marks_are_seen_by_the_customer(simulator, page, action) -> None:
    ann = simulator.customer(page.account)
    ann.say("hi")
    body = {"recipient": {"id": ann.id}, "sender_action": action}
    answer = await page.call("POST", "me/messages", json=body)
    assert answer.json() == {"recipient_id": ann.id}
    assert [what for what, _ in ann.signals] == [{"typing_on": "typing", "mark_seen": "read"}[action]]


async def test_refusals_have_the_documented_codes(simulator, page) -> None:
    ann = simulator.customer(page.account)
    ann.say("hi")
    assert error(await page.send("12345", "hello")) == (400, 100, 2018001)
    assert error(await page.send(ann.id, "x" * 2001))[:2] == (400, 100)
    assert error(await page.call("POST", "me/messages", token="EAAGwrong", json={}))[:2] == (400, 190)
    simulator.clock.forward(25 * 3600)
    assert error(await page.send(ann.id, "late")) == (403, 10, 2018278)
    tagged = await page.send(ann.id, "late", messaging_type="MESSAGE_TAG", tag="HUMAN_AGENT")
    assert tagged.status_code == 200
    assert ann.seen[0].tag == "HUMAN_AGENT"
    ann.block()
    assert error(await page.send(ann.id, "hello")) == (400, 551, 1545041)
    simulator.clock.forward(61 * 24 * 3600)
    assert error(await page.send(ann.id, "hello"))[:2] == (400, 190)


async def test_a_file_has_an_address_that_serves_it_and_a_sent_one_is_fetched(
    simulator, hook, page, client
) -> None:
    ann = simulator.customer(page.account)
    ann.send_file(b"%PDF-1.7 bill", "bill.pdf", "application/pdf")
    await simulator.settled()
    (attachment,) = hook.messaging[0]["message"]["attachments"]
    assert attachment["type"] == "file"
    served = await client.get(attachment["payload"]["url"])
    assert served.content == b"%PDF-1.7 bill"
    assert served.headers["content-disposition"] == "attachment"
    again = {"attachment": {"type": "file", "payload": {"url": attachment["payload"]["url"]}}}
    await page.send(ann.id, again)
    assert ann.seen[0].file.data == b"%PDF-1.7 bill"
    lost = {"attachment": {"type": "image", "payload": {"url": f"{simulator.api_url}/_cdn/none/x.png"}}}
    assert error(await page.send(ann.id, lost))[:2] == (400, 100)


async def test_the_token_can_be_looked_into_and_a_profile_asked_for(simulator, page) -> None:
    ann = simulator.customer(page.account, name="Ann Reader")
    app = f"{page.account.app_id}|{page.account.app_secret}"
    told = (await page.call("GET", f"debug_token?input_token={page.account.token}", token=app)).json()["data"]
    assert told["is_valid"] is True
    assert told["expires_at"] > simulator.clock.now()
    assert "pages_messaging" in told["scopes"]
    wrong = (await page.call("GET", "debug_token?input_token=EAAGx", token=app)).json()["data"]
    assert wrong["is_valid"] is False
    assert (await page.call("GET", "me?fields=name")).json()["name"] == page.account.name
    assert (await page.call("GET", f"{ann.id}?fields=first_name")).json()["first_name"] == "Ann"
