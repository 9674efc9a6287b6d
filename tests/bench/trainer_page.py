"""The queue with 200,000 utterances: its calls on SQLite and PostgreSQL, and the page in a real browser.

The utterances are made (words of a shop in English, Hindi, Bengali, Persian and Greek, one in five behind
another one, a few labelled). The *naive* query is what one would write first: all open ones with what hangs
on them, ordered by the score that is worked out in the query.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import insert, text

from actions.db import Database, new_id, now
from handoff.agents.passwords import Passwords
from handoff.agents.service import Accounts
from handoff.app import create_app
from handoff.workbench.models import Utterance
from tests.support.browser import chromium
from tests.support.databases import create_tables
from tests.support.gateway import PASSWORD
from tests.support.gateways import running
from tests.support.postgres import postgres, with_driver
from tests.support.serving import serving

COUNT = 200_000
TIMES = 7
SEEN = """
    new MutationObserver((_, watch) => {
        if (!document.querySelector('.wl-row')) return;
        watch.disconnect();
        requestAnimationFrame(() => setTimeout(() => { window.seen = performance.now(); }));
    }).observe(document, { subtree: true, childList: true });
"""
WORDS = {
    "en": "where parcel refund size colour invoice late wrong shirt shoes return voucher pay card help order",
    "hi": "मेरा पार्सल कहाँ पैसे वापस ऑर्डर रद्द साइज़ रंग जूते कमीज़ कब आएगा बिल कूपन देर गलत है",
    "bn": "আমার পার্সেল কোথায় টাকা ফেরত অর্ডার বাতিল সাইজ রং জুতা শার্ট কবে বিল কুপন দেরি ভুল",
    "fa": "بسته من کجاست پول سفارش لغو سایز رنگ کفش پیراهن کی می‌رسد فاکتور تخفیف دیر اشتباه است",
    "el": "που είναι το δέμα μου χρήματα παραγγελία ακύρωση μέγεθος χρώμα παπούτσια αργεί λάθος τιμολόγιο",
}
INTENTS = [
    "track_order",
    "cancel_order",
    "get_refund",
    "return_item",
    "size_help",
    "get_invoice",
    "offers",
    "complaint",
]
NAIVE = """
    SELECT u.*,
           (SELECT count(*) FROM annotations a WHERE a.utterance_id = u.id AND a.undone_at IS NULL) AS labels,
           (SELECT count(*) FROM utterances g WHERE g.group_id = u.id) AS alike
    FROM utterances u WHERE u.state = 'open' AND NOT u.hidden
    ORDER BY {worth} DESC LIMIT 30
