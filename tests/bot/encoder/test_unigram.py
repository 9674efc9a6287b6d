"""Our Unigram tokenizer cuts as the reference does."""

from __future__ import annotations

import random

import pytest
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from bot.encoder.unigram import Unigram

PIECES = [
    ("<s>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -3.0), ("▁order", -6.0), ("▁or", -5.0), ("der", -5.5),
    ("o", -4.0), ("r", -4.1), ("d", -4.2), ("e", -3.9), ("re", -4.5), ("▁re", -4.6), ("ñ", -9.0),
]  # fmt: skip


@pytest.fixture(scope="module")
def ours() -> Unigram:
    ids = {piece: index for index, (piece, _) in enumerate(PIECES)}
    return Unigram(ids, [score for _, score in PIECES], unknown=2, opening=0, closing=1)


@pytest.fixture(scope="module")
def reference() -> Tokenizer:
    tokenizer = Tokenizer(models.Unigram(PIECES, unk_id=2))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing("<s> $A </s>", None, [("<s>", 0), ("</s>", 1)])
    return tokenizer


def test_the_likeliest_cut_is_taken(ours: Unigram) -> None:
    assert [PIECES[index][0] for index in ours.encode("order reorder", 99)] == [
        "<s>", "▁order", "▁re", "o", "r", "der", "</s>",
    ]  # fmt: skip


def test_random_texts_are_cut_as_by_the_reference(ours: Unigram, reference: Tokenizer) -> None:
    chance = random.Random(5)
    for _ in range(500):
        text = " ".join("".join(chance.choices("orderñx字", k=chance.randint(1, 9))) for _ in range(4))
        assert ours.encode(text, 99) == reference.encode(text).ids, text


def test_a_long_text_keeps_its_closing_id_within_the_limit(ours: Unigram) -> None:
    ids = ours.encode("order " * 99 + "order", 10)
    assert len(ids) == 10
    assert ids[-1] == 1


def test_nothing_is_only_opened_and_closed(ours: Unigram) -> None:
    assert ours.encode("", 99) == [0, 1]
