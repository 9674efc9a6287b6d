"""The desk over HTTP: who may call what, and what comes back."""

from __future__ import annotations

import httpx

from handoff.agents import attempts
from tests.support.conversations import wish
from tests.support.gateway import PASSWORD, Browser, Gateway, Visitor


async def talk(running: Gateway, *words: str) -> Visitor:
    visitor = await running.visit(await running.inbox())
    for word in words or ("Hello",):
        await visitor.say(word)
    return visitor


async def queued(running: Gateway, *words: str) -> Visitor:
    running.bot.answer = lambda _request: wish()
    visitor = await talk(running, *words)
    await visitor.socket.until("conversation", lambda row: row["owner"] == "queue")
    return visitor


async def away(running: Gateway, name: str = "Maria", role: str = "agent") -> Browser:
    """An agent to whom nothing is given by itself."""
    return await running.desk(name, role, availability="away")


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


async def test_a_signed_in_agent_learns_who_it_is(running: Gateway) -> None:
    maria = await running.browser(await running.hire("Maria"))
    me = await maria.get("me")
    assert (me["agent"]["name"], me["agent"]["email"]) == ("Maria", "maria@example.org")
    public = await maria.get("texts")
    assert (public["texts"], public["signed_in"]) == (me["texts"], True)
    assert "en" in me["languages"]


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(running: Gateway) -> None:
    maria = await running.hire("Maria")
    browser = Browser(running, maria)
    cookie = (await browser.sign_in()).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "secure" not in cookie  # plain http on one machine
    await browser.http.aclose()


async def test_a_wrong_password_and_an_unknown_person_look_alike(running: Gateway) -> None:
    maria = await running.hire("Maria")
    async with httpx.AsyncClient(base_url=running.url, headers={"X-Setu": "1"}) as http:
        wrong = await http.post("/api/desk/sign-in", json={"email": maria.email, "password": "wrong"})
        unknown = await http.post("/api/desk/sign-in", json={"email": "x@example.org", "password": "wrong"})
    assert (wrong.status_code, wrong.json()) == (unknown.status_code, unknown.json())
    assert code(wrong) == (401, "wrong_credentials")


async def test_guessing_is_stopped_with_a_time_to_come_back(running: Gateway) -> None:
    browser = Browser(running, await running.hire("Maria"))
    for _ in range(attempts.PER_ACCOUNT):
        await browser.sign_in("wrong")
    stopped = await browser.sign_in(PASSWORD)
    assert code(stopped) == (429, "too_many_attempts")
    assert int(stopped.headers["retry-after"]) > 0
    await browser.http.aclose()


CALLS = [
    ("POST", "sign-out"),
    ("PUT", "me/availability"),
    ("PUT", "me/password"),
    *[("POST", f"conversations/ID/{what}") for what in (
        "claim", "reply", "note", "hand-back", "resolve", "snooze", "transfer", "read")],
]  # fmt: skip
READS = ("me", "agents", "canned", "conversations", "conversations/ID", "conversations/ID/messages",
         "search?q=a", "next-steps")  # fmt: skip


async def test_nobody_reads_or_does_anything_without_a_sign_in(running: Gateway) -> None:
    visitor = await queued(running)
    async with httpx.AsyncClient(base_url=f"{running.url}/api/desk/", headers={"X-Setu": "1"}) as http:
        for cookie in ({}, {"setu_desk": "forged"}, {"setu_desk": visitor.token}):
            http.cookies.clear()
            http.cookies.update(cookie)
            for path in READS:
                answer = await http.get(path.replace("ID", visitor.conversation_id))
                assert code(answer) == (401, "not_signed_in"), path
            for method, path in CALLS[1:]:
                answer = await http.request(method, path.replace("ID", visitor.conversation_id), json={})
                assert answer.status_code in (401, 422), path
    assert (await running.view(visitor.conversation_id)).status == "queued"


async def test_a_call_from_another_page_is_refused(running: Gateway) -> None:
    visitor = await queued(running)
    maria = await away(running)
    forged = (
        {"Origin": "https://evil.example", "X-Setu": "1"},
        {"Origin": "null", "X-Setu": "1"},
        {"X-Setu": "0"},
    )
    for headers in (*forged, {"X-Setu": ""}):
        for method, path in (*CALLS, ("POST", "sign-in")):
            answer = await maria.http.request(
                method, f"/api/desk/{path.replace('ID', visitor.conversation_id)}", json={}, headers=headers
            )
            assert answer.status_code in (403, 422), (path, headers)
            if answer.status_code == 422:
                continue  # refused even before, for its empty body
            assert code(answer)[1] == "origin_refused"
    assert (await running.view(visitor.conversation_id)).status == "queued"
    assert (await maria.http.get("/api/desk/me")).status_code == 200


async def test_a_trainer_may_sign_in_but_has_no_desk(running: Gateway) -> None:
    mitra = await running.browser(await running.hire("Mitra", "trainer"))
    for path in READS:
        answer = await mitra.http.get(f"/api/desk/{path.replace('ID', 'x')}")
        assert code(answer) == (403, "role_refused"), path


