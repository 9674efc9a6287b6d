"""What a turn costs in the bot itself: ours beside the same Rasa and model called bare.

All servers run at the same time and are asked in turns, one request at a time, so that each meets
the machine in the same state; figures are medians over conversations. Parts of ``bench turn``:

* ``store_speedup``: turn 50, Rasa with its SQLTrackerStore on SQLite ÷ ours;
* ``growth_500_over_10``: ours, turn 500 ÷ turn 10;
* ``action_ms``: ours over a small bot, a turn with a custom action − the like without one (in the
  real bot every turn has one).
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
    Server,
    action_server,
    bot_server,
    healthy,
    seeded,
    the_model,
)

PLAIN = ("hello", "what can you do", "thank you", "are you a robot")
FIXED, ACTION = "good morning", "tell me facts"  # the small bot's turns without and with an action
Ask = Callable[[str, str], None]


@dataclass(frozen=True)
class Asked:
    """A server by name, and how to take a turn with it."""

    name: str
    ask: Ask


@dataclass(frozen=True)
class Stand:
    """What is measured: the place all share, ours beside Rasa bare, and ours over the small bot."""

    place: Place
    ours: Asked
    memory: Asked
    sql: Asked
    small: Asked


def run(_rest: Sequence[str] = ()) -> Report:
    """The bot's part of the bench alone."""
    with TemporaryDirectory(prefix="setu-bench-") as folder, everything(Path(folder)) as stand:
        return measure(stand)


def measure(stand: Stand) -> Report:
    """The bot's figures, and the milliseconds they come from."""
    report = Report()
    for server in (stand.ours, stand.memory, stand.sql):
        warm_up(server, PLAIN)
    at = turns_at([stand.ours, stand.memory, stand.sql], (10, 50), rounds=5)
    for (name, turn), value in at.items():
        report.figures[f"turn.bot_{name}_{turn}_ms"] = value
    report.figures["turn.store_speedup"] = at["sql", 50] / at["ours", 50]
    report.figures["turn.growth_500_over_10"] = growth(stand.ours)
    warm_up(stand.small, (FIXED, ACTION))
    report.figures["turn.action_ms"] = action_cost(stand.small)
    report.goals = {
        "turn.store_speedup": "≥ 3",
        "turn.growth_500_over_10": "≤ 1.25",
        "turn.action_ms": "≤ 10",
    }
    return report


@contextmanager
def everything(folder: Path) -> Iterator[Stand]:
    """Ours, and Rasa bare with its trackers in memory and on SQLite, over one model and one action
    server; and ours over the small bot, with the same action server's code."""
    with ExitStack() as stack:
        place = stack.enter_context(seeded(folder))
        stack.enter_context(action_server(place))
        model = the_model(place.env)
        ours = stack.enter_context(bot_server(place, model))
        memory = stack.enter_context(bare(place, model, "memory", ""))
        sql = f"tracker_store: {{type: SQL, dialect: sqlite, db: {folder}/stock.db}}\n"
        stored = stack.enter_context(bare(place, model, "sql", sql))
        small = stack.enter_context(small_bot(place))
        client = stack.enter_context(httpx.Client(timeout=60))
        yield Stand(
            place,
            Asked("ours", contract(client, ours)),
            Asked("memory", rest(client, memory)),
            Asked("sql", rest(client, stored)),
            Asked("small", contract(client, small)),
        )


def contract(client: httpx.Client, bot: Server) -> Ask:
    def ask(conversation: str, text: str) -> None:
        request = {"conversation_id": conversation, "message_id": secrets.token_hex(8), "text": text}
        answer = client.post(f"{bot.url}/webhooks/setu/turn", headers=bot.headers, json=request)
        assert answer.status_code == 200, answer.text

    return ask


def rest(client: httpx.Client, url: str) -> Ask:
    def ask(conversation: str, text: str) -> None:
        answer = client.post(f"{url}/webhooks/rest/webhook", json={"sender": conversation, "message": text})
        assert answer.json(), f"nothing said to {text!r}"

    return ask


@contextmanager
def small_bot(place: Place) -> Iterator[Server]:
    """Our server over the small bot, with an action server of its own."""
    folder = place.folder / "small"
    folder.mkdir()
    own = Place(folder, {"SETU_DATABASE_URL": place.env["SETU_DATABASE_URL"]})
    train = [str(BOT_PYTHON), "-m", "tests.support.smallbot", str(folder)]
    subprocess.run(train, env=own.env, cwd=ROOT, check=True, capture_output=True)
    command, url = [str(PYTHON), "-m", "tests.bench.turn_actions"], own.env["SETU_ACTIONS_URL"]
    with (
        running(command, folder / "actions.log", lambda: healthy(url), env=own.env, cwd=ROOT),
        bot_server(own, folder / "small.tar.gz") as bot,
    ):
        yield bot


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


def warm_up(server: Asked, texts: Sequence[str] = PLAIN, turns: int = 20) -> None:
    talk = secrets.token_hex(8)
    for number in range(turns):
        server.ask(talk, texts[number % len(texts)])


def turns_at(
    servers: Sequence[Asked], turns: Sequence[int], rounds: int, around: int = 4
) -> dict[tuple[str, int], float]:
    """The median milliseconds of a turn near each given number, by server and number.

    The servers take whole talks in turns: within one talk a server is as warm as one that has work,
    and a round is short enough that all meet the machine in the same state.
    """
    taken: dict[tuple[str, int], list[float]] = {(s.name, turn): [] for s in servers for turn in turns}
    for _ in range(rounds):
        for server in servers:
            talk = secrets.token_hex(8)
            for number in range(1, max(turns) + around + 1):
                spent = timed(server, talk, PLAIN[number % len(PLAIN)])
                for turn in turns:
                    if abs(number - turn) <= around:
                        taken[server.name, turn].append(spent)
    return {key: statistics.median(values) for key, values in taken.items()}


def growth(server: Asked, rounds: int = 6) -> float:
    """A turn near the 500th ÷ a turn near the 10th, taken alternately: an old talk beside new ones."""
    old, late, early = secrets.token_hex(8), [], []
    for number in range(480):
        server.ask(old, PLAIN[number % len(PLAIN)])
    for _ in range(rounds):
        new = secrets.token_hex(8)
        for number in range(7):
            server.ask(new, PLAIN[number % len(PLAIN)])
        for number in range(7):
            text = PLAIN[number % len(PLAIN)]
            late.append(timed(server, old, text))
            early.append(timed(server, new, text))
    return statistics.median(late) / statistics.median(early)


def action_cost(server: Asked, rounds: int = 10, turns: int = 20) -> float:
    """The median milliseconds that a custom action adds to a turn, in talks of twenty turns."""
    with_action, without = [], []
    for _ in range(rounds):
        talk = secrets.token_hex(8)
        for _ in range(turns // 2):
            without.append(timed(server, talk, FIXED))
            with_action.append(timed(server, talk, ACTION))
    return statistics.median(with_action) - statistics.median(without)


def timed(server: Asked, talk: str, text: str) -> float:
    start = time.perf_counter()
    server.ask(talk, text)
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    print(run().table())
