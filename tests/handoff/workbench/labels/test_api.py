"""Labels over HTTP, as the page asks, with the real data part behind: from a message to an applied change."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from actions.db import new_id
from handoff.agents.models import Agent
from handoff.workbench.models import Run, Utterance
from tests.support.gateway import Browser, Gateway, gateway

TEXTS = Path("data/texts")


@dataclass
class Team:
    running: Gateway
    workspace: Path

    async def __call__(self, name: str, role: str = "trainer", **more: Any) -> Person:
        agent = await self.running.hire(name, role, **more)
        return Person(await self.running.browser(agent), agent)

    async def wrote(self, text: str, **more: Any) -> str:
        row = Utterance(id=new_id(), key=new_id(), text=text, **({"language": "en"} | more))
        async with self.running.database.write() as session:
            session.add(row)
        return row.id


@dataclass
class Person:
    browser: Browser
    agent: Agent

    async def get(self, path: str, **query: Any) -> Any:
        answer = await self.browser.http.get(f"/api/workbench{path}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def try_to(self, path: str, **body: Any) -> httpx.Response:
        return await self.browser.http.post(f"/api/workbench{path}", json=body)

    async def post(self, path: str, **body: Any) -> Any:
        answer = await self.try_to(path, **body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def label(self, *ids: str, intent: str = "track_order", **more: Any) -> Any:
        labels = [{"utterance": id, "kind": "intent", "intent": intent, **more} for id in ids]
        return await self.post("/labels", labels=labels)


@pytest.fixture
async def team(database_url: str, workspace: Path) -> AsyncIterator[Team]:
    shutil.copytree(TEXTS, workspace / "data" / "texts")
    async with gateway(database_url, workspace=workspace) as running:
        yield Team(running, workspace)


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


async def test_the_intents_come_in_ones_own_language_with_what_helps_to_choose(team: Team) -> None:
    ann = await team("Ann", languages=["hi"])
    told = await ann.get("/intents")
    assert [one["name"] for one in told["intents"]] == ["track_order", "cancel_order", "get_invoice"]
    first = told["intents"][0]
    assert (first["title"], first["key"], first["counts"]) == ("ऑर्डर का पता लगाना", "to", {"en": 2, "hi": 1})
    assert first["examples"]["en"] == ["where is my order", "track SO-100456"]
    assert first["definition"]
    assert [one["name"] for one in told["entities"]] == ["order_number", "email", "address"]
    assert told["entities"][0]["examples"] == ["SO-100456"]
    assert told["languages"] == ["en", "hi"]
    chosen = await ann.get("/intents", language="en")
    assert chosen["intents"][0]["title"] == "Track an order"


async def test_what_an_intent_is_mistaken_for_comes_from_labels_and_the_newest_comparison(team: Team) -> None:
    ann = await team("Ann")
    for read in ("track_order", "cancel_order", "nlu_fallback"):
        await ann.label(await team.wrote(read, reading={"intent": read}))
    report = {
        "intents": [{"intent": "track_order", "n": 7}],
        "confusions": {
            "champion": [{"truth": "track_order", "read": "get_invoice", "count": 3}],
            "challenger": [{"truth": "track_order", "read": "get_invoice", "count": 1}],
        },
    }
    async with team.running.database.write() as session:
        session.add(Run(number=1, state="done", agent_id=ann.agent.id, challenger="new", report=report))
    told = await ann.get("/intents")
    assert [(one["name"], one["share"]) for one in told["intents"][0]["confused_with"]] == [
        ("get_invoice", 0.3), ("cancel_order", 0.1),
    ]  # fmt: skip


async def test_labels_are_given_undone_and_told(team: Team) -> None:
    ann = await team("Ann")
    first, second = await team.wrote("where is it"), await team.wrote("and the other")
    given = await ann.label(first, second, intent="fly_away")
    assert given["refused"][0] == {"utterance": first, "code": "unknown_intent"}
    given = await ann.label(first, second)
    assert (set(given["labelled"]), set(given["states"].values())) == ({first, second}, {"settled"})
    assert (await ann.get("/progress"))["ready"] == 2
    undone = await ann.post("/labels/undo")
    assert (undone["batch"], len(undone["utterances"])) == (given["batch"], 2)
    assert (await ann.get("/progress", since="2026-01-01T00:00:00+05:30"))["ready"] == 0
    assert code(await ann.try_to("/labels/undo")) == (409, "nothing_to_undo")
    lines = (await ann.get("/audit"))["entries"]
    assert [one["what"] for one in lines][:2] == ["labels_undone", "labels_given"]


async def test_labels_sent_again_after_a_lost_answer_are_given_once(team: Team) -> None:
    ann = await team("Ann")
    body = {"labels": [{"utterance": await team.wrote("hi"), "kind": "intent", "intent": "track_order"}]}
    first, again = [await ann.post("/labels", **body, id="batch-1") for _ in range(2)]
    assert first == again
    await ann.post("/labels/undo")
    assert code(await ann.try_to("/labels/undo")) == (409, "nothing_to_undo")
    bo = await team("Bo")
    assert code(await bo.try_to("/labels", **body, id="batch-1")) == (409, "id_taken")


async def test_labels_become_a_change_whose_files_are_written_when_it_is_applied(team: Team) -> None:
    ann = await team("Ann")
    spans = [{"start": 6, "end": 15, "kind": "order_number"}]
    taught = await team.wrote("track SO-100001 now", spans=spans)
    foreign = await team.wrote("who won the match")
    await ann.label(taught)
    await ann.post("/labels", labels=[{"utterance": foreign, "kind": "out_of_scope"}])
    change = await ann.post("/changes/from-labels")
    assert (change["labels"], change["left"], change["state"]) == (2, {}, "draft")
    assert {one["path"] for one in change["files"]} == {"data/nlu/en/orders.yml", "data/foreign/en.yml"}
    assert code(await ann.try_to("/changes/from-labels")) == (409, "nothing_to_learn")
    assert code(await ann.try_to("/labels/undo")) == (409, "label_taken")
    await ann.post(f"/changes/{change['id']}/apply", version=change["version"], commit=False)
    written = (team.workspace / "data/nlu/en/orders.yml").read_text("utf-8")
    assert "      - track [SO-100001](order_number) now\n" in written
    assert "who won the match" in (team.workspace / "data/foreign/en.yml").read_text("utf-8")


async def test_withdrawing_the_change_frees_its_labels(team: Team) -> None:
    ann = await team("Ann")
    await ann.label(await team.wrote("has it left"))
    change = await ann.post("/changes/from-labels")
    await ann.post(f"/changes/{change['id']}/withdraw", version=change["version"])
    assert (await ann.post("/changes/from-labels"))["labels"] == 1


async def test_a_proposed_intent_is_labelled_with_accepted_and_there(team: Team) -> None:
    ann, sue = await team("Ann"), await team("Sue", "supervisor")
    made = await ann.post("/proposals", name="gift_card", definition="Wants a gift card.")
    assert (made["title"], made["state"], made["count"]) == ("Gift card", "open", 0)
    id = await team.wrote("can i buy a gift card")
    await ann.post("/labels", labels=[{"utterance": id, "kind": "proposed", "intent": "gift_card"}])
    (told,) = (await ann.get("/intents"))["proposals"]
    assert (told["count"], told["examples"]) == (1, ["can i buy a gift card"])
    assert code(await ann.try_to("/proposals/gift_card/accept")) == (403, "supervisors_only")
    accepted = await sue.post("/proposals/gift_card/accept", titles={"en": "Gift cards"})
    change = accepted["change"]
    assert (accepted["proposal"]["state"], change["labels"]) == ("accepted", 1)
    await sue.post(f"/changes/{change['id']}/apply", version=change["version"], commit=False)
    intents = (await ann.get("/intents"))["intents"]
    assert [(one["name"], one["key"], one["counts"]) for one in intents][-1] == ("gift_card", "gc", {"en": 1})
    assert intents[-1]["title"] == "Gift cards"
    assert intents[-1]["definition"] == "Wants a gift card."


async def test_a_disagreement_is_seen_and_settled_by_somebody_else(team: Team) -> None:
    ann, bo, cy = await team("Ann"), await team("Bo"), await team("Cy")
    id = await team.wrote("stop it", second=True)
    await ann.label(id)
    await bo.label(id, intent="cancel_order")
    (left,) = (await cy.get("/agreement"))["disagreements"]
    assert (left["utterance"]["id"], left["mine"], len(left["labels"])) == (id, False, 2)
    body = {"kind": "intent", "intent": "cancel_order"}
    assert code(await bo.try_to(f"/utterances/{id}/settle", **body)) == (403, "own_disagreement")
    wrong = await cy.try_to(f"/utterances/{id}/settle", kind="intent", intent="fly_away")
    assert code(wrong) == (422, "label_unknown_intent")
    assert (await cy.post(f"/utterances/{id}/settle", **body))["states"] == {id: "settled"}
    entries = (await bo.get(f"/utterances/{id}/history"))["entries"]
    assert [(one["agent"]["name"], one["settles"]) for one in entries] == [
        ("Ann", False), ("Bo", False), ("Cy", True),
    ]  # fmt: skip
    assert (await cy.get("/agreement"))["disagreements"] == []


async def test_a_label_against_the_data_is_told_listed_and_held_to(team: Team) -> None:
    ann = await team("Ann")
    id = await team.wrote("where is my order")
    told = await ann.label(id, intent="cancel_order")
    [place] = told["against"][id]
    assert (place["intents"], place["text"]) == (["track_order"], "where is my order")
    lines = (team.workspace / place["file"]).read_text("utf-8").splitlines()
    assert lines[place["line"] - 1].strip() == "- where is my order"
    [listed] = (await ann.get("/queue", view="contradicting"))["utterances"]
    assert (listed["id"], listed["contradiction"]) == (id, {"labels": [], "data": [place]})
    [left] = (await ann.get("/agreement"))["disagreements"]
    assert (left["why"], left["mine"]) == ("data", False)
    held = await ann.post(f"/utterances/{id}/settle", kind="intent", intent="cancel_order")
    assert held["states"] == {id: "settled"}
    change = await ann.post("/changes/from-labels")
    assert [one["op"] for one in change["operations"]] == ["move_example"]
    await ann.post(f"/changes/{change['id']}/apply", version=change["version"], commit=False)
    again = await team.wrote("Where is my order?")
    assert list((await ann.label(again, intent="track_order"))["against"]) == [again]
    past = await ann.get(f"/utterances/{id}/history")
    assert (past["change"]["state"], [one["settles"] for one in past["entries"]]) == (
        "applied",
        [False, True],
    )


async def test_only_those_of_the_workbench_come_in(team: Team) -> None:
    desk = await team("Dan", "agent")
    for path in ("/intents", "/agreement", "/agreement/over-time", "/progress", "/proposals"):
        assert code(await desk.browser.http.get(f"/api/workbench{path}")) == (403, "role_refused")
    assert code(await desk.try_to("/labels", labels=[])) == (403, "role_refused")
    ann = await team("Ann")
    assert code(await ann.try_to("/utterances/nowhere/settle", kind="skip")) == (404, "utterance_unknown")
    missing = await ann.browser.http.get("/api/workbench/utterances/nowhere/history")
    assert code(missing) == (404, "utterance_unknown")
    assert code(await ann.try_to("/proposals/nowhere/decline")) == (404, "proposal_unknown")
