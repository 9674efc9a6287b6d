"""Inboxes from the command line, with a made-up platform."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from handoff.channels.base import Health, SendFailed
from handoff.channels.web import WebChannel
from handoff.cli import app
from handoff.inboxes import commands
from tests.support.databases import SqliteFiles
from tests.support.fake_platform import SECRETS, Pigeons

GIVEN = {"SETU_INBOX_ACCESS_TOKEN": SECRETS[0], "SETU_INBOX_APP_SECRET": SECRETS[1]}


class Shell:
    def __init__(self, url: str, pigeons: Pigeons) -> None:
        self.pigeons = pigeons
        self.env = {
            "SETU_DATABASE_URL": url,
            "SETU_SECRET_KEY": "k" * 40,
            "SETU_BOT_TOKEN": "b",
            "SETU_PUBLIC_URL": "https://chat.example",
        }

    def run(self, *words: str, typed: Sequence[str] = (), **env: str) -> Result:
        lines = "".join(f"{line}\n" for line in typed)
        result = CliRunner().invoke(app, ["inbox", *words], input=lines, env=self.env | env)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    def pigeon_inbox(self) -> str:
        made = self.run("add", "pigeons", "Pigeons", "loft=North", **GIVEN)
        assert made.exit_code == 0, made.output
        return made.stdout.split("inbox ")[1].split(",")[0]


@pytest.fixture
def shell(sqlite_files: SqliteFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    pigeons = Pigeons()
    kinds = {"web": WebChannel(), "pigeons": pigeons}
    monkeypatch.setattr(commands, "kinds", lambda *_clients: kinds)
    return Shell(sqlite_files.fresh(tmp_path), pigeons)


def test_secrets_come_from_the_environment_or_are_asked_for_and_are_never_printed(shell: Shell) -> None:
    made = shell.run("add", "pigeons", "One", "loft=North", **GIVEN)
    asked = shell.run("add", "pigeons", "Two", "loft=South", typed=SECRETS)
    for told in (made, asked):
        assert told.exit_code == 0
        assert "webhook https://chat.example/webhooks/" in told.stdout
        for secret in SECRETS:
            assert secret not in told.output
    tokens = [inbox.credentials["access_token"] for inbox, _url in shell.pigeons.connected]
    assert tokens == [SECRETS[0], SECRETS[0]]


def test_a_secret_on_the_command_line_is_refused(shell: Shell) -> None:
    refused = shell.run("add", "pigeons", "One", "loft=North", f"access_token={SECRETS[0]}", **GIVEN)
    assert refused.exit_code == 1
    assert "SETU_INBOX_ACCESS_TOKEN" in refused.stderr
    assert SECRETS[0] not in refused.output
    assert shell.run("list").stdout == ""


def test_what_the_platform_says_is_told_and_is_the_exit_code(shell: Shell) -> None:
    inbox = shell.pigeon_inbox()
    assert shell.run("check", inbox).exit_code == 0
    shell.pigeons.health = Health(problem=f"{SECRETS[0]} has expired")
    bad = shell.run("check", inbox)
    assert (bad.exit_code, bad.stderr.splitlines()[-1]) == (1, "✘ ••• has expired")
    shell.pigeons.failure = SendFailed("no such loft")
    made = shell.run("add", "pigeons", "Two", "loft=Nowhere", **GIVEN)
    assert (made.exit_code, "no such loft" in made.stderr) == (1, True)
    assert len(shell.run("list").stdout.splitlines()) == 2


def test_inboxes_go_out_of_service_and_come_back(shell: Shell) -> None:
    inbox = shell.pigeon_inbox()
    assert " off " in shell.run("disable", inbox).stdout
    refused = shell.run("test", inbox, "4711")
    assert (refused.exit_code, refused.stderr.splitlines()[-1]) == (1, "✘ This inbox is out of service.")
    assert " new " in shell.run("enable", inbox).stdout


def test_a_test_that_nobody_sends_is_not_waited_for_for_ever(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "WATCHED", 0.01)
    sent = shell.run("test", shell.pigeon_inbox(), "4711")
    assert sent.exit_code == 1
    assert "Does the gateway run?" in sent.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("check", "none"),
        ("test", "' OR 1=1 --", "4711"),
        ("enable", "none"),
        ("add", "smoke", "x"),
        ("add", "web", "x", "colour=red"),
        ("add", "web", "x", "red"),
        ("add", "web", " "),
    ],
)
def test_a_wrong_word_is_answered_with_a_sentence(shell: Shell, words: tuple[str, ...]) -> None:
    wrong = shell.run(*words)
    assert wrong.exit_code == 1
    assert wrong.stderr.startswith("✘ ")
    assert "(" not in wrong.stderr  # a code without a text would show itself in brackets


def test_secrets_are_sealed_with_a_new_key(shell: Shell) -> None:
    shell.pigeon_inbox()
    new, old = {"SETU_SECRET_KEY": "n" * 40}, {"SETU_SECRET_KEY_OLD": "k" * 40}
    assert shell.run("reseal", **new).exit_code == 1
    assert "1 sealed anew" in shell.run("reseal", **new, **old).stdout
    assert "sealed" not in shell.run("list", **new).stdout
    assert "sealed" in shell.run("list").stdout
