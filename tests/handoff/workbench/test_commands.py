"""The trainer's steps at the terminal, with a trainer's process of our own behind them."""

from __future__ import annotations

import csv
import shutil
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from handoff.cli import app
from tests.support import fake_trainer
from tests.support.databases import SqliteFiles
from tests.support.servers import ROOT

MESSAGES = """text,language
where is my parcel it should be here by now,en
can i pay with bitcoin ravi@corp.example,en
will it rain,en
"""
MEANT = {"where": "late_parcel", "can": "payment_methods", "will": "out_of_scope"}


class Shell:
    """A workspace, its database, and what is typed."""

    def __init__(self, url: str, folder: Path) -> None:
        self.root = fake_trainer.install(folder / "workspace")
        self.folder = folder
        for part in ("data", "tests/stories"):
            shutil.copytree(ROOT / part, self.root / part)
        for part in ("domain.yml", "config.yml"):
            shutil.copy(ROOT / part, self.root)
        (self.root / "models").mkdir()
        self.env = {
            "SETU_DATABASE_URL": url,
            "SETU_HOME": str(folder / "var"),
            "SETU_WORKSPACE": str(self.root),
            "SETU_MODELS": str(self.root / "models"),
            "SETU_KNOWLEDGE": str(self.root / "data" / "knowledge"),
            "SETU_SECRET_KEY": "k" * 40,
            "SETU_BOT_TOKEN": "b",
            "SETU_BOT_URLS": "http://127.0.0.1:9",
            "SETU_BOT_PYTHON": sys.executable,
        }

    def run(self, *words: str, status: int = 0) -> Result:
        result = CliRunner().invoke(app, [*words], env=self.env)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert result.exit_code == status, result.output
        return result

    def work(self, *words: str, status: int = 0) -> str:
        return self.run("workbench", *words, status=status).output


@pytest.fixture
def shell(sqlite_files: SqliteFiles, tmp_path: Path) -> Shell:
    made = Shell(sqlite_files.fresh(tmp_path), tmp_path)
    made.run("user", "add", "--name", "Asha", "--role", "trainer", "--languages", "en", "asha@example.org")
    return made


def labelled(shell: Shell) -> Path:
    """The queue as a file, filled in."""
    (shell.folder / "new.csv").write_text(MESSAGES, "utf-8")
    shell.work("import", str(shell.folder / "new.csv"))
    sheet = shell.folder / "queue.csv"
    shell.work("queue", "--view", "all", "--csv", str(sheet))
    with sheet.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    with sheet.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, ["utterance", "text", "label"])
        table.writeheader()
        table.writerows([row | {"label": MEANT[row["text"].split()[0]]} for row in rows])
    return sheet


def test_messages_come_in_masked_are_labelled_in_a_sheet_and_taken_back(shell: Shell) -> None:
    sheet = labelled(shell)
    assert "ravi" not in sheet.read_text("utf-8")
    assert "3 labelled" in shell.work("label", str(sheet))
    assert "3 labels taken back" in shell.work("undo")


def test_labels_become_a_change_that_is_read_applied_and_taken_back(shell: Shell) -> None:
    nlu = shell.root / "data" / "nlu" / "en"
    before = {file: file.read_bytes() for file in nlu.iterdir()}
    shell.work("label", str(labelled(shell)))
    drafted = shell.work("draft")
    assert "+      - where is my parcel it should be here by now" in drafted
    change = drafted.split()[0]
    assert {file: file.read_bytes() for file in nlu.iterdir()} == before
    assert "applied: " in shell.work("apply", change)
    assert change in shell.work("changes")
    undone = shell.work("revert", change).split()[0]
    shell.work("apply", undone)
    assert {file: file.read_bytes() for file in nlu.iterdir()} == before


def test_who_does_it_must_be_somebody_who_works_there(shell: Shell) -> None:
    assert "Nobody" in shell.work("changes", "--as", "nobody@example.org", status=1)
    shell.run("user", "add", "--name", "Ravi", "--role", "supervisor", "ravi@example.org")
    assert "--as" in shell.work("changes", status=1)
    assert "nothing" in shell.work("changes", "--as", "Ravi@example.org")


def test_a_mistake_in_the_data_stops_the_training_and_is_told_at_its_line(shell: Shell) -> None:
    problem = {"file": "domain.yml", "line": 7, "severity": "error", "code": "x", "text": "It is odd."}
    fake_trainer.tell(shell.root, problems=[problem])
    assert "domain.yml:7  It is odd." in shell.work("check", status=1)
    told = shell.work("train", status=1)
    assert "run 1: invalid" in told
    assert "domain.yml:7  It is odd." in told
    assert "invalid" in shell.work("report", status=0)


def test_a_training_that_fails_ends_the_command_with_its_reason(shell: Shell) -> None:
    fake_trainer.tell(shell.root, fail="train")
    assert "training_failed: it went wrong" in shell.work("train", status=1)


def test_what_was_done_is_on_record(shell: Shell) -> None:
    shell.work("label", str(labelled(shell)))
    told = shell.work("history")
    assert "Asha" in told
    assert "labels_given" in told


def test_files_that_are_none_are_told(shell: Shell) -> None:
    assert "There is no file" in shell.work("label", "nowhere.csv", status=1)
    (shell.folder / "bad.csv").write_text("a,b\n1,2\n", "utf-8")
    assert "needs a head" in shell.work("label", str(shell.folder / "bad.csv"), status=1)
