"""``channels``: how fast platforms get their answer while the work goes on, and what Rasa's connectors do.

A real gateway process with inboxes on Messenger, WhatsApp and Telegram; a fake fast bot and platforms that
take everything stand behind it, so that every message becomes a turn and an answer sent. Webhooks arrive at
a constant rate whether or not earlier ones are answered (an open loop): signed, one in ten a batch of three,
one in twenty delivered a second time. After each round the backlog is waited for.

Options: ``--rate N --seconds N --rounds N --postgres`` (PostgreSQL instead of SQLite) ``--alone`` (without
Rasa beside it).
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.bench import channels_cases
from tests.bench.channels_load import Measured, request, send
from tests.bench.channels_payloads import Hook, Talk
from tests.bench.channels_setup import SECRETS, Stand, standing
from tests.bench.report import Report, percentile
from tests.support.postgres import postgres, with_driver
from tests.support.servers import Place

SEED = 20261122
DRAIN = 180.0  # seconds a backlog may take before that is the finding
GOALS = {
    "channels.webhook_p50_ms": "≤ 15",
    "channels.webhook_p99_ms": "≤ 250",
    "channels.errors": "0",
    "channels.not_stored": "0",
}


def run(options: list[str]) -> Report:
    parser = argparse.ArgumentParser(prog="./setu bench channels")
    for name, default in (("rate", 200), ("seconds", 20), ("rounds", 3)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--alone", action="store_true")
    given = parser.parse_args(options)
    with tempfile.TemporaryDirectory(prefix="setu-channels-") as name:
        folder = Path(name)
        with _place(folder, given.postgres) as place, standing(place) as stand:
            return asyncio.run(_measure(stand, folder, given))


@contextmanager
def _place(folder: Path, on_postgres: bool) -> Iterator[Place]:
    with ExitStack() as stack:
        env = {"SETU_DEMO": ""}
        if on_postgres:
            env["SETU_DATABASE_URL"] = with_driver(stack.enter_context(postgres()), "psycopg")
        yield Place(folder, env=env)


async def _measure(stand: Stand, folder: Path, given: argparse.Namespace) -> Report:
    report = Report(goals=dict(GOALS))
    talk = Talk(SECRETS, SEED)
    try:
        await _round(stand, talk, given.rate, 2)  # warm
        rounds = [await _round(stand, talk, given.rate, given.seconds) for _ in range(given.rounds)]
        _tell(report, rounds)
        if not given.alone:
            found = await channels_cases.compare(stand, folder)
            report.notes += channels_cases.table(found)
    finally:
        await stand.database.close()
    where = "PostgreSQL" if given.postgres else "SQLite"
    report.notes.insert(
        0,
        f"{where}; {given.rate} webhooks/s for {given.seconds} s, {given.rounds} rounds (medians), each "
        f"after the backlog of the one before; fake bot; seed {SEED}",
    )
    return report


class _Round:
    """What one round has measured."""

    def __init__(self, measured: Measured, stored: int, expected: int, backlog: int, drained: float) -> None:
        self.measured = measured
        self.stored, self.expected = stored, expected
        self.backlog, self.drained = backlog, drained


async def _round(stand: Stand, talk: Talk, rate: int, seconds: int) -> _Round:
    hooks = [talk.next() for _ in range(rate * seconds)]
    before = await stand.arrived()
    measured = await send(*stand.address, [_bytes(stand, *hook) for hook in hooks], rate)
    left = await stand.open()
    start = time.perf_counter()
    while any((await stand.open()).values()):
        if time.perf_counter() - start > DRAIN:
            raise RuntimeError(f"after {DRAIN:.0f} s there is still {await stand.open()}")
        await asyncio.sleep(0.25)
    drained = time.perf_counter() - start
    expected = sum(hook.fresh for _, hook in hooks)
    backlog = left["messages"] + left["events"]
    return _Round(measured, await stand.arrived() - before, expected, backlog, drained)


def _bytes(stand: Stand, platform: str, hook: Hook) -> bytes:
    return request(stand.path(platform), hook.body, hook.headers)


def _tell(report: Report, rounds: list[_Round]) -> None:
    def median(values: list[float]) -> float:
        return statistics.median(values)

    for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("max", 1.0)):
        report.figures[f"channels.webhook_{name}_ms"] = median(
            [percentile(one.measured.latencies, share) for one in rounds]
        )
    report.figures |= {
        "channels.stored_per_s": median([one.stored / one.measured.seconds for one in rounds]),
        "channels.backlog": median([one.backlog for one in rounds]),
        "channels.drained_s": median([one.drained for one in rounds]),
        "channels.errors": sum(one.measured.errors for one in rounds),
        "channels.not_stored": sum(one.expected - one.stored for one in rounds),
        "channels.load_lag_p99_ms": median([percentile(one.measured.lag, 0.99) for one in rounds]),
    }
    statuses: dict[int, int] = {}
    for one in rounds:
        for status, count in one.measured.statuses.items():
            statuses[status] = statuses.get(status, 0) + count
    report.notes.append(
        f"answers by status: {statuses}, unanswered: {sum(one.measured.broken for one in rounds)}; at most "
        f"{max(one.measured.connections for one in rounds)} connections; latencies count from the moment a "
        "webhook was due, this process's own lag included; backlog: events and messages not dealt with when "
        "the load ended, drained_s: until each was answered and the answer sent"
    )
