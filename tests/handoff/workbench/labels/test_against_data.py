"""A label that the training data, the foreign texts or the tests deny: flagged, decided, looked at again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from handoff.agents.models import Agent
from handoff.errors import Conflict
from handoff.workbench.gathering import queue
from handoff.workbench.gathering.queue import Filter
from handoff.workbench.gathering.views import shown
from handoff.workbench.labels.rechecking import BATCH, recheck
from handoff.workbench.models import Utterance
from tests.handoff.workbench.labels.conftest import Bench

CANCEL = "Cancel my order!"  # the data have it as cancel_order
LINE = {"file": "data/nlu/en/orders.yml", "line": 10, "intents": ["cancel_order"], "text": "cancel my order"}


async def told(bench: Bench, id: str, who: str = "bo") -> dict[str, Any]:
    """The message as the page shows it."""
    async with bench.database.read() as session:
        row = await session.get_one(Utterance, id)
        return (await shown(session, bench.people[who], [row]))[0]


async def listed(bench: Bench, who: str = "bo") -> list[str]:
    """The view of what contradicts."""
    async with bench.database.read() as session:
        agent = await session.get_one(Agent, bench.people[who].id)
        page = await queue.page(session, agent, Filter("contradicting"), 0, bench.clock())
    return [row.id for row in page.rows]


def write(workspace: Path, path: str, content: str) -> None:
    (workspace / path).parent.mkdir(parents=True, exist_ok=True)
    (workspace / path).write_text(content, "utf-8")


async def rechecked(bench: Bench) -> int:
    looked_at = 0
    while some := await recheck(bench.context, bench.words, bench.grounds):
        looked_at += some
        if some < BATCH:
            break
    return looked_at


async def test_a_label_against_the_data_waits_among_what_contradicts_and_says_where(bench: Bench) -> None:
    id = await bench.wrote(CANCEL)
    given = await bench.label("ann", id, intent="track_order")
    assert given.states == {id: "labelled"}
    assert given.against == {id: [LINE]}
    assert await listed(bench) == [id]
    seen = await told(bench, id)
    assert seen["reasons"] == ["contradicting"]
    assert seen["contradiction"] == {"labels": [], "data": [LINE]}


async def test_a_label_that_the_data_confirm_settles(bench: Bench) -> None:
    id = await bench.wrote(CANCEL)
    given = await bench.label("ann", id, intent="cancel_order")
    assert (given.states, given.against) == ({id: "settled"}, {})
    assert await listed(bench) == []
    assert (await told(bench, id))["contradiction"] is None


async def test_a_label_of_what_the_data_do_not_know_settles(bench: Bench) -> None:
    id = await bench.wrote("do you have it in blue")
    assert (await bench.label("ann", id, intent="get_invoice")).states == {id: "settled"}


async def test_another_language_is_another_text(bench: Bench) -> None:
    id = await bench.wrote(CANCEL, language="hi")
    assert (await bench.label("ann", id, intent="track_order")).states == {id: "settled"}
    again = await bench.wrote(CANCEL, language="hi")
    given = await bench.label("ann", again, intent="track_order", language="en")  # as ann says
    assert given.states == {again: "labelled"}


async def test_one_of_two_wishes_is_no_contradiction_and_what_is_foreign_is_one(bench: Bench) -> None:
    both, none = await bench.wrote(CANCEL), await bench.wrote("will it rain tomorrow?")
    wishes = ("track_order", "cancel_order")
    assert (await bench.label("ann", both, intent=None, kind="two_wishes", wishes=wishes)).against == {}
    given = await bench.label("ann", none, intent="get_invoice")
    assert [(one["file"], one["line"], one["intents"]) for one in given.against[none]] == [
        ("data/foreign/en.yml", 2, [])
    ]
    own = await bench.wrote("cancel my order")
    assert list((await bench.label("ann", own, intent=None, kind="out_of_scope")).against) == [own]


async def test_a_test_says_otherwise_and_its_words_stay_unread(bench: Bench, workspace: Path) -> None:
    lines = [
        {"text": "Send me the bill", "label": "get_invoice", "language": "en"},
        {"text": "who won the match", "label": "oos", "language": "en"},
    ]
    write(workspace, "tests/nlu/shop_en.jsonl", "\n".join([*map(json.dumps, lines), "{not json"]))
    bill, match = await bench.wrote("send me the bill"), await bench.wrote("who won the match?")
    given = await bench.label("ann", bill, match, intent="track_order")
    file = {"file": "tests/nlu/shop_en.jsonl", "text": None}
    assert given.against == {
        bill: [{**file, "line": 1, "intents": ["get_invoice"]}],
        match: [{**file, "line": 2, "intents": []}],
    }


async def test_who_gave_the_label_decides_against_the_data_and_may_take_it_back(bench: Bench) -> None:
    id = await bench.wrote("cancel my order")
    await bench.label("ann", id, intent="track_order")
    decided = await bench.settle("ann", id, "track_order")
    assert decided.states == {id: "settled"}
    assert decided.against == {}
    assert await listed(bench) == []
    change, _ = await bench.take("ann")
    assert [(one["op"], one["to"]) for one in change.operations] == [("move_example", "track_order")]
    await bench.change(id, change_id=None)
    await bench.undo("ann", decided.batch)
    assert await listed(bench) == [id]


async def test_changing_ones_mind_or_taking_the_label_back_ends_it(bench: Bench) -> None:
    id, other = await bench.wrote(CANCEL), await bench.wrote(CANCEL)
    await bench.label("ann", id, other, intent="track_order")
    await bench.label("ann", id, intent="cancel_order")
    assert await bench.state(id) == "settled"
    await bench.label("ann", id, intent="track_order")
    assert await bench.state(id) == "labelled"
    await bench.undo("ann")
    await bench.undo("ann")
    await bench.undo("ann")
    assert await bench.state(id) == await bench.state(other) == "open"
    assert await listed(bench) == []


async def test_a_quarrel_of_people_is_not_decided_by_one_of_them_because_the_data_differ(
    bench: Bench,
) -> None:
    id = await bench.wrote(CANCEL)
    await bench.label("ann", id, intent="track_order")
    await bench.label("bo", id, intent="get_invoice", anyway=True)
    assert (await told(bench, id))["contradiction"]["data"] == [LINE]
    with pytest.raises(Exception, match="own_disagreement"):
        await bench.settle("ann", id, "track_order")
    await bench.settle("cy", id, "track_order")
    assert await bench.state(id) == "settled"


async def test_what_waits_for_a_second_opinion_is_not_given_away(bench: Bench) -> None:
    id = await bench.wrote(CANCEL, second=True)
    assert (await bench.label("ann", id, intent="track_order")).against == {}
    assert (await told(bench, id))["contradiction"] is None
    assert list((await bench.label("bo", id, intent="track_order")).against) == [id]
    assert await listed(bench, "cy") == [id]


async def test_labels_are_looked_at_again_when_the_data_have_changed(bench: Bench, workspace: Path) -> None:
    odd, fine = await bench.wrote(CANCEL), await bench.wrote("where is my order")
    decided, free = await bench.wrote(CANCEL), await bench.wrote(CANCEL)
    await bench.label("ann", odd, decided, intent="track_order")
    await bench.label("ann", fine, intent="track_order")
    await bench.settle("ann", decided, "track_order")
    assert await rechecked(bench) == 3  # what nobody labelled is left alone
    assert await rechecked(bench) == 0  # the data are the same
    nlu = workspace / "data/nlu/en/orders.yml"
    text = nlu.read_text("utf-8")
    nlu.write_text(text.replace("cancel my order", "-").replace("where is my order", "cancel my order"))
    assert await rechecked(bench) == 3
    assert (await bench.state(odd), await listed(bench)) == ("settled", [])
    nlu.write_text(text.replace("track_order", "x").replace("cancel_order", "track_order"))
    await rechecked(bench)
    assert await bench.state(odd) == "settled"
    assert await bench.state(fine) == "labelled"  # it stands under another intent now
    assert await bench.state(decided) == "settled"
    assert await listed(bench) == [fine]
    assert await bench.state(free) == "open"


async def test_what_a_change_has_taken_stays_until_it_is_withdrawn(bench: Bench, workspace: Path) -> None:
    id = await bench.wrote("please send the bill")
    await bench.label("ann", id, intent="get_invoice")
    change, _ = await bench.take("ann")
    foreign = workspace / "data/foreign/en.yml"
    foreign.write_text("foreign:\n  - please send the bill\n")
    await rechecked(bench)
    assert (await bench.state(id), (await bench.row(id)).change_id) == ("settled", change.id)
    await bench.change(id, change_id=None)
    given = await bench.label("bo", id, intent="get_invoice")
    assert list(given.against) == [id]


async def test_many_labels_are_looked_at_in_batches(bench: Bench, workspace: Path) -> None:
    ids = [await bench.wrote(f"{CANCEL} {'x' * i}") for i in range(3)]
    await bench.label("ann", *ids, intent="cancel_order")
    async with bench.database.write() as session:
        session.add_all(
            Utterance(id=f"n{i:04}", key=f"n{i:04}", text="hello", language="en", state="settled")
            for i in range(BATCH)
        )
    assert await rechecked(bench) == BATCH + len(ids)
    async with bench.database.read() as session:
        states = set(await session.scalars(select(Utterance.state)))
    assert states == {"settled"}


async def test_a_file_that_cannot_be_read_says_nothing(bench: Bench, workspace: Path) -> None:
    write(workspace, "data/foreign/el.yml", "foreign: [")
    write(workspace, "data/foreign/fa.yml", "foreign: 7")
    (workspace / "data/nlu/hi/orders.yml").write_bytes(b"\xff\xfe")
    id = await bench.wrote(CANCEL)
    assert (await bench.label("ann", id, intent="track_order")).states == {id: "settled"}


async def test_against_the_data_only_a_label_can_be_decided(bench: Bench) -> None:
    id = await bench.wrote(CANCEL)
    with pytest.raises(Conflict, match="nothing_to_settle"):
        await bench.settle("ann", id, "track_order")
