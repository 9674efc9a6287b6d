"""``./setu up`` as an operator has it: the whole house comes up, mends itself, tells, and goes down."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from handoff.ops.console import wait_until
from handoff.ops.paths import ROOT
from tests.support.processes import free_port

PORTS = ("SETU_GATEWAY_PORT", "SETU_BOT_PORT", "SETU_ACTIONS_PORT", "SETU_SIMULATORS_PORT")


class Up:
    """A running ``./setu up --simulators`` in a home and on ports of its own, and what it has printed."""

    def __init__(self, home: Path) -> None:
        self.home = home
        given = {name: value for name, value in os.environ.items() if not name.startswith("SETU_")}
        self.env = given | {"SETU_HOME": str(home)} | {name: str(free_port()) for name in PORTS}
        self.lines: list[str] = []
        self.process = self.command("up", "--simulators")
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def command(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, str(ROOT / "setu"), *words], env=self.env, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, preexec_fn=_interruptible,
        )  # fmt: skip

    def _read(self) -> None:
        assert self.process.stdout is not None
        self.lines.extend(line.rstrip() for line in iter(self.process.stdout.readline, ""))

    def told(self, words: str, seconds: float = 240) -> bool:
        def said() -> bool:
            return any(words in line for line in list(self.lines))

        return wait_until(said, seconds, alive=lambda: self.process.poll() is None)

    def child(self, module: str) -> int:
        """The process id of the child that runs a module."""
        children = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        pids = [pid for tasks in children for pid in tasks.read_text().split()]
        return next(int(pid) for pid in pids if module in Path(f"/proc/{pid}/cmdline").read_text())

    def healthy(self, setting: str) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.env[setting]}/health", timeout=3).status_code == 200
        except httpx.HTTPError:
            return False

    def ask(self, text: str) -> list[str]:
        """What the house answers to a message to its REST inbox."""
        made = json.loads((self.home / "demo-accounts.json").read_text("utf-8"))["inboxes"]
        inbox = next(inbox for inbox in made if "token" in inbox)
        answer = httpx.post(
            f"http://127.0.0.1:{self.env['SETU_GATEWAY_PORT']}/api/inboxes/{inbox['id']}/messages",
            headers={"Authorization": f"Bearer {inbox['token']}"},
            json={"contact": uuid.uuid4().hex, "id": uuid.uuid4().hex, "text": text, "wait": 10},
            timeout=30,
        )
        return [reply["sender"] for reply in answer.json()["replies"]]

    def write(self, platform: str, text: str) -> bool:
        """As the customer on a simulated phone; whether an answer is shown on it."""
        phones = f"http://127.0.0.1:{self.env['SETU_SIMULATORS_PORT']}/_sim"

        def phone() -> dict[str, Any]:
            told = httpx.get(f"{phones}/view", timeout=10).json()["phones"]
            return next(phone for phone in told if phone["platform"] == platform)

        here = phone()
        given = {"what": "say", "text": text, "account": here["account"], "contact": here["contact"]}
        assert httpx.post(f"{phones}/do", json=given, timeout=10).status_code == 200
        before = sum(not entry["mine"] for entry in here["entries"])
        return wait_until(lambda: sum(not entry["mine"] for entry in phone()["entries"]) > before, 60)


def _interruptible() -> None:
    """As in a terminal: what a shell starts in the background ignores Ctrl-C, and so do its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    house = Up(tmp_path_factory.mktemp("home"))
    try:
        assert house.told("Ctrl-C stops everything."), "\n".join(house.lines)
        yield house
    finally:
        house.process.kill()


def test_it_prints_addresses_and_accounts_with_passwords_of_this_installation_alone(up: Up) -> None:
    printed = "\n".join(up.lines)
    made = json.loads((up.home / "demo-accounts.json").read_text("utf-8"))
    assert f"http://localhost:{up.env['SETU_GATEWAY_PORT']}/desk" in printed
    assert f"http://localhost:{up.env['SETU_SIMULATORS_PORT']}/" in printed
    assert {agent["role"] for agent in made["agents"]} == {"agent", "supervisor", "trainer"}
    assert all(agent["email"] in printed and agent["password"] in printed for agent in made["agents"])
    assert all(customer["name"] in printed for customer in made["customers"])
    logs = "".join(log.read_text("utf-8", "replace") for log in (up.home / "logs").glob("*.log"))
    assert not [agent for agent in made["agents"] if agent["password"] in logs]


def test_the_house_answers(up: Up) -> None:
    assert up.ask("hello") == ["bot"]


@pytest.mark.parametrize("platform", ["messenger", "instagram", "whatsapp", "telegram"])
def test_a_customer_of_a_simulated_platform_is_answered(up: Up, platform: str) -> None:
    assert up.write(platform, "hello")


@pytest.mark.parametrize(
    ("name", "module", "setting"),
    [
        ("bot", "bot.server", "SETU_BOT_PORT"),
        ("action server", "actions.app", "SETU_ACTIONS_PORT"),
        ("gateway", "handoff.app", "SETU_GATEWAY_PORT"),
        ("simulators", "handoff.simulators", "SETU_SIMULATORS_PORT"),
    ],
)
def test_a_dead_process_is_noticed_started_again_and_told(
    up: Up, name: str, module: str, setting: str
) -> None:
    os.kill(up.child(module), signal.SIGKILL)
    assert up.told(f"the {name} ended (killed by signal 9); starting it again", 60)
    assert wait_until(lambda: up.healthy(setting), 120)
    assert up.ask("hello") == ["bot"]
    assert up.write("whatsapp", "hello")


def test_a_second_one_in_the_same_home_is_told_so(up: Up) -> None:
    second = up.command("up")
    printed, _ = second.communicate(timeout=60)
    assert second.returncode == 1
    assert "Another ./setu is running" in printed


def test_ctrl_c_stops_everything(up: Up) -> None:
    up.process.send_signal(signal.SIGINT)
    assert up.process.wait(60) == 0
    assert not any(up.healthy(setting) for setting in PORTS)
