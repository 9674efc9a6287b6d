"""What heads make of texts that they did not train on: for calibration, scope and limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.components import softmax
from bot.components.neighbours import Neighbours

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

FOLDS = 5
WORK = 1.5e9  # of all held-out parts, as softmax.WORK is of one fit
FEWEST = 10  # labels, of which some can be held out whole
NEVER = -50.0  # logit of a label that no text was seen of
VOTE = 0.5  # of the neighbours' voice beside the head's


@dataclass(frozen=True, slots=True)
class HeldOut:
    """``rows``: which texts. Of each: its true label (from the number of labels up, if it is foreign),
    mixed logits of the labels, and signs of being in scope. ``head``: one of the heads that were fitted;
    ``scale``: what to divide a head's logits by."""

    rows: Ints
    truth: Ints
    logits: Floats
    signs: list[Floats]
    head: softmax.Softmax
    scale: float


def read(
    features: Floats,
    truth: Ints,
    heads: int,
    count: int,
    coordinates: int,
    texts: Sequence[str],
    twins: Sequence[str] = (),
) -> HeldOut:
    """Fit as many heads as there is time for, up to ``FOLDS``, each without its part of the texts.

    ``truth``: indices below ``heads``; those from ``count`` up are foreign, and all of them held out once.
    Where none is foreign, whole labels are held out, too: to a head without them their texts are.
    ``twins``: texts with the same one are told apart by nothing that matters, and held out together.
    """
    fold = softmax.folds(truth, FOLDS, texts)
    parts = int(np.clip(WORK / (features.size * heads), 1, FOLDS))
    foreign = np.flatnonzero(truth >= count)
    fold[foreign] = softmax.folds(truth[foreign], max(parts, 2), [texts[int(row)] for row in foreign])
    if twins:
        first = {twin: row for row, twin in reversed([*enumerate(twins)])}
        fold = fold[[first[twin] for twin in twins]]
    cuts = [fold == part for part in range(parts)]
    if heads == count >= FEWEST:
        cuts += [truth % FOLDS == part for part in range(parts)]
    seen = [_Part.of(features, truth, heads, count, coordinates, cut) for cut in cuts]
    rows = np.concatenate([one.rows for one in seen])
    raw = np.concatenate([one.logits for one in seen])
    votes = np.concatenate([one.votes for one in seen])
    nearness = np.concatenate([one.nearness for one in seen])
    told = truth[rows]
    told[sum(len(one.rows) for one in seen[:parts]) :] = count  # of labels that the head had not seen
    own = told < count
    scale = softmax.temperature(raw[own, :count], told[own])
    raw = np.asarray(raw / scale, dtype=np.float32)
    logits, signal = mixed(raw[:, :count], votes), signs(raw, nearness, count)
    return HeldOut(rows, told, logits, signal, seen[parts - 1].head, scale)


@dataclass(frozen=True, slots=True)
class _Part:
    """What one head made of the rows that it did not train on."""

    rows: Ints
    logits: Floats
    votes: Floats
    nearness: Floats
    head: softmax.Softmax

    @classmethod
    def of(
        cls,
        features: Floats,
        truth: Ints,
        heads: int,
        count: int,
        coordinates: int,
        out: NDArray[np.bool_],
    ) -> _Part:
        head = softmax.fit(features[~out], truth[~out], heads)
        logits = head.logits(features[out])
        logits[:, np.setdiff1d(np.arange(heads), truth[~out])] = NEVER  # nothing is known of such a label
        ours = ~out & (truth < count)
        near = Neighbours.of(features[ours, -coordinates:], truth[ours])
        votes, nearness = near.ask(features[out, -coordinates:], count)
        return cls(np.flatnonzero(out), logits, votes, nearness, head)


def mixed(logits: Floats, votes: Floats) -> Floats:
    """The head's and the neighbours' word as one: logarithms of the mixture, shape (texts, labels)."""
    chances = softmax.probabilities(logits) + VOTE * votes
    result: Floats = np.log(np.maximum(chances / (1 + VOTE), 1e-9))
    return result


def signs(logits: Floats, nearness: Floats, count: int) -> list[Floats]:
    """Of being in scope, the higher the more: the energy (Liu et al. 2020; on CLINC150 it finds foreign
    texts better than the probability), nearness, and the lead over "foreign" if that was learnt."""
    energy = softmax.log_sum_exp(logits[:, :count])
    found = [energy, nearness]
    return [*found, energy - logits[:, count]] if logits.shape[1] > count else found
