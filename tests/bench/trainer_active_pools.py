"""Pools of messages to label: as a shop's traffic is, and as a benchmark's training part is.

*Traffic* is made of a yardstick's training texts: intents come as often as in live shops (a few make up
most of it: Zipf's law with exponent 1, in random order), within an intent some wordings come again and
again (Zipf, .7), nearly the same ones differ by capitals, signs, a greeting or a slip of the finger, and
one message in six is not for us (CLINC150's out-of-scope texts, or the yardstick's own). *Balanced* is the
training part as it stands, each text once.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from handoff.workbench.gathering.folding import alike, bands, key, pieces, similarity

FOREIGN = ""
FOREIGN_SHARE = 1 / 6
MESSAGES = 12_000
VARIED = 0.35  # of messages are not written as before
GREETINGS = ("hi ", "hello, ", "please ", "hey ", "ok ", "so ", "pls ")


@dataclass(frozen=True, slots=True)
class Pool:
    """``groups``: what a trainer sees, a text with what it means and how often it (or its like) was written;
    ``messages``: as they came, each by its group."""

    texts: list[str]
    labels: list[str]
    counts: list[int]
    messages: list[int]


def balanced(pairs: Sequence[tuple[str, str]], seed: int) -> Pool:
    given = list(dict.fromkeys(pairs))
    random.Random(seed).shuffle(given)
    return grouped(given)


def traffic(
    pairs: Sequence[tuple[str, str]], foreign: Sequence[str], seed: int, messages: int = MESSAGES
) -> Pool:
    rng = random.Random(seed)
    by_label: dict[str, list[str]] = {}
    for text, label in dict.fromkeys(pairs):
        by_label.setdefault(label, []).append(text)
    names = sorted(by_label)
    rng.shuffle(names)
    for texts in by_label.values():
        rng.shuffle(texts)
    of_label = [1 / rank for rank in range(1, len(names) + 1)]
    of_text = {name: [rank**-0.7 for rank in range(1, len(by_label[name]) + 1)] for name in names}
    said: list[tuple[str, str]] = []
    for _ in range(messages):
        if foreign and rng.random() < FOREIGN_SHARE:
            said.append((varied(rng.choice(foreign), rng), FOREIGN))
        else:
            name = rng.choices(names, of_label)[0]
            said.append((varied(rng.choices(by_label[name], of_text[name])[0], rng), name))
    return grouped(said)


def varied(text: str, rng: random.Random) -> str:
    if rng.random() >= VARIED:
        return text
    way = rng.randrange(5)
    if way == 0:
        return text.upper() if rng.random() < 0.3 else text.capitalize()
    if way == 1:
        return text.rstrip("?.! ") + rng.choice(["", "?", "??", "!", "..", " ?"])
    if way == 2:
        return rng.choice(GREETINGS) + text
    if way == 3:
        return text + rng.choice([" please", " thanks", " pls", " asap", " now"])
    place = rng.randrange(max(len(text) - 1, 1))
    swapped = text[place : place + 2][::-1]
    return text[:place] + swapped + text[place + 2 :]


def grouped(said: Sequence[tuple[str, str]]) -> Pool:
    """As the queue groups them, but that nobody's reading is known yet."""
    texts: list[str] = []
    labels: list[str] = []
    counts: list[int] = []
    messages: list[int] = []
    known: dict[str, int] = {}
    parts: list[frozenset[str]] = []
    shelf: dict[int, list[int]] = {}
    for text, label in said:
        name = key(text)
        if name not in known:
            own = pieces(text)
            marks = set(bands(own))
            near = {group for mark in marks for group in shelf.get(mark, ())}
            best = max(((similarity(own, parts[group]), -group) for group in near), default=(0.0, 0))
            if near and alike(best[0], same_reading=False):
                known[name] = -best[1]
            else:
                known[name] = len(texts)
                for mark in marks:
                    shelf.setdefault(mark, []).append(len(texts))
                texts.append(text)
                labels.append(label)
                counts.append(0)
                parts.append(own)
        counts[known[name]] += 1
        messages.append(known[name])
    return Pool(texts, labels, counts, messages)
