"""The state of utterances under what people said of them. Pure.

Nothing is counted up or written down on the way: the state is what follows from the labels that stand.
So undoing is taking labels away, in whatever order, and no order of events can lose one.

``open`` (nobody said anything) → ``labelled`` (a word is there, but it must not be learnt from yet: a second
person is to label it, people disagree, something alike is labelled otherwise, the data say otherwise, or
the intent is only proposed) → ``settled`` (may be learnt from); ``skipped`` where nobody could tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from handoff.workbench.labels.meaning import Label, agree, apart, meaning, wanted

State = Literal["open", "labelled", "settled", "skipped"]
#: Why it is not settled: waits for a second person, people disagree, its like is labelled otherwise, nearly
#: the same text stands in the data with another meaning, the intent is only proposed.
Why = Literal["second", "disagree", "contradicting", "data", "proposed"]
Usable = Callable[[str], bool]  # whether an intent of that name is there, or accepted


@dataclass(frozen=True, slots=True)
class Item:
    """An utterance with all its labels, oldest first; ``taken``: it is in a change of the data, and stays
    as it is until that is withdrawn."""

    labels: tuple[Label, ...] = ()
    second: bool = False
    taken: bool = False
    data: tuple[tuple[str, ...], ...] = ()  # the intents of nearly the same texts in the data


@dataclass(frozen=True, slots=True)
class Standing:
    """``voices``: the labels that count; where it is settled they agree."""

    state: State
    why: Why | None = None
    voices: tuple[Label, ...] = ()


def latest(labels: Iterable[Label]) -> dict[str, Label]:
    """Each person's last word that was not undone; decisions are apart."""
    return {one.agent: one for one in labels if not one.undone and not one.settles}


def decision(labels: Sequence[Label]) -> Label | None:
    """The last decision that was not undone."""
    return next((one for one in reversed(labels) if one.settles and not one.undone), None)


def voices(labels: Sequence[Label]) -> tuple[Label, ...]:
    """What counts: the decision, or else what everybody said last, but for those who could not tell."""
    decided = decision(labels)
    if decided is not None:
        return (decided,)
    return tuple(one for one in latest(labels).values() if meaning(one) is not None)


def of_group(items: Mapping[str, Item], usable: Usable) -> dict[str, Standing]:
    """The states of utterances that are alike (or of a single one), by id."""
    heard = {key: voices(item.labels) for key, item in items.items()}
    said = {meaning(voice) for voice in (one for few in heard.values() for one in few)} - {None}
    return {key: _one(item, heard[key], len(said) > 1, usable) for key, item in items.items()}


def _one(item: Item, heard: tuple[Label, ...], contradicted: bool, usable: Usable) -> Standing:
    if item.taken:
        return Standing("settled", None, heard)
    if not heard:
        skips = len(latest(item.labels))
        return Standing("skipped" if skips >= (2 if item.second else 1) else "open")
    decided = heard[0].settles
    if decided and meaning(heard[0]) is None:
        return Standing("skipped", None, heard)
    why = _why_not(item, heard, contradicted, usable)
    return Standing("labelled" if why else "settled", why, heard)


def _why_not(item: Item, heard: tuple[Label, ...], contradicted: bool, usable: Usable) -> Why | None:
    if not agree(heard):
        return "disagree"
    if not heard[0].settles:  # a decision needs nobody else
        if contradicted:
            return "contradicting"
        if item.second and len(heard) < 2:
            return "second"
        if item.data and all(apart(wanted(heard[0]), one) for one in item.data):
            return "data"
    if any(one.intent and not usable(one.intent) for one in heard):
        return "proposed"
    return None
