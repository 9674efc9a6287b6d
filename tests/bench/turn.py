"""``turn``: what a turn costs through the gateway, with everything stored, and in the bot itself.

Beside it, in the same run and over the same model: Rasa called bare, with its trackers in memory and on
SQLite (see :mod:`tests.bench.turn_bot`). All servers run at once on the same cores and are asked in turns.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import statistics
import subprocess
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from handoff.ops.paths import PYTHON, ROOT
from tests.bench import turn_bot
from tests.bench.report import Report, percentile
from tests.bench.turn_bot import PLAIN, Asked
from tests.support.servers import Place, gateway

CROWDS = (1, 8, 32)
TURNS = 320  # in all, for each size of the crowd
TALK = 20  # turns; then another customer comes
WAIT = 20


def run(_rest: Sequence[str] = ()) -> Report:
    report = Report(goals={"turn.ratio_to_bare": "≤ 2.0", "turn.rate_8": "≥ 80"})
    with TemporaryDirectory(prefix="setu-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        stand = stack.enter_context(turn_bot.everything(folder))
        desk = Inbox(stand.place, stack.enter_context(gateway(stand.place)).url)
        through = Asked("gateway", desk.ask)
        turn_bot.warm_up(through, PLAIN)
        bot = turn_bot.measure(stand)
        report.figures |= bot.figures
        report.goals |= bot.goals
        at = turn_bot.turns_at([through, stand.memory], (10,), rounds=9)
        report.figures["turn.gateway_10_ms"] = at["gateway", 10]
        report.figures["turn.bare_10_ms"] = at["memory", 10]
        report.figures["turn.ratio_to_bare"] = at["gateway", 10] / at["memory", 10]
        for size in CROWDS:
            rounds = [asyncio.run(crowd(desk, size)) for _ in range(3)]
            report.figures[f"turn.rate_{size}"] = statistics.median(rate for rate, _ in rounds)
            spent = [milliseconds for _, taken in rounds for milliseconds in taken]
            for share in (50, 95, 99):
                report.figures[f"turn.p{share}_{size}_ms"] = percentile(spent, share / 100)
    return report


class Inbox:
    """The REST inbox of a seeded place, asked as an integrator asks it: a message, and wait for the reply."""

    def __init__(self, place: Place, url: str) -> None:
        subprocess.run(
            [PYTHON, "-m", "handoff.cli", "seed"], env=place.env, cwd=ROOT, check=True, capture_output=True
        )
        made = json.loads((place.folder / "demo-accounts.json").read_text("utf-8"))["inboxes"]
        inbox = next(inbox for inbox in made if inbox["channel"] == "rest")
        self.url = f"{url}/api/inboxes/{inbox['id']}/messages"
        self.headers = {"Authorization": f"Bearer {inbox['token']}"}
        self._client = httpx.Client(timeout=60)

    def ask(self, contact: str, text: str) -> None:
        answer = self._client.post(self.url, headers=self.headers, json=self.body(contact, text))
        check(answer)

    def body(self, contact: str, text: str) -> dict[str, object]:
        return {"contact": contact, "id": secrets.token_hex(8), "text": text, "wait": WAIT}


def check(answer: httpx.Response) -> None:
    """A turn counts only if the bot answered it."""
    answer.raise_for_status()
    told = answer.json()
    assert told["conversation"]["owner"] == "bot", told
    assert any(reply["sender"] == "bot" for reply in told["replies"]), told


async def crowd(desk: Inbox, size: int) -> tuple[float, list[float]]:
    """``size`` customers, each writing as soon as answered: turns a second, and each turn's milliseconds."""
    spent: list[float] = []

    async def customer(client: httpx.AsyncClient) -> None:
        for number in range(TURNS // size):
            if number % TALK == 0:
                contact = secrets.token_hex(8)
            start = time.perf_counter()
            check(
                await client.post(
                    desk.url, headers=desk.headers, json=desk.body(contact, PLAIN[number % len(PLAIN)])
                )
            )
            spent.append((time.perf_counter() - start) * 1000)

    async with httpx.AsyncClient(timeout=60, limits=httpx.Limits(max_connections=size)) as client:
        start = time.perf_counter()
        await asyncio.gather(*(customer(client) for _ in range(size)))
        return len(spent) / (time.perf_counter() - start), spent
