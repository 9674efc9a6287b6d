"""``faults``: thousands of customers' messages through platforms that fail, while processes are killed.

Simulated Messenger, Instagram, WhatsApp and Telegram duplicate and reorder 10 % of their webhooks, fail 5 %
of the calls they get (some of them after having done what was asked) and go dark for 30 seconds. The gateway
is killed five times and the bot twice, as a crash would. Agents take talks over and give them back meanwhile.
Then all is drained, and :mod:`tests.bench.history_audit` reads what everybody has.

Options: ``--messages N --customers N`` (of each platform) ``--rate N`` (messages a second) ``--kills N
--bot-kills N --dark SECONDS --agents N --seed N --show FINDINGS --real`` (the real bot) ``--postgres``.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path

from handoff.simulators import Faults
from tests.bench import history_rows
from tests.bench.faults_agents import Team, hire
from tests.bench.faults_house import Crowd, House, house
from tests.bench.history import Findings
from tests.bench.history_audit import audit
from tests.bench.report import Report
from tests.support.postgres import postgres, with_driver
from tests.support.servers import Place, seeded

WRONG = Faults(duplicates=0.1, reorders=0.1, fail_before=0.03, fail_after=0.02, slow=0.01)
AWAY = 1.0  # seconds that a killed process is away before it is started again
DRAIN = 300.0  # seconds
FAULTS = ("lost", "doubled", "misordered", "talked_over")
APART = {
    "late": "arrived after a later one was stored",
    "undatable": "overtook another of the same second, by the platform's own clock",
    "crossed": "the bot's, under way to the platform when people took the talk",
    "undelivered": "not delivered, and people are told",
    "feared": "people are told it may not have been delivered, but it was",
}


def options(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./setu bench faults")
    numbers = {"messages": 10_000, "customers": 125, "rate": 40, "kills": 5, "bot-kills": 2, "dark": 30}
    for name, default in (numbers | {"agents": 6, "seed": 20261122, "show": 5}).items():
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--real", action="store_true")
    parser.add_argument("--postgres", action="store_true")
    return parser.parse_args(words)


def run(words: list[str]) -> Report:
    given = options(words)
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # callers that die are what this is about
    with tempfile.TemporaryDirectory(prefix="setu-faults-") as folder, ExitStack() as stack:
        env = {"SETU_LOG_LEVEL": "WARNING"}
        if given.postgres:
            env["SETU_DATABASE_URL"] = with_driver(stack.enter_context(postgres()), "psycopg")
        place = stack.enter_context(seeded(Path(folder), **env)) if given.real else Place(Path(folder), env)
        findings, notes = asyncio.run(endure(place, given))
    report = Report(goals={f"faults.{name}": "0" for name in FAULTS})
    report.figures = {f"faults.{name}": float(count) for name, count in findings.faults().items()}
    report.figures |= {f"faults.{name}": float(len(getattr(findings, name))) for name in APART}
    report.goals |= {f"faults.{name}": f"({what})" for name, what in APART.items()}
    report.notes = notes
    for name in (*FAULTS, *APART):
        report.notes += [f"{name}: {one}" for one in getattr(findings, name)[: given.show]]
    return report


async def endure(place: Place, given: argparse.Namespace) -> tuple[Findings, list[str]]:
    """Let it all happen; what the reader of the history finds, and notes on what was done."""
    async with house(place, given.seed, given.customers, given.real) as it:
        it.simulator.faults = WRONG
        team = Team(it.gateway.url, await hire(it.database, given.agents), given.seed)
        crowd = Crowd(it, given.messages, given.rate, given.seed, given.real)
        start = time.perf_counter()
        at_desks = asyncio.create_task(team.work())
        await asyncio.gather(crowd.talk(), _trouble(it, crowd, given))
        talked = time.perf_counter() - start
        team.done.set()
        await at_desks
        left = await it.drained(DRAIN)
        took = time.perf_counter() - start
        history = await history_rows.read(it.database, it.witnesses, team.replied, by_line=not given.real)
        findings = audit(history)
        told = sorted(it.simulator.stats.items())
    notes = [
        f"{given.messages} messages of {4 * given.customers} customers on 4 platforms in {talked:.0f} s, "
        f"drained after {took:.0f} s; gateway killed {given.kills}×, {'real' if given.real else 'fake'} bot "
        f"{given.bot_kills}×, dark for {given.dark} s; seed {given.seed}",
        f"{len(history.stored)} messages stored, {len(history.shown)} shown to customers; {team.taken} talks "
        f"taken by {given.agents} agents, {len(team.replied)} replies",
        "platforms: " + ", ".join(f"{name} {count}" for name, count in told),
    ]
    if left:
        notes.append(f"NOT DRAINED after {DRAIN:.0f} s: {left}")
    return findings, notes


async def _trouble(it: House, crowd: Crowd, given: argparse.Namespace) -> None:
    """Kills, and the dark, spread evenly over what is said."""

    async def dark() -> None:
        it.simulator.go_dark(given.dark)

    gateway: list[tuple[float, Callable[[], Awaitable[None]]]] = [
        ((number + 0.5) / given.kills, lambda: it.kill_gateway(AWAY)) for number in range(given.kills)
    ]
    bot: list[tuple[float, Callable[[], Awaitable[None]]]] = [
        ((number + 0.7) / given.bot_kills, lambda: it.kill_bot(AWAY)) for number in range(given.bot_kills)
    ]
    darkness = [(0.4, dark)] if given.dark else []
    for share, happen in sorted([*gateway, *bot, *darkness], key=lambda one: one[0]):
        while crowd.said < share * given.messages:  # noqa: ASYNC110  the crowd rings no bell
            await asyncio.sleep(0.02)
        await happen()
