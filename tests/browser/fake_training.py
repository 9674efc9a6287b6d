"""A gateway for the pages of data, changes, talks, runs, models and history: the contracts, with levers.

Runs in the test's own event loop, so a test reads and changes its state directly.
"""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from playwright.async_api import Browser, Page, expect

from actions.texts import Texts
from handoff import pages
from handoff.edge import PAGES
from tests.browser import training_data as data
from tests.browser.training_data import Json
from tests.support.browser import Console


class Refused(Exception):
    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.answer = JSONResponse({"error": {"code": code, "message": f"Refused: {code}."}}, status)


class FakeTraining:
    """All lists may be changed by a test; ``calls`` are the state-changing ones as they came."""

    def __init__(self, language: str = "en") -> None:
        self.language = language
        self.me: Json = dict(data.TARA)
        self.examples = data.examples()
        self.missing: Json = {"responses": [], "texts": [], "more": 0}
        self.problems = [dict(one) for one in data.PROBLEMS]
        self.changes = [
            data.change("c-draft", "Clearer words for parcels", "draft", labels=12),
            data.change("c-applied", "Late parcels", "applied", reviewer=data.named(data.NIKOS),
                        settled_at=data.ago(hours=1), commit="4f1c2ab9d0e31122334455667788990011223344"),
        ]  # fmt: skip
        self.talks = [dict(one) for one in data.TALKS]
        self.replays: dict[str, Json] = {}
        self.runs = data.runs()
        self.ready = 37
        self.live: str | None = data.LIVE
        self.models = data.models()
        self.promotions = data.promotions()
        self.shadow: Json | None = None
        self.audit = data.audit()
        self.calls: list[tuple[str, Json]] = []
        self.refuse: tuple[int, str] | None = None  # the answer to every write
        self.url = ""
        self.app = FastAPI()
        self._routes()

    def called(self, path: str) -> list[Json]:
        return [body for name, body in self.calls if name == path]

    def change(self, id: str) -> Json:
        return next(one for one in self.changes if one["id"] == id)

    def run(self, id: str) -> Json:
        return next(one for one in self.runs if one["id"] == id)

    async def _write(self, request: Request) -> Json:
        assert request.headers["x-setu"] == "1"
        body: Json = await request.json()
        self.calls.append((request.url.path.removeprefix("/api/workbench"), body))
        if self.refuse:
            raise Refused(*self.refuse)
        return body

    def _versioned(self, id: str, body: Json) -> Json:
        change = self.change(id)
        if body["version"] != change["version"]:
            raise Refused(409, "changed_meanwhile")
        change["version"] += 1
        return change

    def _routes(self) -> None:
        app, texts = self.app, Texts.load()

        @app.exception_handler(Refused)
        async def refused(_request: Request, error: Refused) -> Response:
            return error.answer

        @app.middleware("http")
        async def strict(request: Request, after: Any) -> Any:
            answer = await after(request)
            answer.headers["content-security-policy"] = PAGES
            return answer

        base = "/api/workbench"

        @app.get(base + "/start")
        async def start() -> Json:
            may = self.me["role"] != "trainer"
            return {
                "texts": texts.section("workbench", self.language), "languages": texts.languages,
                "signed_in": True, "me": self.me | {"can": {"override": may, "assign": may}},
            }  # fmt: skip

        @app.get(base + "/team")
        async def team() -> Json:
            return {"team": [data.named(data.TARA), data.named(data.NIKOS)]}

        @app.get(base + "/audit")
        async def audit(before: int | None = None, about: str | None = None) -> Json:
            found = [one for one in self.audit if (not before or one["id"] < before)]
            found = [one for one in found if not about or one["about"] == about]
            return {"entries": found[:5], "next": found[4]["id"] if len(found) > 5 else None}

        @app.get(base + "/progress")
        async def progress() -> Json:
            return {"ready": self.ready, "today": 0, "by_agent": []}

        @app.get(base + "/intents")
        async def labels() -> Json:
            return {"intents": [], "entities": data.ENTITIES, "languages": data.LANGUAGES, "proposals": []}

        self._data_routes(base)
        self._talk_routes(base)
        self._live_routes(base)
        pages.install(app)

    def _data_routes(self, base: str) -> None:
        app = self.app

        @app.get(base + "/data/intents")
        async def intents() -> Json:
            return {"intents": data.intents(), "languages": data.LANGUAGES, "totals": {}}

        @app.get(base + "/data/examples")
        async def examples(
            q: str = "",
            intent: str = "",
            language: str = "",
            entity: str = "",
            problem: str = "",
            after: str = "",
        ) -> Json:
            found = [
                one
                for one in self.examples
                if q.lower() in one["text"].lower()
                and (not intent or one["intent"] == intent)
                and (not language or one["language"] == language)
                and (not entity or entity in [mark["entity"] for mark in one["entities"]])
                and (not problem or problem in one["problems"])
            ]
            start = int(after or 0)
            more = str(start + 20) if len(found) > start + 20 else None
            return {"examples": found[start : start + 20], "next": more, "total": len(found)}

        @app.get(base + "/data/problems")
        async def problems(intent: str = "") -> Json:
            found = [one for one in self.problems if not intent or intent in one["text"]]
            return {
                "problems": found,
                "total": len(found),
                "counts": dict(Counter(one["code"] for one in self.problems)),
            }

        @app.get(base + "/data/missing")
        async def missing(language: str) -> Json:
            return {"language": language, **self.missing}

        @app.get(base + "/data/near")
        async def near(text: str) -> Json:
            like = [one for one in self.examples if one["text"].split()[:3] == text.split()[:3]]
            return {"near": [{**one, "title": data.TITLES[one["intent"]], "share": 0.9} for one in like]}

        @app.get(base + "/changes")
        async def changes(state: str = "") -> Json:
            found = [one for one in self.changes if not state or one["state"] == state]
            return {"changes": found, "next": None, "counts": {}}

        @app.get(base + "/changes/{id}")
        async def change(id: str) -> Json:
            return self.change(id)

        @app.post(base + "/changes/from-labels")
        async def from_labels(request: Request) -> Json:
            await self._write(request)
            self.changes.insert(0, data.change("c-labels", "Labels of 37 messages", "draft", labels=37))
            self.ready = 0
            return self.changes[0]

        @app.post(base + "/changes")
        async def propose(request: Request) -> Json:
            body = await self._write(request)
            self.changes.insert(0, data.change("c-new", body["title"], "draft"))
            return self.changes[0]

        @app.patch(base + "/changes/{id}")
        async def edit(id: str, request: Request) -> Json:
            body = await self._write(request)
            change = self._versioned(id, body)
            change |= {"title": body.get("title", change["title"]), "stale": False}
            return change

        @app.post(base + "/changes/{id}/{move}")
        async def move(id: str, move: str, request: Request) -> Json:
            body = await self._write(request)
            change = self._versioned(id, body)
            if move == "revert":
                self.changes.insert(
                    0, data.change("c-revert", f"Take back: {change['title']}", "draft", reverts=id)
                )
                return self.changes[0]
            settled = {"settled_at": data.ago(), "reviewer": data.named(self.me)}
            change |= {"state": {"apply": "applied", "withdraw": "withdrawn"}[move], **settled}
            if body.get("commit"):
                change["commit"] = "0123456789abcdef0123"
            return change

    def _talk_routes(self, base: str) -> None:
        app = self.app

        @app.get(base + "/data/talks")
        async def talks() -> Json:
            return {"talks": [{key: one[key] for key in one if key != "steps"} for one in self.talks]}

        @app.get(base + "/data/talks/{id}")
        async def talk(id: str) -> Json:
            found = next(one for one in self.talks if one["id"] == id)
            return {**found, "playable": found["kind"] == "test"}

        @app.post(base + "/data/talks/{id}/replay")
        async def replay(id: str, request: Request) -> Json:
            await self._write(request)
            talk = next(one for one in self.talks if one["id"] == id)
            return self.replays.get(
                id, {"passed": True, "script": "…", "steps": talk["steps"], "problems": []}
            )

        @app.post(base + "/data/tests/from-talk")
        async def from_talk(request: Request) -> Json:
            body = await self._write(request)
            self.changes.insert(0, data.change("c-test", body["title"], "draft"))
            return self.changes[0]

    def _live_routes(self, base: str) -> None:
        app = self.app

        @app.get(base + "/runs")
        async def runs() -> Json:
            waiting = [{"id": "c-applied", "title": "Late parcels", "settled_at": data.ago(hours=1)}]
            told = [{key: one[key] for key in one if key != "report"} for one in self.runs]
            return {"runs": told, "live": self.live, "waiting": waiting}

        @app.get(base + "/runs/{id}")
        async def run(id: str) -> Json:
            return {"run": self.run(id)}

        @app.post(base + "/runs")
        async def start(request: Request) -> Json:
            await self._write(request)
            self.runs.insert(0, data.run(8, "queued", created_at=data.ago()))
            return {"run": self.runs[0]}

        @app.post(base + "/runs/{id}/cancel")
        async def cancel(id: str, request: Request) -> Json:
            await self._write(request)
            self.run(id).update(state="cancelled", ended_at=data.ago())
            return {"run": self.run(id)}

        @app.get(base + "/models")
        async def models() -> Json:
            return {
                "live": self.live, "models": self.models, "history": self.promotions, "servers": data.SERVERS,
                "shadow": self.shadow,
            }  # fmt: skip

        @app.get(base + "/models/shadow")
        async def shadow() -> Json:
            return self.shadow or {}

        @app.post(base + "/models/shadow/end")
        async def end(request: Request) -> Json:
            await self._write(request)
            self.shadow = None
            return {}

        @app.post(base + "/models/roll-back")
        async def roll_back(request: Request) -> Json:
            await self._write(request)
            return self._promoted("roll_back", self.promotions[0]["before"], None)

        @app.post(base + "/models/{name}/shadow")
        async def read_along(name: str, request: Request) -> Json:
            await self._write(request)
            self.shadow = data.shadow() | {"model": name}
            return self.shadow

        @app.post(base + "/models/{name}/promote")
        async def promote(name: str, request: Request) -> Json:
            body = await self._write(request)
            return self._promoted("promote", name, body.get("override"))

    def _promoted(self, kind: str, name: str, override: str | None) -> Json:
        row = {"id": 9, "kind": kind, "model": name, "before": self.live, "agent": data.named(self.me),
               "override": override, "verdict": None, "at": data.ago()}  # fmt: skip
        self.promotions.insert(0, row)
        self.live = name
        for model in self.models:
            model["live"] = model["name"] == name
        return {"live": name}


@asynccontextmanager
async def fake_training(language: str = "en") -> AsyncIterator[FakeTraining]:
    """The server on a free port, stopped at the end."""
    fake = FakeTraining(language)
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        fake.url = f"http://127.0.0.1:{place.getsockname()[1]}"
        config = uvicorn.Config(fake.app, log_level="critical", lifespan="off", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[place]))
        while not server.started:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        try:
            yield fake
        finally:
            server.should_exit = True
            await serving


@asynccontextmanager
async def at_the_workbench(
    browser: Browser, fake: FakeTraining, place: str, **options: Any
) -> AsyncIterator[Page]:
    """One tab of a fresh browser at ``place``; it may not complain of anything."""
    options.setdefault("viewport", {"width": 1440, "height": 900})
    context = await browser.new_context(**options)
    page = await context.new_page()
    console = Console()
    console.listen(page)
    try:
        await page.goto(f"{fake.url}/workbench/{place}")
        await expect(page.locator(".rail")).to_be_attached()
        yield page
        assert console.without("409", "422", "403") == []
    finally:
        await context.close()
