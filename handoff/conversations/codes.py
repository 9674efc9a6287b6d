"""Codes that prove two channels to be one person's: shown on one of them, said on the other.

Two ways to the same table. An agent has six digits sent to the other channel, and the customer
types them here: good for ten minutes and five tries. Or the customer goes on elsewhere by a link
that carries a longer code, which nobody can guess, and any contact may bring it.
"""

from __future__ import annotations

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from actions.db import after_commit
from handoff.channels.registry import hashed
from handoff.conversations import joining, rows
from handoff.conversations.context import Context
from handoff.conversations.models import Contact, Conversation, LinkCode
from handoff.conversations.thread import Thread, opened
from handoff.errors import Conflict, NotFound

GOOD_FOR = timedelta(minutes=10)
TRIES = 5
MASK = "••••••"
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without what looks alike; 32 letters, 5 bits each
LONG = 12
_SHORT = re.compile(r"\s*(\d{3})[\s-]?(\d{3})\s*")
_LONG = re.compile(rf"\bSETU-([{_ALPHABET}]{{{LONG}}})\b")
_DIGITS = str.maketrans("०१२३४५६७८९০১২৩৪৫৬৭৮৯۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "0123456789" * 4)


@dataclass(frozen=True, slots=True)
class Heard:
    """A message that was a code: it is answered by us, not by the bot. ``text`` is what is kept of it."""

    text: str


async def send(context: Context, conversation_id: str, contact_id: str, agent_id: str) -> None:
    """Send a code to another contact, and ask for it here. Raises ``NotFound``, ``Conflict`` (joined,
    too_soon)."""
    code = f"{secrets.randbelow(1_000_000):06}"
    async with context.database.read() as session:
        other = await session.get(Contact, contact_id)
        here = await session.get(Conversation, conversation_id)
    if other is None or here is None:
        raise NotFound("contact_unknown")
    if other.conversation_id == conversation_id:
        raise Conflict("joined")
    async with context.database.write() as session:
        await _forget(session, context)
        again = select(LinkCode.id).where(
            LinkCode.shown_to == contact_id,
            LinkCode.used_at.is_(None),
            LinkCode.expires_at > context.clock() + GOOD_FOR - timedelta(minutes=1),
        )
        if await session.scalar(again):
            raise Conflict("too_soon")
        session.add(_row(context, code, contact_id, here.contact_id))
    async with opened(context, other.conversation_id) as thread:
        thread.tell("link_code", code=code)
        thread.journal("LinkCodeSent", agent_id, asked_in=conversation_id)
    async with opened(context, conversation_id) as thread:
        thread.tell("link_ask")
        thread.journal("LinkCodeAsked", agent_id, contact=contact_id)


async def offer(context: Context, contact_id: str) -> str:
    """A code that its contact takes to another channel, as it is to be said there."""
    code = "".join(secrets.choice(_ALPHABET) for _ in range(LONG))
    async with context.database.write() as session:
        await _forget(session, context)
        session.add(_row(context, code, contact_id, None))
    return f"SETU-{code}"


async def heard(thread: Thread, text: str) -> Heard | None:
    """Whether a text is a code that was asked for here, or that was offered elsewhere. The joining, or
    a word that it was wrong, follows the commit."""
    long, short = _LONG.search(text), _SHORT.fullmatch(text.translate(_DIGITS))
    if long:
        return await _brought(thread, long[1])
    return await _typed(thread, short[1] + short[2]) if short else None


async def _typed(thread: Thread, code: str) -> Heard | None:
    open_ = await thread.session.scalar(
        select(LinkCode)
        .where(
            LinkCode.expected_of == thread.contact.id,
            LinkCode.used_at.is_(None),
            LinkCode.expires_at > thread.now,
            LinkCode.tries < TRIES,
        )
        .order_by(LinkCode.expires_at.desc())
        .limit(1)
    )
    if open_ is None:
        return None
    if not hmac.compare_digest(open_.code_hash, hashed(code)):
        await thread.session.execute(
            update(LinkCode).where(LinkCode.id == open_.id).values(tries=LinkCode.tries + 1)
        )
        _afterwards(thread, None)
        return Heard(MASK)
    open_.used_at = thread.now
    _afterwards(thread, open_.shown_to)
    return Heard(MASK)


async def _brought(thread: Thread, code: str) -> Heard | None:
    offered = await thread.session.scalar(
        select(LinkCode).where(
            LinkCode.code_hash == hashed(code),
            LinkCode.expected_of.is_(None),
            LinkCode.used_at.is_(None),
            LinkCode.expires_at > thread.now,
        )
    )
    if offered is None:
        return None
    offered.used_at = thread.now
    _afterwards(thread, offered.shown_to)
    return Heard(MASK)


def _afterwards(thread: Thread, shown_to: str | None) -> None:
    context, here = thread.context, thread.row.id

    async def follow() -> None:
        if shown_to is None:
            await _say(context, here, "link_wrong")
            return
        async with context.database.read() as session:
            other = await session.scalar(select(Contact.conversation_id).where(Contact.id == shown_to))
        try:
            kept = await joining.join(context, here, other or here, proof="code")
        except Conflict:
            await _say(context, here, "link_later")
        else:
            await _say(context, kept, "link_done")

    after_commit(thread.session, follow)


async def _say(context: Context, conversation_id: str, key: str) -> None:
    async with context.database.write() as session:
        locked = await rows.lock(session, conversation_id)
        if locked is not None:
            thread = Thread(context, session, locked)
            thread.tell(key)
            await thread.close()


def _row(context: Context, code: str, shown_to: str, expected_of: str | None) -> LinkCode:
    return LinkCode(
        code_hash=hashed(code),
        shown_to=shown_to,
        expected_of=expected_of,
        expires_at=context.clock() + GOOD_FOR,
    )


async def _forget(session: AsyncSession, context: Context) -> None:
    """Codes of yesterday are of no use to anybody."""
    await session.execute(delete(LinkCode).where(LinkCode.expires_at < context.clock() - timedelta(days=1)))
