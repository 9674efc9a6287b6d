"""Serve an exported encoder: numpy and onnxruntime (and tokenizers, for some) only, one thread."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any
from weakref import WeakSet

import numpy as np
from numpy.typing import NDArray

from bot.encoder.clean import clean
from bot.encoder.unigram import Unigram
from bot.encoder.vocabulary import script

Vectors = NDArray[np.float32]

CARD = "encoder.json"
PIECES = "pieces.tsv"  # the vocabulary of a Unigram tokenizer
TOKENIZER = "tokenizer.json"  # any other tokenizer
SEEN = 200  # characters that tell the script
REMEMBERED = 512  # vectors of single texts: one turn asks for the same text more than once


class EncoderMissing(Exception):
    """There is no usable encoder in the folder; the text says which and how to make one."""


class Encoder:
    """Sentences → unit vectors.

    ``name`` is the model's id, ``dim`` the length of a vector, ``fingerprint`` changes with
    whatever could change a vector.
    """

    def __init__(self, session: Any, tokenize: Callable[[str], list[int]], card: dict[str, Any]) -> None:
        self.name: str = card["name"]
        self.dim: int = card["dim"]
        self.fingerprint: str = fingerprint(card)
        self._scripts = frozenset(card.get("scripts") or ())
        self._prefix: str = card["prefix"]
        self._session = session
        self._tokenize = tokenize
        self._pad: int = card["pad_id"]
        self._inputs = [node.name for node in session.get_inputs()]
        self._one = lru_cache(REMEMBERED)(lambda text: self._run([text])[0])
        _alive.add(self)

    @classmethod
    def load(cls, folder: Path) -> Encoder:
        """Load what ``bot.encoder.export`` wrote; raises :class:`EncoderMissing`."""
        card = read_card(folder)
        import onnxruntime  # late: a caller without an encoder need not have it

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            session = onnxruntime.InferenceSession(
                str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
            )
            tokenize = _tokenizer(folder, card)
        except Exception as error:  # the packages raise bare exceptions of their own
            raise EncoderMissing(f"the encoder in {folder} is broken ({error}); {_REMEDY}") from error
        return cls(session, tokenize, card)

    def forget(self) -> None:
        """Remember no text any more, e.g. to measure how long reading takes."""
        self._one.cache_clear()

    def reads(self, text: str) -> bool:
        """Whether the encoder is made for such text: most letters are of its scripts, if it names any."""
        if not self._scripts:
            return True
        letters = [char for char in text[:SEEN] if char.isalpha()]
        return 2 * sum(script(char) in self._scripts for char in letters) > len(letters)

    def encode(self, texts: Sequence[str], batch: int = 8) -> Vectors:
        """Unit vectors, shape (len(texts), dim); any text will do, an empty one too."""
        texts = [clean(text) for text in texts]
        if len(texts) == 1:
            one: Vectors = self._one(texts[0])[None].copy()
            return one
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        # Like lengths together: padding is work, and changes int8 vectors a little.
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        for start in range(0, len(order), batch):
            part = order[start : start + batch]
            vectors[part] = self._run([texts[index] for index in part])
        return vectors

    def _run(self, texts: list[str]) -> Vectors:
        rows = [self._tokenize(self._prefix + text) for text in texts]
        ids = np.full((len(rows), max(map(len, rows))), self._pad, dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, tokens in enumerate(rows):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        feed = {"input_ids": ids, "attention_mask": mask}
        (vectors,) = self._session.run(None, {name: feed[name] for name in self._inputs})
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit: Vectors = vectors / np.maximum(norms, 1e-9)
        return unit


def _tokenizer(folder: Path, card: dict[str, Any]) -> Callable[[str], list[int]]:
    most: int = card["max_tokens"]
    if PIECES in card["sha256"]:
        unigram = Unigram.load(folder / PIECES, **card["special"])
        return lambda text: unigram.encode(text, most)
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    tokenizer.enable_truncation(most)
    tokenizer.no_padding()
    return lambda text: list(tokenizer.encode(text).ids)


def read_card(folder: Path) -> dict[str, Any]:
    """The encoder's card: name, dim, prefix, max_tokens, pad_id, special ids, sha256 by file, and
    ``scripts`` if it reads only these (as Unicode names them)."""
    try:
        card = json.loads((folder / CARD).read_text("utf-8"))
    except FileNotFoundError as error:
        raise EncoderMissing(f"there is no encoder in {folder}; {_REMEDY}") from error
    except ValueError as error:
        raise EncoderMissing(f"{folder / CARD} cannot be read; {_REMEDY}") from error
    if (
        not isinstance(card, dict)
        or not {"name", "dim", "prefix", "max_tokens", "pad_id", "sha256"} <= card.keys()
    ):
        raise EncoderMissing(f"{folder / CARD} lacks an entry; {_REMEDY}")
    for file in card["sha256"]:
        if not (folder / file).is_file():
            raise EncoderMissing(f"{folder / file} is missing; {_REMEDY}")
    return card


def fingerprint(card: dict[str, Any]) -> str:
    """What identifies an encoder's vectors: the hashes of its files and the prefix."""
    return json.dumps([card["sha256"], card["prefix"], card["max_tokens"]], sort_keys=True)


_alive: WeakSet[Encoder] = WeakSet()


def forget_texts() -> None:
    """No encoder of this process remembers any text."""
    for encoder in list(_alive):
        encoder.forget()


_REMEDY = "make it with `python -m bot.encoder.export`"
