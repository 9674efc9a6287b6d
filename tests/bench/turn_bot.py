"""What a turn costs in the bot itself: ours beside the same Rasa and model called bare.

All servers run at the same time and are asked in turns, one request at a time, so that each meets
the machine in the same state; figures are medians over conversations. Parts of ``bench turn``:

* ``store_speedup``: turn 50, Rasa with its SQLTrackerStore on SQLite ÷ ours;
* ``growth_500_over_10``: ours, turn 500 ÷ turn 10;
* ``action_ms``: ours, a turn with a custom action − the like without one.
"""

from __future__ import annotations

import secrets
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from tests.bench.report import Report
from tests.support.processes import free_port, running
from tests.support.servers import (
    BOT_PYTHON,
    PYTHON,
    ROOT,
    Place,
    bot_server,
    healthy,
    seeded,
)

PLAIN = ("hello", "bye bye", "good morning", "see you later")
ACTION = "tell me facts"
Ask = Callable[[str, str], None]


@dataclass(frozen=True)
class Asked:
    """A server by name, and how to take a turn with it."""

    name: str
    ask: Ask


def run(_rest: Sequence[str] = ()) -> Report:
    """The bot's part of the bench alone."""
    report = Report()
    with TemporaryDirectory(prefix="setu-bench-") as folder, everything(Path(folder)) as servers:
        by_name = {server.name: server for server in servers}
        for server in servers:
            warm_up(server)
        at = turns_at(servers, (10, 50, 100), rounds=3)
        for (name, turn), value in at.items():
            report.figures[f"turn.bot_{name}_{turn}_ms"] = value
        long = turns_at([by_name["ours"]], (10, 500), rounds=3)
        report.figures["turn.store_speedup"] = at["sql", 50] / at["ours", 50]
        report.figures["turn.growth_500_over_10"] = long["ours", 500] / long["ours", 10]
        for name in ("ours", "memory"):
            report.figures[f"turn.action_ms{'' if name == 'ours' else '_' + name}"] = action_cost(
                by_name[name]
            )
    report.goals = {
        "turn.store_speedup": "≥ 3",
        "turn.growth_500_over_10": "≤ 1.25",
        "turn.action_ms": "≤ 10",
    }
    report.notes.append(
        "small model (counts + logistic regression + rules), over HTTP, one customer at a time"
    )
    return report


@contextmanager
def everything(folder: Path) -> Iterator[list[Asked]]:
    """Ours, and Rasa bare with its trackers in memory and on SQLite, over one action server."""
    with ExitStack() as stack:
        place = stack.enter_context(seeded(folder))
        subprocess.run(
            [BOT_PYTHON, "-m", "tests.support.smallbot", folder], env=place.env, cwd=ROOT, check=True,
            capture_output=True,
        )  # fmt: skip
        model = folder / "small.tar.gz"
        url = place.env["SETU_ACTIONS_URL"]
        command = [str(PYTHON), "-m", "tests.bench.turn_actions"]
        stack.enter_context(
            running(command, folder / "actions.log", lambda: healthy(url), env=place.env, cwd=ROOT)
        )
        client = stack.enter_context(httpx.Client(timeout=60))
        bot = stack.enter_context(bot_server(place, model))
        memory = stack.enter_context(bare(place, model, "memory", ""))
        sql = f"tracker_store: {{type: SQL, dialect: sqlite, db: {folder}/stock.db}}\n"
        stored = stack.enter_context(bare(place, model, "sql", sql))

        def ours(conversation: str, text: str) -> None:
            request = {"conversation_id": conversation, "message_id": secrets.token_hex(8), "text": text}
            answer = client.post(f"{bot.url}/webhooks/setu/turn", headers=bot.headers, json=request)
            assert answer.status_code == 200, answer.text

        def stock(url: str) -> Ask:
            def ask(conversation: str, text: str) -> None:
                request = {"sender": conversation, "message": text}
                answer = client.post(f"{url}/webhooks/rest/webhook", json=request)
                assert answer.json(), answer.text

            return ask

        yield [Asked("ours", ours), Asked("memory", stock(memory)), Asked("sql", stock(stored))]


@contextmanager
def bare(place: Place, model: Path, name: str, tracker_store: str) -> Iterator[str]:
    """``rasa run`` as its documentation has it, with the REST channel; yields its URL."""
    port = free_port()
    endpoints = place.folder / f"endpoints-{name}.yml"
    endpoints.write_text(
        "action_endpoint:\n"
        f"  url: {place.env['SETU_ACTIONS_URL']}/webhook\n"
        f"  headers: {{Authorization: Bearer {place.env['SETU_ACTIONS_TOKEN']}}}\n{tracker_store}"
    )
    credentials = place.folder / "rest.yml"
    credentials.write_text("rest:\n")
    command = [str(BOT_PYTHON), "-m", "rasa", "run", "--model", str(model), "--port", str(port),
               "--interface", "127.0.0.1", "--endpoints", str(endpoints), "--credentials", str(credentials),
               "--enable-api"]  # fmt: skip
    quiet = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "LOG_LEVEL": "WARNING"}
    url = f"http://127.0.0.1:{port}"

    def ready() -> bool:
        try:
            return httpx.get(f"{url}/status", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False

    log = place.folder / f"{name}.log"
    with running(command, log, ready, env=place.env | quiet, cwd=ROOT, seconds=120):
        yield url


def warm_up(server: Asked, turns: int = 20) -> None:
    talk = secrets.token_hex(8)
    for number in range(turns):
        server.ask(talk, PLAIN[number % len(PLAIN)] if number % 2 else ACTION)


def turns_at(
    servers: Sequence[Asked], turns: Sequence[int], rounds: int, around: int = 4
) -> dict[tuple[str, int], float]:
    """The median milliseconds of a turn near each given number, by server and number."""
    taken: dict[tuple[str, int], list[float]] = {(s.name, turn): [] for s in servers for turn in turns}
    for _ in range(rounds):
        talk = secrets.token_hex(8)
        for number in range(1, max(turns) + around + 1):
            for server in servers:
                spent = timed(server, talk, PLAIN[number % len(PLAIN)])
                for turn in turns:
                    if abs(number - turn) <= around:
                        taken[server.name, turn].append(spent)
    return {key: statistics.median(values) for key, values in taken.items()}


def action_cost(server: Asked, rounds: int = 10, turns: int = 20) -> float:
    """The median milliseconds that a custom action adds to a turn, in talks of twenty turns."""
    with_action, without = [], []
    for _ in range(rounds):
        talk = secrets.token_hex(8)
        for number in range(turns // 2):
            without.append(timed(server, talk, PLAIN[number % len(PLAIN)]))
            with_action.append(timed(server, talk, ACTION))
    return statistics.median(with_action) - statistics.median(without)


def timed(server: Asked, talk: str, text: str) -> float:
    start = time.perf_counter()
    server.ask(talk, text)
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    print(run().table())
