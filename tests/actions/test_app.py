"""The action server: only with its token, errors with their status, tools for every action."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection
from sqlalchemy import text

from actions.app import LARGEST_CALL, create_app, read_domain
from actions.settings import Settings
from actions.tools import Tools


class Answering(Action):
    """Says what it was given, having asked the database."""

    def __init__(self, tools: Tools) -> None:
        self.tools = tools

    def name(self) -> str:
        return "action_answer"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Any]:
        async with self.tools.database.read() as session:
            one = await session.scalar(text("SELECT 1"))
        dispatcher.utter_message(text=f"{one} {self.tools.now():%Y} {sorted(domain['forms'])}")
        return [SlotSet("colour", tracker.get_slot("colour"))]


class Rejecting(Action):
    def name(self) -> str:
        return "action_reject"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Any]:
        raise ActionExecutionRejection(self.name())


class Failing(Action):
    def name(self) -> str:
        return "action_fail"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Any]:
        raise ZeroDivisionError("a secret of the inside")


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    (tmp_path / "domain.yml").write_text(
        "forms: {order_form: {required_slots: [colour]}}\nresponses: {a: [{text: b}]}"
    )
    settings = Settings(
        database_url=f"sqlite+aiosqlite:///{tmp_path}/setu.db",
        actions_token="right",
        shop_clock="2031-01-01T00:00:00+00:00",
        domain=tmp_path / "domain.yml",
        home=tmp_path,
        encoder=tmp_path / "none",
    )
    app = create_app(settings, lambda tools: [Answering(tools), Rejecting(), Failing()])
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://actions",
            headers={"Authorization": "Bearer right"},
        ) as client,
    ):
        yield client


def call(action: str) -> dict[str, Any]:
    return {"next_action": action, "tracker": {"sender_id": "c", "slots": {"colour": "red"}}}


async def test_an_action_has_the_database_the_shops_clock_and_the_domain(server: httpx.AsyncClient) -> None:
    answer = await server.post("/webhook", json=call("action_answer"))
    assert answer.status_code == 200
    (said,) = answer.json()["responses"]
    assert said["text"] == "1 2031 ['order_form']"
    assert answer.json()["events"][0]["value"] == "red"


@pytest.mark.parametrize(
    ("action", "status"), [("action_reject", 400), ("action_fail", 500), ("action_unheard_of", 404)]
)
async def test_what_goes_wrong_has_its_status_and_keeps_its_inside(
    server: httpx.AsyncClient, action: str, status: int
) -> None:
    answer = await server.post("/webhook", json=call(action))
    assert answer.status_code == status
    assert answer.json()["action_name"] == action
    assert "secret" not in answer.text


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer wrong", "Bearer right ", "right2"])
async def test_without_the_token_no_action_runs(server: httpx.AsyncClient, token: str) -> None:
    answer = await server.post("/webhook", json=call("action_answer"), headers={"Authorization": token})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b"{", b"{}", b"\xff", b"[" * 100_000, b'{"next_action": "action_answer"}',
     b'{"next_action": "action_answer", "tracker": []}', b'"' + b"x" * LARGEST_CALL + b'"'],
    ids=lambda body: repr(body[:50]),
)  # fmt: skip
async def test_what_is_no_call_is_refused(server: httpx.AsyncClient, body: bytes) -> None:
    assert (await server.post("/webhook", content=body)).status_code == 422


async def test_health_needs_no_token_and_nothing_else_is_open(server: httpx.AsyncClient) -> None:
    assert (await server.get("/health", headers={"Authorization": ""})).json() == {"status": "ok"}
    for path in ("/docs", "/openapi.json", "/actions"):
        assert (await server.get(path)).status_code == 404


def test_the_domain_that_travels_to_actions_holds_no_texts(tmp_path: Path) -> None:
    (tmp_path / "domain.yml").write_text(
        "slots: {a: {type: text}}\nintents: [greet]\nresponses: {x: [{text: y}]}"
    )
    assert read_domain(tmp_path / "domain.yml") == {
        "slots": {"a": {"type": "text"}},
        "forms": {},
        "intents": ["greet"],
    }
