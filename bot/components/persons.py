"""A trained tagger for names of people, which rules alone miss where nothing introduces them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import pycrfsuite

from bot.reading.finder import LONGEST, Found
from bot.reading.fold import Folded, fold
from bot.reading.tokens import Token, cut

PERSON = "person"
_USUAL = 2  # messages in which a word must stand to be no rarity
_OTHERS = 2_500  # examples without a name that are learnt from: more make learning slow, not better
_AROUND = (-2, -1, 1, 2)
_SETTINGS = {"c1": 0.05, "c2": 0.05, "max_iterations": 60, "feature.possible_transitions": True}
_LONGEST = 40  # tokens of a message that are looked at


class Example(NamedTuple):
    """A message, where names stand in it, and what the rules find there."""

    text: str
    names: Sequence[tuple[int, int]]
    found: Sequence[Found]


class PersonTagger:
    """A linear-chain CRF over words, their shapes, how rare they are and what the rules made of them."""

    def __init__(self, folder: Path) -> None:
        """What :func:`learn` has left in ``folder``. Raises ``OSError`` or ``ValueError`` otherwise."""
        self._words = frozenset(json.loads((folder / "words.json").read_text("utf-8")))
        self._model = (folder / "persons.crfsuite").read_bytes()  # the tagger reads it as long as it lives
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open_inmemory(self._model)
        self._alone = Lock()

    def find(self, text: str, found: Sequence[Found]) -> list[Found]:
        """Names that do not stand where the rules found something."""
        folded = fold(text[:LONGEST])
        tokens = cut(folded.text)[:_LONGEST]
        if not tokens:
            return []
        spans = [folded.span(token.start, token.end) for token in tokens]
        features = _features(folded, tokens, spans, found, self._words)
        with self._alone:  # the tagger keeps the text between two calls; threads read with the same one
            labels = self._tagger.tag(features)
        names = []
        for start, end in _runs(labels):
            while end > start and tokens[end - 1].kind != "word":
                end -= 1
            if start == end:
                continue
            first, last = spans[start][0], spans[end - 1][1]
            if all(last <= one.start or one.end <= first for one in found):
                names.append(Found(PERSON, " ".join(text[first:last].split()), first, last))
        return names


def learn(examples: Sequence[Example], folder: Path) -> bool:
    """Learn from annotated messages and leave the tagger in ``folder``; False if no message has a name."""
    named = [one for one in examples if one.names]
    if not named:
        return False
    others = [one for one in examples if not one.names]
    step = max(1, len(others) // _OTHERS)
    counts = Counter(word for one in examples for word in {token.text for token in cut(fold(one.text).text)})
    words = frozenset(word for word, count in counts.items() if count >= _USUAL)
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", params=_SETTINGS, verbose=False)
    for one in (*named, *others[::step]):
        folded = fold(one.text)
        tokens = cut(folded.text)[:_LONGEST]
        spans = [folded.span(token.start, token.end) for token in tokens]
        trainer.append(_features(folded, tokens, spans, one.found, words), list(_labels(spans, one.names)))
    trainer.train(str(folder / "persons.crfsuite"))
    (folder / "words.json").write_text(json.dumps(sorted(words), ensure_ascii=False), "utf-8")
    return True


def _features(
    folded: Folded,
    tokens: Sequence[Token],
    spans: Sequence[tuple[int, int]],
    found: Sequence[Found],
    words: frozenset[str],
) -> list[list[str]]:
    """For each token what it is like, and what those around it are like."""
    own = []
    shouted = folded.raw.isupper()
    for token, (start, end) in zip(tokens, spans, strict=True):
        tag = next((one.entity for one in found if one.start <= start and end <= one.end), "-")
        rare = token.kind == "word" and token.text not in words
        own.append(
            [
                f"w={token.text}",
                f"s={_shape(folded.raw[start:end].lower() if shouted else folded.raw[start:end])}",
                f"t={tag}",
                f"r={rare}",
            ]
        )
    length = f"n={min(len(tokens), 6)}"
    rows = []
    for i, token in enumerate(tokens):
        row = [
            "b",
            length,
            *own[i],
            f"e={token.text[-3:]}",
            f"a={token.text.isascii()}",
            f"r={own[i][3]},{length}",
        ]
        for shift in _AROUND:
            at = i + shift
            near = own[at] if 0 <= at < len(tokens) else ["w=<>"]
            row += [f"{shift}{feature}" for feature in near]
        rows.append(row)
    return rows


def _shape(word: str) -> str:
    if not word[:1].isalpha():
        return "0"
    if word[:1].isupper():
        return "AA" if len(word) > 1 and word.isupper() else "Aa"
    return "a"


def _labels(spans: Iterable[tuple[int, int]], names: Sequence[tuple[int, int]]) -> Iterable[str]:
    last: tuple[int, int] | None = None
    for start, end in spans:
        name = next((one for one in names if one[0] <= start and end <= one[1]), None)
        yield "O" if name is None else "I" if name == last else "B"
        last = name


def _runs(labels: Sequence[str]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for i, label in enumerate(labels):
        if label == "B" or (label == "I" and not (runs and runs[-1][1] == i)):
            runs.append((i, i + 1))
        elif label == "I":
            runs[-1] = (runs[-1][0], i + 1)
    return runs
