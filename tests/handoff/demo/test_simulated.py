"""Inboxes at the simulated platforms, as ``./setu up --simulators`` makes them."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from actions.db import Database
from handoff.channels.registry import Inboxes
from handoff.channels.vault import Vault
from handoff.demo.simulated import prepare
from handoff.simulators import kept

API, GATEWAY = "http://127.0.0.1:8090", "http://127.0.0.1:8000"


@pytest.fixture
def inboxes(database: Database) -> Inboxes:
    return Inboxes(database, Vault("k" * 40))


def accounts(home: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((home / "simulators.json").read_text("utf-8"))["accounts"]
    return found


async def test_each_platform_gets_an_inbox_once_with_the_simulated_accounts_credentials(
    inboxes: Inboxes, tmp_path: Path
) -> None:
    kept.make(tmp_path / "simulators.json")
    await prepare(inboxes, tmp_path, API, GATEWAY)
    first = accounts(tmp_path)
    await prepare(inboxes, tmp_path, API, GATEWAY)
    assert accounts(tmp_path) == first
    assert {account["platform"] for account in first} == {"messenger", "instagram", "whatsapp", "telegram"}
    for account in first:
        inbox = await inboxes.get(account["inbox"])
        assert inbox.channel == account["platform"]
        assert inbox.options["api_url"] == API
        assert account["token"] in inbox.credentials.values()
        assert account["webhook"]["url"] == f"{GATEWAY}/webhooks/{inbox.id}"
    assert stat.S_IMODE((tmp_path / "simulators.json").stat().st_mode) == 0o600


async def test_the_simulators_come_up_with_these_accounts_and_customers_and_new_ids(
    inboxes: Inboxes, tmp_path: Path
) -> None:
    path = tmp_path / "simulators.json"
    kept.make(path)
    await prepare(inboxes, tmp_path, API, GATEWAY)
    one, two = kept.load(path), kept.load(path)
    for simulator in (one, two):
        assert {a.webhook.url for a in simulator.accounts if a.webhook} == {
            account["webhook"]["url"] for account in accounts(tmp_path)
        }
    assert [list(a.threads) for a in one.accounts] == [list(a.threads) for a in two.accounts]
    assert one.ids.mid() != two.ids.mid()


async def test_they_are_off_while_the_simulators_do_not_run_and_on_again_at_the_port_they_have_then(
    inboxes: Inboxes, tmp_path: Path
) -> None:
    kept.make(tmp_path / "simulators.json")
    await prepare(inboxes, tmp_path, API, GATEWAY)
    ids = [account["inbox"] for account in accounts(tmp_path)]
    await prepare(inboxes, tmp_path, "", GATEWAY)
    assert all([(await inboxes.get(inbox)).disabled for inbox in ids])
    await prepare(inboxes, tmp_path, "http://127.0.0.1:9000", GATEWAY)
    again = [await inboxes.get(inbox) for inbox in ids]
    assert {(inbox.disabled, inbox.options["api_url"]) for inbox in again} == {
        (False, "http://127.0.0.1:9000")
    }


async def test_without_the_simulators_file_nothing_is_done(inboxes: Inboxes, tmp_path: Path) -> None:
    await prepare(inboxes, tmp_path, API, GATEWAY)
    with pytest.raises(FileNotFoundError):
        accounts(tmp_path)
