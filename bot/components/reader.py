"""A label model with its understudy: n-grams alone, for when the encoder is missing or another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from bot.components.intents import IntentModel, Reading

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Reader:
    """``full`` goes by vectors of ``origin`` and n-grams (None if there was no encoder), ``plain``
    by n-grams alone."""

    plain: IntentModel
    full: IntentModel | None
    origin: str

    @classmethod
    def learn(
        cls, texts: Sequence[str], labels: Sequence[str], vectors: Floats | None = None, origin: str = ""
    ) -> Reader:
        """Learn from labelled texts; ``vectors``, shape (texts, dim), are of ``origin``."""
        # Two threads on two busy cores are many times slower than one.
        with threadpool_limits(1):
            full = None if vectors is None else IntentModel.learn(texts, labels, vectors)
            return cls(IntentModel.learn(texts, labels), full, origin)

    def read(self, text: str, vector: Floats | None) -> Reading:
        """What the text means; ``vector``, shape (dim,), must be of ``origin``."""
        if vector is None or self.full is None:
            return self.plain.read([text])[0]
        return self.full.read([text], vector[None])[0]

    def save(self, folder: Path) -> None:
        np.savez(folder / "plain.npz", **self.plain.to_arrays())
        if self.full is not None:
            np.savez(folder / "full.npz", origin=np.array(self.origin), **self.full.to_arrays())

    @classmethod
    def load(cls, folder: Path) -> Reader:
        """Raises ``OSError`` or ``ValueError`` if the folder does not hold a reader."""
        plain = IntentModel.from_arrays(_arrays(folder / "plain.npz"))
        if not (folder / "full.npz").is_file():
            return cls(plain, None, "")
        arrays = _arrays(folder / "full.npz")
        return cls(plain, IntentModel.from_arrays(arrays), str(arrays["origin"]))


def _arrays(file: Path) -> dict[str, Floats]:
    with np.load(file, allow_pickle=False) as content:
        return dict(content)
