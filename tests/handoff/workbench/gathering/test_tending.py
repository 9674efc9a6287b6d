"""Topics, fading, forgetting and reading anew: the slow work behind the queue."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fastapi import FastAPI
from sqlalchemy import delete, select

from handoff.conversations.models import Conversation, Message
from handoff.workbench.gathering import gather, rereading, tending, topical
from handoff.workbench.models import Topic
from tests.handoff.workbench.gathering.conftest import Bench
from tests.support.serving import serving

POOR = {"confidence": 0.2, "margin": 0.05, "in_scope": 0.1}


async def tended(bench: Bench) -> None:
    while await tending.tend(bench.context) >= tending.BATCH:
        pass


async def test_where_it_was_written_is_forgotten_with_the_talk(bench: Bench) -> None:
    await bench.write("where is my parcel")
    await bench.gathered()
    async with bench.house.database.write() as session:
        [row] = await bench.rows()
        await session.execute(delete(Message).where(Message.conversation_id == row.conversation_id))
        from handoff.conversations.models import JournalEntry

        await session.execute(delete(JournalEntry).where(JournalEntry.conversation_id == row.conversation_id))
        await session.execute(delete(Conversation).where(Conversation.id == row.conversation_id))
    await tended(bench)
    [row] = await bench.rows()
    assert (row.conversation_id, row.number) == (None, None)
    await bench.trainer()
    assert (await bench.get(f"/utterances/{row.id}"))["context"] == []


async def test_what_went_wrong_long_ago_counts_less(bench: Bench) -> None:
    reading = {"confidence": 0.95, "margin": 0.9, "in_scope": 0.9}
    [id] = await bench.fill([{"signals": {"handed_over": 5}, "reading": reading, "last_at": bench.clock()}])
    await tended(bench)
    [fresh] = [row for row in await bench.rows() if row.id == id]
    bench.clock.pass_(180 * 86_400)
    await tended(bench)
    [old] = await bench.rows()
    assert old.score < fresh.score
    assert "handed_over" in fresh.reasons
    assert "handed_over" not in old.reasons


async def test_topics_are_found_shown_and_keep_their_names(bench: Bench) -> None:
    await bench.trainer()
    ways = ["please", "today", "asap", "for me", "this week", "in your shop", "tomorrow", "if possible"]
    themes = [
        "repair the torn sleeve",
        "rent a wedding suit",
        "engrave my silver watch",
        "alter trouser length",
    ]
    rows = [
        {"text": f"could you {theme} {way}", "reading": POOR, "language": "en", "score": 0.5}
        for theme in themes
        for way in ways
    ]
    await bench.fill(rows)
    assert await topical.cluster(bench.context) >= 2
    first = (await bench.get("/topics"))["topics"]
    assert all(len(one["utterances"]) == 5 and one["words"] for one in first)
    assert all(one["languages"] == ["en"] for one in first)
    assert await topical.cluster(bench.context) == 0  # not yet time again
    listed = (await bench.get("/queue", view="topic", topic=first[0]["id"]))["utterances"]
    assert {"new_topic"} <= {reason for one in listed for reason in one["reasons"]}
    bench.clock.pass_(7 * 3600)
    await bench.fill([{"text": f"could you {themes[0]} now", "reading": POOR, "language": "en"}])
    await topical.cluster(bench.context)
    again = (await bench.get("/topics"))["topics"]
    assert {one["id"] for one in first} & {one["id"] for one in again}
    async with bench.house.database.read() as session:
        kept = set((await session.scalars(select(Topic.id))).all())
    assert kept == {one["id"] for one in again}


async def test_files_and_a_new_models_queue_are_read_by_the_live_model(bench: Bench) -> None:
    app, asked = FastAPI(), list[str]()
    live = {"name": "setu-1"}

    @app.get("/webhooks/setu/model")
    async def model() -> dict[str, Any]:
        return {"live": live, "shadow": None}

    @app.post("/webhooks/setu/read")
    async def read(body: dict[str, Any]) -> dict[str, Any]:
        asked.extend(one["text"] for one in body["texts"])
        reading = {
            "intent": "get_refund",
            "confidence": 0.5,
            "margin": 0.1,
            "in_scope": 0.9,
            "language": "en",
        }
        return {"model": live["name"], "readings": [reading for _ in body["texts"]]}

    await bench.fill([{"text": f"text {i}", "source": "import"} for i in range(10)])
    async with serving(app) as url:
        context = replace(bench.context, bot_urls=[url], bot_token="secret")
        for _ in range(6):
            await rereading.read_again(context)
        assert sorted(asked) == sorted(f"text {i}" for i in range(10))
        assert {(row.intent, row.reading["model"]) for row in await bench.rows()} == {
            ("get_refund", "setu-1")
        }
        assert all("close" in row.reasons for row in await bench.rows())
        live["name"] = "setu-2"
        for _ in range(6):
            await rereading.read_again(context)
        assert len(asked) == 20
    assert gather.works(bench.context).keys() >= {"gathering", "topics", "reading_again"}
