"""Accounts: who comes in, and who does not any more."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from actions.db import Database
from handoff.agents import attempts
from handoff.agents.models import Agent, Attempt, SignIn
from handoff.agents.passwords import Passwords
from handoff.agents.service import LIFETIME, Accounts
from handoff.errors import Conflict, Invalid, SetuError, TooMany, Unauthorised
from tests.support.conversations import Clock

PASSWORD = "correct horse battery"


class CountingHasher(PasswordHasher):
    """Counts the expensive work."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.work: Counter[str] = Counter()

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:
        self.work["verify"] += 1
        return bool(super().verify(hash, password))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hasher() -> CountingHasher:
    return CountingHasher()


@pytest.fixture
def accounts(database: Database, clock: Clock, hasher: CountingHasher) -> Accounts:
    return Accounts(database, Passwords(hasher), clock)


@pytest.fixture
async def maria(accounts: Accounts) -> Agent:
    return await accounts.create(email=" Maria@Example.org ", name="Maria", password=PASSWORD)


async def refusal(accounts: Accounts, email: str, password: str, address: str = "1.2.3.4") -> SetuError:
    with pytest.raises(SetuError) as refused:
        await accounts.sign_in(email, password, address)
    return refused.value


async def test_an_agent_signs_in_and_is_known_by_the_token(accounts: Accounts, maria: Agent) -> None:
    signed = await accounts.sign_in("maria@example.org", PASSWORD, "1.2.3.4")
    assert (await accounts.whose(signed.token)).id == maria.id


async def test_the_e_mail_is_the_same_in_any_case(accounts: Accounts, maria: Agent) -> None:
    signed = await accounts.sign_in("MARIA@example.ORG", PASSWORD, "1.2.3.4")
    assert signed.agent.id == maria.id


async def test_two_accounts_cannot_share_an_e_mail(accounts: Accounts, maria: Agent) -> None:
    with pytest.raises(Conflict) as taken:
        await accounts.create(email="maria@EXAMPLE.org", name="Other", password=PASSWORD)
    assert taken.value.code == "email_taken"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"role": "king"}, "unknown_role"),
        ({"email": "nobody"}, "bad_email"),
        ({"email": "\ud800@example.org"}, "bad_email"),
        ({"name": "  "}, "bad_name"),
        ({"password": "short"}, "bad_password"),
        ({"password": "x" * 201}, "bad_password"),
        ({"capacity": 0}, "bad_capacity"),
    ],
)
async def test_an_account_needs_good_values(accounts: Accounts, change: dict[str, object], code: str) -> None:
    values: dict[str, object] = {"email": "a@example.org", "name": "A", "password": PASSWORD}
    with pytest.raises(Invalid) as wrong:
        await accounts.create(**(values | change))  # type: ignore[arg-type]
    assert wrong.value.code == code


async def test_nothing_tells_whether_an_account_exists(
    accounts: Accounts, maria: Agent, hasher: CountingHasher
) -> None:
    wrong = await refusal(accounts, maria.email, "wrong")
    work_for_known = hasher.work["verify"]
    unknown = await refusal(accounts, "nobody@example.org", "wrong")
    assert (type(wrong), wrong.code) == (type(unknown), unknown.code) == (Unauthorised, "wrong_credentials")
    assert hasher.work["verify"] == 2 * work_for_known


async def test_a_disabled_account_is_an_unknown_one(
    database: Database, accounts: Accounts, maria: Agent
) -> None:
    signed = await accounts.sign_in(maria.email, PASSWORD, "1.2.3.4")
    async with database.write() as session:
        await session.execute(update(Agent).values(disabled=True))
    assert (await refusal(accounts, maria.email, PASSWORD)).code == "wrong_credentials"
    with pytest.raises(Unauthorised):
        await accounts.whose(signed.token)


@pytest.mark.parametrize("password", ["", "x" * 100_000, "\ud800", "correct horse batter"])
async def test_no_other_password_fits(accounts: Accounts, maria: Agent, password: str) -> None:
    assert (await refusal(accounts, maria.email, password)).code == "wrong_credentials"


async def test_too_many_attempts_close_the_account_for_a_while(
    accounts: Accounts, maria: Agent, clock: Clock
) -> None:
    for place in range(attempts.PER_ACCOUNT):
        assert (await refusal(accounts, maria.email, "wrong", f"10.0.0.{place}")).code == "wrong_credentials"
    closed = await refusal(accounts, maria.email, PASSWORD)
    assert isinstance(closed, TooMany)
    clock.pass_(attempts.WINDOW.total_seconds() + 1)
    assert (await accounts.sign_in(maria.email, PASSWORD, "1.2.3.4")).agent.id == maria.id


