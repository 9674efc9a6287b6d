"""The end of a turn, in one transaction: reply or hand-off, messages handled, the next batch taken."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import bindparam, select, update

from bot.contract import Said, TurnReply
from handoff.conversations import policy
from handoff.conversations.batch import Batch, one_turn
from handoff.conversations.context import Context
from handoff.conversations.events import BotAnswered, DropReply, Escalated
from handoff.conversations.inbound import Outcome
from handoff.conversations.models import Message
from handoff.conversations.ports import BotFailure
from handoff.conversations.reading import message_view
from handoff.conversations.thread import Thread, opened

_HANDLED = (
    update(Message.__table__)  # type: ignore[arg-type]
    .where(Message.__table__.c.id == bindparam("message"))
    .values(handled_at=bindparam("at"), understanding=bindparam("understood"))
)
LANGUAGE_LIMIT = 8  # characters
MEANWHILE = 50  # messages the bot is told of after people had the talk


@dataclass(frozen=True, slots=True)
class Finished:
    """``outcome`` is None when the lease was lost: whoever has it answers."""

    outcome: Outcome | None
    next: Batch | None = None


async def meanwhile(context: Context, batch: Batch) -> list[Said]:
    """What was said while the bot was silent."""
    if batch.away_from is None:
        return []
    async with context.database.read() as session:
        said = await session.execute(
            select(Message.sender, Message.text)
            .where(
                Message.conversation_id == batch.conversation_id,
                Message.number > batch.away_from,
                Message.number < batch.first.number,
                Message.sender.in_(("customer", "agent")),
                Message.private.is_(False),
            )
            .order_by(Message.number.desc())
            .limit(MEANWHILE)
        )
        return [Said(sender, text) for sender, text in said][::-1]


async def finish(context: Context, batch: Batch, result: TurnReply | BotFailure) -> Finished:
    """Settle a turn. At most one gateway gets here with the lease, so it is settled once."""
    async with opened(context, batch.conversation_id) as thread:
        row = thread.row
        if row.turn_owner != context.holder.token:
            return Finished(None)
        newest = row.last_number
        if thread.state.status == "bot" and row.epoch == batch.epoch:
            await _settle(thread, batch, result)
        elif isinstance(result, TurnReply):
            await _drop(thread, batch, result)
        following = await _following(thread, batch, newest)
    public = [message for message in thread.said if not message.private]
    return Finished(Outcome(thread.seen, public), following)


async def _settle(thread: Thread, batch: Batch, result: TurnReply | BotFailure) -> None:
    row, thresholds = thread.row, thread.context.thresholds
    await _handled(thread, batch, result)
    if isinstance(result, BotFailure):
        signals = policy.Signals(failure=result.kind, failure_seconds=thread.context.turn_timeout)
        known = batch.first.number - 1
    else:
        row.memory, signals = policy.look(row.memory, batch.text, result, thresholds)
        row.bot_state = {"slots": result.slots, "active_form": result.active_form}
        row.language = (result.understanding.language or row.language or "")[:LANGUAGE_LIMIT] or None
        row.away_from, known = None, batch.last.number
    escalation = policy.assess(signals, thresholds)
    spoken = isinstance(result, TurnReply) and (escalation is None or escalation.keep_reply)
    if isinstance(result, TurnReply) and spoken:
        await thread.step(BotAnswered(batch.epoch))
        thread.bot_says(result.replies)
    if escalation is not None:
        await thread.step(
            Escalated(escalation.reason, batch.epoch),
            evidence=escalation.evidence,
            note=escalation.note,
            known=known,
            # The bot that asks for a person has said so in its own words.
            announced=spoken and isinstance(result, TurnReply) and bool(result.handoff and result.replies),
        )
        thread.context.metrics.escalations.labels(escalation.reason).inc()


async def _drop(thread: Thread, batch: Batch, reply: TurnReply) -> None:
    """Somebody else has the talk by now: the reply is kept where the desk sees it."""
    if DropReply() in await thread.step(BotAnswered(batch.epoch)):
        thread.bot_says(reply.replies, dropped=True)
        thread.journal("ReplyDropped", born=batch.epoch, answered=batch.last.number)
        thread.context.metrics.dropped.inc()


async def _handled(thread: Thread, batch: Batch, result: TurnReply | BotFailure) -> None:
    """What was understood goes with the last message of the batch."""
    understood = asdict(result.understanding) if isinstance(result, TurnReply) else None
    rows: list[dict[str, Any]] = [
        {"message": one.id, "at": thread.now, "understood": None} for one in batch.messages
    ]
    rows[-1]["understood"] = understood
    await thread.session.execute(_HANDLED, rows)


async def _following(thread: Thread, batch: Batch, newest: int) -> Batch | None:
    """What came meanwhile and is still for the bot; without any, the lease is given back."""
    row = thread.row
    if row.status == "bot" and newest > batch.last.number:
        waiting = one_turn(await unanswered(thread))
        if waiting:
            thread.renew_turn(waiting[-1].number)
            return Batch.of(row, thread.inbox.channel, waiting)
    row.turn_owner = row.turn_until = None
    return None


async def unanswered(thread: Thread, up_to: int | None = None) -> list[Any]:
    """Messages the bot has yet to answer, in order."""
    statement = select(Message).where(Message.conversation_id == thread.row.id, Message.handled_at.is_(None))
    if up_to is not None:
        statement = statement.where(Message.number <= up_to)
    found = await thread.session.scalars(statement.order_by(Message.number))
    return [message_view(message, None) for message in found]


async def resume(context: Context, conversation_id: str) -> Batch | None:
    """Take over a turn that nobody runs (any more), as the same batch; None if there is none."""
    async with opened(context, conversation_id) as thread:
        row = thread.row
        holder = context.holder
        if row.turn_owner is None or row.turn_until is None:
            return None
        earlier = row.turn_owner.startswith(holder.place) and row.turn_owner != holder.token
        if row.turn_until > thread.now and not earlier:
            return None
        waiting: list[Any] = []
        if row.status == "bot":
            waiting = await unanswered(thread, row.turn_number) or await unanswered(thread)
        turn = one_turn(waiting)
        if not turn:
            row.turn_owner = row.turn_until = None
            return None
        thread.journal("TurnResumed", number=turn[-1].number)
        thread.renew_turn(turn[-1].number)
        return Batch.of(row, thread.inbox.channel, turn)
