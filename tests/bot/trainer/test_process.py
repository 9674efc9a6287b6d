"""The process as its client meets it: trains, reads, survives nonsense, and ends with its input."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.trainer.__main__ import own_folder
from tests.bot.trainer.conftest import lay_out
from tests.support import smallbot

ROOT = Path(__file__).parents[3]


class Process:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        env = {**os.environ, "PYTHONPATH": str(ROOT), "SETU_HOME": str(folder / "var")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot.trainer"],
            cwd=folder,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.next() == {"ready": True}

    def next(self) -> dict[str, Any]:
        assert self.process.stdout
        said: dict[str, Any] = json.loads(self.process.stdout.readline())
        return said

    def write(self, line: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def ask(self, do: str, **given: Any) -> dict[str, Any]:
        self.write(json.dumps({"id": do, "do": do, **given}))
        while "progress" in (said := self.next()):
            assert 0 <= said["progress"]["share"] <= 1
        assert said["id"] == do
        return said


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    started = Process(lay_out(tmp_path_factory.mktemp("project")))
    yield started
    assert started.process.stdin
    started.process.stdin.close()
    assert started.process.wait(30) == 0  # it ends with its input


@pytest.fixture(scope="module")
def trained(process: Process) -> Path:
    out = process.folder / "made.tar.gz"
    done = process.ask("train", out=str(out), base=None)["done"]
    assert done["size"] == out.stat().st_size
    assert {"data", "packing", "whole"} < done["seconds"].keys()
    return out


def test_nonsense_gets_an_answer_and_the_process_goes_on(process: Process) -> None:
    for line in ("", "null", "{}", '{"id": 1, "do": "train"}', '{"id": 2, "do": "read", "texts": 3}'):
        process.write(line)
        assert "failed" in process.next()
    assert process.ask("check")["done"]["problems"] == []


def test_a_model_is_packed_as_rasa_packs_it_and_takes_turns(process: Process, trained: Path) -> None:
    with tarfile.open(trained) as archive:
        names = archive.getnames()
    assert "metadata.json" in names
    assert "components/domain_provider/domain.yml" in names
    assert smallbot.agent(trained).is_ready()


def test_a_text_is_read_with_the_model(process: Process, trained: Path) -> None:
    texts = [
        {"text": "hello"},
        {"text": "i want to order", "language": "en"},
        {"text": "/greet"},
        {"text": ""},
    ]
    done = process.ask("read", model=str(trained), texts=texts)["done"]
    assert [one["intent"] for one in done["readings"]][:3] == ["greet", "order", "greet"]
    assert (len(done["readings"]), len(done["ms"]), done["model"]) == (4, 4, "made")
    assert done["readings"][0]["ranking"][0]["name"] == "greet"


def test_a_model_that_is_none_is_refused(process: Process) -> None:
    assert process.ask("read", model="nowhere.tar.gz", texts=[])["failed"]["code"] == "no_model"
    broken = process.folder / "broken.tar.gz"
    broken.write_bytes(b"no archive")
    assert process.ask("read", model=str(broken), texts=[])["failed"]["code"] == "broken_model"


def test_a_training_that_fails_leaves_no_archive_behind(process: Process) -> None:
    rules = process.folder / "data/rules/talk.yml"
    before = rules.read_text("utf-8")
    rules.write_text(before.replace("action: utter_greet", "action: utter_nothing"), "utf-8")
    try:
        assert "failed" in process.ask("train", out=str(process.folder / "bad.tar.gz"))
    finally:
        rules.write_text(before, "utf-8")
    assert not [one for one in process.folder.iterdir() if "bad" in one.name]
    assert process.ask("check")["done"]["problems"] == []


def test_what_a_killed_process_left_is_cleared_away_by_the_next(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    for pid in (gone.pid, os.getppid()):
        (tmp_path / str(pid) / "model").mkdir(parents=True)
    own = own_folder(tmp_path)
    assert {one.name for one in tmp_path.iterdir()} == {str(os.getppid()), own.name}
