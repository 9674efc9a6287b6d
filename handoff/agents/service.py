"""Accounts of agents: made, signed in and out, passwords changed."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from actions.db import Database, new_id
from actions.db import now as utc_now
from handoff.agents import attempts
from handoff.agents.models import Agent, SignIn
from handoff.agents.passwords import MAX_LENGTH, MIN_LENGTH, Passwords
from handoff.agents.roles import ROLES
from handoff.errors import Conflict, Invalid, TooMany, Unauthorised

LIFETIME = timedelta(hours=12)  # a working day; then one signs in again


@dataclass(frozen=True, slots=True)
class Signed:
    """A fresh sign-in: the token goes into the cookie and is kept nowhere else."""

    token: str
    agent: Agent
    expires_at: datetime


def token_hash(token: str) -> str:
    """What we keep of a token: 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def normal(email: str) -> str:
    """As e-mails are stored and compared; what cannot be one stays unequal to any."""
    return email.strip().lower().replace("\0", "?").encode("utf-8", "replace").decode()


class Accounts:
    """Who may come in. A sign-in is a row, so it ends when we say so, on every gateway."""

    def __init__(
        self, database: Database, passwords: Passwords | None = None, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self._database = database
        self._passwords = passwords or Passwords()
        self._clock = clock

    def now(self) -> datetime:
        return self._clock()

    async def create(
        self,
        *,
        email: str,
        name: str,
        password: str,
        role: str = "agent",
        languages: Sequence[str] = ("en",),
        capacity: int = 4,
    ) -> Agent:
        """Make an account; :class:`Invalid` on bad values, :class:`Conflict` if the e-mail is taken."""
        if role not in ROLES:
            raise Invalid("unknown_role", role=role)
        email = email.strip().lower()
        if not re.fullmatch(r"[^\s@]+@[^\s@]+", email) or not email.isprintable() or len(email) > 255:
            raise Invalid("bad_email")
        if not name.strip() or not name.isprintable() or len(name) > 80:
            raise Invalid("bad_name")
        if not 1 <= capacity <= 100:
            raise Invalid("bad_capacity")
        _check_new_password(password)
        agent = Agent(
            id=new_id(),
            email=email,
            name=name.strip(),
            role=role,
            password_hash=await self._passwords.hash(password),
            languages=list(languages),
            capacity=capacity,
        )
        try:
            async with self._database.write() as session:
                session.add(agent)
        except IntegrityError as taken:
            raise Conflict("email_taken") from taken
        return agent

    async def sign_in(self, email: str, password: str, address: str) -> Signed:
        """Sign in; :class:`Unauthorised` tells nothing of which part was wrong.

        Attempts are counted before the password is looked at, per account and per address:
        beyond the limit :class:`TooMany`, the right password included.
        """
        email = normal(email)
        account, source = attempts.account_key(email), attempts.address_key(address)
        at = self._clock()
        await self._count({account: attempts.PER_ACCOUNT, source: attempts.PER_ADDRESS}, at)
        async with self._database.read() as session:
            agent = await session.scalar(select(Agent).where(Agent.email == email, ~Agent.disabled))
        password = password[: MAX_LENGTH + 1]
        if not await self._passwords.matches(agent.password_hash if agent else None, password):
            raise Unauthorised("wrong_credentials")
        assert agent is not None
        fresh = (
            await self._passwords.hash(password) if self._passwords.outdated(agent.password_hash) else None
        )
        async with self._database.write() as session:
            await attempts.forget(session, key=account, before=at - attempts.WINDOW)
            await session.execute(delete(SignIn).where(SignIn.expires_at <= at))
            if fresh is not None:
                await session.execute(update(Agent).where(Agent.id == agent.id).values(password_hash=fresh))
            return self._begin(session, agent, at)

    async def sign_out(self, token: str) -> None:
        """End one sign-in; an unknown token is no error."""
        async with self._database.write() as session:
            await session.execute(delete(SignIn).where(SignIn.token_hash == token_hash(token)))

    async def whose(self, token: str | None) -> Agent:
        """The agent behind a token; :class:`Unauthorised` if unknown, expired or disabled."""
        if token:
            async with self._database.read() as session:
                agent = await session.scalar(
                    select(Agent)
                    .join(SignIn, SignIn.agent_id == Agent.id)
                    .where(
                        SignIn.token_hash == token_hash(token),
                        SignIn.expires_at > self._clock(),
                        ~Agent.disabled,
                    )
                )
            if agent is not None:
                return agent
        raise Unauthorised("not_signed_in")

    async def change_password(self, agent: Agent, old: str, new: str) -> Signed:
        """Set a new password; every sign-in of the agent ends, and a fresh one begins.

        :class:`Unauthorised` for a wrong old one, :class:`TooMany` for guessing it.
        """
        _check_new_password(new)
        account = attempts.account_key(agent.email)
        await self._count({account: attempts.PER_ACCOUNT}, self._clock())
        if not await self._passwords.matches(agent.password_hash, old[: MAX_LENGTH + 1]):
            raise Unauthorised("wrong_credentials")
        password_hash = await self._passwords.hash(new)
        async with self._database.write() as session:
            await session.execute(
                update(Agent).where(Agent.id == agent.id).values(password_hash=password_hash)
            )
            await session.execute(delete(SignIn).where(SignIn.agent_id == agent.id))
            await attempts.forget(session, key=account)
            return self._begin(session, agent, self._clock())

    async def _count(self, limits: dict[str, int], at: datetime) -> None:
        """Count an attempt under each key; a committed count cannot be undone by failing later."""
        async with self._database.write() as session:
            counts = [await attempts.count(session, key, at) for key in sorted(limits)]
        if any(count > limits[key] for key, count in zip(sorted(limits), counts, strict=True)):
            raise TooMany("too_many_attempts", attempts.WINDOW.total_seconds())

    def _begin(self, session: AsyncSession, agent: Agent, at: datetime) -> Signed:
        signed = Signed(secrets.token_urlsafe(32), agent, at + LIFETIME)
        session.add(
            SignIn(
                token_hash=token_hash(signed.token),
                agent_id=agent.id,
                created_at=at,
                expires_at=signed.expires_at,
            )
        )
        return signed


def _check_new_password(password: str) -> None:
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH or not password.isprintable():
        raise Invalid("bad_password", least=MIN_LENGTH, most=MAX_LENGTH)
