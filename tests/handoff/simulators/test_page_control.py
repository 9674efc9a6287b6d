"""What the page with the phones asks over HTTP, and who may ask."""

from __future__ import annotations

import base64

import pytest


@pytest.fixture
def phone(simulator, page):
    ann = simulator.customer(page.account, "Ann Reader")
    return ann, {"account": page.account.id, "contact": ann.id}


async def test_a_phone_is_used_and_seen(client, simulator, page, phone) -> None:
    ann, here = phone
    done = await client.post("/_sim/do", json=here | {"what": "say", "text": "hello"})
    assert done.json() == {"id": ann.said[0].id}
    data = base64.b64encode(b"%PDF-").decode()
    file = {"what": "file", "name": "a.pdf", "type": "application/pdf", "data": data}
    await client.post("/_sim/do", json=here | file)
    button = {"type": "postback", "title": "Yes", "payload": "/yes"}
    payload = {"template_type": "button", "text": "Sure?", "buttons": [button]}
    await page.send(ann.id, {"attachment": {"type": "template", "payload": payload}})
    await client.post("/_sim/do", json=here | {"what": "tap", "message": ann.seen[0].id, "tap": 0})
    await client.post("/_sim/do", json=here | {"what": "read"})
    assert [(said.text, said.payload) for said in ann.said] == [("hello", None), ("", None), ("Yes", "/yes")]
    (told,) = (await client.get("/_sim/view")).json()["phones"]
    assert [entry["mine"] for entry in told["entries"]] == [True, True, False, True]
    assert told["entries"][1]["file"]["name"] == "a.pdf"
    assert told["entries"][2]["state"] == "read"


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"what": "say", "text": "  "}, 409),
        ({"what": "say"}, 422),
        ({"what": "say", "text": "hi", "contact": "nobody"}, 409),
        ({"what": "dance"}, 422),
        ({"what": "tap", "message": "none", "tap": 0}, 409),
        ({"what": "edit", "message": "none", "text": "x"}, 409),
        ({"what": "file", "name": "x", "type": "y", "data": "no base64"}, 422),
        ({"what": "forward", "hours": "many"}, 422),
        ({"what": "faults", "faults": {"unheard_of": 1}}, 422),
        ({}, 422),
    ],
)
async def test_what_cannot_be_done_is_told_and_nothing_breaks(client, phone, given, status) -> None:
    _, here = phone
    answer = await client.post("/_sim/do", json=here | given)
    assert answer.status_code == status
    assert answer.json()["error"]


async def test_a_fault_set_leaves_the_others_as_they_are(client, phone) -> None:
    for faults in ({"duplicates": 0.25}, {"fail_before": 0.5}):
        assert (await client.post("/_sim/do", json={"what": "faults", "faults": faults})).status_code == 200
    told = (await client.get("/_sim/view")).json()["faults"]
    assert (told["duplicates"], told["fail_before"]) == (0.25, 0.5)


async def test_other_sites_cannot_play_customer(client, phone) -> None:
    _, here = phone
    form = await client.post("/_sim/do", content="what=say", headers={"Content-Type": "text/plain"})
    assert form.status_code == 415
    given = here | {"what": "say", "text": "hi"}
    named = await client.post("/_sim/do", json=given, headers={"Host": "evil.example:8090"})
    assert named.status_code == 403
    assert (
        await client.post("/_sim/do", content=b"[1", headers={"Content-Type": "application/json"})
    ).status_code == 422


async def test_the_page_has_its_words_in_every_language_and_a_strict_policy(client) -> None:
    english = (await client.get("/_sim/texts?language=xx")).json()
    assert english["language"] == "en"
    for language in english["languages"]:
        told = (await client.get(f"/_sim/texts?language={language}-XX")).json()
        assert told["language"] == language
        assert told.keys() == english.keys()
    assert "default-src 'none'" in (await client.get("/")).headers["content-security-policy"]


async def test_a_template_is_approved(client, simulator, number) -> None:
    (pending,) = (await client.get("/_sim/view")).json()["pending"]
    await client.post("/_sim/do", json={"what": "approve", "template": pending["id"]})
    assert (await client.get("/_sim/view")).json()["pending"] == []
