"""Replies kept ready."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import update

from actions.db import Database
from handoff.agents import canned
from handoff.agents.models import CannedReply


def test_the_replies_that_come_with_setu_can_be_read() -> None:
    replies = canned.load()
    assert replies["en"]["hello"].startswith("Hello {customer}")


def test_a_file_that_is_no_list_of_texts_is_named(tmp_path: Path) -> None:
    (tmp_path / "canned.en.yml").write_text("- hello")
    with pytest.raises(ValueError, match=r"canned\.en\.yml"):
        canned.load(tmp_path)


async def test_seeding_again_keeps_what_was_edited(database: Database) -> None:
    async with database.write() as session:
        assert await canned.seed(session, {"en": {"hi": "Hello", "bye": "Goodbye"}}) == 2
        await session.execute(update(CannedReply).where(CannedReply.shortcut == "hi").values(text="Hey"))
    async with database.write() as session:
        assert await canned.seed(session, {"en": {"hi": "Hello", "bye": "Goodbye", "ok": "Fine"}}) == 1
    async with database.read() as session:
        assert {one.shortcut: one.text for one in await canned.listed(session, "en")} == {
            "bye": "Goodbye",
            "hi": "Hey",
            "ok": "Fine",
        }


async def test_a_language_shows_its_own_and_english_for_the_rest(database: Database) -> None:
    async with database.write() as session:
        await canned.seed(session, {"en": {"hi": "Hello", "bye": "Goodbye"}, "el": {"hi": "Γεια"}})
    async with database.read() as session:
        listed = await canned.listed(session, "el")
    assert [(one.shortcut, one.language) for one in listed] == [("bye", "en"), ("hi", "el")]
