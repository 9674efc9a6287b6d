from __future__ import annotations

import base64
import json
from pathlib import Path

import httpx
import numpy as np
import pytest

from actions.knowledge.vectors import BATCH, BotVectors, Kept, NoVectors
from tests.actions.knowledge.fakes import WordVectors


def bot(request: httpx.Request) -> httpx.Response:
    texts = json.loads(request.content)["texts"]
    rows = [np.array([len(text), 1], "<f4") for text in texts]
    packed = [base64.b64encode(row.tobytes()).decode() for row in rows]
    return httpx.Response(200, json={"encoder": "e", "dim": 2, "vectors": packed, "texts": texts})


def files(folder: Path) -> list[Path]:
    return list(folder.glob("*.npz"))


def vectors(answer: httpx.Response | None = None, *servers: str) -> BotVectors:
    def handle(request: httpx.Request) -> httpx.Response:
        if request.url.host == "dead":
            raise httpx.ConnectError("refused")
        assert request.headers["authorization"] == "Bearer secret"
        return answer or bot(request)

    client = httpx.AsyncClient(transport=httpx.MockTransport(handle))
    return BotVectors(servers or ("http://bot",), "secret", client)


async def test_rows_come_in_the_order_of_the_texts() -> None:
    encoded = await vectors().encode(["a", "bb"])
    assert encoded.encoder == "e"
    assert encoded.rows.tolist() == [[1, 1], [2, 1]]


async def test_a_dead_bot_is_passed_over() -> None:
    assert len((await vectors(None, "http://dead", "http://bot").encode(["a"])).rows) == 1


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(501, json={"error": {"code": "no_encoder"}}),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json={"encoder": "e", "dim": 2, "vectors": [], "texts": []}),
        httpx.Response(200, json={"encoder": "e", "dim": 2, "vectors": ["%%%"], "texts": ["a"]}),
        httpx.Response(200, json={"encoder": "e", "dim": 3, "vectors": ["AACAPwAAgD8="], "texts": ["a"]}),
        httpx.Response(200, json=[1]),
    ],
)
async def test_anything_but_good_vectors_is_none(answer: httpx.Response) -> None:
    with pytest.raises(NoVectors):
        await vectors(answer).encode(["a"])


async def test_what_was_encoded_before_is_read_from_the_disk(tmp_path: Path) -> None:
    source = WordVectors()
    first = await Kept(source, tmp_path).encode(["one", "two"])
    source.asked.clear()
    again = await Kept(source, tmp_path).encode(["two", "three"])
    assert source.asked == [["two"], ["three"]]  # the first tells which encoder it is
    assert again.rows[0].tolist() == first.rows[1].tolist()


async def test_another_encoder_has_another_file(tmp_path: Path) -> None:
    await Kept(WordVectors("one"), tmp_path).encode(["a"])
    source = WordVectors("two")
    await Kept(source, tmp_path).encode(["a"])
    assert source.asked == [["a"], ["a"]]
    assert len(files(tmp_path)) == 2


async def test_a_broken_file_is_only_a_cache(tmp_path: Path) -> None:
    await Kept(WordVectors(), tmp_path).encode(["a"])
    (kept,) = files(tmp_path)
    kept.write_bytes(b"PK broken")
    assert len((await Kept(WordVectors(), tmp_path).encode(["a"])).rows) == 1


async def test_many_texts_are_asked_in_small_parts(tmp_path: Path) -> None:
    source = WordVectors()
    await Kept(source, tmp_path).encode([f"text {number}" for number in range(BATCH + 3)])
    assert max(map(len, source.asked)) == BATCH
