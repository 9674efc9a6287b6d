"""Part of ``bench trainer``: turns in flight while models are changed back and forth on two bots.

Each conversation says who it is and asks for it back, each answer names the model that read the message,
and what was live is written down at every change. A turn has *failed* that was not answered, was answered
with another conversation's slots, or by a model that was live neither when it began nor when it ended.
Beside it, over the same model: the longest that a turn waits while Rasa's own ``PUT /model`` loads.

``python -m tests.bench.trainer_swap [MODEL [OTHER]]``
"""

from __future__ import annotations

import asyncio
import json
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from bot.contract import TurnReply, TurnRequest
from handoff.ops.model import sha256_of
from handoff.rasa import RasaBot
from handoff.workbench.promotion.decide import Wanted
from handoff.workbench.promotion.fleet import Fleet
from tests.bench.report import Report, percentile
from tests.bench.turn_bot import PLAIN, bare
from tests.support.processes import free_port, running
from tests.support.servers import BOT_PYTHON, PYTHON, ROOT, Place, action_server, bot_server, healthy, seeded

CUSTOMERS = 4  # each writing as soon as answered
TURNS = 2_000
CALM = 400  # turns without a change, for comparison
TALK = 20  # turns; then another conversation begins


@dataclass
class Watch:
    """What may be live, and what went wrong."""

    live: frozenset[str]
    failed: list[str] = field(default_factory=list)
    taken: list[float] = field(default_factory=list)  # milliseconds
    changing: list[float] = field(default_factory=list)  # of those that a change was under way in
    loaded: list[float] = field(default_factory=list)  # seconds of changes to a model that was not at hand …
    switched: list[float] = field(default_factory=list)  # … and to one that was


def measure(model: Path, other: Path, turns: int = TURNS, *, small: bool = False) -> dict[str, float]:
    """Figures by name (without ``trainer.``). ``small``: they are models of the small bot."""
    with TemporaryDirectory(prefix="setu-bench-") as folder, ExitStack() as stack:
        place = stack.enter_context(seeded(Path(folder)))
        stack.enter_context(_small_actions(place) if small else action_server(place))
        ports = [int(place.env["SETU_BOT_URLS"].rpartition(":")[2]), free_port()]
        for port in ports:
            stack.enter_context(bot_server(place, model, port))
        figures = asyncio.run(_ours(place, ports, model, other, turns))
    with TemporaryDirectory(prefix="setu-bench-") as folder, ExitStack() as stack:
        place = stack.enter_context(seeded(Path(folder)))
        stack.enter_context(_small_actions(place) if small else action_server(place))
        url = stack.enter_context(bare(place, model, "bare", ""))
        figures |= asyncio.run(_rasas(url, other))
    return figures


async def _ours(place: Place, ports: Sequence[int], model: Path, other: Path, turns: int) -> dict[str, float]:
    servers, token = [f"http://127.0.0.1:{port}" for port in ports], place.env["SETU_BOT_TOKEN"]
    bot = RasaBot(servers, token, 30)
    archives = {_wanted(model, "one"): model, _wanted(other, "two"): other}
    async with httpx.AsyncClient(trust_env=False) as calls:
        fleet = Fleet(servers, token, calls)
        first, _second = archives
        watch = Watch(frozenset({model.name.removesuffix(".tar.gz"), first.name}))
        await fleet.change(first, model, None)
        await _customers(bot, Watch(watch.live), CUSTOMERS * TALK)  # warm
        calm = Watch(watch.live)
        await _customers(bot, calm, CALM)
        watch = Watch(frozenset({first.name}))
        changes = asyncio.create_task(_changes(fleet, archives, watch))
        begun = time.perf_counter()
        await _customers(bot, watch, turns)
        spent = time.perf_counter() - begun
        changes.cancel()
        await asyncio.wait({changes})
        if not changes.cancelled() and (wrong := changes.exception()) is not None:
            raise wrong
    await bot.close()
    for line in sorted(set(watch.failed)):
        print(f"  failed: {line}", file=sys.stderr)
    return {
        "swap_turns": float(len(watch.taken)),
        "swap_failed": float(len(watch.failed) + len(calm.failed)),
        "swap_changes": float(len(watch.loaded) + len(watch.switched)),
        "swap_change_s": _median(watch.loaded),
        "swap_change_at_hand_s": _median(watch.switched),
        "swap_rate": len(watch.taken) / spent,
        **_latencies("swap_calm", calm.taken),
        **_latencies("swap_changing", watch.changing),
    }


def _median(values: list[float]) -> float:
    return percentile(values, 0.5) if values else 0.0


def _latencies(name: str, taken: list[float]) -> dict[str, float]:
    return {
        f"{name}_p50_ms": percentile(taken, 0.5),
        f"{name}_p99_ms": percentile(taken, 0.99),
        f"{name}_max_ms": max(taken),
    }


