"""The bot's turns: one at a time in a conversation, each answered at most once.

A turn answers a :class:`Batch`: what the customer said since the last one, joined. While it
runs, its gateway holds the conversation's lease; the reply is committed in the transaction
that marks the messages as handled, and only if the epoch has not moved on. What another
gateway left behind (its lease is over, or it was an earlier start of ours) is taken up again,
with the same message id, so that the bot repeats its answer instead of acting twice.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from sqlalchemy import and_, or_, select

from bot.contract import TurnReply
from handoff.conversations import answering
from handoff.conversations.batch import Batch
from handoff.conversations.context import Context
from handoff.conversations.inbound import Outcome
from handoff.conversations.models import Conversation
from handoff.conversations.ports import Bot, BotFailure

TYPING_AFTER = 0.3  # seconds

log = structlog.get_logger()


class Turns:
    """Runs batches in the background of this process."""

    def __init__(self, context: Context, bot: Bot) -> None:
        self._context = context
        self._bot = bot
        self._running: dict[asyncio.Task[None], str] = {}  # of which conversation
        self._waiting: dict[str, asyncio.Future[Outcome | None]] = {}

    @property
    def running(self) -> int:
        """How many turns run here now."""
        return len(self._running)

    def start(self, batch: Batch) -> None:
        """Run a batch whose lease this process has just taken."""
        task = asyncio.create_task(self._run(batch))
        self._running[task] = batch.conversation_id
        task.add_done_callback(self._running.pop)

    def expect(self, message_id: str) -> asyncio.Future[Outcome | None]:
        """Done when a turn that runs here has dealt with this message; None: see the database for how."""
        return self._waiting.setdefault(message_id, asyncio.get_running_loop().create_future())

    def forget(self, message_id: str) -> None:
        self._waiting.pop(message_id, None)

    async def recover(self) -> int:
        """Take up turns whose gateway is gone; returns how many."""
        context = self._context
        holder, now = context.holder, context.clock()
        async with context.database.read() as session:
            earlier = and_(
                Conversation.turn_owner.startswith(holder.place, autoescape=True),
                Conversation.turn_owner != holder.token,
            )
            left = await session.scalars(
                select(Conversation.id)
                .where(Conversation.turn_until.is_not(None), or_(Conversation.turn_until <= now, earlier))
                .order_by(Conversation.turn_until)
            )
            here = set(self._running.values())
            ids = [id_ for id_ in left if id_ not in here]
        batches = [batch for id_ in ids if (batch := await answering.resume(context, id_))]
        for batch in batches:
            log.warning("turn_resumed", conversation=batch.conversation_id)
            self.start(batch)
        return len(batches)

    async def settle(self) -> None:
        """Wait until no turn is running here."""
        while self._running:
            await asyncio.wait(list(self._running))

    async def stop(self) -> None:
        """Let go of what is running; the next start takes it up."""
        running = list(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _run(self, batch: Batch) -> None:
        following: Batch | None = batch
        try:
            while following:
                batch = following
                finished = await self._finish(batch, await self._ask(batch))
                following = finished.next
                self._report(batch, finished.outcome)
        except Exception:
            # The messages stay unanswered and the lease runs out: then they are taken up again.
            log.exception("turn_unsettled", conversation=batch.conversation_id)
            self._report(batch, None)

    async def _finish(self, batch: Batch, result: TurnReply | BotFailure) -> answering.Finished:
        """Settle the turn; a reply that cannot be settled is one more way for the bot to fail."""
        try:
            return await answering.finish(self._context, batch, result)
        except Exception:
            if isinstance(result, BotFailure):
                raise
            log.exception("reply_unusable", conversation=batch.conversation_id)
            return await answering.finish(self._context, batch, self._failed(batch, BotFailure("invalid")))

    async def _ask(self, batch: Batch) -> TurnReply | BotFailure:
        context = self._context
        started = time.perf_counter()
        try:
            said = await answering.meanwhile(context, batch)
            async with asyncio.timeout(context.turn_timeout), self._typing(batch.conversation_id):
                reply = await self._bot.turn(batch.request(said))
            if not reply.replies and reply.handoff is None:
                raise BotFailure("empty")
            return reply
        except TimeoutError:
            return self._failed(batch, BotFailure("timeout"))
        except BotFailure as failure:
            return self._failed(batch, failure)
        except Exception:
            log.exception("turn_broken", conversation=batch.conversation_id)
            return self._failed(batch, BotFailure("invalid"))
        finally:
            context.metrics.turns.observe(time.perf_counter() - started)

    @asynccontextmanager
    async def _typing(self, conversation_id: str) -> AsyncIterator[None]:
        """A bot that takes its time is seen typing; most answers come before anybody could see it."""
        context, hub = self._context, self._context.hub

        async def show() -> None:
            await asyncio.sleep(TYPING_AFTER)
            try:
                await context.told(hub.typing(conversation_id, "bot", True))
                await asyncio.Event().wait()
            finally:
                await context.told(hub.typing(conversation_id, "bot", False))

        shown = asyncio.create_task(show())
        try:
            yield
        finally:
            shown.cancel()

    def _failed(self, batch: Batch, failure: BotFailure) -> BotFailure:
        self._context.metrics.failures.labels(failure.kind).inc()
        log.warning("bot_failed", conversation=batch.conversation_id, kind=failure.kind)
        return failure

    def _report(self, batch: Batch, outcome: Outcome | None) -> None:
        for message in batch.messages:
            future = self._waiting.pop(message.id, None)
            if future is not None and not future.done():
                future.set_result(outcome)
