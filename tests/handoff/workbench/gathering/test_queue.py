"""The queue as trainers get it: the useful first, not all alike, chance among them, each to one person."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handoff.workbench.gathering.queue import LEASE
from tests.handoff.workbench.gathering.conftest import Bench, together

TOPICS = ["parcel", "refund", "sizes", "colours", "invoice", "voucher", "account", "payment", "gift", "coat"]


def many(count: int, **rest: object) -> list[dict[str, object]]:
    return [
        {"text": f"{TOPICS[i % 10]} {i}", "score": 1 - i / count, "intent": f"intent{i % 10}", **rest}
        for i in range(count)
    ]


async def test_the_most_useful_come_first_with_one_in_ten_by_chance(bench: Bench) -> None:
    await bench.trainer()
    await bench.fill([*many(60), *many(10, sampled=True, frozen=True)])
    page = await bench.get("/queue")
    assert len(page["utterances"]) == 30
    by_chance = [i for i, one in enumerate(page["utterances"]) if "random" in one["reasons"]]
    assert by_chance == [9, 19, 29]
    assert page["utterances"][0]["score"] == 1.0
    assert all(page["utterances"][i]["sampled"] for i in by_chance)
    useful = [one["score"] for one in page["utterances"] if not one["sampled"]]
    assert min(useful) > 0.3
    assert page["counts"] == {
        "useful": 60, "random": 10, "second": 0, "contradicting": 0,
        "labelled": 0, "settled": 0, "open": 70, "mine": 0,
    }  # fmt: skip


async def test_pages_hold_every_utterance_once(bench: Bench) -> None:
    await bench.trainer()
    ids = await bench.fill([*many(400), *many(40, sampled=True, frozen=True)])
    seen: list[str] = []
    after: str | None = "0"
    while after is not None:
        page = await bench.get("/queue", after=after)
        seen += [one["id"] for one in page["utterances"]]
        after = page["next"]
    assert len(seen) == len(set(seen))
    assert set(ids[:400]) <= set(seen)


async def test_not_the_same_thing_twenty_times_in_a_row(bench: Bench) -> None:
    await bench.trainer()
    alike = [
        {"text": f"the voucher code {i} is refused", "score": 0.9, "intent": "offers"} for i in range(40)
    ]
    others = [{"text": f"{topic} trouble", "score": 0.7, "intent": topic} for topic in TOPICS]
    await bench.fill([*alike, *others])
    first = (await bench.get("/queue"))["utterances"][:12]
    assert sum("voucher code" in one["text"] for one in first) < 6


async def test_what_is_taken_nobody_else_gets_until_the_lease_ends(bench: Bench) -> None:
    await bench.fill(many(25))
    tara, ben = await bench.trainer("Tara"), await bench.trainer("Ben")
    bens = await bench.post("/queue/take", count=10)
    bench.door.who = tara
    taras = await bench.post("/queue/take", count=10)
    assert not {one["id"] for one in bens["utterances"]} & {one["id"] for one in taras["utterances"]}
    assert {one["assigned_to"]["name"] for one in taras["utterances"]} == {"Tara"}
    assert len((await bench.post("/queue/take", count=50))["utterances"]) == 15
    bench.clock.pass_(LEASE.total_seconds() + 1)
    bench.door.who = ben
    assert len((await bench.post("/queue/take", count=50))["utterances"]) == 25


async def test_two_who_take_at_once_get_different_ones(bench: Bench) -> None:
    await bench.fill(many(40))
    await bench.trainer()
    people = [await bench.trainer(name) for name in ("Ann", "Ben", "Cy")]

    async def take(who: str) -> set[str]:
        async with bench.house.database.write() as session:
            from handoff.agents.models import Agent
            from handoff.workbench.gathering import queue

            agent = await session.get_one(Agent, who)
            page = await queue.take(session, agent, queue.Filter(), 10, bench.clock())
            return {row.id for row in page.rows}

    got = await together(*map(take, people))
    assert all(isinstance(one, set) for one in got), got
    assert sum(map(len, got)) == len(set().union(*got))


async def test_what_one_has_labelled_one_is_not_given_again(bench: Bench) -> None:
    tara = await bench.trainer("Tara")
    [id] = await bench.fill([{"second": True, "state": "labelled"}])
    await bench.label(id, "track_order", tara)
    assert (await bench.post("/queue/take", view="second", count=5))["utterances"] == []
    await bench.trainer("Ben")
    [given] = (await bench.post("/queue/take", view="second", count=5))["utterances"]
    assert given["id"] == id
    assert given["others"] == []  # what others said is told only to those who have said theirs
    bench.door.who = tara
    [seen] = (await bench.get("/queue", view="labelled"))["utterances"]
    assert seen["mine"]["intent"] == "track_order"


async def test_a_supervisor_assigns_and_a_trainer_does_not(bench: Bench) -> None:
    ids = await bench.fill(many(5))
    tara = await bench.trainer("Tara")
    answer = await bench.post("/queue/assign", 403, to=tara, ids=ids[:2])
    assert answer["error"]["code"] == "assigning_forbidden"
    await bench.trainer("Sue", "supervisor")
    assert (await bench.post("/queue/assign", to=tara, ids=ids[:2]))["assigned"] == 2
    assert (await bench.post("/queue/assign", 422, to="nobody", ids=ids))["error"][
        "code"
    ] == "assignee_unknown"
    assert len((await bench.get("/queue"))["utterances"]) == 3
    bench.door.who = tara
    bench.clock.pass_(timedelta(days=2).total_seconds())
    assert {one["id"] for one in (await bench.get("/queue", view="mine"))["utterances"]} == set(ids[:2])
    assert (await bench.get("/queue"))["counts"]["mine"] == 2


async def test_views_are_narrowed(bench: Bench) -> None:
    await bench.trainer()
    await bench.fill(
        [
            {"text": "where is it 100%", "language": "en", "reasons": ["unsure"], "intent": "track_order"},
            {"text": "मेरा पार्सल कहाँ है", "language": "hi", "reasons": ["close"], "intent": "track_order"},
            {"text": "give me money", "language": "en", "reasons": ["disliked", "close"], "topic_id": "t1"},
        ]
    )

    async def texts(**query: str) -> list[str]:
        return sorted(one["text"][:5] for one in (await bench.get("/queue", **query))["utterances"])

    assert await texts(language="hi") == ["मेरा "]
    assert await texts(reason="close") == ["give ", "मेरा "]
    assert await texts(intent="track_order") == ["where", "मेरा "]
    assert await texts(q="MONEY give") == ["give "]
    assert await texts(q="100%") == ["where"]
    assert await texts(q="पार्सल") == ["मेरा "]
    assert await texts(q="is parcel") == []
    assert await texts(q="it WHERE") == ["where"]
    assert await texts(q='"here" OR money*') == []
    assert await texts(view="topic", topic="t1") == ["give "]
    assert await texts(view="all") == ["give ", "where", "मेरा "]


@pytest.mark.parametrize(
    ("query", "code"), [({"view": "best"}, "view_unknown"), ({"view": "topic"}, "topic_missing")]
)
async def test_what_cannot_be_asked_for_is_told(bench: Bench, query: dict[str, str], code: str) -> None:
    await bench.trainer()
    answer = await bench.http.get("/api/workbench/queue", params=query)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)


async def test_an_utterance_is_shown_with_its_like_and_what_was_said_around_it_masked(bench: Bench) -> None:
    await bench.trainer()
    await bench.write("hello, my name is Ravi Kumar", contact="ravi")
    await bench.write("where is my parcel", contact="ravi")
    await bench.write("where is my parcel bro", contact="bob")
    await bench.gathered()
    row = await bench.row("where is my parcel")
    got = await bench.get(f"/utterances/{row.id}")
    assert [one["text"] for one in got["similar"]] == ["where is my parcel bro"]
    assert got["utterance"]["similar"] == 1
    said = [(one["sender"], one["text"], one["this"]) for one in got["context"]]
    assert said == [
        ("customer", "hello, my name is Mira Sen", False),
        ("bot", "ok", False),
        ("customer", "where is my parcel", True),
        ("bot", "ok", False),
    ]
    missing = await bench.http.get("/api/workbench/utterances/nope")
    assert missing.json()["error"]["code"] == "utterance_unknown"


async def test_a_file_is_imported_and_its_bad_lines_are_named(bench: Bench) -> None:
    await bench.trainer()
    lines = ['{"text": "where is it"}', "nonsense", '{"text": ""}', "", '"my mail is ravi@gmail.com"']
    body = "\n".join([*lines, '{"text": "Where is it?"}'])
    answer = await bench.http.post(
        "/api/workbench/import", content=body.encode(), headers={"X-Name": "a.jsonl"}
    )
    got = answer.json()
    assert (got["taken"], got["known"]) == (2, 1)
    assert got["refused"] == [{"line": 2, "code": "not_json"}, {"line": 3, "code": "no_text"}]
    assert {row.text for row in await bench.rows()} == {"where is it", "my mail is asha@example.com"}
    assert not any(row.sampled for row in await bench.rows())
    again = await bench.http.post(
        "/api/workbench/import", content=body.encode(), headers={"X-Name": "a.jsonl"}
    )
    assert (again.json()["taken"], again.json()["known"]) == (0, 3)
