"""What Meta's three platforms share: signatures, the challenge, and what errors mean."""

from __future__ import annotations

import json

import httpx
import pytest

from handoff.channels import graph, graph_errors
from handoff.channels.base import SendFailed
from handoff.errors import Forbidden, Invalid, Unauthorised
from tests.support.meta import CREDENTIALS, PAGE, SECRET, VERIFY, GraphApi, inbox, request, signature

EMOJI = json.dumps({"object": "page", "entry": [], "text": "Grüße 🚚 سلام"})
INBOX = inbox("messenger")


@pytest.mark.parametrize(
    "body",
    [EMOJI.encode(), json.dumps(json.loads(EMOJI), ensure_ascii=False).encode(), b"{}", b"", b"\xff\xfe"],
    ids=["escaped", "utf-8", "small", "empty", "no text at all"],
)
def test_what_the_app_secret_signed_is_taken(body: bytes) -> None:
    graph.verify(INBOX, request(body))


@pytest.mark.parametrize(
    "given",
    [
        "",
        "sha256=",
        signature(EMOJI.encode(), "another secret"),
        signature(EMOJI.encode())[:-1],
        signature(EMOJI.encode()).removeprefix("sha256="),
        signature(EMOJI.encode()).replace("sha256", "sha1"),
        "sha256=" + "é" * 64,
        "sha256=\ud83d",
    ],
)
def test_forged_and_truncated_signatures_are_refused(given: str) -> None:
    with pytest.raises(Unauthorised):
        graph.verify(INBOX, request(EMOJI.encode(), sign=given))


def test_the_signature_is_of_the_bytes_not_of_what_they_mean() -> None:
    again = json.dumps(json.loads(EMOJI), ensure_ascii=False).encode()
    assert json.loads(again) == json.loads(EMOJI)
    with pytest.raises(Unauthorised):
        graph.verify(INBOX, request(again, sign=signature(EMOJI.encode())))


def test_a_truncated_body_is_refused() -> None:
    with pytest.raises(Unauthorised):
        graph.verify(INBOX, request(EMOJI.encode()[:-1], sign=signature(EMOJI.encode())))


def test_without_a_secret_nothing_is_taken_not_even_what_an_empty_one_signed() -> None:
    with pytest.raises(Unauthorised):
        graph.verify(inbox("messenger", {}), request(b"{}", sign=signature(b"{}", "")))


def test_the_challenge_is_handed_back_to_who_knows_the_token() -> None:
    query = {"hub.mode": "subscribe", "hub.verify_token": VERIFY, "hub.challenge": "1158201444"}
    assert graph.challenge(INBOX, query) == "1158201444"


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"hub.mode": "subscribe", "hub.challenge": "1"},
        {"hub.mode": "subscribe", "hub.challenge": "1", "hub.verify_token": "wrong"},
        {"hub.mode": "subscribe", "hub.challenge": "1", "hub.verify_token": "\ud83d"},
        {"hub.mode": "unsubscribe", "hub.challenge": "1", "hub.verify_token": VERIFY},
    ],
)
def test_a_challenge_without_the_token_is_forbidden(query: dict[str, str]) -> None:
    with pytest.raises(Forbidden):
        graph.challenge(INBOX, query)


def test_an_inbox_without_a_token_forbids_even_the_empty_one() -> None:
    query = {"hub.mode": "subscribe", "hub.verify_token": "", "hub.challenge": "1"}
    with pytest.raises(Forbidden):
        graph.challenge(inbox("messenger", {}), query)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff", b'"text"', b"NaN", b"[" * 100_000, b"[" * 70 + b"]" * 70]
)
def test_what_is_no_batch_is_invalid(body: bytes) -> None:
    with pytest.raises(Invalid):
        graph.entries(request(body), "page")


