"""``./setu up``: from a fresh clone to a running shop with a bot, a desk and accounts to try them."""

from __future__ import annotations

import json
import signal
from pathlib import Path

from . import environments, model
from .console import Problem, Step, only_one, say, wait_until
from .paths import BOT_PYTHON, PYTHON, home, settings
from .processes import Child, Watch, check_port_free
from .running import run_step

READY_WITHIN = 180.0


def prepare(tests: bool = False) -> dict[str, str]:
    """Everything short of starting: environments, secrets, encoder, database, model."""
    environments.ensure(tests)
    env = settings()
    model.ensure_encoder(env)
    return env


def up(simulators: bool = False) -> int:
    """``simulators``: Messenger, WhatsApp and the others run here too, with a page to be their customer."""
    with only_one(home() / "up.lock", "running"):
        env = settings()
        ports = ports_of(env) + ([simulators_of(env)] if simulators else [])
        for name, host, port, setting in ports:
            check_port_free(host, port, name, setting)
        env = prepare()
        trained = model.model_to_start(env)
        watch = Watch(_children(env, trained) + ([_simulators(env)] if simulators else []))
        signal.signal(signal.SIGTERM, _interrupt)
        try:
            watch.child("bot").start()  # the slowest to load, and it does not need the database
            with Step("bringing the database up to date"):
                _cli(env, "migrate")
                if env["SETU_DEMO"] != "0":
                    _cli(env, "seed")
                _inboxes_at_simulators(env, simulators)
            _start(watch)
            _print_addresses(env, simulators)
            watch.run()
        except KeyboardInterrupt:
            say("\nStopping …")
        finally:
            watch.stop()
    return 0


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


def ports_of(env: dict[str, str]) -> list[tuple[str, str, int, str]]:
    return [
        (
            "gateway",
            env.get("SETU_GATEWAY_HOST", "0.0.0.0"),
            int(env.get("SETU_GATEWAY_PORT", 8000)),
            "SETU_GATEWAY_PORT",
        ),
        ("bot", "127.0.0.1", int(env.get("SETU_BOT_PORT", 5005)), "SETU_BOT_PORT"),
        ("action server", "127.0.0.1", int(env.get("SETU_ACTIONS_PORT", 5055)), "SETU_ACTIONS_PORT"),
    ]


def simulators_of(env: dict[str, str]) -> tuple[str, str, int, str]:
    """On loopback, as its page has no sign-in: whoever reaches it is every customer."""
    return "simulators", "127.0.0.1", int(env.get("SETU_SIMULATORS_PORT", 8090)), "SETU_SIMULATORS_PORT"


def _simulators(env: dict[str, str]) -> Child:
    name, _, port, _ = simulators_of(env)
    command = [str(PYTHON), "-m", "handoff.simulators", "--port", str(port)]
    return Child(name, command, port, env, home() / "logs")


def _inboxes_at_simulators(env: dict[str, str], running: bool) -> None:
    """Made once; while the simulators do not run, the inboxes there are switched off."""
    _, host, port, _ = simulators_of(env)
    if running:
        made = Step("making the simulated accounts")
        run_step([str(PYTHON), "-m", "handoff.simulators", "--make"], "simulators", made, env)
    if (home() / "simulators.json").exists():
        _cli(env, "simulators", *(["--url", f"http://{host}:{port}"] if running else []))


def _children(env: dict[str, str], trained: Path) -> list[Child]:
    logs = home() / "logs"
    (_, _, gateway, _), (_, _, bot, _), (_, _, actions, _) = ports_of(env)
    env.setdefault("SETU_BOT_URLS", f"http://127.0.0.1:{bot}")
    env.setdefault("SETU_ACTIONS_URL", f"http://127.0.0.1:{actions}")
    env.setdefault("SETU_GATEWAY_PORT", str(gateway))
    return [
        Child("gateway", [str(PYTHON), "-m", "handoff.app"], gateway, env, logs),
        Child(
            "bot",
            [str(BOT_PYTHON), "-m", "bot.server", "--model", str(trained), "--port", str(bot)],
            bot,
            env,
            logs,
        ),
        Child("action server", [str(PYTHON), "-m", "actions.app"], actions, env, logs),
    ]


def _start(watch: Watch) -> None:
    for child in watch.children:
        if not child.is_alive():
            child.start()
    for child in watch.children:
        with Step(f"waiting for the {child.name}"):
            if wait_until(child.healthy, READY_WITHIN, alive=child.is_alive):
                continue
            raise Problem(
                f"The {child.name} did not become healthy:\n{child.last_words(12)}",
                f"The whole log is in {child.log}. If it names the model, delete models/setu-*.tar.gz "
                "and run ./setu up again to train it anew.",
            )


def _cli(env: dict[str, str], *words: str) -> str:
    return run_step([str(PYTHON), "-m", "handoff.cli", *words], "database", Step(" ".join(words)), env)


def _print_addresses(env: dict[str, str], simulators: bool) -> None:
    kept = home() / "demo-accounts.json"
    accounts = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    base = env.get("SETU_PUBLIC_URL") or f"http://localhost:{env.get('SETU_GATEWAY_PORT', 8000)}"
    say("\nSetu is up.\n")
    say(f"  The shop, with the chat     {base}/")
    say(f"  The agents' desk            {base}/desk")
    say(f"  The trainers' workbench     {base}/workbench/")
    say(f"  The HTTP API, described     {base}/openapi.json")
    if simulators:
        say(f"  Phones with the messengers  http://localhost:{simulators_of(env)[2]}/")
    say()
    say(f"  Accounts for both (made at seeding, kept in {kept}):")
    for account in accounts.get("agents", []):
        say(f"    {account['role']:<12} {account['email']:<28} {account['password']}")
    say("\n  Customers to be in the shop (chosen there, their identity is signed):")
    for customer in accounts.get("customers", []):
        say(f"    {customer['name']:<22} {customer['story']}")
    for inbox in accounts.get("inboxes", []):
        if "token" in inbox:
            say(f"\n  REST inbox {inbox['id']}, token {inbox['token']}")
    say("\nCtrl-C stops everything.\n")
