"""Four cases in which webhooks go wrong, run against ours and against Rasa's own connectors.

* a batch of three messages in one webhook: how many are taken;
* the same webhook delivered twice, as platforms do when an answer was late: how often it is handled;
* a forged one (a wrong signature; for Telegram one without the secret, which Rasa never asks for);
* an action that takes two seconds: how long the platform waits for its answer.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.bench.channels_payloads import PLATFORMS, Hook, Line
from tests.bench.channels_setup import SECRETS, Stand
from tests.support.processes import free_port, running
from tests.support.servers import BOT_PYTHON, ROOT
from tests.support.waiting import until

RASA_SECRET = "the app secret of the bench"  # in tests.bench.rasa_connectors, of the other environment
SLOW, SLOW_SECONDS = "slow", 2.0  # likewise
SETTLED = 3.0  # seconds in which what is not handled by now would have been


@dataclass(frozen=True, slots=True)
class Side:
    """One of those compared: where it takes webhooks, with what secret, and what it has handled."""

    name: str
    platform: str
    url: str
    secret: str
    handled: Callable[[str], Awaitable[int]]  # how often messages with this text have been
    slow: Callable[[bool], Awaitable[None]] | None = None  # make the bot behind slow


@dataclass(slots=True)
class Outcome:
    """What a side did; None: the platform has no such case."""

    name: str
    batch: int | None = None
    redelivered: int = 0
    forged: str = ""
    slow_ms: float = 0.0

    def row(self) -> list[str]:
        batch = "–" if self.batch is None else f"{self.batch} of 3"
        return [self.name, batch, f"{self.redelivered}×", self.forged, f"{self.slow_ms:,.0f} ms"]


TITLES = ["", "batch of 3: taken", "redelivered: handled", "forged", "answer with a 2 s action"]


async def compare(stand: Stand, folder: Path) -> list[Outcome]:
    async with httpx.AsyncClient(timeout=30) as client:
        sides = _ours(stand, client)
        with rasa(folder) as url:
            sides += _theirs(url, client)
            found = [await _cases(side, client) for side in sides]
    return found


@contextmanager
def rasa(folder: Path) -> Iterator[str]:
    """Rasa's connectors in the bot's environment; yields their address."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"

    def ready() -> bool:
        try:
            return httpx.get(f"{url}/handled", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False

    command = [str(BOT_PYTHON), "-m", "tests.bench.rasa_connectors", str(port)]
    with running(command, folder / "rasa.log", ready, cwd=ROOT, seconds=120):
        yield url


def _ours(stand: Stand, client: httpx.AsyncClient) -> list[Side]:
    async def slow(on: bool) -> None:
        await client.post(f"{stand.behind}/mode", json={"mode": "hang" if on else "answer"})

    return [
        Side(f"Setu {name}", name, stand.server.url + stand.path(name), SECRETS[name], stand.stored, slow)
        for name in PLATFORMS
    ]


def _theirs(url: str, client: httpx.AsyncClient) -> list[Side]:
    async def handled(text: str) -> int:
        answer = await client.get(f"{url}/handled")
        return sum(message["text"] == text for message in answer.json()["handled"])

    where = {"facebook": "messenger", "telegram": "telegram"}
    return [
        Side(f"Rasa {name}", platform, f"{url}/webhooks/{name}/webhook", RASA_SECRET, handled)
        for name, platform in where.items()
    ]


async def _cases(side: Side, client: httpx.AsyncClient) -> Outcome:
    outcome = Outcome(side.name)
    ids = iter(range(900_000_001, 900_000_999))

    def line(words: str, contact: int) -> Line:
        return Line(contact, next(ids), f"{side.name}: {words}")

    def made(lines: list[Line], secret: str = side.secret) -> Hook:
        return PLATFORMS[side.platform](lines, secret)

    async def post(hook: Hook) -> httpx.Response:
        headers = hook.headers | {"Content-Type": "application/json"}
        return await client.post(side.url, content=hook.body, headers=headers)

    if side.platform != "telegram":
        lines = [line(f"one of three ({number})", 9001 + number) for number in range(3)]
        await post(made(lines))
        await _known(side, lines[:1])
        outcome.batch = sum([await side.handled(one.text) for one in lines])

    twice = line("sent twice", 9005)
    hook = made([twice])
    await post(hook)
    await _known(side, [twice])
    await post(hook)
    forged = line("forged", 9006)
    answer = await post(made([forged], "not the secret"))
    await asyncio.sleep(SETTLED)  # for what should not happen there is nothing to wait for
    outcome.redelivered = await side.handled(twice.text)
    accepted = bool(await side.handled(forged.text))
    outcome.forged = f"{'ACCEPTED' if accepted else 'refused'} ({answer.status_code})"

    if side.slow:
        await side.slow(True)
    slow = line(SLOW, 9007)
    start = time.perf_counter()
    await post(made([slow]))
    outcome.slow_ms = (time.perf_counter() - start) * 1000
    if side.slow:
        await asyncio.sleep(max(0.0, SLOW_SECONDS - outcome.slow_ms / 1000))
        await side.slow(False)
    await _known(side, [slow])
    return outcome


async def _known(side: Side, lines: list[Line]) -> None:
    async def there() -> bool:
        return bool(await side.handled(lines[0].text))

    await until(there, 30)


def table(found: list[Outcome]) -> list[str]:
    rows = [TITLES, *(outcome.row() for outcome in found)]
    wide = [max(len(row[column]) for row in rows) for column in range(len(TITLES))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, wide, strict=True)).rstrip() for row in rows
    ]
