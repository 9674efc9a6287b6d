"""Keep only the vocabulary pieces that our scripts can use.

A 250,000-piece vocabulary takes 285 MB in memory and a third of the model; most pieces are
of scripts that no text in English, Hindi, Bengali, Persian or Greek contains.
"""

from __future__ import annotations

import json
import unicodedata
from functools import lru_cache
from typing import Any

SCRIPTS = frozenset({"LATIN", "DEVANAGARI", "BENGALI", "GREEK", "ARABIC"})


def usable(piece: str, scripts: frozenset[str] = SCRIPTS) -> bool:
    """Whether every letter of ``piece`` is of one of the scripts; signs and digits always are."""
    return all(script(char) in scripts for char in piece if char.isalpha())


def prune(tokenizer: str, scripts: frozenset[str] = SCRIPTS) -> tuple[str, list[int]]:
    """A ``tokenizer.json`` of kind Unigram → the same without unusable pieces, and the ids kept,
    in the order of their new ids. Any other kind is returned whole."""
    content: dict[str, Any] = json.loads(tokenizer)
    model = content["model"]
    if model["type"] != "Unigram":
        return tokenizer, list(range(len(model["vocab"])))
    added = {token["id"] for token in content["added_tokens"]}
    kept = [i for i, (piece, _) in enumerate(model["vocab"]) if i in added or usable(piece, scripts)]
    new = {old: index for index, old in enumerate(kept)}
    model["vocab"] = [model["vocab"][old] for old in kept]
    model["unk_id"] = new[model["unk_id"]]
    for token in content["added_tokens"]:
        token["id"] = new[token["id"]]
    for special in (content.get("post_processor") or {}).get("special_tokens", {}).values():
        special["ids"] = [new[old] for old in special["ids"]]
    return json.dumps(content, ensure_ascii=False), kept


def lines(tokenizer: str) -> str:
    """A ``tokenizer.json`` of kind Unigram → lines ``score<tab>piece``, in the order of the ids."""
    pieces = json.loads(tokenizer)["model"]["vocab"]
    return "".join(f"{score:.7g}\t{piece}\n" for piece, score in pieces)


@lru_cache(4096)
def script(char: str) -> str:
    """The script of a letter, as Unicode names it: LATIN, DEVANAGARI, …"""
    # The word that opens a letter's name is its script, save for a few signs of Latin form.
    word = unicodedata.name(char, "UNKNOWN").split()[0]
    return "LATIN" if word in {"FULLWIDTH", "FEMININE", "MASCULINE", "MICRO", "MODIFIER"} else word
