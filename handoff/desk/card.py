"""The hand-off card: all an agent has to know to begin, from what is stored already."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from actions.customers import profiles
from actions.locale import money
from actions.shop import orders, wording
from actions.shop.reference import Reference
from actions.texts import Texts
from handoff.agents.models import Agent
from handoff.conversations.models import Conversation, Handoff, Message
from handoff.conversations.summary import SMALL_TALK, Line, summarise
from handoff.conversations.views import iso
from handoff.desk import contacts
from handoff.desk.titles import Titles

LOOK_BACK = 200  # messages
ORDERS = 5
TALKS = 5
# Slots that steer the dialogue and tell an agent nothing.
STEERING = frozenset(
    {"language", "locale", "customer_id", "channel", "requested_slot", "session_started_metadata"}
    | {"proposed", "last_task", "misses", "next", "confirmed"}
)


class Cards:
    """Makes cards in one language of the desk. ``reference`` is the shop's, for tiers."""

    def __init__(
        self, texts: Texts, language: str | None, reference: Reference, clock: Callable[[], datetime]
    ) -> None:
        self._texts = texts
        self._titles = Titles(texts, language)
        self._language = language
        self._reference = reference
        self._clock = clock

    async def card(self, session: AsyncSession, conversation: Conversation) -> dict[str, Any]:
        """The card as JSON (shape: the desk's ``card.js``)."""
        newest = (
            select(Message)
            .where(
                Message.conversation_id == conversation.id,
                Message.private.is_(False),
                Message.deleted_at.is_(None),
            )
            .order_by(Message.number.desc())
            .limit(LOOK_BACK)
        )
        messages = list(await session.scalars(newest))[::-1]
        handoff = await session.scalar(
            select(Handoff)
            .where(Handoff.conversation_id == conversation.id)
            .order_by(Handoff.requested_at.desc())
            .limit(1)
        )
        understood = [message for message in messages if message.understanding]
        slots = (conversation.bot_state or {}).get("slots") or {}
        return {
            **self._why(handoff if handoff and handoff.ended_at is None else None),
            "mood": [
                {"number": m.number, "score": score} for m in understood if (score := _mood(m)) is not None
            ],
            "confidence": [self._confidence(message) for message in understood],
            "understood": self._understood(understood),
            "slots": {
                name: value
                for name, value in slots.items()
                # Tastes are kept as lists and amounts; the customer's part of the card says them in words.
                if name not in STEERING and isinstance(value, str | int | float) and value != ""
            },
            "customer": await self._customer(session, conversation.customer_id),
            "orders": await self._orders(session, conversation.customer_id),
            "summary": [
                {"number": line.number, "sender": line.sender, "text": line.text}
                for line in summarise([_line(message) for message in messages])
            ],
            "previous": await self._previous(session, conversation, handoff),
            "contacts": await contacts.of(session, conversation),
        }

    def _why(self, handoff: Handoff | None) -> dict[str, Any]:
        if handoff is None:
            return {"reason": None, "evidence": [], "note": ""}
        return {
            "reason": {"code": handoff.reason, "text": self._titles.of("reasons", handoff.reason)},
            "evidence": [
                {
                    "reason": one["reason"],
                    "text": self._titles.of("evidence", str(one["reason"])),
                    "value": one.get("value"),
                    "threshold": one.get("threshold"),
                }
                for one in handoff.evidence
            ],
            "note": handoff.note,
        }

    def _confidence(self, message: Message) -> dict[str, Any]:
        said = message.understanding or {}
        intent = said.get("intent")
        return {
            "number": message.number,
            "intent": intent,
            "title": self._titles.of("intents", intent) if intent else None,
            "confidence": round(float(said.get("confidence") or 0.0), 3),
        }

    def _understood(self, messages: list[Message]) -> dict[str, Any] | None:
        """The newest message with a task in it; failing that, the newest at all."""
        if not messages:
            return None
        tasks = [m for m in messages if _intent(m) and _intent(m) not in SMALL_TALK]
        message = (tasks or messages)[-1]
        intent = _intent(message)
        return {
            "intent": intent,
            "title": self._titles.of("intents", intent) if intent else None,
            "entities": [
                {"entity": one.get("entity"), "value": one.get("value")}
                for one in (message.understanding or {}).get("entities") or []
            ],
        }

    async def _customer(self, session: AsyncSession, customer_id: str | None) -> dict[str, Any] | None:
        if customer_id is None:
            return None
        profile = await profiles.profile(session, customer_id, self._reference, self._clock())
        if profile is None:
            return None
        likes = {
            name: wording.preference(self._texts, name, value, self._language)
            for name, value in profile.preferences.items()
        }
        return {
            "id": profile.id,
            "name": profile.name,
            "email": profile.email,
            "tier": profile.tier,
            "points": profile.points,
            "locale": profile.locale,
            "since": iso(profile.since),
            "preferences": [
                {"name": name, "title": title, "value": value} for name, (title, value) in likes.items()
            ],
        }

    async def _orders(self, session: AsyncSession, customer_id: str | None) -> list[dict[str, Any]]:
        if not customer_id:
            return []
        return [
            {
                "number": order.number,
                "status": order.status,
                "status_text": self._texts.say(f"shop.status.{order.status}", self._language),
                "total": money(order.total, order.currency, self._language),
                "placed_at": iso(order.placed_at),
                "items": [line.name for line in order.lines],
            }
            for order in await orders.of_customer(session, customer_id, ORDERS)
        ]

    async def _previous(
        self, session: AsyncSession, conversation: Conversation, present: Handoff | None
    ) -> list[dict[str, Any]]:
        """Earlier hand-offs of this thread and of the same customer's other threads."""
        same = [Conversation.id == conversation.id]
        if conversation.customer_id:
            same.append(Conversation.customer_id == conversation.customer_id)
        statement = (
            select(Handoff, Agent.name)
            .join(Conversation, Conversation.id == Handoff.conversation_id)
            .outerjoin(Agent, Agent.id == Handoff.agent_id)
            .where(or_(*same), Handoff.ended_at.is_not(None))
            .order_by(Handoff.requested_at.desc())
            .limit(TALKS)
        )
        if present is not None and present.ended_at is None:
            statement = statement.where(Handoff.id != present.id)
        return [
            {
                "at": iso(handoff.requested_at),
                "reason": handoff.reason,
                "agent": name,
                "outcome": handoff.outcome,
            }
            for handoff, name in await session.execute(statement)
        ]


def _intent(message: Message) -> str | None:
    return (message.understanding or {}).get("intent")


def _mood(message: Message) -> float | None:
    score = ((message.understanding or {}).get("sentiment") or {}).get("score")
    return None if score is None else round(float(score), 3)


def _line(message: Message) -> Line:
    said = message.understanding or {}
    return Line(
        number=message.number,
        sender=message.sender,
        text=message.text,
        intent=said.get("intent"),
        confidence=float(said.get("confidence") or 0.0),
        entities=len(said.get("entities") or []),
        mood=_mood(message) or 0.0,
    )
