"""What heads make of texts that they did not train on: for calibration, scope and limits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.components import softmax
from bot.components.neighbours import Neighbours

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

FOLDS = 5
WORK = 1.5e9  # of all held-out parts, as softmax.WORK is of one fit
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


def read(features: Floats, truth: Ints, heads: int, count: int, coordinates: int) -> HeldOut:
    """Fit as many heads as there is time for, up to ``FOLDS``, each without its part of the texts.

    ``truth``: indices below ``heads``; those from ``count`` up are foreign, and all of them held out once.
    """
    fold = softmax.folds(truth, FOLDS)
    parts = int(np.clip(WORK / (features.size * heads), 1, FOLDS))
    foreign = np.flatnonzero(truth >= count)
    fold[foreign] = np.arange(len(foreign)) % max(parts, 2)
    rows, logits, votes, nearness = [], [], [], []
    head = None
    for part in range(parts):
        out, rest = fold == part, fold != part
        head = softmax.fit(features[rest], truth[rest], heads, start=head)
        ours = rest & (truth < count)
        near = Neighbours.of(features[ours, -coordinates:], truth[ours])
        voted, nearer = near.ask(features[out, -coordinates:], count)
        rows.append(np.flatnonzero(out))
        logits.append(head.logits(features[out]))
        votes.append(voted)
        nearness.append(nearer)
    assert head is not None
    all_rows, raw = np.concatenate(rows), np.concatenate(logits)
    own = truth[all_rows] < count
    scale = softmax.temperature(raw[own, :count], truth[all_rows][own])
    raw = raw / scale
    return HeldOut(
        rows=all_rows,
        truth=truth[all_rows],
        logits=mixed(raw[:, :count], np.concatenate(votes)),
        signs=signs(raw, np.concatenate(nearness), count),
        head=head,
        scale=scale,
    )


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
