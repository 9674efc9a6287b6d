"""What the bot is measured on is nothing that it has learnt."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
SETS = sorted((ROOT / "tests/nlu").glob("shop_*.jsonl"))
LEARNT = sorted(
    file for part in ("nlu", "foreign", "sentiment") for file in (ROOT / "data" / part).rglob("*.yml")
)
SHORT = 2  # words: everybody says "thank you"
_ENTITY = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})")


def plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return " ".join(re.sub(r"[^\w\s'\u0300-\u036f\u0900-\u0963\u0980-\u09e3]", " ", folded).split())


def strings(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        for line in node.splitlines():
            yield _ENTITY.sub(r"\1", line.strip().removeprefix("- "))
    elif isinstance(node, dict):
        for value in node.values():
            yield from strings(value)
    elif isinstance(node, list):
        for value in node:
            yield from strings(value)


@pytest.mark.parametrize("file", SETS, ids=lambda file: file.stem)
def test_no_message_of_a_frozen_set_is_learnt_from(file: Path) -> None:
    messages = {plain(json.loads(line)["text"]) for line in file.read_text("utf-8").splitlines()}
    long = {message for message in messages if len(message.split()) > SHORT}
    learnt = {plain(text) for one in LEARNT for text in strings(yaml.safe_load(one.read_text("utf-8")))}
    assert len(long) > 250
    assert sorted(long & learnt) == []


@pytest.mark.parametrize("file", SETS, ids=lambda file: file.stem)
def test_what_is_marked_in_a_frozen_set_stands_there(file: Path) -> None:
    for line in file.read_text("utf-8").splitlines():
        message = json.loads(line)
        assert message.keys() >= {"split", "text", "label", "language", "script", "sentiment", "entities"}
        assert all(entity["text"] in message["text"] for entity in message["entities"]), message["text"]
        assert message.get("wishes", [message["label"]])[0] is not None
