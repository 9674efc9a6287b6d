"""A label model with its understudy: n-grams alone, for when no encoder that it learnt with is there."""

from __future__ import annotations

import logging
import zlib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from bot.components.intents import FOREIGN, IntentModel, Known, Reading
from bot.components.limits import Costs

__all__ = ["FOREIGN", "Reader", "Reading"]

log = logging.getLogger(__name__)

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Reader:
    """``full`` goes by vectors of ``origins`` and n-grams (None if there was no encoder), ``plain``
    by n-grams alone."""

    plain: IntentModel
    full: IntentModel | None
    origins: list[str]

    @property
    def origin(self) -> str:
        """The first encoder it learnt with."""
        return self.origins[0] if self.origins else ""

    @classmethod
    def learn(
        cls,
        texts: Sequence[str],
        labels: Sequence[str],
        vectors: Floats | Mapping[str, Floats] | None = None,
        origin: str = "",
        groups: Sequence[str] = (),
        costs: Costs | None = None,
        calls: Sequence[str] = (),
        twins: Sequence[str] = (),
    ) -> Reader:
        """Learn from labelled texts (``FOREIGN``: out of scope). ``vectors``, shape (texts, dim), are of
        ``origin``, or several of the origins that they are named by; zeros where a text has none."""
        views = vectors if isinstance(vectors, Mapping) else {} if vectors is None else {origin: vectors}
        # Two threads on two busy cores are many times slower than one.
        with threadpool_limits(1):
            rest = (groups, costs, calls, twins, Known.of(texts))
            if not views:
                return cls(IntentModel.learn(texts, labels, (), *rest), None, [])
            # … but two models, each learnt by one thread, are learnt in the time of one.
            with ThreadPoolExecutor(1) as other:
                plain = other.submit(IntentModel.learn, texts, labels, (), *rest)
                full = IntentModel.learn(texts, labels, list(views.values()), *rest)
                return cls(plain.result(), full, list(views))

    def read(self, text: str, vector: Floats | Mapping[str, Floats] | None, group: str = "") -> Reading:
        """What the text means. ``vector``, shape (dim,), is of the first origin, or several by origin."""
        found = vector if isinstance(vector, Mapping) else {} if vector is None else {self.origin: vector}
        if self.full is None or not any(origin in found for origin in self.origins):
            return self.plain.read([text], (), [group])[0]
        views = [
            found[origin][None] if origin in found else np.zeros((1, len(centre)), np.float32)
            for origin, centre in zip(self.origins, self.full.views.centres, strict=True)
        ]
        return self.full.read([text], views, [group])[0]

    def save(self, folder: Path) -> None:
        np.savez(folder / "plain.npz", **self.plain.to_arrays())
        if self.full is not None:
            np.savez(folder / "full.npz", origins=np.array(self.origins), **self.full.to_arrays())

    @classmethod
    def load(cls, folder: Path) -> Reader:
        """Raises ``OSError`` or ``ValueError`` if the folder holds no reader; one whose larger half is
        spoilt goes by n-grams, and the log names it."""
        plain, _ = _model(folder / "plain.npz")
        if not (folder / "full.npz").is_file():
            return cls(plain, None, [])
        try:
            full, arrays = _model(folder / "full.npz")
            return cls(plain, full, [str(one) for one in arrays["origins"]])
        except (OSError, ValueError) as error:
            log.warning("Going by n-grams alone, for the model of vectors is spoilt: %s", error)
            return cls(plain, None, [])


def _model(file: Path) -> tuple[IntentModel, dict[str, Floats]]:
    try:
        with np.load(file, allow_pickle=False) as content:
            arrays = dict(content)
        return IntentModel.from_arrays(arrays), arrays
    except (KeyError, ValueError, BadZipFile, EOFError, zlib.error) as error:
        raise ValueError(f"{file} cannot be read: {error}") from error
