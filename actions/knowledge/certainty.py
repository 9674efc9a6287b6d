"""How probable it is that what was found answers: a logistic function of two figures, fitted to the articles.

The articles bring their own examples. Each question, left out of the index, is asked once with its article
there (the best article is right, or it is not) and once without it: then whatever is found is wrong, as it is
for things the shop has no article about. ``data/knowledge/foreign.yml`` adds what is no question to a shop.
Weights are held near to usual ones, so that three articles do not make a certainty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from actions.knowledge.index import Found, Index

Doubles = NDArray[np.float64]
Truths = NDArray[np.bool_]
#: For near, ahead (in standard deviations) and the constant: those of the English articles.
USUAL = (0.45, 1.1, -0.1)
HOLD = 1.0  # precision of the usual weights, in examples
#: Examples without their article count little: a neighbouring article often answers them as well.
ABSENT, FOREIGN = 0.1, 2.0
#: What it costs to show something that is no answer, and to be silent where there is one: in a talk, and in a
#: list of results, where one more line costs little.
COSTS_IN_TALK, COSTS_IN_LIST = (1.0, 1.0), (1.0, 4.0)


@dataclass(frozen=True, slots=True)
class Examples:
    """Rows of figures, whether the answer was right, and how much each counts."""

    rows: Doubles
    right: Truths
    weight: Doubles


@dataclass(frozen=True, slots=True)
class Certainty:
    """Found → probability; ``weights`` are for :func:`figures` around ``middle`` in steps of ``spread``."""

    middle: tuple[float, ...]
    spread: tuple[float, ...]
    weights: tuple[float, ...]

    @classmethod
    def fit(cls, examples: Examples) -> Certainty:
        """Maximum a posteriori, by Newton's method."""
        rows, right, weight = examples.rows, examples.right, examples.weight
        if not len(rows):
            return cls((0.0, 0.0), (1.0, 1.0), USUAL)
        middle = tuple(map(float, rows.mean(axis=0)))
        spread = tuple(float(value) for value in np.maximum(rows.std(axis=0), 1e-6))
        usual = np.array(USUAL)
        inputs, weights = _inputs(rows, middle, spread), usual.copy()
        for _ in range(25):
            p = _logistic(inputs @ weights)
            slope = inputs.T @ (weight * (p - right)) + HOLD * (weights - usual)
            curve = (inputs * (weight * p * (1 - p))[:, None]).T @ inputs + HOLD * np.eye(len(usual))
            step = np.linalg.solve(curve, slope)
            weights -= step
            if float(np.abs(step).max()) < 1e-6:
                break
        return cls(middle, spread, tuple(map(float, weights)))

    def of(self, found: Found) -> float:
        inputs = _inputs(np.array([figures(found)]), self.middle, self.spread)
        return float(_logistic(inputs @ np.array(self.weights))[0])


def figures(found: Found) -> tuple[float, float]:
    return found.near, found.ahead


def examples(
    index: Index,
    questions: NDArray[np.float32] | None,
    foreign: Sequence[str] = (),
    foreign_vectors: NDArray[np.float32] | None = None,
) -> Examples:
    """``questions``: the vectors of the index's own questions, if it has vectors."""
    seen: list[tuple[tuple[float, float], bool, float]] = []
    for number, (owner, question) in enumerate(index.questions):
        scores = index.score(question, None if questions is None else questions[number])
        there = index.rank(scores, 1, without=number)[0]
        seen.append((figures(there), there.article is index.articles[owner], 1.0))
        if len(index.articles) > 1:
            other = index.rank(scores, 1, without=number, absent=owner)[0]
            seen.append((figures(other), False, ABSENT))
    for number, text in enumerate(foreign):
        found = index.find(text, None if foreign_vectors is None else foreign_vectors[number], 1)
        seen += [(figures(one), False, FOREIGN) for one in found]
    return Examples(
        rows=np.array([row for row, _, _ in seen], np.float64).reshape(-1, 2),
        right=np.array([right for _, right, _ in seen], bool),
        weight=np.array([weight for _, _, weight in seen], np.float64),
    )


def _inputs(rows: Doubles, middle: Sequence[float], spread: Sequence[float]) -> Doubles:
    scaled = (rows - np.array(middle)) / np.array(spread)
    inputs: Doubles = np.hstack([scaled, np.ones((len(rows), 1))])
    return inputs


def _logistic(values: Doubles) -> Doubles:
    result: Doubles = 1 / (1 + np.exp(-np.clip(values, -30, 30)))
    return result


def threshold(costs: tuple[float, float]) -> float:
    """The probability from which showing costs less than silence: (1 - p) * wrong < p * silent."""
    wrong, silent = costs
    return wrong / (wrong + silent)
