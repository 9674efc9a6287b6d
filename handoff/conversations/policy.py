"""When a person is needed: pure, with reasons and numbers, replayable over past conversations.

:func:`look` folds one turn into the memory of a conversation (plain JSON, kept with it) and
tells the signals; :func:`assess` compares signals with thresholds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from bot.contract import TurnReply
from handoff.conversations.mood import pressing, smoothed, sworn

KEPT = 6  # questions remembered
REASON_LIMIT = 40  # characters; the dialogue names its own reasons


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Data, see ``policy.yml``; every number counts turns or is a score."""

    doubts: int = 2  # turns in a row in which the bot was unsure
    same_question: int = 3  # the same question asked so often
    same_answer: int = 2  # … and answered the same each time, outside of a form
    similarity: float = 0.8  # share of words from which two questions are the same
    mood: float = -0.45  # smoothed sentiment at or below which the mood is bad
    mood_weight: float = 0.4  # of the newest message in the smoothed sentiment
    low_score: float = -0.25  # a message at or below is a bad one
    low_turns: int = 2  # bad messages needed: never one word alone
    urgent: float = 0.7  # urgency of the talk from which it cannot wait
    urgent_unsolved: int = 1  # turns in doubt or questions asked again that an urgent talk may have
    swearing: float = 2.0  # swearing that is too much: 1 each time at us …
    swearing_at_situation: float = 0.4  # … and so much at what happened
    not_questions: tuple[str, ...] = ()  # intents that may come again and again


@dataclass(frozen=True, slots=True)
class Signals:
    """What one turn has shown. ``failure`` excludes all others: there was no turn."""

    failure: str | None = None  # timeout, unreachable, status, invalid, empty
    failure_seconds: float = 0.0
    wish: str | None = None  # the dialogue's own reason to want a person
    wish_note: str = ""
    doubts: int = 0
    same_question: int = 1
    same_answer: int = 1
    mood: float = 0.0
    mood_before: float = 0.0
    low_turns: int = 0
    urgency: float = 0.0
    swearing: float = 0.0
    swore: bool = False  # in this very message


@dataclass(frozen=True, slots=True)
class Escalation:
    """The decision. ``keep_reply``: the bot's words of this turn still go to the customer."""

    reason: str
    evidence: tuple[dict[str, Any], ...] = field(default=())  # {"reason", "value", "threshold"}
    note: str = ""
    keep_reply: bool = True


def assess(signals: Signals, thresholds: Thresholds) -> Escalation | None:
    """Whether a person is needed, and every reason for it; the first one names the hand-off."""
    if signals.failure:
        evidence = {"reason": "bot_failure", "value": signals.failure, "threshold": signals.failure_seconds}
        return Escalation("bot_failure", (evidence,), keep_reply=False)
    t = thresholds
    found: list[tuple[str, Any, Any]] = []
    if signals.wish:
        found.append((signals.wish[:REASON_LIMIT], signals.wish, None))
    if signals.doubts >= t.doubts:
        found.append(("doubt", signals.doubts, t.doubts))
    if signals.same_answer >= t.same_answer:
        found.append(("same_question", signals.same_answer, t.same_answer))
    elif signals.same_question >= t.same_question:
        found.append(("same_question", signals.same_question, t.same_question))
    falling = signals.mood < signals.mood_before
    if signals.mood <= t.mood and falling and signals.low_turns >= t.low_turns:
        found.append(("mood", round(signals.mood, 2), t.mood))
    unsolved = max(signals.doubts, signals.same_question - 1, signals.same_answer - 1)
    if signals.urgency >= t.urgent and unsolved >= t.urgent_unsolved:
        found.append(("urgent", round(signals.urgency, 2), t.urgent))
    if signals.swore and signals.swearing >= t.swearing:
        found.append(("swearing", round(signals.swearing, 2), t.swearing))
    if not found:
        return None
    reason = found[0][0]
    evidence_list = tuple({"reason": r, "value": v, "threshold": limit} for r, v, limit in found)
    kept = reason not in ("doubt", "same_question") and not (reason == "urgent" and signals.doubts)
    return Escalation(reason, evidence_list, signals.wish_note, keep_reply=kept)


def look(
    memory: dict[str, Any], text: str, reply: TurnReply, thresholds: Thresholds
) -> tuple[dict[str, Any], Signals]:
    """Fold a turn into ``memory`` (a new value, the old one is left alone) and read the signals."""
    score = float(reply.understanding.sentiment.get("score") or 0.0)
    before = float(memory.get("mood") or 0.0)
    mood = smoothed(before, score, thresholds.mood_weight)
    low = int(memory.get("low", 0)) + (score <= thresholds.low_score)
    doubts = int(memory.get("doubts", 0)) + 1 if reply.doubtful else 0
    said = reply.understanding
    urgency = pressing(memory.get("urgency"), said.urgency, thresholds.mood_weight)
    swearing = sworn(memory.get("swearing"), said.swearing, mood, thresholds.swearing_at_situation)
    asked, answered, questions = _ask_again(memory.get("questions", []), text, reply, thresholds)
    fresh = {
        "mood": round(mood, 4),
        "low": low if mood < 0 else 0,  # a mood that recovered is forgiven
        "doubts": doubts,
        "questions": questions,
        "urgency": round(urgency, 4),
        "swearing": round(swearing, 4),
    }
    return fresh, Signals(
        wish=reply.handoff.reason if reply.handoff else None,
        wish_note=reply.handoff.note if reply.handoff else "",
        doubts=doubts,
        same_question=asked,
        same_answer=answered,
        mood=mood,
        mood_before=before,
        low_turns=low,
        urgency=urgency,
        swearing=swearing,
        swore=said.swearing is not None,
    )


def _ask_again(
    questions: list[dict[str, Any]], text: str, reply: TurnReply, thresholds: Thresholds
) -> tuple[int, int, list[dict[str, Any]]]:
    intent = reply.understanding.intent
    words = sorted(set(re.findall(r"\w+", text.lower())))
    if reply.doubtful or intent in (None, *thresholds.not_questions) or not words:
        return 1, 1, questions
    answer = None if reply.active_form else " ".join(r.text or "" for r in reply.replies)[:500]
    same = [
        q for q in questions if q["intent"] == intent and _alike(q["words"], words) >= thresholds.similarity
    ]
    answered = 1 + sum(1 for q in same if answer and q["answer"] == answer)
    kept = [*questions, {"intent": intent, "words": words[:40], "answer": answer}][-KEPT:]
    return 1 + len(same), answered, kept


def _alike(left: list[str], right: list[str]) -> float:
    """Share of common words (Jaccard)."""
    a, b = set(left), set(right[:40])
    return len(a & b) / len(a | b) if a | b else 0.0
