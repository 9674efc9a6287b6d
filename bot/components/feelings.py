"""How a text sounds: n-grams, signs and sentence vectors under one linear head, calibrated; knows no Rasa.

Unlike intents, moods overlap and are labelled with doubt: how much the weights are held back
is chosen by cross-validation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from bot.components import softmax
from bot.components.ngrams import Ngrams
from bot.components.signs import spelt_out
from bot.components.views import Views

Floats = NDArray[np.float32]

STRENGTHS = (0.3, 1.0, 3.0, 10.0, 30.0)  # tried; see softmax.fit
FOLDS = 3
PLAIN = (3.0,)  # … for n-grams alone, which only stand in
MANY = 1_500  # texts, from which on one held-out part is enough and rare n-grams are left out
COORDINATES = 600


@dataclass(frozen=True, slots=True)
class Feeling:
    """``dense`` and ``sparse`` turn a text's vectors and its n-grams into logits; ``origins`` name the
    encoders; ``plain``: the same learnt from n-grams alone, for when no vector is there."""

    labels: list[str]
    ngrams: Ngrams
    views: Views
    origins: list[str]
    dense: Floats
    sparse: Floats
    bias: Floats
    plain: Feeling | None = None

    @classmethod
    def learn(
        cls, texts: Sequence[str], labels: Sequence[str], vectors: Mapping[str, Floats] | None = None
    ) -> Feeling:
        """From labelled texts; ``vectors`` of each encoder, shape (texts, dim), zeros where it has none."""
        # Two threads on two busy cores are many times slower than one.
        with threadpool_limits(1):
            plain = cls._learn(texts, labels, {})
            return cls._learn(texts, labels, vectors, plain) if vectors else plain

    @classmethod
    def _learn(
        cls,
        texts: Sequence[str],
        labels: Sequence[str],
        vectors: Mapping[str, Floats],
        plain: Feeling | None = None,
    ) -> Feeling:
        names, truth = np.unique(np.array(labels), return_inverse=True)
        spelt = [spelt_out(text) for text in texts]
        ngrams = plain.ngrams if plain else Ngrams.learn(spelt, least=2 if len(texts) > MANY else 1)
        grams = ngrams.vectors(spelt)
        views = Views.learn(list(vectors.values()))
        points = views.points(list(vectors.values())) if vectors else np.zeros((len(texts), 0), np.float32)
        marks = softmax.landmarks(texts, softmax.LANDMARKS)
        products = points @ points[marks].T + (grams @ grams[marks].T).toarray()
        turn = softmax.basis(products[marks], COORDINATES)
        features = products @ turn
        strength, scale = _tuned(features, truth, len(names), texts, STRENGTHS if vectors else PLAIN)
        head = softmax.fit(features, truth, len(names), strength)
        folded = turn @ head.weights / scale
        return cls(
            labels=[str(name) for name in names],
            ngrams=ngrams,
            views=views,
            origins=list(vectors),
            dense=(points[marks].T @ folded).astype(np.float32),
            sparse=np.asarray(grams[marks].T @ folded, np.float32),
            bias=head.bias / scale,
            plain=plain,
        )

    def read(self, text: str, vectors: Mapping[str, Floats] | None = None) -> dict[str, float]:
        """Labels with their probabilities; ``vectors``, shape (dim,), by origin."""
        found = vectors or {}
        if self.plain is not None and not any(origin in found for origin in self.origins):
            return self.plain.read(text)
        logits = self.ngrams.vectors([spelt_out(text)]) @ self.sparse + self.bias
        if self.origins:
            given = [
                found[origin][None] if origin in found else np.zeros((1, len(centre)), np.float32)
                for origin, centre in zip(self.origins, self.views.centres, strict=True)
            ]
            logits = logits + self.views.points(given) @ self.dense
        return dict(zip(self.labels, softmax.probabilities(logits)[0].tolist(), strict=True))

    def save(self, file: Path) -> None:
        arrays: dict[str, Any] = {"origins": np.array(self.origins), "labels": np.array(self.labels)}
        for name, one in {"full": self, "plain": self.plain}.items():
            if one is not None:
                arrays |= {f"{name}.{key}": getattr(one, key) for key in ("dense", "sparse", "bias")}
        arrays |= {f"centre.{number}": centre for number, centre in enumerate(self.views.centres)}
        np.savez(file, **arrays, **self.ngrams.to_arrays())

    @classmethod
    def load(cls, file: Path) -> Feeling:
        """Raises ``OSError`` or ``ValueError`` if the file does not hold what :meth:`save` wrote."""
        try:
            with np.load(file, allow_pickle=False) as content:
                arrays: dict[str, Any] = dict(content)
            labels = [str(label) for label in arrays["labels"]]
            origins = [str(origin) for origin in arrays["origins"]]
            ngrams = Ngrams.from_arrays(arrays)

            def made(name: str, origins: list[str], plain: Feeling | None) -> Feeling:
                views = Views([arrays[f"centre.{number}"] for number in range(len(origins))])
                dense, sparse, bias = (arrays[f"{name}.{key}"] for key in ("dense", "sparse", "bias"))
                return cls(labels, ngrams, views, origins, dense, sparse, bias, plain)

            return made("full", origins, made("plain", [], None) if "plain.bias" in arrays else None)
        except (KeyError, BadZipFile, EOFError) as error:
            raise ValueError(f"{file} holds nothing that can be read: {error}") from error


def _tuned(
    features: Floats, truth: softmax.Ints, count: int, texts: Sequence[str], strengths: Sequence[float]
) -> tuple[float, float]:
    """Strength and temperature with which texts that were held out are best told."""
    parts = range(FOLDS if len(truth) <= MANY else 1)
    fold = softmax.folds(truth, FOLDS, texts)
    rows = np.flatnonzero(np.isin(fold, list(parts)))
    best: tuple[float, float, float] | None = None
    for strength in strengths:
        logits = np.zeros((len(truth), count), np.float32)
        for part in parts:
            rest = fold != part
            logits[~rest] = softmax.fit(features[rest], truth[rest], count, strength).logits(features[~rest])
        scale = softmax.temperature(logits[rows], truth[rows])
        scaled = logits[rows] / scale
        surprise = float((softmax.log_sum_exp(scaled) - scaled[np.arange(len(rows)), truth[rows]]).mean())
        if best is None or surprise < best[0]:
            best = (surprise, strength, scale)
    assert best is not None
    return best[1:]
