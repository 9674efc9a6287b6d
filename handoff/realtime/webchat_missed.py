"""What a web widget made for Rasa missed while it was away: told when it is back.

These widgets neither confirm what they hear nor ask for what they missed, so it is reckoned here. Before
the visitor's own newest message they have heard all: who wrote was there. After it counts what was told to
a line that then ended in order. A line that just went silent is noticed only when a ping fails; what was
told in that time is told again, for twice is better than never.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import func, select

from actions.db import Database, now
from handoff.channels.visitors import Visitor
from handoff.conversations import reading
from handoff.conversations.models import Message
from handoff.conversations.views import MessageView
from handoff.realtime.server import PING_EVERY, PING_TIMEOUT
from handoff.realtime.webchat_hub import REMEMBER, WebchatHub

SILENT = timedelta(seconds=PING_EVERY + PING_TIMEOUT)  # so long a line may be dead and look alive
CLOSING = timedelta(
    seconds=2
)  # what another gateway told in the last moment of a line may have come too late


class Missed:
    def __init__(self, database: Database, hub: WebchatHub, clock: Callable[[], datetime] = now) -> None:
        self._database = database
        self._hub = hub
        self._clock = clock
        self._left: OrderedDict[str, tuple[datetime, bool]] = OrderedDict()  # contact: when, in order

    def left(self, contact_id: str, in_order: bool) -> None:
        """The last line of a contact has ended."""
        self._left.pop(contact_id, None)
        self._left[contact_id] = (self._clock(), in_order)
        if len(self._left) > REMEMBER:
            self._left.popitem(last=False)

    async def tell(self, visitor: Visitor, sid: str, beside_others: bool) -> int:
        """Tell a new line what was missed; returns the number up to which all is told now.

        ``beside_others``: the contact has other lines, which may be another tab, or dead.
        """
        wrote = select(func.max(Message.number)).where(
            Message.conversation_id == visitor.conversation_id,
            Message.sender == "customer",
            Message.contact_id == visitor.contact_id,
        )
        async with self._database.read() as session:
            after = await session.scalar(wrote) or 0
        left = self._left.pop(visitor.contact_id, None)
        heard_before, in_order = (self._clock() - SILENT, False) if beside_others else (None, False)
        if left is not None and not beside_others:
            at, in_order = left
            heard_before = at - (CLOSING if in_order else SILENT)
        while found := await self._next(visitor, after):
            for message in found:
                after = message.number
                heard = heard_before is not None and message.created_at < heard_before
                heard |= in_order and self._hub.reached(message.id)
                if not heard and _is_for(message, visitor):
                    await self._hub.tell(message, sid)
        return after

    async def tell_rest(self, visitor: Visitor, sid: str, after: int) -> None:
        """What the lines in the room were told before this one entered it, and after it was told all."""
        until = self._hub.moment
        while found := await self._next(visitor, after):
            for message in found:
                after = message.number
                if self._hub.was_told(message.id, until) and _is_for(message, visitor):
                    await self._hub.tell(message, sid)

    async def _next(self, visitor: Visitor, after: int) -> list[MessageView]:
        async with self._database.read() as session:
            return await reading.messages(session, visitor.conversation_id, after=after)


def _is_for(message: MessageView, visitor: Visitor) -> bool:
    """Of a person who talks on several channels each hears what was said on it."""
    return message.contact_id in (None, visitor.contact_id)
