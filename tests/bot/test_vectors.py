"""Vectors for the other processes, from the bot's own encoder."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import numpy as np
import pytest

from bot.components.encoder import EncoderFeaturizer
from bot.input import BadInput
from bot.vectors import LARGEST_REQUEST, LONGEST_TEXT, MOST_TEXTS, NoEncoder, encode, encoder_of, read_texts
from tests.support.servers import Place, Server, bot_server


class TwoNumbers:
    """An encoder: a text's length, and one."""

    name, dim, fingerprint = "two", 2, "f"

    def encode(self, texts: list[str]) -> np.ndarray:
        return np.array([[len(text), 1] for text in texts], np.float32)


def agent(*components: Any) -> Any:
    nodes = {str(number): SimpleNamespace(_component=one) for number, one in enumerate(components)}
    return SimpleNamespace(processor=SimpleNamespace(graph_runner=SimpleNamespace(_instantiated_nodes=nodes)))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"texts": "one"}',
        b'{"texts": []}',
        b'{"texts": [1]}',
        b'{"texts": ["a"], "language": 1}',
        json.dumps({"texts": ["a"] * (MOST_TEXTS + 1)}).encode(),
        json.dumps({"texts": ["a" * (LONGEST_TEXT + 1)]}).encode(),
        b" " * (LARGEST_REQUEST + 1),
    ],
)
def test_a_request_that_is_none_or_too_much_is_refused(body: bytes) -> None:
    with pytest.raises(BadInput):
        read_texts(body)


def test_as_many_and_as_long_texts_as_allowed_are_taken() -> None:
    texts = ["ん" * LONGEST_TEXT] * MOST_TEXTS
    assert read_texts(json.dumps({"texts": texts}).encode()) == (texts, None)


async def test_the_encoder_of_the_loaded_model_answers() -> None:
    encoder = encoder_of(agent(object(), EncoderFeaturizer([TwoNumbers()])))
    answer = await encode(encoder, ["abc", ""])
    assert answer["dim"] == 2
    assert answer["encoder"].startswith("two ")
    rows = [np.frombuffer(base64.b64decode(row), "<f4").tolist() for row in answer["vectors"]]
    assert rows == [[3, 1], [0, 1]]


def test_a_model_without_an_encoder_says_so() -> None:
    with pytest.raises(NoEncoder):
        encoder_of(agent(EncoderFeaturizer([None])))


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory, small_model: Path) -> Iterator[Server]:
    place = Place(tmp_path_factory.mktemp("bot"), {"SETU_ACTIONS_TOKEN": "actions"})
    with bot_server(place, small_model) as server:
        yield server


@pytest.mark.parametrize(
    ("token", "body", "status"),
    [("wrong", {"texts": ["a"]}, 401), (None, {"texts": []}, 422), (None, {"texts": ["a"]}, 501)],
)
async def test_the_door_wants_the_token_and_texts(
    bot: Server, token: str | None, body: dict[str, Any], status: int
) -> None:
    """The small model of the tests has no encoder."""
    headers = {"Authorization": f"Bearer {token}"} if token else bot.headers
    url = f"{bot.url}/webhooks/setu/vectors"
    async with aiohttp.ClientSession() as http, http.post(url, json=body, headers=headers) as answer:
        assert answer.status == status
        assert (await answer.json())["error"]["code"]
