"""The shop as a process holds it: made once, given to whoever needs it."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from actions import db
from actions.shop.products import Products
from actions.shop.reference import Reference
from actions.shop.shelf import Encoder, VectorFile

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shop:
    reference: Reference
    products: Products
    now: Callable[[], datetime]  # the shop's clock, UTC

    @classmethod
    def open(
        cls,
        data: Path = Path("data/shop"),
        home: Path = Path("var"),
        encoder: Path | None = Path("models/encoder"),
        clock: datetime | None = None,
    ) -> Shop:
        """Read the shop's data and, if there is one, the encoder; ``clock`` freezes the time.

        Without an encoder (None, or nothing usable in the folder) products are found by their letters alone.
        """
        reference = Reference.load(data)
        vectors = VectorFile(home / "vectors", load_encoder(encoder) if encoder else None)
        return cls(reference, Products(reference, vectors), db.now if clock is None else lambda: clock)


def load_encoder(folder: Path) -> Encoder | None:
    """The exported encoder in ``folder``, or None with a line in the log."""
    try:
        runtime = importlib.import_module("bot.encoder.runtime")
        encoder: Encoder = runtime.Encoder.load(folder)
    except Exception as error:  # a missing package, a missing or a broken export: all mean "do without"
        log.warning("no encoder, products are found by their letters: %s", error)
        return None
    return encoder
