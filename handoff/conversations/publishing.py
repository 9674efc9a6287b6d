"""What the world is told of a thread's transaction, once it is committed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from actions.db import after_commit
from handoff.conversations import reading
from handoff.conversations.models import Message
from handoff.conversations.views import ConversationView

if TYPE_CHECKING:
    from handoff.conversations.thread import Thread


async def view(thread: Thread) -> ConversationView:
    """The conversation as this transaction leaves it; few questions where no person is concerned."""
    row, session = thread.row, thread.session
    unread, position = 0, None
    if row.status not in ("bot", "resolved"):
        unread = (
            await session.scalar(
                select(func.count()).where(
                    Message.conversation_id == row.id,
                    Message.sender == "customer",
                    Message.number > row.read_by_agent,
                )
            )
            or 0
        )
    if row.status == "queued":
        position = await reading.position(session, row.id)
    return reading.conversation_view(
        row,
        thread.contact,
        thread.inbox,
        thread.agent,
        queue_position=position,
        unread=unread,
        last_message=thread.said[-1] if thread.said else None,
    )


def after(thread: Thread, pushed: bool) -> None:
    """Publish after the commit, and wake who waits for work."""
    context, messages, seen = thread.context, [*thread.changed, *thread.said], thread.seen
    queue_moved = thread.queue_moved

    async def publish() -> None:
        await context.told(context.hub.publish(seen, messages))
        if queue_moved:
            context.queue.ring()
            await context.told(context.hub.queue_changed())
        if pushed:
            context.outbox.ring()

    after_commit(thread.session, publish)
