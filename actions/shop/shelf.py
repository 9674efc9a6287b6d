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

from actions.decisions.ngrams import DIM, NgramEncoder, count_vector
from actions.decisions.recommender import Catalogue, Item
from actions.shop.models import Product, Variant
from actions.shop.vocabulary import fold

log = logging.getLogger(__name__)

Floats = NDArray[np.float32]
MEANING = 0.55  # the encoder's share of a vector and of relevance; the rest are letters
LETTERS_ALIKE, MEANING_ALIKE = 0.3, 0.1  # cosines from which a text is like a product
USUAL_BEST = 5.0  # standard deviations by which the best answer usually stands out


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

    def __init__(self, products: Sequence[Product], variants: Sequence[Variant], file: VectorFile) -> None:
        by_product: dict[str, list[Variant]] = {product.id: [] for product in products}
        for variant in variants:
            by_product[variant.product_id].append(variant)
        self.catalogue = Catalogue([item(product, by_product[product.id]) for product in products])
        colours = [sorted({v.colour for v in by_product[product.id]}) for product in products]
        words = [_words(product, names) for product, names in zip(products, colours, strict=True)]
        counts = np.stack([count_vector(text) for text in words]) if words else np.zeros((0, DIM), np.float32)
        self._ngrams = NgramEncoder(counts)
        self._letters = self._ngrams.weigh(counts)
        self._encoder, self._meaning = file.encoder, None
        self.vectors = self._letters
        meaning = file.of([_kind(product) for product in products])
        if meaning is not None:
            # Sentence vectors crowd around one direction; without it they tell products apart better.
            apart = meaning - meaning.mean(axis=0)
            self._length = np.linalg.norm(apart, axis=1)
            self._meaning = np.asarray(apart / np.maximum(self._length, 1e-9)[:, None], np.float32)
            parts = [
                self._meaning * np.float32(MEANING**0.5),
                self._letters * np.float32((1 - MEANING) ** 0.5),
            ]
            self.vectors = np.ascontiguousarray(np.hstack(parts))

    def relevance(self, text: str) -> tuple[Floats, bool]:
        """How well each item answers ``text`` (about 0..1), and whether any does at all."""
        letters = self._letters @ self._ngrams.encode([fold(text)])[0]
        like = float(letters.max(initial=0.0)) >= LETTERS_ALIKE
        if self._encoder is None or self._meaning is None:
            return letters, like
        query = self._encoder.encode([text])[0]
        cosines = self._meaning @ query
        # The order is that of the plain cosines (what was taken off is the same for all items), spread out:
        # the cosines themselves hardly differ.
        scores = cosines * self._length
        spread = (scores - scores.mean()) / max(float(scores.std()), 1e-9) / USUAL_BEST
        relevance = np.float32(MEANING) * spread + np.float32(1 - MEANING) * letters
        return np.asarray(relevance, np.float32), like or float(cosines.max()) >= MEANING_ALIKE


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


def _kind(product: Product) -> str:
    """What the product is, in few words: long descriptions blur what an encoder makes of them."""
    return f"{product.attributes.get('kind', product.name)} ({product.category.replace('/', ' ')})"
