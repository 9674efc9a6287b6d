"""How many talks would go to a person, by what a model reads alone. Pure.

The hand-off policy itself judges (:mod:`handoff.conversations.policy`): doubts in a row, the same question
again and again, and a customer who asks for a person. Moods and failures are left out; they are much the
same whichever model reads.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from bot.contract import HandoffWish, Reply, TurnReply, Understanding
from handoff.conversations.policy import Thresholds, assess, look
from handoff.workbench.comparison.items import FALLBACK, Item, Reading

CALLS = frozenset({"contact_human"})  # intents that call a person
TALKS = 1_000
TURNS = 4  # of a customer, in a talk put together by chance
SEED = 20_260_102

Turn = tuple[str, Reading]


def handed_over(talk: Iterable[Turn], thresholds: Thresholds) -> str | None:
    """Why a person would have been called, or None."""
    memory: dict[str, Any] = {}
    for text, reading in talk:
        memory, signals = look(memory, text, _reply(reading), thresholds)
        escalation = assess(signals, thresholds)
        if escalation:
            return escalation.reason
    return None


def per_hundred(talks: Sequence[Sequence[Turn]], thresholds: Thresholds) -> float:
    """Talks of a hundred that a person would have got."""
    if not talks:
        return 0.0
    return 100 * sum(handed_over(talk, thresholds) is not None for talk in talks) / len(talks)


def by_chance(items: Sequence[Item], talks: int = TALKS, turns: int = TURNS) -> list[list[int]]:
    """Talks put together from labelled messages: which items, in order. Each is in one language, messages
    come as often as their weight says; the same every time, so that models are judged on the same ones."""
    if not items:
        return []
    random = np.random.default_rng(SEED)
    weights = np.array([item.weight for item in items])
    by_language: dict[str, list[int]] = defaultdict(list)
    for at, item in enumerate(items):
        by_language[item.language].append(at)
    first = random.choice(len(items), size=talks, p=weights / weights.sum())
    made = []
    for at in first:
        own = np.array(by_language[items[at].language])
        rest = random.choice(own, size=turns - 1, p=weights[own] / weights[own].sum())
        made.append([int(at), *(int(one) for one in rest)])
    return made


def _reply(reading: Reading) -> TurnReply:
    answered = not reading.doubtful
    return TurnReply(
        replies=[Reply()],
        understanding=Understanding(reading.intent if answered else FALLBACK, reading.confidence, 1.0),
        doubtful=reading.doubtful,
        handoff=HandoffWish("asked") if answered and reading.intent in CALLS else None,
    )
