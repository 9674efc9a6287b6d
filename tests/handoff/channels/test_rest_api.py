"""The REST inbox, as an integrator meets it."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from sqlalchemy import select

from handoff.channels.identity import sign
from handoff.conversations.models import Contact
from tests.support.gateways import Running


def identity(running: Running, customer: str = "c1", seconds: int = 60, secret: str | None = None) -> Any:
    signed = sign(secret or running.inbox.secret, customer, int(time.time()) + seconds)
    return {"customer": signed.customer, "expires": signed.expires, "signature": signed.signature}


async def test_a_message_is_answered_with_its_replies(running_gateway: Running) -> None:
    answer = await running_gateway.post("Where is my order?", id="m-1", locale="en-IN")
    assert answer.status_code == 200
    body = answer.json()
    assert (body["message"]["number"], body["message"]["text"]) == (1, "Where is my order?")
    assert (body["conversation"]["owner"], body["conversation"]["last_number"]) == ("bot", 2)
    assert [reply["text"] for reply in body["replies"]] == ["re: Where is my order?"]
    assert "private" not in body["replies"][0]


async def test_without_waiting_it_is_stored_and_the_replies_are_fetched(running_gateway: Running) -> None:
    answer = await running_gateway.post("Hello", wait=0)
    assert answer.json()["replies"] == []
    await running_gateway.gateway.conversations.turns.settle()
    fetched = await running_gateway.fetch(after=1)
    assert [m["text"] for m in fetched["messages"]] == ["re: Hello"]
    assert (await running_gateway.fetch(after=2))["messages"] == []


async def test_waiting_ends_when_the_time_is_over(running_gateway: Running) -> None:
    running_gateway.bot.mode = "hang"
    answer = await running_gateway.post("Hello", wait=0.05)
    assert answer.status_code == 200
    assert answer.json()["replies"] == []


async def test_the_same_id_gives_the_same_answer(running_gateway: Running) -> None:
    first, again = [(await running_gateway.post("Hello", id="m-1")).json() for _ in range(2)]
    assert first == again
    without_waiting = (await running_gateway.post("Hello", id="m-1", wait=0)).json()
    assert without_waiting == first
    assert len((await running_gateway.fetch())["messages"]) == 2


async def test_fifty_messages_in_a_moment_are_stored_once_and_in_order(running_gateway: Running) -> None:
    ids = [f"m-{n}" for n in range(50)]
    answers = await asyncio.gather(*(running_gateway.post(id_, id=id_, wait=0) for id_ in ids))
    assert {answer.status_code for answer in answers} == {200}
    numbers = [answer.json()["message"]["number"] for answer in answers]
    assert numbers == sorted(numbers)
    await running_gateway.gateway.conversations.turns.settle()
    thread = (await running_gateway.fetch())["messages"]
    assert [m["text"] for m in thread if m["sender"] == "customer"] == ids
    assert [m["number"] for m in thread] == list(range(1, len(thread) + 1))


BAD: list[tuple[dict[str, Any], str]] = [
    ({"text": ""}, "text_empty"),
    ({"text": " \u202e "}, "text_empty"),
    ({"text": "x" * 10_001}, "text_too_long"),
    ({"text": None}, "text_or_payload"),
    ({"payload": "/greet"}, "text_or_payload"),
    ({"text": None, "payload": "/restart"}, "unknown_payload"),
    ({"contact": ""}, "bad_id"),
    ({"contact": "a\nb"}, "bad_id"),
    ({"id": ""}, "bad_id"),
    ({"id": "x" * 256}, "bad_field"),
    ({"text": 5}, "bad_field"),
    ({"wait": 1000}, "bad_field"),
    ({"surprise": 1}, "bad_field"),
]


async def test_bad_input_gets_a_clear_error_and_stores_nothing(
    running_gateway: Running, subtests: pytest.Subtests
) -> None:
    for body, code in BAD:
        with subtests.test(code, body=str(body)[:40]):
            answer = await running_gateway.post(**({"text": "Hello"} | body))
            error = answer.json()["error"]
            assert (answer.status_code, error["code"]) == (422, code)
            assert error["message"]
    assert (await running_gateway.fetch())["error"]["code"] == "contact_unknown"


async def test_a_body_that_is_no_message_is_refused(
    running_gateway: Running, subtests: pytest.Subtests
) -> None:
    for raw in (b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b'{"text": NaN}', b"[" * 5000):
        with subtests.test(raw=raw[:20]):
            answer = await running_gateway.client.post(
                running_gateway.path, content=raw, headers={"Content-Type": "application/json"}
            )
            assert answer.status_code == 422
            assert set(answer.json()) == {"error"}


async def test_broken_unicode_is_cleaned_and_breaks_nothing(running_gateway: Running) -> None:
    async def raw(body: str) -> int:
        answer = await running_gateway.client.post(
            running_gateway.path, content=body.encode(), headers={"Content-Type": "application/json"}
        )
        assert set(answer.json()) & {"error", "message"}
        return answer.status_code

    assert await raw(r'{"contact": "ann", "id": "m-1", "text": "\ud800 lone", "name": "\udfff"}') == 200
    assert await raw(r'{"contact": "ann", "id": "m-2", "text": "\u0000nul"}') == 200
    for field in ("contact", "id", "payload", "\\ud800"):
        body = {"contact": '"ann"', "id": '"m-3"', field: r'"\ud800"'}
        if field != "payload":
            body["text"] = '"x"'
        assert await raw("{" + ", ".join(f'"{name}": {value}' for name, value in body.items()) + "}") == 422
    customers = [m["text"] for m in (await running_gateway.fetch())["messages"] if m["sender"] == "customer"]
    assert customers == ["\ufffd lone", "nul"]


async def test_html_emoji_and_right_to_left_come_back_as_they_are(running_gateway: Running) -> None:
    text = "<script>alert(1)</script> 👩‍👩‍👧 سلام \u200fمی‌خواهم"
    answer = await running_gateway.post(text)
    assert answer.json()["message"]["text"] == text
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_ten_thousand_characters_are_taken(running_gateway: Running) -> None:
    assert (await running_gateway.post("ä" * 10_000)).status_code == 200


async def test_a_body_too_large_is_refused_even_if_its_length_was_not_told(running_gateway: Running) -> None:
    async def chunks() -> Any:
        for _ in range(40):
            yield b"x" * 10_000

    told = await running_gateway.client.post(running_gateway.path, content=b"x" * 300_000)
    untold = await running_gateway.client.post(running_gateway.path, content=chunks())
    for answer in (told, untold):
        assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")


async def test_a_wrong_token_opens_nothing(running_gateway: Running) -> None:
    for authorization in ("", "Bearer", "Bearer wrong", "Basic x", "Bearer \u00e4"):
        answer = await running_gateway.client.post(
            running_gateway.path,
            json={"contact": "ann", "id": "1", "text": "x"},
            headers=[(b"Authorization", authorization.encode("latin-1"))],
        )
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "inbox_unknown")


async def test_an_unknown_inbox_looks_like_a_wrong_token(running_gateway: Running) -> None:
    answer = await running_gateway.client.post(
        "/api/inboxes/nope/messages", json={"contact": "ann", "id": "1", "text": "x"}
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "inbox_unknown")


async def test_a_token_opens_its_own_inbox_only(running_gateway: Running) -> None:
    other = await running_gateway.gateway.inboxes.create("rest", "Other")
    answer = await running_gateway.client.get(
        f"/api/inboxes/{other.inbox.id}/messages", params={"contact": "ann"}
    )
    assert answer.status_code == 401


async def test_a_signed_identity_makes_the_customer_known(running_gateway: Running) -> None:
    answer = await running_gateway.post("Hello", identity=identity(running_gateway))
    assert answer.status_code == 200
    async with running_gateway.gateway.database.read() as session:
        assert (await session.scalars(select(Contact.customer_id))).one() == "c1"


async def test_a_forged_identity_is_never_silently_anonymous(running_gateway: Running) -> None:
    for change in ({"signature": "0" * 64}, {"customer": "c2"}, {"expires": 1}, {"signature": "ä"}):
        answer = await running_gateway.post("Hello", identity=identity(running_gateway) | change)
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "identity_invalid")
    assert (await running_gateway.fetch())["error"]["code"] == "contact_unknown"


async def test_an_expired_identity_says_so(running_gateway: Running) -> None:
    answer = await running_gateway.post("Hello", identity=identity(running_gateway, seconds=-1))
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "identity_expired")


async def test_a_contact_cannot_become_another_customer(running_gateway: Running) -> None:
    await running_gateway.post("Hello", identity=identity(running_gateway, "c1"))
    answer = await running_gateway.post("Hello", identity=identity(running_gateway, "c2"))
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "identity_other")


async def test_a_broken_bot_means_a_sentence_and_the_queue(running_gateway: Running) -> None:
    for mode in ("fail", "empty", "rubbish"):
        running_gateway.bot.mode = mode
        body = (await running_gateway.post("Hello", contact=mode)).json()
        assert body["conversation"]["owner"] == "queue"
        assert [reply["rich"]["key"] for reply in body["replies"]] == ["nobody_on_duty"]


async def test_the_api_is_described_with_examples(running_gateway: Running) -> None:
    described = (await running_gateway.client.get("/openapi.json")).json()
    posted = described["paths"]["/api/inboxes/{inbox}/messages"]["post"]
    assert posted["security"]
    schema = described["components"]["schemas"]["MessageIn"]
    assert schema["examples"][0]["contact"]


async def test_errors_have_one_shape_everywhere(running_gateway: Running) -> None:
    for method, path, status in (("GET", "/nope", 404), ("DELETE", running_gateway.path, 405)):
        answer = await running_gateway.client.request(method, path)
        assert answer.status_code == status
        assert set(answer.json()["error"]) == {"code", "message"}
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
