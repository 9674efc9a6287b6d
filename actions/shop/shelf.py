"""The products in memory, with their vectors: made once, remade when products change.

Vectors of texts that were encoded before come from a file under SETU_HOME, so a start is quick
and a new product costs its own encoding only.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from actions.decisions.ngrams import NgramEncoder, count_vector
from actions.decisions.recommender import Catalogue, Item
from actions.shop.models import Product, Variant
from actions.shop.vocabulary import fold

log = logging.getLogger(__name__)

Floats = NDArray[np.float32]
MEANING = 0.55  # the encoder's share of a vector; the rest are letters


class Encoder(Protocol):
    """Texts to unit vectors: ``bot.encoder.runtime.Encoder`` is one."""

    fingerprint: str

    def encode(self, texts: list[str]) -> Floats: ...


def item(product: Product, variants: Sequence[Variant]) -> Item:
    """A product's row and variants as the recommender sees them."""
    stock = tuple((variant.size, variant.colour, variant.stock) for variant in variants)
    return Item(
        id=product.id,
        name=product.name,
        category=product.category,
        brand=product.brand,
        size_group=product.size_group,
        price=product.price,
        rating=product.rating / 10,
        ratings=product.ratings,
        variants=stock,
    )


class Shelf:
    """A catalogue and one unit vector an item: its meaning (with an encoder) beside its letters."""

    def __init__(self, products: Sequence[Product], variants: Sequence[Variant], vectors: VectorFile) -> None:
        by_product: dict[str, list[Variant]] = {product.id: [] for product in products}
        for variant in variants:
            by_product[variant.product_id].append(variant)
        self.catalogue = Catalogue([item(product, by_product[product.id]) for product in products])
        self._encoder = vectors.encoder
        colours = [sorted({v.colour for v in by_product[product.id]}) for product in products]
        words = [_words(product, names) for product, names in zip(products, colours, strict=True)]
        counts = np.stack([count_vector(text) for text in words]) if words else np.zeros((0, 1), np.float32)
        self._letters = NgramEncoder(counts)
        self._centre: Floats | None = None
        meaning = vectors.of([f"{text}. {p.description}" for text, p in zip(words, products, strict=True)])
        if meaning is not None and len(meaning):
            # Sentence vectors crowd around one direction; without it they tell products apart better.
            self._centre = np.asarray(meaning.mean(axis=0), np.float32)
            meaning = _unit(meaning - self._centre)
        self.vectors = self._joined(meaning, self._letters.weigh(counts)) if words else None

    def query(self, text: str) -> tuple[Floats, float]:
        """The vector of what is asked for, and how much its letters are like the nearest item's (0..1)."""
        letters = self._letters.encode([fold(text)])
        meaning = None
        if self._encoder is not None and self._centre is not None:
            meaning = _unit(self._encoder.encode([text]) - self._centre)
        assert self.vectors is not None
        width = letters.shape[1]
        share = 1.0 if meaning is None else 1 - MEANING
        near = float((self.vectors[:, -width:] @ letters[0]).max()) / share**0.5 if letters.any() else 0.0
        return self._joined(meaning, letters)[0], near

    @staticmethod
    def _joined(meaning: Floats | None, letters: Floats) -> Floats:
        """Side by side, so that one product of two vectors is the weighted sum of both cosines."""
        if meaning is None:
            return letters
        parts = [meaning * np.float32(MEANING**0.5), letters * np.float32((1 - MEANING) ** 0.5)]
        return np.ascontiguousarray(np.hstack(parts))


class VectorFile:
    """Encoded texts, kept on disk by the text's hash; another encoder starts another file."""

    def __init__(self, folder: Path, encoder: Encoder | None) -> None:
        self.encoder = encoder
        name = hashlib.sha256(encoder.fingerprint.encode()).hexdigest()[:16] if encoder else ""
        self._path = folder / f"products-{name}.npz"

    def of(self, texts: Sequence[str]) -> Floats | None:
        """Unit rows for ``texts``, encoding only what is new; None without an encoder."""
        if self.encoder is None or not texts:
            return None
        keys = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
        known = self._read()
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if missing:
            log.info("encoding %d products", len(missing))
            known |= dict(zip(missing, self.encoder.encode(list(missing.values())), strict=True))
            self._write({key: known[key] for key in keys})
        return np.stack([known[key] for key in keys])

    def _read(self) -> dict[str, Floats]:
        try:
            with np.load(self._path) as file:
                return dict(zip(file["keys"].tolist(), file["vectors"], strict=True))
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            return {}  # none yet, or broken: it is only a cache

    def _write(self, known: dict[str, Floats]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(f".{os.getpid()}.tmp")
        with fresh.open("wb") as file:
            np.savez(file, keys=np.array(list(known)), vectors=np.stack(list(known.values())))
        fresh.replace(self._path)  # readers see the old file or the new one, whole


def _words(product: Product, colours: Sequence[str]) -> str:
    path = product.category.replace("/", " ")
    material = str(product.attributes.get("material", ""))
    return fold(f"{product.name} {product.brand} {path} {material} {' '.join(colours)}")


def _unit(vectors: Floats) -> Floats:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-9), np.float32)
