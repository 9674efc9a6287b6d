"""Inboxes as configured: their secrets sealed, changed one by one, and sealed anew with another key."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from actions.db import Database
from handoff.channels.models import Inbox
from handoff.channels.registry import Inboxes, hashed
from handoff.channels.vault import Vault
from handoff.errors import Invalid, NotFound

OLD, NEW = "o" * 40, "n" * 40
TOKENS = {"page_token": "EAAB-page-token", "app_secret": "s3cr3t-of-the-app"}


class Clock:
    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def inboxes(database: Database) -> Inboxes:
    return Inboxes(database, Vault(OLD))


async def dump(database: Database) -> str:
    """Every cell of the table, as the file or the wire has it."""
    async with database.read() as session:
        return "\n".join(str(tuple(row)) for row in await session.execute(text("SELECT * FROM inboxes")))


async def test_credentials_are_clear_in_the_view_only(inboxes: Inboxes, database: Database) -> None:
    made = await inboxes.create("messenger", "Page", {"page": "1"}, credentials=TOKENS)
    found = await inboxes.get(made.inbox.id)
    assert found == made.inbox
    assert (found.credentials, found.options, found.disabled) == (TOKENS, {"page": "1"}, False)
    kept = await dump(database)
    for secret in (*TOKENS.values(), made.secret, made.token):
        assert secret not in kept
        assert secret not in repr(found)


async def test_one_secret_is_changed_without_the_others(inboxes: Inboxes) -> None:
    made = await inboxes.create("messenger", "Page", {"page": "1", "tag": "x"}, credentials=TOKENS)
    changed = await inboxes.update(
        made.inbox.id, name="Our page", options={"tag": None}, credentials={"page_token": "new"}
    )
    assert changed == await inboxes.get(made.inbox.id)
    assert changed.credentials == TOKENS | {"page_token": "new"}
    assert (changed.name, changed.options, changed.secret) == ("Our page", {"page": "1"}, made.secret)
    none_left = await inboxes.update(made.inbox.id, credentials=dict.fromkeys(TOKENS))
    assert none_left.credentials == {}


async def test_what_is_wrong_changes_nothing(inboxes: Inboxes) -> None:
    made = await inboxes.create("messenger", "Page", credentials=TOKENS)
    for wrong in (
        {"name": " "},
        {"name": "x" * 81},
        {"name": "a\x00b"},
        {"options": {"callback_url": "ftp://x"}},
    ):
        with pytest.raises(Invalid):
            await inboxes.update(made.inbox.id, credentials={"page_token": "new"}, **wrong)
    assert await inboxes.get(made.inbox.id) == made.inbox
    for unknown in ("nothing", "\x00", "é", "' OR 1=1 --"):
        with pytest.raises(NotFound):
            await inboxes.update(unknown, name="x")


async def test_a_change_reaches_other_gateways_within_seconds(database: Database) -> None:
    clock = Clock()
    here, there = (Inboxes(database, Vault(OLD), clock) for _ in range(2))
    made = await here.create("telegram", "Bot", credentials=TOKENS)
    assert not (await there.get(made.inbox.id)).disabled
    clock.at += 1
    await here.update(made.inbox.id, disabled=True)
    assert (await here.get(made.inbox.id)).disabled
    clock.at += 5
    assert (await there.get(made.inbox.id)).disabled


async def test_a_new_token_and_secret_end_the_old_ones(inboxes: Inboxes) -> None:
    made = await inboxes.create("rest", "REST")
    token = await inboxes.renew(made.inbox.id, "token")
    secret = await inboxes.renew(made.inbox.id, "secret")
    found = await inboxes.get(made.inbox.id)
    assert (found.token_hash, found.secret) == (hashed(token), secret)
    assert {token, secret}.isdisjoint({made.token, made.secret})
    with pytest.raises(NotFound):
        await inboxes.renew("nothing", "token")


async def test_the_key_is_changed_while_all_goes_on(inboxes: Inboxes, database: Database) -> None:
    made = await inboxes.create("messenger", "Page", credentials=TOKENS)
    await inboxes.create("web", "Web")
    both = Inboxes(database, Vault(NEW, OLD))
    assert (await both.get(made.inbox.id)).credentials == TOKENS
    later = await both.create("telegram", "Made meanwhile", credentials=TOKENS)
    assert await both.reseal() == 2
    assert await both.reseal() == 0
    only_new = Inboxes(database, Vault(NEW))
    assert await only_new.get(made.inbox.id) == made.inbox
    assert await only_new.get(later.inbox.id) == later.inbox
    with pytest.raises(ValueError, match="another SETU_SECRET_KEY"):
        await Inboxes(database, Vault(OLD)).get(made.inbox.id)


async def test_a_key_that_is_missing_stops_the_resealing_with_nothing_changed(
    inboxes: Inboxes, database: Database
) -> None:
    await inboxes.create("web", "Web")
    await Inboxes(database, Vault("lost" * 10)).create("web", "Sealed with a lost key")
    before = await dump(database)
    with pytest.raises(ValueError, match="another SETU_SECRET_KEY"):
        await Inboxes(database, Vault(NEW, OLD)).reseal()
    assert await dump(database) == before
    async with database.read() as session:
        assert len(list(await session.scalars(select(Inbox.id)))) == 2
