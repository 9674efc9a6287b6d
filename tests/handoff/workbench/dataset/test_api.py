# ruff: noqa: E501 - tables of operations
"""The training data over HTTP, as the page asks: seen, searched, mended, applied, tested."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.db import new_id, now
from handoff.conversations.models import Contact, Conversation, Handoff, Message
from handoff.workbench.models import Utterance
from tests.support.gateway import Browser, Gateway, gateway

ADD = {"op": "add_example", "intent": "track_order", "language": "en", "text": "whatever became of my things"}


@dataclass
class Person:
    browser: Browser

    async def ask(self, method: str, path: str, status: int = 200, body: Any = None, **query: Any) -> Any:
        answer = await self.browser.http.request(
            method,
            f"/api/workbench{path}",
            json=body,
            params={k: v for k, v in query.items() if v is not None},
            timeout=120,
        )
        assert answer.status_code == status, answer.text
        said = answer.json()
        return said if status == 200 else said["error"]["code"]

    async def get(self, path: str, **query: Any) -> Any:
        return await self.ask("GET", path, **query)

    async def post(self, path: str, status: int = 200, **body: Any) -> Any:
        return await self.ask("POST", path, status, body)


@pytest.fixture
async def running(database_url: str, workspace: Path) -> AsyncIterator[Gateway]:
    async with gateway(database_url, workspace=workspace) as made:
        yield made


@pytest.fixture
async def ann(running: Gateway) -> Person:
    return Person(await running.browser(await running.hire("Ann", "trainer")))


async def test_intents_and_examples_are_seen_counted_and_found_page_by_page(ann: Person) -> None:
    told = await ann.get("/data/intents")
    assert told["languages"] == ["en", "bn", "el", "fa", "hi"]
    row = next(one for one in told["intents"] if one["name"] == "track_order")
    assert row["title"] != "track_order"
    seen: list[str] = []
    after = None
    while True:
        page = await ann.get("/data/examples", intent="track_order", language="en", after=after)
        seen += [one["id"] for one in page["examples"]]
        if (after := page["next"]) is None:
            break
    assert len(set(seen)) == len(seen) == page["total"] == row["counts"]["en"]
    found = await ann.get("/data/examples", q="status order", language="en")
    assert {"order status"} <= {one["text"] for one in found["examples"]}
    near = (await ann.get("/data/near", text="where is my order pls"))["near"]
    assert near[0]["intent"] == "track_order"


async def test_words_from_right_to_left_turn_nothing_around_them(ann: Person, workspace: Path) -> None:
    file = workspace / "data/nlu/fa/orders.yml"
    file.write_text(
        file.read_text("utf-8") + "      - سلام علیکم دوست من\n      - سلام علیکم دوست من\n", "utf-8"
    )
    told = [one["text"] for one in (await ann.get("/data/problems", code="twice"))["problems"]]
    assert any(text.startswith("“\u2068سلام علیکم دوست من\u2069” stands twice") for text in told), told


async def test_a_list_of_words_that_is_gone_is_a_problem_told_and_no_failure(
    ann: Person, workspace: Path
) -> None:
    (workspace / "data/shop/brands.yml").unlink()
    (problem,) = (await ann.get("/data/problems", code="file_unreadable"))["problems"]
    assert "brands.yml, which is missing" in problem["text"]
    assert str(workspace) not in problem["text"]
    assert problem["files"][0]["file"].startswith("data/entities/")


async def test_a_problem_is_told_in_words_with_a_fix_that_mends_it(
    ann: Person, running: Gateway, workspace: Path
) -> None:
    file = workspace / "data/nlu/en/orders.yml"
    file.write_text(file.read_text("utf-8") + "      - where is my order please\n", "utf-8")
    message = Utterance(id=new_id(), key="k", text="has my order been dispatched yet", frozen=True)
    async with running.database.write() as session:
        session.add(message)
    told = await ann.get("/data/problems", code="same_text")
    (problem,) = told["problems"]
    assert problem["severity"] == "error"
    assert "where is my order please" in problem["text"]
    assert {one["file"] for one in problem["files"]} == {"data/nlu/en/orders.yml"}
    listed = await ann.get("/data/examples", problem="same_text")
    assert {one["id"] for one in problem["examples"]} == {one["id"] for one in listed["examples"]}
    (leak,) = (await ann.get("/data/problems", code="leak"))["problems"]
    assert "has my order been dispatched yet" in leak["text"]
    change = await ann.post("/changes", title="Mended", operations=[*problem["fix"], *leak["fix"]])
    await ann.post(f"/changes/{change['id']}/apply", version=1)
    after = await ann.get("/data/problems")
    assert not {"same_text", "leak"} & after["counts"].keys()
    intents = await ann.get("/data/intents")
    assert all(isinstance(one["problems"], int) for one in intents["intents"])


async def test_a_change_goes_from_proposal_to_applied_and_back(
    ann: Person, running: Gateway, workspace: Path
) -> None:
    file = workspace / "data/nlu/en/orders.yml"
    before = file.read_bytes()
    change = await ann.post("/changes", title="  More  ", operations=[ADD])
    assert (change["title"], change["state"], change["version"], change["stale"]) == (
        "More",
        "draft",
        1,
        False,
    )
    assert change["author"]["name"] == "Ann"
    assert [(one["path"], one["added"], one["removed"]) for one in change["files"]] == [
        ("data/nlu/en/orders.yml", 1, 0)
    ]
    assert change["operations"] == [ADD]
    change = await ann.ask("PATCH", f"/changes/{change['id']}", body={"version": 1, "title": "Better"})
    assert (change["version"], change["title"]) == (2, "Better")
    assert (
        await ann.ask("PATCH", f"/changes/{change['id']}", 409, {"version": 1, "title": "x"})
        == "change_edited"
    )
    bo = Person(await running.browser(await running.hire("Bo", "supervisor")))
    applied = await bo.post(f"/changes/{change['id']}/apply", version=2)
    assert (applied["state"], applied["reviewer"]["name"], applied["own"]) == ("applied", "Bo", False)
    assert file.read_bytes() != before
    back = await bo.post(f"/changes/{change['id']}/revert", version=3)
    assert (back["state"], back["reverts"], "Better" in back["title"]) == ("draft", change["id"], True)
    await bo.post(f"/changes/{back['id']}/apply", version=1)
    assert file.read_bytes() == before
    listed = await ann.get("/changes")
    assert [one["state"] for one in listed["changes"]] == ["applied", "reverted"]
    assert listed["counts"] == {"applied": 1, "reverted": 1}
    assert (await ann.get("/changes", state="draft"))["changes"] == []
    history = {one["what"] for one in (await ann.get("/audit"))["entries"]}
    assert {"change_proposed", "change_edited", "change_applied", "change_reverted"} <= history


async def test_a_draft_over_a_file_that_moved_on_is_stale_and_can_be_made_anew(
    ann: Person, workspace: Path
) -> None:
    change = await ann.post("/changes", title="More", operations=[ADD])
    file = workspace / "data/nlu/en/orders.yml"
    file.write_text(file.read_text("utf-8").replace("      - track\n", ""), "utf-8")
    stale = await ann.get(f"/changes/{change['id']}")
    assert (stale["stale"], stale["files"][0]["stale"]) == (True, True)
    anew = await ann.ask("PATCH", f"/changes/{change['id']}", body={"version": 1})
    assert (anew["stale"], anew["version"]) == (False, 2)
    assert (await ann.post(f"/changes/{change['id']}/withdraw", version=2))["state"] == "withdrawn"
    assert await ann.post(f"/changes/{change['id']}/apply", 409, version=3) == "change_settled"


async def test_what_a_change_would_spoil_is_told_beside_its_diff(ann: Person, running: Gateway) -> None:
    message = Utterance(id=new_id(), key="k", text="whatever became of my things", frozen=True)
    async with running.database.write() as session:
        session.add(message)
    rule = 'version: "3.1"\nrules:\n  - rule: x\n    steps:\n      - intent: no_such_thing\n      - action: utter_greet\n'
    change = await ann.post(
        "/changes",
        title="Doubtful",
        operations=[
            ADD,
            {"op": "add_example", "intent": "deny", "language": "en", "text": "absolutely correct!!"},
            {"op": "add_example", "intent": "greet", "language": "hi", "text": "নমস্কার কেমন আছেন"},
            {"op": "write_file", "path": "data/rules/more.yml", "content": rule},
            {"op": "write_file", "path": "tests/stories/talk/more.yml", "content": "conversation: x\nsteps: [{say: y}]\n"},
        ],
    )  # fmt: skip
    codes = {one["code"]: one for one in change["problems"]}
    assert {"leak", "script_other", "step_unknown", "test_wrong"} <= codes.keys()
    assert (codes["step_unknown"]["file"], codes["step_unknown"]["line"]) == ("data/rules/more.yml", 5)
    assert all(one["text"] and one["severity"] in ("error", "warning", "hint") for one in codes.values())


async def test_rules_and_tests_are_shown_as_talks(ann: Person) -> None:
    talks = (await ann.get("/data/talks"))["talks"]
    assert {one["kind"] for one in talks} == {"rule", "test"}
    rule = next(one for one in talks if one["title"] == "answer thank")
    told = await ann.get(f"/data/talks/{rule['id']}", language="hi")
    assert [step["who"] for step in told["steps"]] == ["customer", "bot"]
    assert await ann.ask("GET", "/data/talks/" + "0" * 18, 404) == "talk_unknown"


async def test_a_real_talk_becomes_a_conversation_test_without_personal_data(
    ann: Person, running: Gateway, workspace: Path
) -> None:
    talk = await talked(
        running,
        ("customer", "hello, I am Ravi Kumar, mail me at ravi.kumar@gmail.com", "greet"),
        ("bot", "Hello! I'm Setu, the shop's bot. What can I do for you?", None),
        ("customer", "a person please", "contact_human"),
        ("bot", "I'm fetching somebody", None),
    )
    asked = {"conversation_id": talk, "from": 1, "to": 4, "title": "Greets, then: fetches", "folder": "talk"}
    change = await ann.post("/data/tests/from-talk", **asked)
    (file,) = change["files"]
    assert (file["path"], file["new"]) == ("tests/stories/talk/greets-then-fetches.yml", True)
    await ann.post(f"/changes/{change['id']}/apply", version=1)
    text = (workspace / file["path"]).read_text("utf-8")
    assert "ravi" not in text.lower()
    assert "gmail" not in text
    made = yaml.safe_load(text)
    assert made["conversation"] == "Greets, then: fetches"
    first, second = made["steps"]
    assert first["expect"] == {"intent": "greet", "replies": ["utter_greet"], "handoff": None}
    assert second["expect"]["handoff"] == "asked"
    again = await ann.post("/data/tests/from-talk", **asked, customer="gold_member")
    assert again["files"][0]["path"] == "tests/stories/talk/greets-then-fetches-2.yml"
    assert (
        await ann.post("/data/tests/from-talk", 404, **(asked | {"conversation_id": "none"}))
        == "talk_unknown"
    )
    assert await ann.post("/data/tests/from-talk", 422, **(asked | {"from": 4, "to": 1})) == "bad_range"
    assert await ann.post("/data/tests/from-talk", 404, **asked, customer="nobody_such") == "customer_unknown"


async def talked(running: Gateway, *lines: tuple[str, str, str | None]) -> str:
    """A talk with these lines (sender, text, intent), handed over after its last customer's line."""
    inbox = await running.inbox()
    contact, conversation, began = new_id(), new_id(), now() - timedelta(hours=1)
    async with running.database.write() as session:
        session.add(
            Contact(id=contact, inbox_id=inbox.inbox.id, external_id="x", name="Ravi Kumar", locale="en-IN")
        )
        await session.flush()
        session.add(
            Conversation(
                id=conversation, contact_id=contact, inbox_id=inbox.inbox.id, language="en",
                last_message_at=began, last_number=len(lines),
            )
        )  # fmt: skip
        await session.flush()
        for number, (sender, text, intent) in enumerate(lines, 1):
            session.add(
                Message(
                    conversation_id=conversation, number=number, sender=sender, text=text, contact_id=contact,
                    understanding={"intent": intent} if intent else None,
                    created_at=began + timedelta(minutes=number),
                )
            )  # fmt: skip
        at = began + timedelta(minutes=len(lines))
        session.add(Handoff(conversation_id=conversation, epoch=1, reason="asked", requested_at=at))
    return conversation


