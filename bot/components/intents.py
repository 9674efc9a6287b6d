"""The intent model: n-grams and sentence vectors, one linear head, a vote of neighbours; knows no Rasa."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from bot.components import held_out, limits, softmax
from bot.components.limits import Costs, Limits
from bot.components.neighbours import Neighbours
from bot.components.ngrams import Ngrams
from bot.components.scope import Scope
from bot.components.views import Views

Floats = NDArray[np.float32]

FOREIGN = ""  # the label of texts that are out of scope: no reading, but learnt from
MANY = 4_000  # texts, from which on rare n-grams are left out
NGRAM_SHARE = 0.25  # of the n-grams' inner product beside the vectors' (tuned on validation parts)
PLAIN_RANK = 400  # without vectors, for an understudy need not cost as much
COORDINATES = 128  # in which neighbours are looked for


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text may mean: labels with calibrated probabilities, best first; its in-scope score;
    and the limits below which it should rather be asked about."""

    ranking: list[tuple[str, float]]
    in_scope: float
    limits: Limits


class Known(NamedTuple):
    """The n-grams of texts, those of each text, which texts are landmarks, and the inner products of all
    with these, shape (texts, landmarks)."""

    ngrams: Ngrams
    grams: csr_matrix
    marks: softmax.Ints
    alike: Floats

    @classmethod
    def of(cls, texts: Sequence[str]) -> Known:
        ngrams, grams = Ngrams.learn_with(texts, least=2 if len(texts) > MANY else 1)
        marks = softmax.landmarks(texts, softmax.LANDMARKS)
        return cls(ngrams, grams, marks, (grams @ grams[marks].T).toarray())