def test_half_an_emoji_and_a_nul_do_not_cost_the_batch() -> None:
    known, other = graph.entries(
        request(rb'{"object": "page", "entry": [{"id": "a\ud83d", "b": "x\u0000y"}, 7]}'), "page"
    )
    assert known == [{"id": "a\ufffd", "b": "x\ufffdy"}]
    assert other == [7]


# code, subcode, HTTP status → what the desk is told, whether it is final, the least wait
MEANINGS = [
    ((10, 2018278, 403), ("window_closed", True, None)),
    ((10, 2018065, 400), ("window_closed", True, None)),
    ((10, 2534022, 400), ("window_closed", True, None)),
    ((131047, None, 400), ("window_closed", True, None)),
    ((10, None, 403), ("token_expired", True, None)),
    ((190, 463, 400), ("token_expired", True, None)),
    ((190, None, 401), ("token_expired", True, None)),
    ((0, None, 401), ("token_expired", True, None)),
    ((230, None, 403), ("token_expired", True, None)),
    ((551, 1545041, 400), ("blocked", True, None)),
    ((200, 1545041, 403), ("blocked", True, None)),
    ((100, 2018001, 400), ("blocked", True, None)),
    ((131026, None, 400), ("blocked", True, None)),
    ((613, None, 400), ("rate_limited", False, 60.0)),
    ((4, None, 400), ("rate_limited", False, 60.0)),
    ((80006, None, 400), ("rate_limited", False, 60.0)),
    ((130429, None, 429), ("rate_limited", False, 2.0)),
    ((131056, None, 400), ("contact_limited", False, 6.0)),
    ((1, None, 500), ("unreachable", False, None)),
    ((2, None, 503), ("unreachable", False, None)),
    ((1200, 2018024, 400), ("unreachable", False, None)),
    ((131000, None, 500), ("unreachable", False, None)),
    ((100, None, 400), ("bad_content", True, None)),
    ((132000, None, 400), ("bad_content", True, None)),
    ((132001, None, 404), ("bad_content", True, None)),
    ((132015, None, 400), ("bad_content", True, None)),
    ((131009, None, 400), ("bad_content", True, None)),
    ((10, 2018300, 403), ("elsewhere", True, None)),
]


@pytest.mark.parametrize(("given", "meant"), MEANINGS)
def test_errors_mean(given: tuple[int, int | None, int], meant: tuple[str, bool, float | None]) -> None:
    code, subcode, status = given
    failed = graph_errors.failure(
        status, {"error": {"message": "no", "code": code, "error_subcode": subcode}}, {}, 0.0
    )
    assert (failed.code, failed.final, failed.retry_after) == meant
    assert not failed.unsure
    assert str(code) in str(failed)


def test_the_error_that_comes_although_all_was_sent_leaves_it_open() -> None:
    failed = graph_errors.failure(500, {"error": {"code": 1, "error_subcode": 1357046}})
    assert failed.unsure
    assert not failed.final


@pytest.mark.parametrize("status", [200, 500, 502, 504])
def test_an_answer_that_is_not_the_platforms_leaves_open_what_became_of_the_call(status: int) -> None:
    failed = graph_errors.failure(status, None)
    assert (failed.unsure, failed.final) == (True, False)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "9" * 400}, 86_400.0),
        ({"x-business-use-case-usage": '{"1": [{"estimated_time_to_regain_access": 3}]}'}, 180.0),
        ({"x-business-use-case-usage": "no JSON"}, 60.0),
        ({}, 60.0),
    ],
)
def test_how_long_to_wait_is_what_the_platform_says(headers: dict[str, str], wait: float) -> None:
    assert graph_errors.failure(400, {"error": {"code": 4}}, headers, 0.0).retry_after == wait


@pytest.mark.parametrize("body", [None, [], "no", {"error": "no"}, {"error": {"code": "x", "message": 7}}])
@pytest.mark.parametrize("status", [200, 302, 400, 408, 429, 500])
def test_no_answer_is_too_odd(status: int, body: object) -> None:
    assert isinstance(graph_errors.failure(status, body), SendFailed)


