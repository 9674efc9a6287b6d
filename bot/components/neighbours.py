"""The training texts nearest to a text: what they vote for, and how near they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

VOTERS = 20
REACH = 0.05  # by so much farther, a voice counts a third (tuned on HWU64's and CLINC150's validation parts)
NEAREST = 5
AT_ONCE = 500
BLOCK = 32  # of training texts, of which only the nearest is compared at first


@dataclass(frozen=True, slots=True)
class Neighbours:
    """``points``: unit vectors, shape (texts, dim); ``owners``: the label of each, an index."""

    points: Floats
    owners: Ints

    @classmethod
    def of(cls, coordinates: Floats, owners: Ints) -> Neighbours:
        return cls(_unit(coordinates), owners)

    def ask(self, coordinates: Floats, count: int) -> tuple[Floats, Floats]:
        """Shares of the voice for each of ``count`` labels, shape (texts, count), and the mean
        cosine to the nearest few, shape (texts,)."""
        votes = np.zeros((len(coordinates), count), np.float32)
        nearness = np.zeros(len(coordinates), np.float32)
        most = min(VOTERS, len(self.points))
        for start in range(0, len(coordinates), AT_ONCE):
            part = slice(start, start + AT_ONCE)
            cosines = _unit(coordinates[part]) @ self.points.T
            who = highest(cosines, most)
            near = np.take_along_axis(cosines, who, axis=1)
            voices = np.exp((near - near.max(axis=1, keepdims=True)) / REACH)
            rows = np.repeat(np.arange(len(who)), most)
            np.add.at(votes[part], (rows, self.owners[who].ravel()), voices.ravel())
            nearness[part] = -np.sort(-near, axis=1)[:, :NEAREST].mean(axis=1)
        return votes / votes.sum(axis=1, keepdims=True), nearness


def highest(values: Floats, most: int) -> Ints:
    """Where the ``most`` highest of each row are, in any order.

    Among many they are looked for only in the blocks that have the highest maxima, which hold them all.
    """
    rows, width = values.shape
    blocks = width // BLOCK
    if blocks < 2 * most:
        found: Ints = np.argpartition(values, width - most, axis=1)[:, width - most :]
        return found
    # A block's columns lie apart, so that its maximum is taken of whole rows of numbers at once.
    tops = values[:, : blocks * BLOCK].reshape(rows, BLOCK, blocks).max(axis=1)
    best = np.argpartition(tops, blocks - most, axis=1)[:, blocks - most :]
    inside = (best[:, :, None] + np.arange(BLOCK) * blocks).reshape(rows, most * BLOCK)
    rest = np.broadcast_to(np.arange(blocks * BLOCK, width), (rows, width - blocks * BLOCK))
    where = np.hstack([inside, rest])
    near = np.argpartition(np.take_along_axis(values, where, axis=1), where.shape[1] - most, axis=1)
    return np.take_along_axis(where, near[:, where.shape[1] - most :], axis=1)


def _unit(rows: Floats) -> Floats:
    result: Floats = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return result
