"""WhatsApp Cloud as a business meets it over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from tests.handoff.simulators.conftest import error


def reply(title: str = "Yes", payload: str = "/yes") -> dict[str, Any]:
    return {"type": "reply", "reply": {"id": payload, "title": title}}


def buttons(*items: dict[str, Any], text: str = "Sure?") -> dict[str, Any]:
    return {"type": "button", "body": {"text": text}, "action": {"buttons": list(items)}}


def menu(count: int, title: str = "Choose", **row: Any) -> dict[str, Any]:
    rows = [{"id": f"/{n}", "title": f"Row {n}"} | row for n in range(count)]
    return {"type": "list", "body": {"text": "?"}, "action": {"button": title, "sections": [{"rows": rows}]}}


async def test_a_text_is_told_in_the_documented_shape(simulator, hook, number) -> None:
    ann = simulator.customer(number.account, "Ann Reader")
    wamid = ann.say("hello")
    await simulator.settled()
    assert hook.bodies[0]["object"] == "whatsapp_business_account"
    assert hook.bodies[0]["entry"][0]["id"] == number.account.waba_id
    (value,) = hook.values
    assert value["metadata"]["phone_number_id"] == number.account.id
    assert value["contacts"] == [{"profile": {"name": "Ann Reader"}, "wa_id": ann.id}]
    (message,) = value["messages"]
    assert wamid.startswith("wamid.")
    assert message["id"] == wamid
    assert message["timestamp"].isdigit()
    assert message["text"] == {"body": "hello"}


async def test_a_send_goes_through_sent_delivered_and_read_with_our_reference(
    simulator, hook, number
) -> None:
    ann = simulator.customer(number.account)
    ann.say("hi")
    ann.go_offline()
    answer = (await number.whatsapp(ann.id, body="hello", biz_opaque_callback_data="d.0")).json()
    assert answer["contacts"] == [{"input": ann.id, "wa_id": ann.id}]
    await simulator.settled()
    assert hook.statuses_told == ["sent"]
    ann.come_back()
    ann.read()
    await simulator.settled()
    assert hook.statuses_told == ["sent", "delivered", "read"]
    told = [status for value in hook.values for status in value.get("statuses", [])]
    assert {status["biz_opaque_callback_data"] for status in told} == {"d.0"}
    assert {status["id"] for status in told} == {answer["messages"][0]["id"]} == {ann.seen[0].id}


async def test_taps_edits_and_what_was_taken_back_come_as_messages(simulator, hook, number) -> None:
    ann = simulator.customer(number.account)
    said = ann.say("hi")
    await number.whatsapp(ann.id, type="interactive", interactive=buttons(reply()))
    await number.whatsapp(ann.id, type="interactive", interactive=menu(3))
    ann.tap("Yes")
    ann.tap("Row 2")
    ann.edit(said, "hi!")
    ann.unsend(said)
    await simulator.settled()
    messages = [message for value in hook.values for message in value.get("messages", [])][1:]
    assert messages[0]["interactive"] == {
        "type": "button_reply",
        "button_reply": {"id": "/yes", "title": "Yes"},
    }
    assert messages[0]["context"]["id"] == ann.seen[0].id
    assert messages[1]["interactive"]["list_reply"]["id"] == "/2"
    assert messages[2]["edit"]["original_message_id"] == said
    assert messages[2]["edit"]["message"]["text"] == {"body": "hi!"}
    assert messages[3]["revoke"] == {"original_message_id": said}
    assert len({message["id"] for message in messages}) == 4


async def test_after_a_day_only_a_template_is_sent_and_the_failure_is_told_by_webhook(
    simulator, hook, number
) -> None:
    ann = simulator.customer(number.account)
    ann.say("hi")
    simulator.clock.forward(25 * 3600)
    answer = await number.whatsapp(ann.id, body="late", biz_opaque_callback_data="d.1")
    assert answer.status_code == 200
    await simulator.settled()
    failed = hook.values[-1]["statuses"][0]
    assert (failed["status"], failed["errors"][0]["code"]) == ("failed", 131047)
    assert failed["biz_opaque_callback_data"] == "d.1"
    assert ann.seen == []
    words = [{"type": "text", "text": word} for word in ("Ann", "SO-1")]
    parts = [{"type": "body", "parameters": words}]
    template = {"name": "order_update", "language": {"code": "en"}, "components": parts}
    assert (await number.whatsapp(ann.id, type="template", template=template)).status_code == 200
    assert ann.texts() == ["Hello Ann, there is news of your order SO-1. Answer us here."]
    parts[0]["parameters"] = words[:1]
    assert error(await number.whatsapp(ann.id, type="template", template=template))[:2] == (400, 132000)
    for name, language in (("order_update", "fr"), ("summer_sale", "en"), ("nothing", "en")):
        unknown = {"name": name, "language": {"code": language}}
        assert error(await number.whatsapp(ann.id, type="template", template=unknown))[:2] == (404, 132001)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"type": "text", "text": {"body": "x" * 4097}}, 100),
        ({"type": "text", "text": {}}, 100),
        ({"type": "text"}, 131008),
        ({"type": "interactive", "interactive": buttons(*[reply(str(n), str(n)) for n in range(4)])}, 131009),
        ({"type": "interactive", "interactive": buttons(reply("x" * 21))}, 131009),
        ({"type": "interactive", "interactive": buttons(reply(), reply())}, 131009),
        ({"type": "interactive", "interactive": buttons(reply(), text="x" * 1025)}, 131009),
        ({"type": "interactive", "interactive": menu(11)}, 131009),
        ({"type": "interactive", "interactive": menu(1, title="x" * 21)}, 131009),
        ({"type": "interactive", "interactive": menu(1, description="x" * 73)}, 131009),
        ({"type": "poem", "poem": {}}, 131051),
    ],
)
async def test_what_is_beyond_the_limits_is_refused(simulator, number, given, code) -> None:
    ann = simulator.customer(number.account)
    ann.say("hi")
    assert error(await number.whatsapp(ann.id, **given))[:2] == (400, code)
    assert ann.seen == []


async def test_who_is_not_there_or_has_blocked_us_is_told_by_webhook(simulator, hook, number) -> None:
    ann = simulator.customer(number.account)
    ann.say("hi")
    ann.block()
    for contact in (ann.id, "436600000000"):
        assert (await number.whatsapp(contact)).status_code == 200
    await simulator.settled()
    assert [value["statuses"][0]["errors"][0]["code"] for value in hook.values[1:]] == [131026, 131026]


async def test_a_wrong_token_is_401(simulator, number) -> None:
    answer = await number.call("POST", f"{number.account.id}/messages", token="EAAGx", json={})
    assert error(answer)[:2] == (401, 190)


async def test_media_have_an_address_for_the_token_and_for_five_minutes(
    simulator, hook, number, client
) -> None:
    ann = simulator.customer(number.account)
    ann.send_file(b"voice", "note.ogg", "audio/ogg")
    await simulator.settled()
    audio = hook.values[0]["messages"][0]["audio"]
    assert audio["voice"] is True
    told = (await number.call("GET", audio["id"])).json()
    assert (told["file_size"], told["mime_type"]) == (5, "audio/ogg")
    bearer = {"Authorization": f"Bearer {number.account.token}"}
    assert (await client.get(told["url"])).status_code == 401
    assert (await client.get(told["url"], headers=bearer)).content == b"voice"
    simulator.clock.forward(301)
    assert (await client.get(told["url"], headers=bearer)).status_code == 404


async def test_an_upload_is_sent_by_its_id(simulator, number) -> None:
    ann = simulator.customer(number.account)
    ann.say("hi")
    upload = {"file": ("bill.pdf", b"%PDF-", "application/pdf")}
    data = {"messaging_product": "whatsapp", "type": "application/pdf"}
    media = (await number.call("POST", f"{number.account.id}/media", data=data, files=upload)).json()["id"]
    document = {"id": media, "caption": "Your bill", "filename": "Bill 5.pdf"}
    assert (await number.whatsapp(ann.id, type="document", document=document)).status_code == 200
    assert (ann.seen[0].text, ann.seen[0].file.name, ann.seen[0].file.data) == (
        "Your bill",
        "Bill 5.pdf",
        b"%PDF-",
    )
    assert (await number.call("DELETE", media)).json() == {"success": True}
    assert error(await number.whatsapp(ann.id, type="document", document=document))[:2] == (400, 131009)


async def test_templates_are_listed_page_by_page_made_pending_and_approved(simulator, number) -> None:
    path = f"{number.account.waba_id}/message_templates"
    listed = (await number.call("GET", path, params={"status": "APPROVED"})).json()["data"]
    assert {item["status"] for item in listed} == {"APPROVED"}
    assert ("order_update", "hi") in {(item["name"], item["language"]) for item in listed}
    first = (await number.call("GET", path, params={"limit": 2})).json()
    assert len(first["data"]) == 2
    assert "next" in first["paging"]
    body = {"name": "new_one", "language": "en", "components": [{"type": "BODY", "text": "Hello {{1}}"}]}
    made = (await number.call("POST", path, json=body)).json()
    assert made["status"] == "PENDING"


async def test_read_marks_and_typing_reach_the_customer(simulator, number) -> None:
    ann = simulator.customer(number.account)
    said = ann.say("hi")
    body = {"messaging_product": "whatsapp", "status": "read", "message_id": said}
    body |= {"typing_indicator": {"type": "text"}}
    answer = await number.call("POST", f"{number.account.id}/messages", json=body)
    assert answer.json() == {"success": True}
    assert [what for what, _ in ann.signals] == ["read", "typing"]
    assert ann.said[0].read_at


async def test_a_person_on_the_businesss_phone_is_echoed(simulator, hook, number) -> None:
    ann = simulator.customer(number.account)
    ann.say("hi")
    mid = ann.answered_elsewhere("Joe here")
    await simulator.settled()
    (echo,) = hook.values[1]["message_echoes"]
    assert (echo["id"], echo["to"], echo["text"]) == (mid, ann.id, {"body": "Joe here"})
    fields = [change["field"] for body in hook.bodies for change in body["entry"][0]["changes"]]
    assert fields == ["messages", "smb_message_echoes"]


async def test_too_fast_to_one_person_or_in_all_is_refused_with_its_codes(simulator, number) -> None:
    ann = simulator.customer(number.account)
    ann.say("hi")
    answers = [await number.whatsapp(ann.id) for _ in range(46)]
    assert error(answers[45])[:2] == (429, 131056)
    assert answers[45].headers["retry-after"] == "6"
    assert len(ann.seen) == 45
    simulator.clock.forward(6)
    assert (await number.whatsapp(ann.id)).status_code == 200
    others = [await number.whatsapp(simulator.customer(number.account).id) for _ in range(80)]
    assert error(others[79])[:2] == (429, 130429)
