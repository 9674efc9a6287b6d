"""Two wishes in one message: "track SO-100123 and when do you close". Pure.

A message is cut where wishes may join (``data/manners.yml``); the understanding reads each part, and
:meth:`Wishes.choose` says which parts are wishes of their own. Most messages are not cut at all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FALLBACK = "nlu_fallback"
MOST_PARTS = 4
LONGEST = 600  # characters: beyond it is a story, not a list of wishes
_ENDS = r"[.?!;।؟…]+\s+|\n+|,\s+"
_LETTERS = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Read:
    """How a text was understood."""

    intent: str  # FALLBACK in doubt
    confidence: float  # of the likeliest reading
    best: str  # the likeliest reading, be it too unsure to act on

    @classmethod
    def of(cls, parsed: Mapping[str, Any]) -> Read:
        """From Rasa's parse."""
        intent, ranking = parsed.get("intent") or {}, parsed.get("intent_ranking") or [{}]
        name = str(intent.get("name") or FALLBACK)
        return cls(name, float(intent.get("confidence") or 0.0), str(ranking[0].get("name") or name))


class Wishes:
    """``rules``: the section ``wishes`` of ``data/manners.yml``."""

    def __init__(self, rules: Mapping[str, Any]) -> None:
        joins = sorted((w for words in rules["joins"].values() for w in words), key=len, reverse=True)
        words = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in joins)
        self._joint = re.compile(rf"(?:{_ENDS}|\s+)(?:(?:{words})[\s,]+)+|{_ENDS}", re.IGNORECASE)
        self._least = float(rules["least"])
        self._least_in_doubt = float(rules["least_in_doubt"])
        self._moves = frozenset(rules["moves"])
        self._alone = frozenset(rules["alone"])
        self._alike = [frozenset(group) for group in rules["alike"]]

    def parts(self, text: str) -> list[tuple[int, int]]:
        """Start and end of each part that may be a wish; empty if there is only one.

        A part has two words or more: a single one goes with its neighbour.
        """
        if len(text) > LONGEST:
            return []
        starts, ends = [0], []
        for joint in self._joint.finditer(text):
            if _words(text[starts[-1] : joint.start()]) >= 2 and _words(text[joint.end() :]) >= 2:
                ends.append(joint.start())
                starts.append(joint.end())
                if len(starts) == MOST_PARTS:
                    break
        return list(zip(starts, [*ends, len(text)], strict=True)) if ends else []

    def choose(self, whole: Read, parts: Sequence[Read]) -> list[int]:
        """Which parts begin a wish, in order. Empty: the message is one wish, or none, as a whole.

        One part alone is chosen where the whole is only courtesy, or not understood.
        """
        if whole.intent in self._alone:
            return []
        likely = [index for index, part in enumerate(parts) if self._is_wish(part)]
        # Parts that are all in doubt are more likely foreign than ours.
        sure = likely if any(parts[index].intent != FALLBACK for index in likely) else []
        alone = [index for index in sure if parts[index].best in self._alone]
        if alone:
            return alone[:1]
        found: list[int] = []
        for index in sure:
            if not any(self._same(parts[index].best, parts[other].best) for other in found):
                found.append(index)
        vague = whole.intent in self._moves or whole.intent == FALLBACK
        if len(found) >= 2:
            fits = vague or any(self._same(whole.intent, parts[index].best) for index in found)
            return found if fits else []
        likeliest = [index for index in sure if parts[index].best == whole.best]
        return (likeliest or found)[:1] if vague else []

    def _is_wish(self, part: Read) -> bool:
        least = self._least_in_doubt if part.intent == FALLBACK else self._least
        return part.best not in self._moves | {FALLBACK} and part.confidence >= least

    def _same(self, one: str, other: str) -> bool:
        return one == other or any(one in group and other in group for group in self._alike)


def _words(text: str) -> int:
    return sum(1 for word in text.split() if _LETTERS.search(word))
