"""A gateway for the tests of labelling: the queue, labels and all around them, with faults on demand."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from urllib.parse import unquote

import yaml
from fastapi import FastAPI, Request

from tests.browser import workbench_data as data
from tests.browser.desk_data import Json, ago
from tests.browser.fake import ROOT, FakeHouse, Refusal

PAGE = 30


class FakeWorkbench(FakeHouse):
    """`utterances` by id; the rest are levers for faults."""

    def __init__(self, language: str = "en") -> None:
        super().__init__(data.TARA)
        self.texts: Json = self.words(language)
        self.utterances: dict[str, Json] = {one["id"]: one for one in data.utterances()}
        self.vocabulary: Json = data.intents()
        self.topics: list[Json] = [dict(one) for one in data.TOPICS]
        self.agreement: Json = {"doubly": 0, "agreed": 0, "kappa": None, "reason": "too_few", "least": 20}
        self.batches: list[tuple[str, list[str]]] = []
        self.refusals: dict[str, str] = {}  # utterance → code that its next label is refused with
        self.against: Json = {}  # utterance → places in the data that deny whatever is said of it
        self.imports: list[tuple[str, str]] = []
        self._start(self.app)
        self._queue(self.app)
        self._labels(self.app)

    @staticmethod
    def words(language: str) -> Json:
        path = ROOT / "data" / "texts" / f"{language}.yml"
        read: Json = yaml.safe_load(path.read_text(encoding="utf-8"))["workbench"]
        return read

    # --- levers ---------------------------------------------------------------------------------------------

    @property
    def labels(self) -> list[Json]:
        """All labels as they came."""
        return [label for body in self.called("/labels") for label in body["labels"]]

    def label_of(self, id: str) -> Json | None:
        """What is said of it now."""
        mine: Json | None = self.utterances[id]["mine"]
        return mine

    def many(self, count: int) -> None:
        """A queue that long."""
        read = data.reading(("track_order", 0.5), ("late_parcel", 0.4))
        self.utterances = {
            f"u-{i}": data.utterance(f"u-{i}", f"message number {i}", read, ["unsure"]) for i in range(count)
        }

    # --- what is there --------------------------------------------------------------------------------------

    def _view(self, query: Json) -> list[Json]:
        rows = list(self.utterances.values())
        view = query.get("view", "useful")
        views: dict[str, Callable[[Json], bool]] = {
            "labelled": lambda one: one["mine"] is not None,
            "second": lambda one: bool(one["second"]) and one["mine"] is None,
            "random": lambda one: bool(one["sampled"]) and one["mine"] is None,
            "contradicting": lambda one: bool(one["contradiction"]) and one["mine"] is None,
            "topic": lambda one: one["topic_id"] == query.get("topic") and one["mine"] is None,
            "mine": lambda one: bool(one["assigned_to"] == self.me["id"]),
        }

        def anything_open(one: Json) -> bool:
            return one["mine"] is None

        is_open = views.get(view, anything_open)
        return [
            one
            for one in rows
            if is_open(one)
            and query.get("language") in (None, one["language"])
            and (not query.get("reason") or query["reason"] in one["reasons"])
            and query.get("intent") in (None, one["reading"]["intent"])
            and (query.get("q") or "") in one["text"]
        ]

    def _counts(self) -> Json:
        named = {name: len(self._view({"view": name})) for name in ("useful", "random", "second", "labelled")}
        named["contradicting"] = len(self._view({"view": "contradicting"}))
        is_open = sum(one["mine"] is None for one in self.utterances.values())
        return named | {"mine": 0, "settled": 0, "open": is_open}

    def _give(self, label: Json) -> str | None:
        id = label["utterance"]
        if id in self.refusals and not label.get("anyway"):
            return self.refusals.pop(id)
        if id not in self.utterances:
            return "unknown_utterance"
        me = {"id": self.me["id"], "name": self.me["name"]}
        said = {"wishes": [], "entities": [], "language": None, "intent": None, **label}
        self.utterances[id]["mine"] = {"id": f"l-{id}", "agent": me, "at": ago(), "settles": False, **said}
        self.utterances[id]["state"] = "labelled" if self.utterances[id]["second"] else "settled"
        return None

    # --- HTTP -----------------------------------------------------------------------------------------------

    def who(self, request: Request) -> None:
        super().who(request)
        if self.me["role"] == "agent":
            raise Refusal(403, "forbidden", "This is not for you.")

    def _start(self, app: FastAPI) -> None:
        @app.get("/api/workbench/start")
        async def start(request: Request, language: str | None = None) -> Json:
            code = (language or "").split("-")[0]
            words = self.words(code) if code in ("hi", "bn", "fa", "el") else self.texts
            return {"texts": words, "languages": ["en", "hi", "bn", "fa", "el"]} | self.trainer(request)

        @app.get("/api/workbench/team")
        async def team() -> Json:
            return {"team": [data.TARA, data.NILS]}

    def _queue(self, app: FastAPI) -> None:
        @app.get("/api/workbench/queue")
        async def listed(request: Request) -> Json:
            self.who(request)
            query = dict(request.query_params)
            rows, at = self._view(query), int(query.get("after", 0))
            more = str(at + PAGE) if len(rows) > at + PAGE else None
            return {"utterances": rows[at : at + PAGE], "next": more, "counts": self._counts()}

        @app.post("/api/workbench/queue/take")
        async def take(request: Request) -> Json:
            body = await self.written(request)
            return {"utterances": self._view(body)[: body["count"]]}

        @app.post("/api/workbench/queue/assign")
        async def assign(request: Request) -> Json:
            body = await self.written(request)
            for id in body["ids"]:
                self.utterances[id]["assigned_to"] = body["to"]
            return {"assigned": len(body["ids"]), "ids": body["ids"]}

        @app.get("/api/workbench/utterances/{id}")
        async def one(request: Request, id: str) -> Json:
            self.who(request)
            if id not in self.utterances:
                raise Refusal(404, "utterance_unknown", "This message is no longer there.")
            like = ["brown boots pinch, can i return", "send my boots back"] if id == "u-boots" else []
            similar = [data.utterance(f"s-{i}", text, {}, []) for i, text in enumerate(like)]
            context = data.CONTEXT if id == "u-boots" else []
            return {"utterance": self.utterances[id], "similar": similar, "context": context}

        @app.post("/api/workbench/import")
        async def imported(request: Request) -> Json:
            self.who(request)
            body = (await request.body()).decode()
            self.imports.append((unquote(request.headers["x-name"]), body))
            lines = [line for line in body.splitlines() if line.strip()]
            read = data.reading(("greet", 0.3))
            for line in lines:
                id = f"u-{secrets.token_hex(4)}"
                self.utterances[id] = data.utterance(id, line, read, ["unsure"], source="import")
            return {"taken": len(lines), "known": 0, "refused": []}

        @app.get("/api/workbench/topics")
        async def topics() -> Json:
            def shown(topic: Json) -> list[Json]:
                return self._view({"view": "topic", "topic": topic["id"]})[:5]

            return {"topics": [topic | {"utterances": shown(topic)} for topic in self.topics]}

    def _labels(self, app: FastAPI) -> None:
        @app.get("/api/workbench/intents")
        async def intents() -> Json:
            return self.vocabulary

        @app.post("/api/workbench/labels")
        async def give(request: Request) -> Json:
            body = await self.written(request)
            codes = {label["utterance"]: self._give(label) for label in body["labels"]}
            done = [id for id, code in codes.items() if code is None]
            self.batches.append((f"b-{len(self.calls)}", done))
            refused = [{"utterance": id, "code": code} for id, code in codes.items() if code]
            states = {id: self.utterances[id]["state"] for id in done}
            against = {id: self.against[id] for id in done if id in self.against}
            given = {"batch": self.batches[-1][0], "labelled": done, "refused": refused, "states": states}
            return given | {"against": against}

        @app.post("/api/workbench/labels/undo")
        async def undo(request: Request) -> Json:
            body = await self.written(request)
            if not self.batches:
                raise Refusal(409, "nothing_to_undo", "There is nothing to take back.")
            last = next(one for one in self.batches if one[0] == body.get("batch", self.batches[-1][0]))
            self.batches.remove(last)
            for id in last[1]:
                self.utterances[id] |= {"mine": None, "state": "open"}
            return {"batch": last[0], "utterances": last[1], "what": {"kind": "intent"}}

        @app.get("/api/workbench/progress")
        async def progress() -> Json:
            done = [one for one in self.utterances.values() if one["mine"]]
            by = [{"agent": {"id": self.me["id"], "name": self.me["name"]}, "today": len(done), "total": 9}]
            tested = sum(one["sampled"] for one in done)
            left = {"test_set": tested} if tested else {}
            return {"ready": len(done) - tested, "left": left, "today": len(done), "by_agent": by}

        @app.post("/api/workbench/changes/from-labels")
        async def take(request: Request) -> Json:
            await self.written(request)
            return {"id": "c-1", "title": "Labels", "state": "draft", "version": 1}

        @app.get("/api/workbench/agreement")
        async def agreement() -> Json:
            empty: Json = {"by_intent": [], "coders": [], "pairs": [], "disagreements": []}
            return empty | self.agreement

        @app.get("/api/workbench/agreement/over-time")
        async def over_time() -> Json:
            return {"coders": [], "weeks": self.agreement.get("weeks", [])}

        @app.post("/api/workbench/utterances/{id}/settle")
        async def settle(request: Request, id: str) -> Json:
            await self.written(request)
            left = [one for one in self.agreement["disagreements"] if one["utterance"]["id"] != id]
            self.agreement["disagreements"] = left
            return {"batch": "b-s", "labelled": [id], "refused": [], "states": {id: "settled"}}

        @app.get("/api/workbench/proposals")
        async def proposals() -> Json:
            return {"proposals": self.vocabulary["proposals"]}

        @app.post("/api/workbench/proposals")
        async def propose(request: Request) -> Json:
            body = await self.written(request)
            me = {"id": self.me["id"], "name": self.me["name"]}
            made = body | {"state": "open", "agent": me, "count": 0, "at": ago()}
            self.vocabulary["proposals"].append(made)
            return made

        @app.post("/api/workbench/proposals/{name}/{what}")
        async def decide(request: Request, name: str, what: str) -> Json:
            await self.written(request)
            proposal = next(one for one in self.vocabulary["proposals"] if one["name"] == name)
            proposal["state"] = {"accept": "accepted", "decline": "declined"}[what]
            return {"proposal": proposal} | ({"change": {"id": "c-2"}} if what == "accept" else {})