"""
WORTH = {
    "sqlite": "1 - coalesce(json_extract(u.reading, '$.margin'), 1) + 0.1 * ln(u.count)",
    "postgresql": "1 - coalesce((u.reading->>'margin')::float, 1) + 0.1 * ln(u.count)",
}


def measure(count: int = COUNT) -> dict[str, Any]:
    """``page_ms``: from the address to the rows in the browser, SQLite, median; calls in ms, medians, by
    database; ``naive_ms``."""
    return asyncio.run(_measure(count))


async def _measure(count: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'bench.db'}"
        found |= {f"sqlite.{name}": value for name, value in (await _calls(url, count, page=True)).items()}
    with postgres() as server:
        url = with_driver(server, "psycopg")
        found |= {
            f"postgresql.{name}": value for name, value in (await _calls(url, count, page=False)).items()
        }
    found["page_ms"] = found.pop("sqlite.page_ms")
    return found


async def _calls(url: str, count: int, *, page: bool) -> dict[str, float]:
    await create_tables(url)
    database = Database(url)
    await fill(database, count)
    kind = "sqlite" if database.is_sqlite else "postgresql"
    found = {"naive_ms": await _naive(database, kind)}
    await database.close()
    async with running(url, at_work=False) as gateway:
        accounts = Accounts(gateway.gateway.database, Passwords())
        await accounts.create(email="tara@example.org", name="Tara", password=PASSWORD, role="trainer")
        async with serving(create_app(gateway.gateway)) as address:
            found |= await _asked(address)
            if page:
                found["page_ms"] = await _opened(address)
    return found


async def _asked(address: str) -> dict[str, float]:
    headers = {"X-Setu": "1", "Origin": address}
    async with httpx.AsyncClient(base_url=address, headers=headers, timeout=60) as http:
        await http.post("/api/desk/sign-in", json={"email": "tara@example.org", "password": PASSWORD})

        async def get(**query: str) -> None:
            (await http.get("/api/workbench/queue", params=query)).raise_for_status()

        async def take() -> None:
            (await http.post("/api/workbench/queue/take", json={"count": 15})).raise_for_status()

        first = await _timed(get, 1)
        return {
            "first_ms": first,  # with all counts
            "queue_ms": await _timed(get),
            "deep_ms": await _timed(lambda: get(after="200")),
            "language_ms": await _timed(lambda: get(language="el")),
            "reason_ms": await _timed(lambda: get(reason="disagree")),
            "intent_ms": await _timed(lambda: get(intent="offers")),
            "random_ms": await _timed(lambda: get(view="random")),
            "search_ms": await _timed(lambda: get(q="refund late", view="all")),
            "search_rare_ms": await _timed(lambda: get(q="unfindable", view="all")),
            "take_ms": await _timed(take),
        }


async def _opened(address: str) -> float:
    """Median time from asking for the page, with nothing cached, until its rows are painted: by the browser's
    clock, since looking from outside comes up to half a second late."""
    times: list[float] = []
    async with chromium() as browser:
        first = await browser.new_context()
        signed_in = await first.request.post(
            f"{address}/api/desk/sign-in",
            data={"email": "tara@example.org", "password": PASSWORD},
            headers={"X-Setu": "1", "Origin": address},
        )
        assert signed_in.ok, await signed_in.text()
        state = await first.storage_state()
        await first.close()
        for _ in range(TIMES):
            context = await browser.new_context(storage_state=state)
            page = await context.new_page()
            await page.add_init_script(SEEN)
            await page.goto(f"{address}/workbench/#/queue", wait_until="commit")
            seen = await page.wait_for_function("() => window.seen")
            times.append(await seen.json_value())
            await context.close()
    return statistics.median(times)


async def _timed(call: Callable[[], Awaitable[None]], times: int = TIMES) -> float:
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        await call()
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken)


async def _naive(database: Database, kind: str) -> float:
    async with database.read() as session:

        async def ask() -> None:
            (await session.execute(text(NAIVE.format(worth=WORTH[kind])))).all()

        return await _timed(ask, 1)


async def fill(database: Database, count: int, seed: int = 5) -> None:
    """``count`` utterances, in transactions of 5,000."""
    rng = random.Random(seed)
    heads: list[str] = []
    rows: list[dict[str, Any]] = []
    at = now()
    for i in range(count):
        rows.append(_row(rng, i, heads, at - timedelta(minutes=i)))
        if len(rows) == 5_000 or i == count - 1:
            async with database.write() as session:
                await session.execute(insert(Utterance), rows)
            rows = []
    async with database.engine.connect() as connection:
        await connection.exec_driver_sql("ANALYZE")


def _row(rng: random.Random, i: int, heads: list[str], at: Any) -> dict[str, Any]:
    id, language = new_id(), rng.choices(list(WORDS), [60, 12, 10, 9, 9])[0]
    said = " ".join(rng.choices(WORDS[language].split(), k=rng.randint(3, 12))) + f" {i}"
    hidden = bool(heads) and rng.random() < 0.2
    head = rng.choice(heads) if hidden else id
    if not hidden:
        heads.append(id)
    intent, confidence = rng.choice(INTENTS), rng.betavariate(4, 1.5)
    state = rng.choices(["open", "labelled", "settled", "skipped"], [95, 1, 3, 1])[0]
    sampled = rng.random() < 0.1
    reasons = [
        one
        for one, share in (("close", 0.2), ("unsure", 0.2), ("disagree", 0.01), ("disliked", 0.05))
        if rng.random() < share
    ]
    reading = {
        "intent": intent, "confidence": confidence, "margin": confidence * 0.8, "in_scope": rng.random(),
        "ranking": [{"name": one, "confidence": confidence / (j + 1)} for j, one in enumerate(INTENTS[:5])],
        "entities": [], "language": language, "script": "Latn", "doubtful": False, "wishes": [], "model": "m",
    }  # fmt: skip
    return {
        "id": id, "key": hashlib.sha256(f"{i}".encode()).hexdigest(), "text": said, "spans": [],
        "language": language, "script": "Latn",
        "source": "talk", "count": int(rng.paretovariate(1.2)), "conversation_id": new_id(), "number": 3,
        "reading": reading, "intent": intent, "signals": {"written": 3}, "reasons": reasons,
        "score": rng.betavariate(2, 4), "group_id": head, "group_size": 1 + (not hidden),
        "hidden": hidden, "sampled": sampled, "frozen": sampled, "second": rng.random() < 0.1,
        "contradicting": rng.random() < 0.002, "state": state, "first_at": at, "last_at": at,
    }  # fmt: skip


if __name__ == "__main__":
    for name, value in measure(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT).items():
        print(f"  {name:<28} {value:8.1f}")