@dataclass(frozen=True, slots=True)
class IntentModel:
    """Learnt from labelled texts and, if there are encoders, their vectors.

    ``dense`` and ``sparse`` turn a text's point and its n-grams into logits (one more than labels, if
    foreign texts were learnt from) and coordinates; ``scales`` and ``bounds`` are temperatures and
    limits by group of texts, e.g. by language.
    """

    labels: list[str]
    ngrams: Ngrams
    views: Views
    dense: Floats
    sparse: Floats
    bias: Floats
    neighbours: Neighbours
    scope: Scope
    scales: dict[str, float]
    bounds: dict[str, Limits]

    @classmethod
    def learn(
        cls,
        texts: Sequence[str],
        labels: Sequence[str],
        vectors: Sequence[Floats] = (),
        groups: Sequence[str] = (),
        costs: Costs | None = None,
        calls: Sequence[str] = (),
        twins: Sequence[str] = (),
        known: Known | None = None,
    ) -> IntentModel:
        """``vectors``: of each encoder, shape (texts, dim), zeros where it has none; ``groups``: of each
        text; ``calls``: labels that call a person; ``twins``: what nearly equal texts share;
        ``known``: of their n-grams, if they are counted already. Needs two labels beside ``FOREIGN``."""
        given = np.array(labels)
        names = np.unique(given[given != FOREIGN])
        truth = np.where(given == FOREIGN, len(names), np.searchsorted(names, given)).astype(np.int64)
        heads = len(names) + bool((given == FOREIGN).any())
        ngrams, grams, marks, alike = known or Known.of(texts)
        views = Views.learn(vectors)
        points = views.points(vectors) if vectors else np.zeros((len(texts), 0), np.float32)
        share = NGRAM_SHARE if vectors else 1.0
        products = points @ points[marks].T + share * alike if vectors else alike
        turn = softmax.basis(products[marks], softmax.rank(len(texts), heads) if vectors else PLAIN_RANK)
        features = products @ turn
        seen = held_out.read(features, truth, heads, len(names), COORDINATES, texts, twins)
        head = softmax.fit(features, truth, heads, start=seen.head)
        own = seen.truth < len(names)
        where = [groups[row] for row in seen.rows] if groups else [""] * len(seen.rows)
        scales = softmax.temperatures(
            seen.logits[own], seen.truth[own], [one for one, is_own in zip(where, own, strict=True) if is_own]
        )
        scope = Scope.learn([sign[own] for sign in seen.signs])
        folded = np.hstack([turn @ head.weights / seen.scale, turn[:, -COORDINATES:]])
        ours = truth < len(names)
        model = cls(
            labels=[str(name) for name in names],
            ngrams=ngrams,
            views=views,
            dense=(points[marks].T @ folded).astype(np.float32),
            sparse=(share * (grams[marks].T @ folded)).astype(np.float32),
            bias=head.bias / seen.scale,
            neighbours=Neighbours.of(features[ours, -COORDINATES:], truth[ours]),
            scope=scope,
            scales=scales,
            bounds={"": limits.NONE},
        )
        if costs is not None:
            chances = model._calibrated(seen.logits, where)
            judged = _judged(chances, scope.scores(seen.signs), seen.truth, np.isin(names, calls))
            if heads == len(names):  # labels held out are nearer than what is really foreign
                costs = replace(costs, foreign=costs.foreign / 2)
            model.bounds.update(limits.choose(judged, where, costs))
        return model

    def read(
        self, texts: Sequence[str], vectors: Sequence[Floats] = (), groups: Sequence[str] = ()
    ) -> list[Reading]:
        """One reading a text; without ``vectors`` it goes by the n-grams alone."""
        found = self.ngrams.vectors(texts) @ self.sparse
        if vectors:
            found = found + self.views.points(vectors) @ self.dense
        heads = len(self.bias)
        count, groups = len(self.labels), groups or [""] * len(texts)
        logits = found[:, :heads] + self.bias
        votes, nearness = self.neighbours.ask(found[:, heads:], count)
        scores = self.scope.scores(held_out.signs(logits, nearness, count))
        chances = self._calibrated(held_out.mixed(logits[:, :count], votes), groups)
        return [
            Reading(self._ranking(row), float(score), self.bounds.get(group, self.bounds[""]))
            for row, score, group in zip(chances, scores, groups, strict=True)
        ]

    def _calibrated(self, logits: Floats, groups: Sequence[str]) -> Floats:
        scale = np.array([self.scales.get(group, self.scales[""]) for group in groups], np.float32)
        return softmax.probabilities(logits / scale[:, None])

    def _ranking(self, row: Floats) -> list[tuple[str, float]]:
        return [(self.labels[index], float(row[index])) for index in np.argsort(-row)]

    def to_arrays(self) -> dict[str, Any]:
        return {
            **{f"ngrams.{key}": value for key, value in self.ngrams.to_arrays().items()},
            **{f"view.{number}": centre for number, centre in enumerate(self.views.centres)},
            **{key: getattr(self, key) for key in ("dense", "sparse", "bias")},
            "points": self.neighbours.points,
            "owners": self.neighbours.owners,
            "scope.signs": self.scope.signs,
            "scope.mean": self.scope.mean,
            "labels": np.array(self.labels),
            "scale.names": np.array(list(self.scales)),
            "scale.values": np.array(list(self.scales.values())),
            "bound.names": np.array(list(self.bounds)),
            "bound.values": np.array([[*one.as_dict().values()] for one in self.bounds.values()]),
        }

    @classmethod
    def from_arrays(cls, arrays: dict[str, Any]) -> IntentModel:
        """Raises ``KeyError`` if one of them is missing."""
        centres = [arrays[f"view.{number}"] for number in range(sum(key[:5] == "view." for key in arrays))]
        return cls(
            labels=[str(label) for label in arrays["labels"]],
            ngrams=Ngrams.from_arrays({key: arrays[f"ngrams.{key}"] for key in ("terms", "weights")}),
            views=Views(centres),
            neighbours=Neighbours(arrays["points"], arrays["owners"]),
            scope=Scope(arrays["scope.signs"], arrays["scope.mean"]),
            scales=dict(
                zip(map(str, arrays["scale.names"]), map(float, arrays["scale.values"]), strict=True)
            ),
            bounds={
                str(name): Limits(*map(float, values))
                for name, values in zip(arrays["bound.names"], arrays["bound.values"], strict=True)
            },
            **{key: arrays[key] for key in ("dense", "sparse", "bias")},
        )


def _judged(chances: Floats, scores: Floats, truth: softmax.Ints, calls: NDArray[np.bool_]) -> limits.Judged:
    best = chances.argmax(axis=1)
    two = -np.partition(-chances, 1, axis=1)[:, :2]
    foreign = truth == chances.shape[1]
    return limits.Judged(two[:, 0], two[:, 1], scores, best == truth, calls[best], foreign)
