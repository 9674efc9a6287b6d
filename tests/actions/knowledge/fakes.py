"""Vectors without an encoder: a text's words, each in a place of its own."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from actions.knowledge.vectors import Encoded, NoVectors
from actions.knowledge.words import words

DIM = 256
SYNONYMS = {"bring": "return", "back": "return", "bag": "purse", "επιστροφη": "return"}

SPELT = {"pos epistrefo ena forema": "πώς επιστρέφω ένα φόρεμα"}


class WordVectors:
    """Knows a few synonyms, which BM25 does not. Counts what it is asked; can be away."""

    def __init__(self, encoder: str = "words 1") -> None:
        self.encoder = encoder
        self.away = False
        self.asked: list[list[str]] = []

    async def encode(self, texts: Sequence[str], language: str | None = None) -> Encoded:
        self.asked.append(list(texts))
        if self.away:
            raise NoVectors("the bot is away")
        read = tuple(SPELT.get(text, text) if language == "el" else text for text in texts)
        return Encoded(self.encoder, np.stack([self.row(text) for text in read]), read)

    def row(self, text: str) -> np.ndarray:
        row = np.full(DIM, 1e-3, np.float32)
        for word in words(text):
            row[zlib.crc32(SYNONYMS.get(word, word).encode()) % DIM] += 1
        return row / np.linalg.norm(row)
