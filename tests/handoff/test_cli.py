"""The gateway's commands as ``./setu`` calls them."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import subprocess
from pathlib import Path

import pytest

from handoff.ops.paths import PYTHON, ROOT


class House:
    def __init__(self, home: Path) -> None:
        self.home = home
        self.env = {name: value for name, value in os.environ.items() if not name.startswith("SETU_")} | {
            "SETU_HOME": str(home),
            "SETU_SECRET_KEY": "k" * 40,
            "SETU_BOT_TOKEN": "b",
        }

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [str(PYTHON), "-m", "handoff.cli", *words]
        return subprocess.run(command, env=self.env, cwd=ROOT, capture_output=True, text=True, check=False)

    def count(self, table: str) -> int:
        rows = sqlite3.connect(self.home / "setu.db").execute(f"select count(*) from {table}")
        return int(rows.fetchone()[0])


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(tmp_path)
    assert made.run("migrate").returncode == 0
    return made


def test_seeding_twice_makes_one_demo_with_passwords_for_the_owner_only(house: House) -> None:
    assert house.run("seed").returncode == 0
    kept = house.home / "demo-accounts.json"
    first = kept.read_text("utf-8")
    assert house.run("seed").returncode == 0
    assert kept.read_text("utf-8") == first
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert (house.count("agents"), house.count("inboxes"), house.count("customers")) == (4, 2, 500)
    passwords = {agent["password"] for agent in json.loads(first)["agents"]}
    assert len(passwords) == 4


def test_a_person_is_added_once_with_a_password_made_up(house: House) -> None:
    told = house.run("user", "add", "lena@shop.example", "--name", "Lena", "--languages", "en, el")
    assert told.returncode == 0
    assert "agent lena@shop.example, password " in told.stdout
    again = house.run("user", "add", "lena@shop.example", "--name", "Lena")
    assert again.returncode == 1
    assert "Traceback" not in again.stderr
    assert house.count("agents") == 1


def test_an_inbox_is_added_and_its_secrets_are_sealed(house: House) -> None:
    told = house.run("inbox", "add", "web", "My shop", "--origin", "https://shop.example")
    assert told.returncode == 0
    secret = told.stdout.split("secret ")[1].strip()
    assert secret.encode() not in (house.home / "setu.db").read_bytes()
    assert house.run("inbox", "add", "smoke", "Signals").returncode == 1
    assert house.count("inboxes") == 1