async def test_agents_of_the_desk_have_no_business_here(running: Gateway) -> None:
    maria = Person(await running.browser(await running.hire("Maria", "agent")))
    for path in ("/data/intents", "/data/examples", "/data/problems", "/data/talks", "/changes"):
        assert await maria.ask("GET", path, 403)
    assert await maria.post("/changes", 403, title="x", operations=[ADD])


async def test_what_a_language_lacks_is_written_and_applied(ann: Person, workspace: Path) -> None:
    for name, line in (("responses", "  utter_thanks_a_lot:\n    - text: Many thanks\n"), ("texts", "")):
        file = workspace / f"data/{name}/en.yml"
        file.write_text(file.read_text("utf-8").rstrip("\n") + f"\n{line}", "utf-8")
    texts = workspace / "data/texts/en.yml"
    texts.write_text("novelty:\n  said: Something {new}\n" + texts.read_text("utf-8"), "utf-8")
    problems = (await ann.get("/data/problems"))["problems"]
    lacks = [one["code"] for one in problems if one["lacks"] == "el"]
    assert lacks == ["response_missing", "text_missing"]
    told = await ann.get("/data/missing", language="el")
    assert told["responses"] == [{"name": "utter_thanks_a_lot", "variations": [{"text": "Many thanks"}]}]
    assert told["texts"] == [{"key": "novelty.said", "text": "Something {new}", "forms": None}]
    operations = [
        {"op": "set_response", "name": "utter_thanks_a_lot", "language": "el", "variations": ["Ευχαριστώ"]},
        {"op": "set_text", "key": "novelty.said", "language": "el", "text": "Κάτι {new}"},
    ]
    change = await ann.post("/changes", title="Greek", operations=operations)
    await ann.post(f"/changes/{change['id']}/apply", version=change["version"], commit=False)
    left = await ann.get("/data/missing", language="el")
    assert (left["responses"], left["texts"]) == ([], [])
    assert await ann.ask("GET", "/data/missing", 404, language="xx") == "language_unknown"
