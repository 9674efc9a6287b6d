"""The figures of one model, and of two beside each other, over the same labelled messages. Pure.

Shares count messages of the traffic (each item by its weight); ``n`` counts items. Macro F1 is the mean of
F1 over all intents that are the truth of at least one item within scope, each counted alike; messages out
of scope have no part in accuracy, F1 and calibration: what matters there is whether the bot asks back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from handoff.workbench.comparison.calibration import Calibration
from handoff.workbench.comparison.items import Board, Flags, Floats, Item, Numbers, Reading, numbered
from handoff.workbench.comparison.resampling import SEED, TIMES, Difference, divided, drawn, one_hot


@dataclass(frozen=True, slots=True)
class Scores:
    """By draw (first axis) and intent or group (second, where there is one)."""

    accuracy: Floats
    macro_f1: Floats
    f1: Floats
    recall: Floats
    precision: Floats
    confident_wrong: Floats
    groups: Floats  # accuracy of each group


class Sheet:
    """One model's readings, ready to be scored on any draw of the items."""

    def __init__(self, board: Board, kinds: int, groups: Floats) -> None:
        self.board = board
        self._inside = board.inside.astype(float)
        self._hit = (board.inside & board.right).astype(float)
        self._truth = one_hot(board.truth, kinds, board.inside)
        self._read = one_hot(board.read, kinds, board.inside)
        self._groups = groups

    def scores(self, weights: Floats) -> Scores:
        """``weights``: (draws, items)."""
        true = (weights * self._hit) @ self._truth
        meant, read = weights @ self._truth, weights @ self._read
        f1 = np.where(meant > 0, divided(2 * true, meant + read), np.nan)
        known = ~np.isnan(f1)
        inside = weights * self._inside
        return Scores(
            accuracy=divided(weights @ self._hit, inside.sum(axis=1)),
            macro_f1=divided(np.where(known, f1, 0.0).sum(axis=1), known.sum(axis=1).astype(float)),
            f1=f1,
            recall=divided(true, meant),
            precision=divided(true, read),
            confident_wrong=divided(weights @ self.board.confident_wrong.astype(float), weights.sum(axis=1)),
            groups=divided((weights * self._hit) @ self._groups, inside @ self._groups),
        )


class Comparison:
    """Two models over the same items; ``champion`` None: there is only the challenger."""

    def __init__(
        self,
        items: Sequence[Item],
        champion: Sequence[Reading] | None,
        challenger: Sequence[Reading],
        *,
        times: int = TIMES,
        seed: int = SEED,
    ) -> None:
        self.items = items
        self.numbers = numbered(items, challenger, champion or ())
        self.names = list(self.numbers)
        self.weights: Floats = np.array([item.weight for item in items], dtype=float)
        self.languages = sorted({item.language for item in items})
        self.scripts = sorted({item.script for item in items})
        self.truth: Numbers = np.array([self.numbers[item.truth] for item in items], dtype=np.intp)
        self._times, self._seed = times, seed
        groups = np.array(
            [
                [item.language == one for one in self.languages]
                + [item.script == one for one in self.scripts]
                for item in items
            ],
            dtype=float,
        ).reshape(len(items), len(self.languages) + len(self.scripts))
        self.challenger = Sheet(Board(items, challenger, self.numbers), len(self.names), groups)
        self.champion = (
            None if champion is None else Sheet(Board(items, champion, self.numbers), len(self.names), groups)
        )

    def draws(self) -> Iterator[Floats]:
        """Weights of all items in each draw; the same draws every time."""
        if self.items:
            for draw in drawn(len(self.items), self._times, self._seed):
                yield draw * self.weights

    def scores(self, sheet: Sheet) -> Scores:
        """On the items themselves: one row."""
        return sheet.scores(self.weights[None, :])

    @cached_property
    def differences(self) -> dict[str, Any]:
        """``{accuracy, macro_f1, confident_wrong: Difference, intents, groups: [Difference]}``."""
        if self.champion is None:
            raise ValueError("there is nothing to compare with")
        old, new = self.scores(self.champion), self.scores(self.challenger)
        parts: dict[str, list[Floats]] = {name: [] for name in _COMPARED}
        for weights in self.draws():
            before, after = self.champion.scores(weights), self.challenger.scores(weights)
            for name in _COMPARED:
                parts[name].append(getattr(after, name) - getattr(before, name))
        told: dict[str, Any] = {}
        for name in _COMPARED:
            value = (getattr(new, name) - getattr(old, name))[0]
            draws = np.concatenate(parts[name]) if parts[name] else np.zeros((0, *np.shape(value)))
            if np.ndim(value):
                told[name] = [Difference.of(float(v), draws[:, at]) for at, v in enumerate(value)]
            else:
                told[name] = Difference.of(float(value), draws)
        return told

    def figures(self, sheet: Sheet, ece: float, hand_offs: float) -> dict[str, Any]:
        """``Figures`` of a model."""
        board, weights, scores = sheet.board, self.weights, self.scores(sheet)
        outside = ~board.inside
        return {
            "n": len(self.items),
            "accuracy": _number(scores.accuracy[0]),
            "macro_f1": _number(scores.macro_f1[0]),
            "answered": share(~board.asked, weights),
            "wrong": share(board.wrong, weights),
            "asked": share(board.asked, weights),
            "ece": round(ece, 5),
            "oos_recall": share(board.asked, weights, outside),
            "oos_n": int(outside.sum()),
            "confident_wrong": share(board.confident_wrong, weights),
            "hand_offs": round(hand_offs, 2),
        } | self._of_two(sheet)

    def calibrated(self, sheet: Sheet) -> Calibration:
        """Of messages with one wish: confidence is the probability of one intent."""
        kept = np.array([len(item.wishes) == 1 for item in self.items], dtype=bool)
        counts = (
            (draw[:, kept] for draw in drawn(len(self.items), self._times, self._seed)) if self.items else ()
        )
        return Calibration.of(sheet.board.sure[kept], sheet.board.right[kept], self.weights[kept], counts)

    def _of_two(self, sheet: Sheet) -> dict[str, Any]:
        """Of messages with two wishes, in how many the bot would serve both."""
        several = np.array([len(item.wishes) > 1 for item in self.items], dtype=bool)
        return {
            "two_wishes": share(sheet.board.served, self.weights, several),
            "two_wishes_n": int(several.sum()),
        }


_COMPARED = ("accuracy", "macro_f1", "f1", "confident_wrong", "groups")


def share(flags: Flags, weights: Floats, among: Flags | None = None) -> float:
    """Of the traffic, or of that part of it; 0 where there is none."""
    kept = weights if among is None else weights * among
    total = float(kept.sum())
    return round(float((kept * flags).sum()) / total, 5) if total else 0.0


def _number(value: float) -> float:
    return 0.0 if np.isnan(value) else round(float(value), 5)
