"""The page of inboxes over HTTP: who may, what is answered, and that no secret ever is."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from handoff.channels.base import Health, SendFailed
from tests.support.fake_platform import FILLED, SECRETS, Pigeons
from tests.support.gateway import Browser, Gateway

CALLS = [
    ("GET", ""),
    ("GET", "/kinds"),
    ("POST", ""),
    ("PATCH", "/ID"),
    *[("POST", f"/ID/{what}") for what in ("renew", "check", "test", "disable", "enable")],
    ("GET", "/ID/contacts"),
    ("GET", "/ID/test/MESSAGE"),
]


async def call(browser: Browser, method: str, path: str, body: Any = None) -> httpx.Response:
    return await browser.http.request(method, f"/api/desk/inboxes{path}", json=body)


async def made(browser: Browser, **settings: Any) -> dict[str, Any]:
    body = {"channel": "pigeons", "name": "Our pigeons", "settings": {**FILLED, **settings}}
    answer = await call(browser, "POST", "", body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


@pytest.mark.parametrize(("method", "path"), CALLS)
async def test_only_supervisors_and_operators_come_near(running: Gateway, method: str, path: str) -> None:
    async with httpx.AsyncClient(base_url=running.url, headers={"X-Setu": "1"}) as nobody:
        answer = await nobody.request(method, f"/api/desk/inboxes{path}", json={})
        assert answer.status_code == 401
    maria = await running.browser(await running.hire("Maria", "agent"))
    assert code(await call(maria, method, path, {})) == (403, "inboxes_refused")
    farah = await running.browser(await running.hire("Farah", "operator"))
    if method != "GET":
        del farah.http.headers["X-Setu"]
        assert code(await call(farah, method, path, {})) == (403, "origin_refused")


async def test_an_inbox_is_made_connected_checked_and_listed(farah: Browser, pigeons: Pigeons) -> None:
    answer = await made(farah, perch="7")
    inbox = answer["inbox"]
    url = f"https://chat.example/webhooks/{inbox['id']}"
    assert inbox["webhook"] == url
    assert inbox["settings"] == {
        "loft": "North tower",
        "perch": 7,
        "verify_token": answer["made"]["verify_token"],
    }
    assert inbox["secrets"] == {"access_token": True, "app_secret": True, "seal": True}
    assert set(answer["made"]) == {"verify_token", "seal"}
    ((connected, where),) = pigeons.connected
    assert (where, connected.credentials["access_token"]) == (url, SECRETS[0])
    assert pigeons.checked == [inbox["id"]]
    listed = (await call(farah, "GET", "")).json()
    assert (listed["inboxes"], listed["reachable"]) == ([inbox], True)
    assert inbox["health"]["state"] == "new"
    assert inbox["health"]["signs"] == ["quiet"]


async def test_the_forms_are_described(farah: Browser) -> None:
    kinds = {kind["channel"]: kind for kind in (await call(farah, "GET", "/kinds")).json()["kinds"]}
    assert set(kinds) == {"web", "rest", "pigeons"}
    assert kinds["rest"]["own"] == ["token", "secret"]
    assert (kinds["pigeons"]["webhook"], kinds["pigeons"]["own"]) == (True, [])
    token = next(one for one in kinds["pigeons"]["settings"] if one["name"] == "access_token")
    assert token == {
        "name": "access_token", "secret": True, "required": True, "made": False, "kind": "text",
    }  # fmt: skip


async def test_no_answer_and_no_log_line_ever_holds_a_secret(
    farah: Browser, pigeons: Pigeons, running: Gateway
) -> None:
    leak = f"https://api.example/bot{SECRETS[0]}/send said no to {SECRETS[1]}"
    said: list[str] = []
    with capture_logs() as lines:
        inbox = (await made(farah))["inbox"]
        here = f"/{inbox['id']}"
        pigeons.health = Health(problem=leak)
        said.append((await call(farah, "POST", f"{here}/check")).text)
        pigeons.failure = SendFailed(leak)
        said.append((await call(farah, "PATCH", here, {"settings": {"access_token": SECRETS[0]}})).text)
        pigeons.failure, pigeons.broken = None, RuntimeError(leak)
        said.append((await call(farah, "POST", f"{here}/check")).text)
        for settings in (
            {"perch": SECRETS[0]},
            {"access_token": {"a": SECRETS[0]}},
            {SECRETS[0]: "x"},
            {"strange": SECRETS[0]},
        ):
            answer = await call(farah, "PATCH", here, {"settings": settings})
            assert answer.status_code == 422
            said.append(answer.text)
        said.append((await call(farah, "GET", "")).text)
        said.append((await call(farah, "POST", f"{here}/disable")).text)
    async with running.database.read() as session:
        for table in ("inboxes", "journal", "deliveries"):
            said.extend(str(row) for row in await session.execute(text(f"SELECT * FROM {table}")))
    for secret in SECRETS:
        assert secret not in "\n".join(said)
        assert secret not in str(lines)
    assert "•••" in said[0]
    assert "said no to" in said[0]


async def test_one_secret_is_changed_and_the_others_stay(
    farah: Browser, pigeons: Pigeons, running: Gateway
) -> None:
    inbox = (await made(farah))["inbox"]
    with capture_logs() as lines:
        answer = await call(
            farah,
            "PATCH",
            f"/{inbox['id']}",
            {"name": "Pigeons", "settings": {"access_token": "another-token"}},
        )
    assert answer.json()["inbox"] == inbox | {"name": "Pigeons", "health": answer.json()["inbox"]["health"]}
    kept = await running.inboxes.get(inbox["id"])
    assert kept.credentials["access_token"] == "another-token"
    assert kept.credentials["app_secret"] == SECRETS[1]
    assert len(pigeons.connected) == 2
    audit = next(line for line in lines if line["event"] == "inbox_changed")
    assert (audit["by"], audit["did"], audit["what"]) == (farah.agent.id, "changed", ["access_token", "name"])
    same = await call(farah, "PATCH", f"/{inbox['id']}", {"settings": {"access_token": "", "perch": "3"}})
    assert same.json()["inbox"]["settings"]["perch"] == 3
    assert (await running.inboxes.get(inbox["id"])).credentials["access_token"] == "another-token"
    gone = await call(farah, "PATCH", f"/{inbox['id']}", {"settings": {"perch": ""}})
    assert gone.json()["inbox"]["settings"]["perch"] is None


async def test_what_the_platform_dislikes_is_told_and_nothing_has_to_be_typed_again(
    farah: Browser, pigeons: Pigeons
) -> None:
    pigeons.failure = SendFailed("The access token has expired.", final=True, code="token_expired")
    inbox = (await made(farah))["inbox"]
    assert inbox["health"]["problem"] == "The access token has expired."
    assert (inbox["health"]["state"], inbox["health"]["signs"][0]) == ("bad", "problem")
    pigeons.failure = None
    fixed = await call(farah, "PATCH", f"/{inbox['id']}", {"settings": {"access_token": "good-token"}})
    assert (fixed.json()["inbox"]["health"]["problem"], fixed.json()["inbox"]["health"]["state"]) == (
        None,
        "new",
    )


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ({"channel": "smoke", "name": "x"}, "unknown_channel"),
        ({"channel": "pigeons", "name": "x"}, "missing_setting"),
        (
            {"channel": "pigeons", "name": "x", "settings": FILLED | {"api_url": "http://x"}},
            "unknown_setting",
        ),
        ({"channel": "pigeons", "name": " ", "settings": FILLED}, "bad_name"),
        ({"channel": "pigeons", "name": "x\x00", "settings": FILLED}, "bad_name"),
        ({"channel": "pigeons", "name": "x", "settings": FILLED | {"perch": "many"}}, "bad_setting"),
        ({"channel": "pigeons", "name": "x", "settings": FILLED | {"loft": "a\x00b"}}, "bad_setting"),
        ({"channel": "pigeons", "name": "x", "settings": FILLED | {"loft": "\ud800"}}, "bad_request"),
        ({"channel": "pigeons", "name": "x", "settings": FILLED | {"loft": "y" * 3000}}, "bad_setting"),
        (
            {"channel": "rest", "name": "x", "settings": {"callback_url": "javascript:alert(1)"}},
            "bad_setting",
        ),
        ({"channel": "pigeons", "name": "x", "more": 1}, "bad_field"),
    ],
)
async def test_a_wrong_form_is_refused_and_makes_nothing(
    farah: Browser, body: dict[str, Any], wanted: str
) -> None:
    if wanted == "bad_request":
        raw = b'{"channel": "pigeons", "name": "x", "settings": {"loft": "\\ud800"}}'
        answer = await farah.http.post(
            "/api/desk/inboxes", content=raw, headers={"Content-Type": "application/json"}
        )
        assert answer.status_code == 422
    else:
        assert code(await call(farah, "POST", "", body)) == (422, wanted)
    assert (await call(farah, "GET", "")).json()["inboxes"] == []


@pytest.mark.parametrize("strange", ["' OR '1'='1", "x; DROP TABLE inboxes", "%00", "..%2F..", "a" * 33, "é"])
async def test_ids_are_ids_and_nothing_else(farah: Browser, strange: str) -> None:
    await made(farah)
    for method, path in CALLS:
        if "ID" not in path:
            continue
        answer = await call(farah, method, path.replace("ID", strange), {})
        assert answer.status_code in (404, 422), (method, path)
    again = await farah.http.get("/api/desk/inboxes", params={"q": strange, "order": strange})
    assert len(again.json()["inboxes"]) == 1


async def test_an_unknown_inbox_is_not_found(farah: Browser) -> None:
    for method, path in CALLS:
        if "ID" in path:
            body = (
                {"what": "seal"} if path.endswith("renew") else {"to": "x"} if path.endswith("test") else {}
            )
            answer = await call(farah, method, path.replace("ID", "none"), body)
            assert answer.status_code == 404, path


async def test_what_we_made_up_is_made_anew_and_told_to_the_platform(
    farah: Browser, pigeons: Pigeons, running: Gateway
) -> None:
    first = await made(farah)
    here = f"/{first['inbox']['id']}"
    renewed = (await call(farah, "POST", f"{here}/renew", {"what": "seal"})).json()["made"]
    assert renewed["seal"] != first["made"]["seal"]
    assert pigeons.connected[-1][0].credentials["seal"] == renewed["seal"]
    assert (await running.inboxes.get(first["inbox"]["id"])).options["verify_token"] == first["made"][
        "verify_token"
    ]
    for what in ("access_token", "token", "loft", "api_url"):
        assert code(await call(farah, "POST", f"{here}/renew", {"what": what})) == (422, "unknown_setting")


async def test_the_token_of_integrators_is_shown_once_and_renewed(farah: Browser, running: Gateway) -> None:
    answer = await call(farah, "POST", "", {"channel": "rest", "name": "REST", "settings": {}})
    first = answer.json()
    assert set(first["made"]) == {"token", "secret"}
    inbox_id = first["inbox"]["id"]
    renewed = (await call(farah, "POST", f"/{inbox_id}/renew", {"what": "token"})).json()["made"]["token"]
    listed = (await call(farah, "GET", "")).text
    assert first["made"]["token"] not in listed
    assert renewed not in listed
    found = await running.inboxes.authenticated(inbox_id, renewed, "rest")
    assert found.id == inbox_id


async def test_an_inbox_goes_out_of_service_and_comes_back(farah: Browser, pigeons: Pigeons) -> None:
    inbox = (await made(farah))["inbox"]
    here = f"/{inbox['id']}"
    out = (await call(farah, "POST", f"{here}/disable")).json()["inbox"]
    assert (out["disabled"], out["health"]["state"]) == (True, "off")
    refused = await call(farah, "POST", f"{here}/test", {"to": "ann"})
    assert code(refused) == (409, "inbox_disabled")
    back = (await call(farah, "POST", f"{here}/enable")).json()["inbox"]
    assert (back["disabled"], back["health"]["state"]) == (False, "new")
    assert len(pigeons.connected) == 2
