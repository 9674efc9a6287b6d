"""What an agent does about a message that was pushed: send it again, change it, take it back.

Who owns the conversation may, a supervisor too, and, while nobody owns it, whoever sees it. Raises
``NotFound`` (message_unknown) and ``Conflict`` (not_yours; else by what is wrong).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import delete as delete_from
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.agents.models import Agent
from handoff.agents.roles import SEES_ALL
from handoff.channels.base import Changes, SendFailed
from handoff.channels.parts import plan
from handoff.conversations import changes, hygiene, reading
from handoff.conversations.context import Context
from handoff.conversations.models import Contact, Conversation, Message
from handoff.conversations.views import MessageView
from handoff.delivery import news, outbox
from handoff.delivery.models import Delivery, DeliveryPart
from handoff.delivery.routes import Route, Routes
from handoff.delivery.windows import way
from handoff.errors import Conflict, NotFound

HELD = timedelta(seconds=10)  # so long a message waits that is being changed before it is sent

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Found:
    """A message with its push (if it has one), its conversation and the contact it went to."""

    message: MessageView
    push: Delivery | None
    conversation: Conversation
    contact: Contact


class Remedies:
    def __init__(self, context: Context, routes: Routes, base_url: str = "") -> None:
        self._context = context
        self._routes = routes
        self._base_url = base_url

    async def resend(self, conversation_id: str, number: int, agent: Agent) -> dict[str, Any]:
        """What died goes out again, now; of parts only those that did not get there. For one that is
        unsure this is the word of a person who accepts that it may come twice."""
        context = self._context
        now = context.clock()
        async with context.database.write() as session:
            found = await _find(session, conversation_id, number, agent)
            push, conversation, message = found.push, found.conversation, found.message
            if push is None or push.state not in ("dead", "unsure") or message.deleted_at is not None:
                raise Conflict("not_resendable")
            if route := await self._routes.to(found.contact.inbox_id):
                last = await outbox.last_customer_at(session, conversation, found.contact.id)
                template = bool(message.rich.get("template"))
                if way(route.can, last, message.sender, now, template=template) in (
                    "closed",
                    "template_only",
                ):
                    raise Conflict("window_closed")
            failed = await session.scalars(
                delete_from(DeliveryPart)
                .where(DeliveryPart.delivery_id == push.id, DeliveryPart.status == "failed")
                .returning(DeliveryPart.place)
            )
            row = await outbox.move(
                session,
                push.id,
                push.state,
                state="due",
                parts=min([push.parts, *failed]),
                epoch=conversation.epoch,
                attempts=0,
                next_at=now,
                created_at=now,
                mark=None,
                error=None,
                code=None,
            )
        if row is None:
            raise Conflict("not_resendable")
        context.outbox.ring()
        await news.tell(context, [row])
        return news.as_json(row)

    async def edit(self, conversation_id: str, number: int, agent: Agent, text: str) -> MessageView:
        """New words for a message of the agent's own, here and at the customer's."""
        context = self._context
        text = hygiene.clean_text(text)
        found = await self._own(conversation_id, number, agent)
        after = replace(found.message, text=text)
        await self._change(found, after)
        await changes.change(context, after.id, text=text, edited_at=context.clock())
        return await self._again(after.id, found.push)

    async def delete(self, conversation_id: str, number: int, agent: Agent) -> MessageView:
        """A message of the agent's own is taken back, here and at the customer's."""
        context = self._context
        found = await self._own(conversation_id, number, agent)
        await self._change(found, None)
        await changes.change(context, found.message.id, deleted_at=context.clock())
        return await self._again(found.message.id, found.push)

    async def _own(self, conversation_id: str, number: int, agent: Agent) -> Found:
        async with self._context.database.read() as session:
            found = await _find(session, conversation_id, number, agent)
        message = found.message
        if message.sender != "agent" or message.author is None or message.author.id != agent.id:
            raise Conflict("not_yours")
        if message.private or message.deleted_at is not None:
            raise Conflict("not_changeable")
        return found

    async def _change(self, found: Found, after: MessageView | None) -> None:
        """Bring the change (``after``; None: it is taken back) to where the message is by now."""
        push = found.push
        route = await self._routes.to(found.contact.inbox_id)
        if route is None:
            raise Conflict("not_changeable")
        if push is not None and push.state in ("due", "dead") and push.parts == 0:
            if await self._not_begun(push, taken_back=after is None):
                return
            raise Conflict("not_changeable")
        if not (route.can.deletions if after is None else route.can.edits):
            raise Conflict("not_changeable")
        if push is None:  # it is fetched, or shown by sockets: both see the change
            return
        channel = route.channel
        if push.state != "sent" or not isinstance(channel, Changes):
            raise Conflict("not_changeable")
        async with self._context.database.read() as session:
            sent = dict(
                (
                    await session.execute(
                        select(DeliveryPart.place, DeliveryPart.external_id).where(
                            DeliveryPart.delivery_id == push.id
                        )
                    )
                ).all()
            )
        if after is not None:
            sent = {place: sent.get(place) for place in self._new_words(found.message, after, route)}
        if not all(sent.values()):
            raise Conflict("not_changeable")
        try:
            for place, external_id in sorted(sent.items()):
                if after is None:
                    await channel.delete(route.inbox, found.contact.external_id, external_id or "")
                else:
                    words = plan(after, route.can, self._base_url)[place].text
                    await channel.edit(route.inbox, found.contact.external_id, external_id or "", words)
        except SendFailed as failure:
            log.warning("change_refused", delivery=push.id, code=failure.code)
            raise Conflict("change_refused") from failure

    def _new_words(self, before: MessageView, after: MessageView, route: Route) -> list[int]:
        """The places of the parts whose text alone differs; a message cannot grow by a part."""
        old, new = (plan(message, route.can, self._base_url) for message in (before, after))
        if len(old) != len(new) or any(replace(a, text=b.text) != b for a, b in zip(old, new, strict=True)):
            raise Conflict("not_changeable")
        return [place for place, part in enumerate(new) if part != old[place]]

    async def _not_begun(self, push: Delivery, *, taken_back: bool) -> bool:
        """It is still here: held for a moment, so that it does not go out as it was, or dropped."""
        context = self._context
        if push.state == "dead":
            return True
        values = {"state": "dropped"} if taken_back else {"next_at": context.clock() + HELD}
        async with context.database.write() as session:
            row = await outbox.move(session, push.id, "due", Delivery.parts == 0, **values)
        return row is not None

    async def _again(self, message_id: str, push: Delivery | None) -> MessageView:
        context = self._context
        async with context.database.write() as session:
            if push is not None and push.state == "due":
                await outbox.move(session, push.id, "due", next_at=context.clock())
            row = (
                await session.execute(
                    select(Message, Agent)
                    .outerjoin(Agent, Agent.id == Message.agent_id)
                    .where(Message.id == message_id)
                )
            ).one()
            told = await news.by_message(session, [message_id])
        context.outbox.ring()
        return replace(reading.message_view(*row), delivery=told.get(message_id))


async def _find(session: AsyncSession, conversation_id: str, number: int, agent: Agent) -> Found:
    found = (
        await session.execute(
            select(Message, Agent, Delivery, Conversation)
            .join(Conversation, Conversation.id == Message.conversation_id)
            .outerjoin(Agent, Agent.id == Message.agent_id)
            .outerjoin(Delivery, Delivery.message_id == Message.id)
            .where(Message.conversation_id == conversation_id, Message.number == number)
        )
    ).first()
    if found is None:
        raise NotFound("message_unknown")
    message, author, push, conversation = found
    if conversation.agent_id not in (None, agent.id) and agent.role not in SEES_ALL:
        raise Conflict("not_yours")
    contact_id = push.contact_id if push else message.contact_id or conversation.contact_id
    contact = await session.get_one(Contact, contact_id)
    return Found(reading.message_view(message, author), push, conversation, contact)