async def _changes(fleet: Fleet, archives: dict[Wanted, Path], watch: Watch) -> None:
    """Back and forth until cancelled; every other time the servers have to load the model anew."""
    one, two = archives
    before, after = one, two
    number = 0
    while True:
        if number % 2 == 0:
            for server in fleet.servers:
                await fleet.drop(server, "spare")
        begun = time.perf_counter()
        watch.live = frozenset({before.name, after.name})
        done = await fleet.change(after, archives[after], (before, archives[before]))
        assert len(done) == len(fleet.servers), "a server was not changed"
        watch.live = frozenset({after.name})
        (watch.switched if number % 2 else watch.loaded).append(time.perf_counter() - begun)
        before, after, number = after, before, number + 1
        await asyncio.sleep(0.3)


async def _customers(bot: RasaBot, watch: Watch, turns: int) -> None:
    left = iter(range(turns))

    async def customer() -> None:
        talk = number = None
        for number, _ in enumerate(left):
            if number % TALK == 0:
                talk = secrets.token_hex(8)
            await _turn(bot, watch, str(talk), PLAIN[number % len(PLAIN)])

    await asyncio.gather(*(customer() for _ in range(CUSTOMERS)))


async def _turn(bot: RasaBot, watch: Watch, talk: str, text: str) -> None:
    allowed, begun = watch.live, time.perf_counter()
    request = TurnRequest(talk, secrets.token_hex(8), text=text, customer_id=f"nobody-{talk}")
    try:
        reply = await bot.turn(request)
    except Exception as error:
        watch.failed.append(f"{type(error).__name__}: {error}")
        return
    spent = (time.perf_counter() - begun) * 1000
    watch.taken.append(spent)
    if len(allowed) > 1 or len(watch.live) > 1:
        watch.changing.append(spent)
    watch.failed += _wrong(reply, talk, allowed | watch.live)


def _wrong(reply: TurnReply, talk: str, allowed: frozenset[str]) -> Iterator[str]:
    if reply.slots.get("customer_id") != f"nobody-{talk}":
        yield "the answer is another conversation's"
    if reply.understanding.model not in allowed:
        yield f"read by {reply.understanding.model} while {', '.join(sorted(allowed))} was live"


async def _rasas(url: str, other: Path) -> dict[str, float]:
    """The longest turn while Rasa's server changes its model as its documentation has it."""
    taken: list[float] = []
    done = asyncio.Event()

    async def customer(calls: httpx.AsyncClient) -> None:
        talk = secrets.token_hex(8)
        while not done.is_set():
            begun = time.perf_counter()
            said = {"sender": talk, "message": PLAIN[len(taken) % len(PLAIN)]}
            await calls.post(f"{url}/webhooks/rest/webhook", json=said)
            taken.append((time.perf_counter() - begun) * 1000)

    async with httpx.AsyncClient(trust_env=False, timeout=300) as calls:
        customers = [asyncio.create_task(customer(calls)) for _ in range(CUSTOMERS)]
        await asyncio.sleep(2)
        begun = time.perf_counter()
        (await calls.put(f"{url}/model", json={"model_file": str(other)})).raise_for_status()
        spent = time.perf_counter() - begun
        await asyncio.sleep(1)
        done.set()
        await asyncio.gather(*customers)
    return {"swap_rasa_s": spent, "swap_rasa_max_ms": max(taken), "swap_rasa_p50_ms": percentile(taken, 0.5)}


def _wanted(model: Path, name: str) -> Wanted:
    return Wanted(name, sha256_of(model))


@contextmanager
def _small_actions(place: Place) -> Iterator[None]:
    command, url = [str(PYTHON), "-m", "tests.bench.turn_actions"], place.env["SETU_ACTIONS_URL"]
    log = place.folder / "actions.log"
    with running(command, log, lambda: healthy(url), env=place.env, cwd=ROOT):
        yield


def small_models(folder: Path) -> tuple[Path, Path]:
    """The small bot, twice."""
    env = Place(folder).env
    train = [str(BOT_PYTHON), "-m", "tests.support.smallbot", str(folder)]
    subprocess.run(train, env=env, cwd=ROOT, check=True, capture_output=True)
    return folder / "small.tar.gz", Path(shutil.copy(folder / "small.tar.gz", folder / "again.tar.gz"))


def run(rest: Sequence[str] = ()) -> Report:
    """The models named, or the small bot's."""
    with TemporaryDirectory(prefix="setu-bench-") as folder:
        given = [Path(one) for one in rest[:2]]
        model, other = (given * 2)[:2] if given else small_models(Path(folder))
        figures = measure(model, other, small=not given)
    named = {f"trainer.{name}": value for name, value in figures.items()}
    return Report(named, goals={"trainer.swap_failed": "0"})


if __name__ == "__main__":
    report = run(sys.argv[1:])
    print(report.table())
    print(json.dumps(report.figures))
