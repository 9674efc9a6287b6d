"""Whether a model is as sure as it is right. Pure.

Bins of equal mass; the estimate is debiased: in a small bin accuracy strays from the truth by chance, which
a plain ECE counts as the model's fault (Kumar, Liang & Ma 2019, *Verified Uncertainty Calibration*). The gap
of a bin, |confidence − accuracy|, is lessened by how much a gap of that size is expected to be inflated when
accuracy is normally distributed around it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from handoff.workbench.comparison.items import Flags, Floats
from handoff.workbench.comparison.resampling import TIE, divided

MOST_BINS = 15
LEAST_IN_BIN = 20


@dataclass(frozen=True, slots=True)
class Bins:
    """Which bin each message is in, and the sums of weights, confidences and hits by bin."""

    member: Floats  # (messages, bins), zeros and ones
    sure: Floats
    right: Floats

    @classmethod
    def of(cls, sure: Floats, right: Flags) -> Bins:
        """Fewer than 15 where there would be less than 20 messages in each."""
        count = max(1, min(MOST_BINS, len(sure) // LEAST_IN_BIN))
        member = np.zeros((len(sure), count))
        for at, rows in enumerate(np.array_split(np.argsort(sure, kind="stable"), count)):
            member[rows, at] = 1.0
        return cls(member, sure, right.astype(float))

    def sums(self, weights: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """Of each bin: mass, confidence, accuracy, and what its accuracy is worth in messages.

        ``weights``: (…, messages), so that many draws are summed at once.
        """
        mass = weights @ self.member
        sure = divided(weights * self.sure @ self.member, mass)
        right = divided(weights * self.right @ self.member, mass)
        worth = divided(mass**2, weights**2 @ self.member)
        return mass, sure, right, worth

    def error(self, weights: Floats, debiased: bool = True) -> Floats:
        """Expected calibration error, 0..1."""
        mass, sure, right, worth = self.sums(weights)
        gap = np.abs(sure - right)
        if debiased:
            spread = np.sqrt(right * (1 - right) / np.maximum(worth, 1.0))
            gap = 2 * gap - _folded(gap, spread)
        total = np.nansum(mass, axis=-1)
        return np.asarray(
            np.maximum(0.0, np.nansum(np.nan_to_num(gap) * mass, axis=-1) / np.maximum(total, TIE))
        )


@dataclass(frozen=True, slots=True)
class Calibration:
    """``error`` is debiased, ``plain`` is not; ``draws`` are of messages drawn again."""

    error: float
    plain: float
    draws: Floats
    bins: Sequence[Mapping[str, float]]

    @classmethod
    def of(cls, sure: Floats, right: Flags, weights: Floats, draws: Iterable[Floats]) -> Calibration:
        """``draws``: how often each message is in each, as from :func:`.resampling.drawn`."""
        if not len(sure):
            return cls(0.0, 0.0, np.zeros(1), [])
        bins = Bins.of(sure, right)
        error = float(bins.error(weights))
        again = np.concatenate([bins.error(draw * weights) for draw in draws] or [np.array([error])])
        # Drawing again adds the same chance a second time; only the spread of the draws is used.
        again = np.maximum(0.0, again - again.mean() + error)
        return cls(error, float(bins.error(weights, debiased=False)), again, _told(bins, weights))

    def told(self) -> dict[str, Any]:
        low, high = np.quantile(self.draws, [0.025, 0.975])
        figures = {"ece": self.error, "plain": self.plain, "low": float(low), "high": float(high)}
        return {name: round(value, 5) for name, value in figures.items()} | {"bins": list(self.bins)}


def _told(bins: Bins, weights: Floats) -> list[dict[str, float]]:
    _, sure, right, _ = bins.sums(weights)
    told = []
    for at in range(bins.member.shape[1]):
        own = bins.sure[bins.member[:, at] > 0]
        told.append(
            {
                "low": round(float(own.min()), 4),
                "high": round(float(own.max()), 4),
                "n": len(own),
                "confidence": round(float(sure[at]), 4),
                "accuracy": round(float(right[at]), 4),
            }
        )
    return told


def _folded(mean: Floats, spread: Floats) -> Floats:
    """Expected |X| of a normal X with that mean and spread."""
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(spread > 0, mean / np.where(spread > 0, spread, 1.0), np.inf)
    bell = spread * np.sqrt(2 / np.pi) * np.exp(-(np.minimum(ratio, 40.0) ** 2) / 2)
    return np.asarray(bell + mean * (1 - 2 * _below(-ratio)))


def _below(x: Floats) -> Floats:
    """Standard normal distribution function (Abramowitz & Stegun 7.1.26, error below 2e-7)."""
    z = np.minimum(np.abs(x), 40.0) / np.sqrt(2)
    t = 1 / (1 + 0.3275911 * z)
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    tail = series * np.exp(-(z**2)) / 2
    return np.asarray(np.where(x < 0, tail, 1 - tail))