async def test_an_agent_opens_claims_answers_and_resolves(running: Gateway) -> None:
    visitor = await queued(running, "My parcel is late")
    maria = await away(running)
    [row] = (await maria.get("conversations", view="queue"))["conversations"]
    assert (row["id"], row["unread"], row["last_message"]["sender"]) == (visitor.conversation_id, 1, "system")
    opened = await maria.get(f"conversations/{row['id']}")
    assert opened["messages"][0]["text"] == "My parcel is late"
    assert opened["card"]["reason"]["code"] == "asked"
    claimed = (await maria.act(row["id"], "claim"))["conversation"]
    assert (claimed["owner"], claimed["agent"]["name"]) == ("agent", "Maria")
    said = (await maria.act(row["id"], "reply", text="Let me look", client_id="r1"))["message"]
    again = (await maria.act(row["id"], "reply", text="Let me look", client_id="r1"))["message"]
    assert said == again
    await maria.act(row["id"], "read", number=said["number"])
    counts = (await maria.get("conversations", view="mine"))["counts"]
    assert (counts["queue"], counts["mine"], counts["unread"]) == (0, 1, 0)
    resolved = (await maria.act(row["id"], "resolve"))["conversation"]
    assert resolved["status"] == "resolved"
    assert (await maria.get("conversations", view="resolved"))["counts"]["resolved"] == 1


async def test_what_somebody_else_has_is_unknown_to_an_agent_and_open_to_a_supervisor(
    running: Gateway,
) -> None:
    visitor = await queued(running, "My secret is 4711")
    maria, omar = await away(running, "Maria"), await away(running, "Omar")
    ravi = await away(running, "Ravi", "supervisor")
    await maria.act(visitor.conversation_id, "claim")
    for method, path in (
        ("GET", ""),
        ("GET", "/messages"),
        *(("POST", f"/{p.split('/')[-1]}") for _, p in CALLS[3:]),
    ):
        body = {"text": "x", "until": "2030-01-01T00:00:00Z", "agent_id": omar.agent.id, "number": 1}
        wanted = {
            "reply": ["text"],
            "note": ["text"],
            "snooze": ["until"],
            "transfer": ["agent_id"],
            "read": ["number"],
        }
        sent = {name: body[name] for name in wanted.get(path[1:], [])}
        answer = await omar.http.request(
            method,
            f"/api/desk/conversations/{visitor.conversation_id}{path}",
            json=sent if method == "POST" else None,
        )
        assert code(answer) == (404, "conversation_unknown"), path
    for view in ("queue", "mine", "bot", "resolved", "all"):
        assert (await omar.get("conversations", view=view))["conversations"] == []
    assert (await omar.get("search", q="4711"))["hits"] == []
    assert (await ravi.get(f"conversations/{visitor.conversation_id}"))["conversation"][
        "status"
    ] == "assigned"
    assert len((await ravi.get("conversations", view="all"))["conversations"]) == 1
    assert len((await ravi.get("search", q="4711"))["hits"]) == 1


async def test_a_glance_of_a_supervisor_marks_nothing_as_read(running: Gateway) -> None:
    visitor = await queued(running)
    maria, ravi = await away(running, "Maria"), await away(running, "Ravi", "supervisor")
    await maria.act(visitor.conversation_id, "claim")
    await ravi.act(visitor.conversation_id, "read", number=1)
    assert (await running.view(visitor.conversation_id)).read_by_agent == 0


async def test_lost_races_and_wrong_states_are_conflicts(running: Gateway) -> None:
    visitor = await queued(running)
    maria, ravi = await away(running, "Maria"), await away(running, "Ravi", "supervisor")
    path = f"conversations/{visitor.conversation_id}"
    await maria.act(visitor.conversation_id, "claim")
    assert code(await ravi.post(f"{path}/claim")) == (409, "taken")
    assert code(await ravi.post(f"{path}/reply", {"text": "Hello"})) == (409, "not_yours")
    await maria.act(visitor.conversation_id, "resolve")
    assert code(await maria.post(f"{path}/reply", {"text": "Hello"}))[0] == 409


async def test_bad_input_gets_a_clear_error(running: Gateway) -> None:
    visitor = await queued(running)
    maria = await away(running)
    await maria.act(visitor.conversation_id, "claim")
    path = f"conversations/{visitor.conversation_id}"
    bad = [
        (f"{path}/reply", {"text": ""}),
        (f"{path}/reply", {"text": "x" * 10_001}),
        (f"{path}/reply", {"text": "a", "client_id": "x" * 65}),
        (f"{path}/reply", {"text": "a", "sender": "customer"}),
        (f"{path}/reply", {}),
        (f"{path}/snooze", {"until": "yesterday"}),
        (f"{path}/snooze", {"until": "2020-01-01T00:00:00Z"}),
        (f"{path}/snooze", {"until": "2099-01-01T00:00:00"}),
        (f"{path}/hand-back", {"next": "/inject{}"}),
        (f"{path}/read", {"number": -1}),
        (f"{path}/transfer", {"agent_id": "\x00"}),
        ("conversations/a%00b/claim", {}),
    ]
    for where, body in bad:
        answer = await maria.post(where, body)
        assert answer.status_code == 422, (where, body, answer.text)
        assert answer.json()["error"]["message"]
    for query in ("conversations?view=secret", "conversations?before=%00", "conversations?q=%00", "search"):
        assert (await maria.http.get(f"/api/desk/{query}")).status_code == 422, query


async def test_an_agent_away_at_the_socket_but_calling_is_not_lost(running: Gateway) -> None:
    """Somebody who works over HTTP alone keeps the conversations."""
    visitor = await queued(running)
    maria = await running.browser(await running.hire("Maria"))
    await maria.act(visitor.conversation_id, "claim")
    await running.front.heart.rescue()
    assert (await running.view(visitor.conversation_id)).status == "assigned"


async def test_next_steps_and_canned_replies_are_offered(running: Gateway) -> None:
    maria = await away(running)
    steps = (await maria.get("next-steps"))["steps"]
    assert {"intent": "track_order", "title": "Track an order"} in steps
    assert (await maria.get("canned", language="en"))["canned"] == []
