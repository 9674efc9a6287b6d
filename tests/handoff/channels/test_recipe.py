"""A channel is added as README.md says, word for word, and a whole talk goes over it."""

from __future__ import annotations

import hashlib
import hmac
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from sqlalchemy import select

from handoff.channels.base import Configured, Webhook
from handoff.channels.models import Arrival
from handoff.delivery.models import Delivery
from tests.handoff.channels import recipe
from tests.support.databases import SqliteFiles
from tests.support.gateways import Running, running
from tests.support.waiting import until

RECORDED = Path(__file__).parent / "recorded" / "pigeon"
SECRET = "s" * 32
BLUE = '/find_product{"colour": "blue"}'


class Post:
    """The platform: takes letters of 500 characters with five choices."""

    def __init__(self) -> None:
        self.letters: list[dict[str, Any]] = []
        self.statuses: list[int] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert str(request.url) == "https://api.pigeon.example/letters"
        assert request.headers["authorization"] == "Bearer made-up"
        if self.statuses:
            return httpx.Response(self.statuses.pop(0))
        letter = orjson.loads(request.content)
        assert 0 < len(letter["text"]) <= 500
        assert len(letter["choices"]) <= 5
        self.letters.append(letter)
        return httpx.Response(200, json={"id": f"out-{len(self.letters)}"})

    def to(self, whom: str) -> list[str]:
        return [letter["text"] for letter in self.letters if letter["to"] == whom]


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
async def house(
    sqlite_files: SqliteFiles, tmp_path: Path, post: Post, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Running]:
    recipe.follow(tmp_path, monkeypatch)
    transport = httpx.MockTransport(post)
    async with running(sqlite_files.fresh(tmp_path), to_platforms=transport) as made:
        secrets = {"access_token": "made-up", "webhook_secret": SECRET}
        made.inbox = await made.gateway.inboxes.create("pigeon", "Pigeons", credentials=secrets)
        yield made


async def arrive(house: Running, body: bytes, secret: str = SECRET) -> tuple[int, Any]:
    signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    answer = await house.client.post(
        f"/webhooks/{house.inbox.inbox.id}", content=body, headers={"X-Pigeon-Signature": signature}
    )
    return answer.status_code, answer.json()


async def answered(post: Post, whom: str, *texts: str) -> None:
    async def there() -> bool:
        return [*texts] == post.to(whom)

    await until(there)


def recorded(name: str) -> bytes:
    return (RECORDED / f"{name}.json").read_bytes()


def test_the_recipes_file_is_as_clean_as_the_house(tmp_path: Path) -> None:
    file = tmp_path / "pigeon.py"
    file.write_text(recipe.blocks()[0], "utf-8")
    ruff = [sys.executable, "-m", "ruff", "check", "--config", str(recipe.ROOT / "pyproject.toml")]
    done = subprocess.run(
        [*ruff, "--ignore", "ARG002", str(file)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


async def test_the_house_has_the_channel(house: Running) -> None:
    channel = house.gateway.channels.kinds["pigeon"]
    assert isinstance(channel, Webhook)
    assert isinstance(channel, Configured)


async def test_letters_are_answered_once_however_often_they_come(house: Running, post: Post) -> None:
    assert await arrive(house, recorded("letters")) == (200, {"stored": 3})
    assert await arrive(house, recorded("letters")) == (200, {"stored": 3})
    await answered(post, "ann-17", "re: Hello")
    await answered(post, "ben-4", "re: Show me shirts")
    assert len(house.bot.asked) == 2


async def test_a_letter_of_a_kind_that_nobody_knows_is_kept(house: Running) -> None:
    await arrive(house, recorded("letters"))
    async with house.gateway.database.read() as session:
        (kept,) = await session.scalars(select(Arrival).where(Arrival.kind == "unknown"))
    assert kept.data["raw"]["stamp"] == "a kind of letter that came later"


async def test_a_forged_letter_is_refused(house: Running) -> None:
    assert (await arrive(house, recorded("letters"), secret="guessed"))[0] == 401
    assert house.bot.asked == []


async def test_rich_answers_are_fitted_to_what_the_channel_can(house: Running, post: Post) -> None:
    card = {"title": "Linen shirt", "price": "€39", "buttons": [{"title": "The blue one", "payload": BLUE}]}
    house.bot.replies["Show me shirts"] = [{"text": "Look. " + "So light! " * 80, "cards": [card]}]
    await arrive(house, recorded("letters"))

    async def shown() -> bool:
        return any(letter["choices"] for letter in post.letters if letter["to"] == "ben-4")

    await until(shown)
    assert "".join(post.to("ben-4")).count("So light!") == 80
    assert "Linen shirt" in "".join(post.to("ben-4"))
    assert [letter["choices"] for letter in post.letters if letter["choices"]] == [[["The blue one", BLUE]]]
    await arrive(house, recorded("choice"))

    async def understood() -> bool:
        return f"re: {BLUE}" in post.to("ben-4")

    await until(understood)


async def test_a_letter_that_is_refused_for_good_is_dead_and_seen(house: Running, post: Post) -> None:
    post.statuses = [403, 403]
    await arrive(house, recorded("letters"))

    async def told() -> bool:
        async with house.gateway.database.read() as session:
            return {*await session.scalars(select(Delivery.state))} == {"dead"}

    await until(told)
    assert post.letters == []
