"""What is known of messages, put down on their utterances, from which usefulness is worked out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.conversations.models import Message
from handoff.workbench.gathering.folding import key
from handoff.workbench.gathering.intake import rescore
from handoff.workbench.gathering.masking import mask
from handoff.workbench.models import Utterance

Counts = dict[str, dict[str, int]]  # by key of an utterance: signal → how often


def by_key(
    messages: Sequence[Message], names: Mapping[str, Sequence[str]], told: Mapping[str, Mapping[str, int]]
) -> Counts:
    """``told``: signals by message; ``names``: who talks in a conversation. Masks: for a thread."""
    counted: Counts = {}
    for one in messages:
        if not (signals := told.get(one.id)):
            continue
        own = counted.setdefault(key(mask(one.text, names.get(one.conversation_id, ())).text), {})
        for name, times in signals.items():
            own[name] = own.get(name, 0) + times
    return counted


async def tell(session: AsyncSession, counts: Counts, now: datetime) -> None:
    """Signals go to the utterance, and to the one that stands for its group."""
    rows = (await session.scalars(select(Utterance).where(Utterance.key.in_(list(counts))))).all()
    heads = {row.group_id for row in rows if row.group_id}
    found = (await session.scalars(select(Utterance).where(Utterance.id.in_(heads)))).all()
    of = {row.id: row for row in found}
    for row in rows:
        for target in {row.id: row, row.group_id: of.get(row.group_id or "", row)}.values():
            signals = dict(target.signals)
            for name, times in counts[row.key].items():
                signals[name] = int(signals.get(name, 0)) + times
            target.signals = signals
            rescore(target, now)