async def test_one_address_cannot_try_many_accounts(accounts: Accounts, maria: Agent) -> None:
    for place in range(attempts.PER_ADDRESS):
        await refusal(accounts, f"guess{place}@example.org", "wrong", "6.6.6.6")
    assert isinstance(await refusal(accounts, maria.email, PASSWORD, "6.6.6.6"), TooMany)
    assert (await accounts.sign_in(maria.email, PASSWORD, "1.2.3.4")).agent.id == maria.id


async def test_attempts_at_the_same_moment_are_all_counted(
    accounts: Accounts, maria: Agent, hasher: CountingHasher
) -> None:
    tries = (refusal(accounts, maria.email, f"guess {n}") for n in range(30))
    codes = Counter(error.code for error in await asyncio.gather(*tries))
    assert codes == {"wrong_credentials": attempts.PER_ACCOUNT, "too_many_attempts": 20}
    assert hasher.work["verify"] == attempts.PER_ACCOUNT


async def test_a_good_sign_in_forgets_the_failures_before(accounts: Accounts, maria: Agent) -> None:
    for _ in range(3):
        for _ in range(attempts.PER_ACCOUNT - 1):
            await refusal(accounts, maria.email, "wrong")
        await accounts.sign_in(maria.email, PASSWORD, "1.2.3.4")


async def test_no_address_and_no_token_is_stored_readable(
    database: Database, accounts: Accounts, maria: Agent
) -> None:
    await refusal(accounts, maria.email, "wrong", "1.2.3.4")
    signed = await accounts.sign_in(maria.email, PASSWORD, "5.6.7.8")
    async with database.read() as session:
        keys = list(await session.scalars(select(Attempt.key)))
        hashes = list(await session.scalars(select(SignIn.token_hash)))
        stored = await session.scalar(select(Agent.password_hash))
    assert all(len(key) == 64 for key in keys)
    assert signed.token not in hashes
    assert PASSWORD not in str(stored)


async def test_a_sign_in_ends_by_itself(accounts: Accounts, maria: Agent, clock: Clock) -> None:
    signed = await accounts.sign_in(maria.email, PASSWORD, "1.2.3.4")
    clock.pass_((LIFETIME - timedelta(seconds=1)).total_seconds())
    assert (await accounts.whose(signed.token)).id == maria.id
    clock.pass_(1)
    with pytest.raises(Unauthorised):
        await accounts.whose(signed.token)


async def test_signing_out_ends_only_this_sign_in(accounts: Accounts, maria: Agent) -> None:
    here = await accounts.sign_in(maria.email, PASSWORD, "1.2.3.4")
    there = await accounts.sign_in(maria.email, PASSWORD, "1.2.3.4")
    await accounts.sign_out(here.token)
    with pytest.raises(Unauthorised):
        await accounts.whose(here.token)
    assert (await accounts.whose(there.token)).id == maria.id


async def test_a_new_password_ends_every_other_sign_in(accounts: Accounts, maria: Agent) -> None:
    there = await accounts.sign_in(maria.email, PASSWORD, "1.2.3.4")
    here = await accounts.change_password(maria, PASSWORD, "an even better one")
    with pytest.raises(Unauthorised):
        await accounts.whose(there.token)
    assert (await accounts.whose(here.token)).id == maria.id
    assert (await refusal(accounts, maria.email, PASSWORD)).code == "wrong_credentials"
    assert (await accounts.sign_in(maria.email, "an even better one", "1.2.3.4")).agent.id == maria.id


async def test_the_old_password_is_needed_and_cannot_be_guessed(accounts: Accounts, maria: Agent) -> None:
    for _ in range(attempts.PER_ACCOUNT):
        with pytest.raises(Unauthorised):
            await accounts.change_password(maria, "wrong", "an even better one")
    with pytest.raises(TooMany):
        await accounts.change_password(maria, PASSWORD, "an even better one")


@pytest.mark.parametrize("token", [None, "", "guess", "\ud800", "x" * 10_000])
async def test_no_other_token_is_anybody(accounts: Accounts, maria: Agent, token: str | None) -> None:
    with pytest.raises(Unauthorised) as nobody:
        await accounts.whose(token)
    assert nobody.value.code == "not_signed_in"


async def test_a_hash_of_weaker_days_is_made_anew(
    database: Database, accounts: Accounts, clock: Clock
) -> None:
    maria = await accounts.create(email="m@example.org", name="Maria", password=PASSWORD)
    today = Accounts(database, Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)), clock)
    await today.sign_in(maria.email, PASSWORD, "1.2.3.4")
    async with database.read() as session:
        stored = await session.scalar(select(Agent.password_hash))
    assert stored != maria.password_hash
    assert (await today.sign_in(maria.email, PASSWORD, "1.2.3.4")).agent.id == maria.id
