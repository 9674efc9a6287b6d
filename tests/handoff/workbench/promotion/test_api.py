"""Models by HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI, Request

from handoff.agents.models import Agent
from handoff.answers import install
from handoff.workbench.promotion import api
from tests.handoff.workbench.promotion.conftest import FAILED, House


class Door:
    """Lets in whom the header names."""

    def __init__(self, people: dict[str, Agent]) -> None:
        self.people = people

    async def trainer(self, request: Request) -> Agent:
        return self.people[request.headers.get("x-who", "asha")]


@pytest.fixture
async def client(house: House) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    install(app, house.context.texts)
    context = replace(house.context, door=Door(house.people))
    app.include_router(api.router(context, house.models))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://x/api/workbench") as made:
        yield made


async def test_the_page_gets_all_it_shows_at_once(house: House, client: httpx.AsyncClient) -> None:
    await house.trained("worse", FAILED)
    told = (await client.get("/models")).json()
    assert (told["live"], told["former"], told["shadow"]) == ("setu-first", None, None)
    assert [one["state"] for one in told["servers"]] == ["ok"] * 3
    worse, first = told["models"]
    assert (worse["name"], worse["run"]["number"], worse["verdict"]) == ("worse", 1, FAILED)
    assert (worse["live"], worse["recipe_fits"], first["live"]) == (False, True, True)
    assert first["run"] is None


async def test_promoting_and_going_back(house: House, client: httpx.AsyncClient) -> None:
    await house.trained("better")
    told = (await client.post("/models/better/promote", json={})).json()
    assert (told["live"], told["former"]) == ("better", "setu-first")
    told = (await client.post("/models/roll-back")).json()
    assert (told["live"], told["former"]) == ("setu-first", None)
    assert (await client.post("/models/roll-back")).json()["error"]["code"] == "nothing_before"


async def test_what_the_gate_refuses_is_told_and_overridden(house: House, client: httpx.AsyncClient) -> None:
    await house.trained("worse", FAILED)
    refused = await client.post("/models/worse/promote")
    assert refused.status_code == 409
    assert refused.json()["error"]["code"] == "gate_refused"
    assert [line["code"] for line in refused.json()["error"]["lines"]] == ["intent"]
    supervisor = {"x-who": "sunil"}
    short = await client.post("/models/worse/promote", json={"override": "no"}, headers=supervisor)
    assert (short.status_code, short.json()["error"]["code"]) == (422, "override_short")
    why = {"override": "it mends the refunds"}
    assert (await client.post("/models/worse/promote", json=why, headers=supervisor)).json()[
        "live"
    ] == "worse"


async def test_a_model_reads_along(house: House, client: httpx.AsyncClient) -> None:
    assert (await client.get("/models/shadow")).json() is None
    await house.trained("new")
    told = (await client.post("/models/new/shadow", json={"hours": 2})).json()
    assert (told["model"], told["live"], told["read"], told["ended_at"]) == ("new", "setu-first", 0, None)
    assert (await client.get("/models")).json()["shadow"]["model"] == "new"
    assert (await client.post("/models/shadow/end")).json()["ended_at"] is not None
    assert (await client.get("/models")).json()["shadow"] is None
    assert (await client.get("/models/shadow")).json()["model"] == "new"
    assert (await client.post("/models/new/shadow", json={"hours": 0})).status_code == 422


async def test_a_name_that_is_none_is_not_looked_for(client: httpx.AsyncClient) -> None:
    assert (await client.post("/models/..%2Fx/promote", json={})).status_code in (404, 422)
    assert (await client.post("/models/no%20name/promote", json={})).status_code == 422
    assert (await client.post("/models/nowhere/promote", json={})).json()["error"]["code"] == "model_unknown"
