"""What the page begins with: its words and who is there, in one call that is never refused."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from actions.texts import Texts
from tests.support.gateway import Gateway, gateway

PATH = "/api/workbench/start"


@pytest.fixture
async def running(database_url: str, tmp_path: Path) -> AsyncIterator[Gateway]:
    async with gateway(database_url, workspace=tmp_path) as made:
        yield made


def words(language: str) -> Any:
    return json.loads(json.dumps(Texts.load().section("workbench", language)))


async def test_nobody_is_signed_in_and_the_words_are_the_browsers(running: Gateway) -> None:
    async with httpx.AsyncClient(base_url=running.url) as http:
        told = (await http.get(PATH, headers={"Accept-Language": "el-GR,el;q=0.9,en;q=0.8"})).json()
        assert (told["signed_in"], told["me"]) == (False, None)
        assert told["texts"] == words("el")
        unknown = (await http.get(PATH, headers={"Accept-Language": "xx"})).json()
        assert unknown["texts"] == words("en")
    assert {"en", "hi", "bn", "fa", "el"} <= set(told["languages"])


@pytest.mark.parametrize(("role", "decides"), [("trainer", False), ("supervisor", True), ("operator", True)])
async def test_who_works_there_is_told_who_they_are_and_what_they_may_do(
    running: Gateway, role: str, decides: bool
) -> None:
    ann = await running.browser(await running.hire("Ann", role, languages=["xx", "hi"]))
    told = (await ann.http.get(PATH)).json()
    assert told["me"] == {
        "id": ann.agent.id, "name": "Ann", "email": "ann@example.org", "role": role,
        "can": {"override": decides, "assign": decides},
    }  # fmt: skip
    assert (told["signed_in"], told["texts"]) == (True, words("hi"))
    chosen = (await ann.http.get(PATH, params={"language": "fa"})).json()
    assert chosen["texts"] == words("fa")


async def test_whose_work_is_elsewhere_gets_the_words_to_be_told_so(running: Gateway) -> None:
    maria = await running.browser(await running.hire("Maria", "agent"))
    told = (await maria.http.get(PATH)).json()
    assert (told["signed_in"], told["me"], told["texts"]) == (True, None, words("en"))
