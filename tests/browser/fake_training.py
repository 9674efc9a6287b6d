"""A gateway for the pages of data, changes, talks, runs, models and history: the contracts, with levers."""

from __future__ import annotations

from collections import Counter

from fastapi import FastAPI, Request

from actions.texts import Texts
from tests.browser import training_data as data
from tests.browser.fake import FakeHouse, Refusal
from tests.browser.training_data import Json

BASE = "/api/workbench"


class FakeTraining(FakeHouse):
    """All lists may be changed by a test."""

    def __init__(self, language: str = "en") -> None:
        super().__init__(data.TARA)
        self.language = language
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
        self._shell_routes(self.app)
        self._data_routes(self.app)
        self._talk_routes(self.app)
        self._live_routes(self.app)

    def change(self, id: str) -> Json:
        return next(one for one in self.changes if one["id"] == id)

    def run(self, id: str) -> Json:
        return next(one for one in self.runs if one["id"] == id)

    def _versioned(self, id: str, body: Json) -> Json:
        change = self.change(id)
        if body["version"] != change["version"]:
            raise Refusal(409, "changed_meanwhile")
        change["version"] += 1
        return change

    def _shell_routes(self, app: FastAPI) -> None:
        texts = Texts.load()

        @app.get(BASE + "/start")
        async def start(request: Request) -> Json:
            words = texts.section("workbench", self.language)
            return {"texts": words, "languages": texts.languages} | self.trainer(request)

        @app.get(BASE + "/team")
        async def team() -> Json:
            return {"team": [data.named(data.TARA), data.named(data.NIKOS)]}

        @app.get(BASE + "/audit")
        async def audit(before: int | None = None, about: str | None = None) -> Json:
            found = [one for one in self.audit if (not before or one["id"] < before)]
            found = [one for one in found if not about or one["about"] == about]
            return {"entries": found[:5], "next": found[4]["id"] if len(found) > 5 else None}

        @app.get(BASE + "/progress")
        async def progress() -> Json:
            return {"ready": self.ready, "today": 0, "by_agent": []}

        @app.get(BASE + "/intents")
        async def labels() -> Json:
            return {"intents": [], "entities": data.ENTITIES, "languages": data.LANGUAGES, "proposals": []}

    def _data_routes(self, app: FastAPI) -> None:
        @app.get(BASE + "/data/intents")
        async def intents() -> Json:
            return {"intents": data.intents(), "languages": data.LANGUAGES, "totals": {}}

        @app.get(BASE + "/data/examples")
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

        @app.get(BASE + "/data/problems")
        async def problems(intent: str = "") -> Json:
            found = [one for one in self.problems if not intent or intent in one["text"]]
            return {
                "problems": found,
                "total": len(found),
                "counts": dict(Counter(one["code"] for one in self.problems)),
            }

        @app.get(BASE + "/data/missing")
        async def missing(language: str) -> Json:
            return {"language": language, **self.missing}

        @app.get(BASE + "/data/near")
        async def near(text: str) -> Json:
            like = [one for one in self.examples if one["text"].split()[:3] == text.split()[:3]]
            return {"near": [{**one, "title": data.TITLES[one["intent"]], "share": 0.9} for one in like]}

        @app.get(BASE + "/changes")
        async def changes(state: str = "") -> Json:
            found = [one for one in self.changes if not state or one["state"] == state]
            return {"changes": found, "next": None, "counts": {}}

        @app.get(BASE + "/changes/{id}")
        async def change(id: str) -> Json:
            return self.change(id)

        @app.post(BASE + "/changes/from-labels")
        async def from_labels(request: Request) -> Json:
            await self.written(request)
            self.changes.insert(0, data.change("c-labels", "Labels of 37 messages", "draft", labels=37))
            self.ready = 0
            return self.changes[0]

        @app.post(BASE + "/changes")
        async def propose(request: Request) -> Json:
            body = await self.written(request)
            self.changes.insert(0, data.change("c-new", body["title"], "draft"))
            return self.changes[0]

        @app.patch(BASE + "/changes/{id}")
        async def edit(id: str, request: Request) -> Json:
            body = await self.written(request)
            change = self._versioned(id, body)
            change |= {"title": body.get("title", change["title"]), "stale": False}
            return change

        @app.post(BASE + "/changes/{id}/{move}")
        async def move(id: str, move: str, request: Request) -> Json:
            body = await self.written(request)
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

    def _talk_routes(self, app: FastAPI) -> None:
        @app.get(BASE + "/data/talks")
        async def talks() -> Json:
            return {"talks": [{key: one[key] for key in one if key != "steps"} for one in self.talks]}

        @app.get(BASE + "/data/talks/{id}")
        async def talk(id: str) -> Json:
            found = next(one for one in self.talks if one["id"] == id)
            return {**found, "playable": found["kind"] == "test"}

        @app.post(BASE + "/data/talks/{id}/replay")
        async def replay(id: str, request: Request) -> Json:
            await self.written(request)
            talk = next(one for one in self.talks if one["id"] == id)
            return self.replays.get(
                id, {"passed": True, "script": "…", "steps": talk["steps"], "problems": []}
            )

        @app.post(BASE + "/data/tests/from-talk")
        async def from_talk(request: Request) -> Json:
            body = await self.written(request)
            self.changes.insert(0, data.change("c-test", body["title"], "draft"))
            return self.changes[0]

    def _live_routes(self, app: FastAPI) -> None:
        @app.get(BASE + "/runs")
        async def runs() -> Json:
            waiting = [{"id": "c-applied", "title": "Late parcels", "settled_at": data.ago(hours=1)}]
            told = [{key: one[key] for key in one if key != "report"} for one in self.runs]
            return {"runs": told, "live": self.live, "waiting": waiting}

        @app.get(BASE + "/runs/{id}")
        async def run(id: str) -> Json:
            return {"run": self.run(id)}

        @app.post(BASE + "/runs")
        async def start(request: Request) -> Json:
            await self.written(request)
            self.runs.insert(0, data.run(8, "queued", created_at=data.ago()))
            return {"run": self.runs[0]}

        @app.post(BASE + "/runs/{id}/cancel")
        async def cancel(id: str, request: Request) -> Json:
            await self.written(request)
            self.run(id).update(state="cancelled", ended_at=data.ago())
            return {"run": self.run(id)}

        @app.get(BASE + "/models")
        async def models() -> Json:
            return {
                "live": self.live, "models": self.models, "history": self.promotions, "servers": data.SERVERS,
                "shadow": self.shadow,
            }  # fmt: skip

        @app.get(BASE + "/models/shadow")
        async def shadow() -> Json:
            return self.shadow or {}

        @app.post(BASE + "/models/shadow/end")
        async def end(request: Request) -> Json:
            await self.written(request)
            self.shadow = None
            return {}

        @app.post(BASE + "/models/roll-back")
        async def roll_back(request: Request) -> Json:
            await self.written(request)
            return self._promoted("roll_back", self.promotions[0]["before"], None)

        @app.post(BASE + "/models/{name}/shadow")
        async def read_along(name: str, request: Request) -> Json:
            await self.written(request)
            self.shadow = data.shadow() | {"model": name}
            return self.shadow

        @app.post(BASE + "/models/{name}/promote")
        async def promote(name: str, request: Request) -> Json:
            body = await self.written(request)
            return self._promoted("promote", name, body.get("override"))

    def _promoted(self, kind: str, name: str, override: str | None) -> Json:
        row = {"id": 9, "kind": kind, "model": name, "before": self.live, "agent": data.named(self.me),
               "override": override, "verdict": None, "at": data.ago()}  # fmt: skip
        self.promotions.insert(0, row)
        self.live = name
        for model in self.models:
            model["live"] = model["name"] == name
        return {"live": name}
