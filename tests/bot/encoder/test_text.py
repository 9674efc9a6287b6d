"""Text is made safe once, and the vocabulary keeps only what our scripts can spell."""

from __future__ import annotations

import json

import pytest

from bot.encoder.clean import LONGEST, clean
from bot.encoder.vocabulary import prune, usable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  where\n\tis\r\nit ", "where is it"),
        ("\x00a\x07b\x1b", "a b"),
        ("\ud800x\udfff", "x"),
        ("می‌خواهم", "می خواهم"),
        ("ｆｕｌｌ", "full"),
        ("\u202eright to left", "right to left"),
        ("SO-۱۰۰ २३ ৪৫", "SO-100 23 45"),
        ("ড়", "\u09a1\u09bc"),
        ("", ""),
    ],
)
def test_noise_is_taken_out_and_spelling_unified(text: str, expected: str) -> None:
    assert clean(text) == expected


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    assert clean("a" * 10_000) == "a" * LONGEST


@pytest.mark.parametrize("piece", ["▁hello", "नमस्ते", "শুভ", "سلام", "γεια", "é", "12", "😀", "▁", "—"])
def test_pieces_of_our_scripts_and_signs_are_usable(piece: str) -> None:
    assert usable(piece)


@pytest.mark.parametrize("piece", ["字", "привет", "▁안녕", "ทดสอบ", "aж"])
def test_pieces_of_other_scripts_are_not(piece: str) -> None:
    assert not usable(piece)


def unigram() -> str:
    vocabulary = [["<s>", 0.0], ["</s>", 0.0], ["<unk>", 0.0], ["字", -1.0], ["a", -2.0], ["<mask>", 0.0]]
    tokens = [{"id": index, "content": vocabulary[index][0]} for index in (0, 1, 2, 5)]
    special = {"<s>": {"ids": [0]}, "</s>": {"ids": [1]}}
    return json.dumps(
        {
            "model": {"type": "Unigram", "unk_id": 2, "vocab": vocabulary},
            "added_tokens": tokens,
            "post_processor": {"special_tokens": special},
        }
    )


def test_pruning_keeps_the_order_and_moves_the_ids_along() -> None:
    content, kept = prune(unigram())
    pruned = json.loads(content)
    assert kept == [0, 1, 2, 4, 5]
    assert [piece for piece, _ in pruned["model"]["vocab"]] == ["<s>", "</s>", "<unk>", "a", "<mask>"]
    assert {token["content"]: token["id"] for token in pruned["added_tokens"]}["<mask>"] == 4


def test_another_kind_of_vocabulary_is_left_whole() -> None:
    word_piece = json.dumps({"model": {"type": "WordPiece", "vocab": {"[UNK]": 0, "字": 1}}})
    assert prune(word_piece) == (word_piece, [0, 1])
