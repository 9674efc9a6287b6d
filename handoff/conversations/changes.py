"""Messages that change after they were said: edited, taken back, reacted to, their files ready."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from handoff.agents.models import Agent
from handoff.conversations import reading
from handoff.conversations.context import Context
from handoff.conversations.models import Message
from handoff.conversations.thread import opened

Rich = dict[str, Any]


async def change(
    context: Context,
    message_id: str,
    edit: Callable[[Rich], Rich] | None = None,
    *,
    text: str | None = None,
    edited_at: datetime | None = None,
    deleted_at: datetime | None = None,
) -> bool:
    """Change a message and publish it again under its id; False if there is no such message, or
    nothing changes. ``edit`` makes the new ``rich`` of the present one. A message once taken back
    stays so, and keeps no words."""
    async with context.database.read() as session:
        conversation_id = await session.scalar(
            select(Message.conversation_id).where(Message.id == message_id)
        )
    if conversation_id is None:
        return False
    async with opened(context, conversation_id) as thread:
        found = await thread.session.execute(
            select(Message, Agent)
            .outerjoin(Agent, Agent.id == Message.agent_id)
            .where(Message.id == message_id)
        )
        before = reading.message_view(*found.one())
        after = replace(
            before,
            rich=edit(dict(before.rich)) if edit else before.rich,
            text=before.text if text is None else text,
            edited_at=edited_at or before.edited_at,
            deleted_at=before.deleted_at or deleted_at,
        )
        if after.deleted_at is not None:
            after = replace(after, text="", rich={})
        if after == before:
            return False
        await thread.session.execute(
            update(Message)
            .where(Message.id == message_id)
            .values(rich=after.rich, text=after.text, edited_at=after.edited_at, deleted_at=after.deleted_at)
            .execution_options(synchronize_session=False)
        )
        thread.changed.append(after)
    return True
