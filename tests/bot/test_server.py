"""The bot's process starts with all it needs, or says in a sentence why it does not."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bot.server import CannotStart, prepare
from tests.support.processes import free_port
from tests.support.servers import BOT_PYTHON, ROOT, Place


def start(place: Place, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    command = [str(BOT_PYTHON), "-m", "bot.server", "--port", str(free_port()), *words]
    return subprocess.run(command, env=place.env | env, cwd=ROOT, capture_output=True, text=True, timeout=120)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_without_secrets_it_names_the_missing_ones() -> None:
    with pytest.raises(CannotStart, match="SETU_BOT_TOKEN and SETU_ACTIONS_TOKEN"):
        prepare({"SETU_BOT_TOKEN": ""})
    with pytest.raises(CannotStart, match=r"^SETU_ACTIONS_TOKEN"):
        prepare({"SETU_BOT_TOKEN": "x"})


def test_defaults_leave_what_is_set() -> None:
    env = {"SETU_BOT_TOKEN": "x", "SETU_ACTIONS_TOKEN": "y", "SETU_TRACKER_URL": "sqlite:///elsewhere.db"}
    prepare(env)
    assert env["SETU_TRACKER_URL"] == "sqlite:///elsewhere.db"
    assert env["RASA_TELEMETRY_ENABLED"] == "false"


def test_without_a_model_it_ends_with_a_sentence(place: Place) -> None:
    ended = start(place, "--model", str(place.folder / "none.tar.gz"))
    assert ended.returncode == 1
    assert "there is no model at" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_with_a_broken_model_it_ends_with_a_sentence(place: Place) -> None:
    broken = place.folder / "broken.tar.gz"
    broken.write_bytes(b"not an archive")
    ended = start(place, "--model", str(broken))
    assert ended.returncode == 1
    assert "cannot be loaded" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_without_its_database_it_ends_with_a_sentence(place: Place, small_model: Path) -> None:
    url = f"postgresql://nobody@127.0.0.1:{free_port()}/none"
    ended = start(place, "--model", str(small_model), SETU_TRACKER_URL=url)
    assert ended.returncode == 1
    assert "SETU_TRACKER_URL" in ended.stderr
    assert "Traceback" not in ended.stderr