@pytest.mark.parametrize(
    ("broken", "unsure"),
    [
        (httpx.ConnectError("refused"), False),
        (httpx.ConnectTimeout("slow"), False),
        (httpx.PoolTimeout("busy"), False),
        (httpx.ReadTimeout("slow"), True),
        (httpx.ReadError("reset"), True),
        (httpx.WriteError("reset"), True),
        (httpx.RemoteProtocolError("closed"), True),
    ],
)
async def test_a_lost_answer_is_told_from_a_call_never_made(broken: Exception, unsure: bool) -> None:
    api = GraphApi()
    api.answers.append(broken)
    async with api.client() as client:
        with pytest.raises(SendFailed) as failed:
            await graph.Graph(client).post(INBOX, f"{PAGE}/messages", {})
    assert (failed.value.unsure, failed.value.final, failed.value.code) == (unsure, False, "unreachable")


@pytest.mark.parametrize("bad", ["", "  ", "tökén", "a\nb"])
async def test_a_token_that_cannot_be_sent_is_the_operators_to_mend(bad: str) -> None:
    api = GraphApi()
    async with api.client() as client:
        with pytest.raises(SendFailed) as failed:
            await graph.Graph(client).post(
                inbox("messenger", CREDENTIALS | {"access_token": bad}), "1/messages"
            )
    assert (failed.value.code, failed.value.final, api.calls) == ("token_expired", True, [])


@pytest.mark.parametrize("bad", ["", "../me", "1/2", "1?x=y", "٣"])
async def test_a_setting_cannot_lead_a_call_astray(bad: str) -> None:
    with pytest.raises(SendFailed):
        graph.option(inbox("messenger", page_id=bad), "page_id")


async def test_health_tells_the_account_and_when_the_token_ends() -> None:
    api = GraphApi()
    scopes = ["pages_messaging", "pages_manage_metadata"]
    api.objects["debug_token"] = {
        "data": {"is_valid": True, "scopes": scopes, "expires_at": 0, "data_access_expires_at": 1_800_000_000}
    }
    api.objects[PAGE] = {"name": "Shop", "id": PAGE}
    async with api.client() as client:
        found = await graph.health(graph.Graph(client), INBOX, frozenset(scopes), PAGE, "name")
        lacking = await graph.health(graph.Graph(client), INBOX, frozenset({*scopes, "more"}), PAGE, "name")
    assert (found.problem, found.account) == ("", "Shop")
    assert found.token_expires_at is not None
    assert found.token_expires_at.timestamp() == 1_800_000_000
    assert lacking.problem == "The access token lacks more."


async def test_a_token_of_another_app_is_found_before_our_echoes_seem_to_be_its() -> None:
    api = GraphApi()
    api.objects["debug_token"] = {"data": {"is_valid": True, "scopes": [], "app_id": "999"}}
    async with api.client() as client:
        health = await graph.health(graph.Graph(client), INBOX, frozenset(), PAGE, "name")
    assert "999" in health.problem


async def test_health_says_what_is_wrong_and_does_not_raise() -> None:
    api = GraphApi()
    async with api.client() as client:
        calls = graph.Graph(client)
        api.objects["debug_token"] = {"data": {"is_valid": False, "error": {"message": "It was revoked."}}}
        assert (await graph.health(calls, INBOX, frozenset(), PAGE, "name")).problem == "It was revoked."
        api.fail(190)
        assert "190" in (await graph.health(calls, INBOX, frozenset(), PAGE, "name")).problem
        api.answers.append(httpx.ConnectError("refused"))
        assert (await graph.health(calls, INBOX, frozenset(), PAGE, "name")).problem
        assert (await graph.health(calls, inbox("messenger", {}), frozenset(), PAGE, "name")).problem


def test_nothing_prints_the_secrets() -> None:
    assert SECRET not in repr(INBOX)
