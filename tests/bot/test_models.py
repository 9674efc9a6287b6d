"""Models come, go live and go, in the real bot process with the small bot in it."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import io
import tarfile
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest

from tests.support import smallbot
from tests.support.fake_actions import FakeActions, fake_actions
from tests.support.servers import Place, Server, bot_server

_numbers = count()
TOKEN = "bot-token-of-the-tests"


@pytest.fixture(scope="session")
def other_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Greets otherwise, and its form has another name."""
    instead = {"text: Hi}": "text: Hi again}", "order_form": "buying_form"}
    return smallbot.train(tmp_path_factory.mktemp("other"), "other", instead)


class Bot:
    """The bot's door as the gateway uses it."""

    def __init__(self, server: Server) -> None:
        self.server = server

    async def call(self, method: str, path: str, **given: Any) -> tuple[int, Any]:
        headers = {**self.server.headers, **given.pop("headers", {})}
        async with (
            aiohttp.ClientSession() as http,
            http.request(method, f"{self.server.url}{path}", headers=headers, **given) as answer,
        ):
            return answer.status, await answer.json() if answer.status != 204 else None

    async def put(
        self, archive: bytes, role: str = "live", name: str = "new", **other: str
    ) -> tuple[int, Any]:
        sha256 = hashlib.sha256(archive).hexdigest()
        signature = hmac.new(TOKEN.encode(), f"{name}.{sha256}".encode(), hashlib.sha256).hexdigest()
        headers = {"X-Name": name, "X-Sha256": sha256, "X-Signature": signature, **other}
        return await self.call("PUT", f"/webhooks/setu/model?as={role}", data=archive, headers=headers)

    async def models(self) -> dict[str, str | None]:
        _, told = await self.call("GET", "/webhooks/setu/model")
        return {role: one and one["name"] for role, one in told.items()}

    async def say(self, text: str, talk: str | None = None, **given: Any) -> Any:
        talk = talk or f"models-{next(_numbers)}"
        turn = {"conversation_id": talk, "message_id": f"mm-{next(_numbers)}", "text": text, **given}
        status, reply = await self.call("POST", "/webhooks/setu/turn", json=turn)
        assert status == 200, reply
        return reply

    async def read(self, *texts: str, role: str = "live") -> tuple[int, Any]:
        asked = {"texts": [{"text": text} for text in texts], "as": role}
        return await self.call("POST", "/webhooks/setu/read", json=asked)


def said(reply: Any) -> list[str]:
    return [one["text"] for one in reply["replies"]]


@pytest.fixture(scope="session")
def other(other_model: Path) -> bytes:
    return other_model.read_bytes()


@pytest.fixture(scope="session")
def small(small_model: Path) -> bytes:
    return small_model.read_bytes()


@pytest.fixture
def own_place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place(tmp_path_factory.mktemp("models"), {"SETU_ACTIONS_TOKEN": "actions"})


@pytest.fixture(scope="module")
def server(place: Place, small_model: Path) -> Iterator[Server]:
    with bot_server(place, small_model) as running:
        yield running


@pytest.fixture
async def bot(server: Server, small: bytes) -> Bot:
    """With the small bot live, and nothing else."""
    bot = Bot(server)
    await bot.put(small, name="small")
    for role in ("shadow", "spare"):
        await bot.call("DELETE", f"/webhooks/setu/model?as={role}")
    return bot


@pytest.fixture
async def actions(place: Place) -> AsyncIterator[FakeActions]:
    async with fake_actions(urlsplit(place.env["SETU_ACTIONS_URL"]).port) as fake:
        yield fake


async def test_a_new_model_takes_the_turns_from_now_on_and_says_so(bot: Bot, other: bytes) -> None:
    before = await bot.say("hello", "one")
    assert (said(before), before["understanding"]["model"]) == (["Hi"], "small")
    status, told = await bot.put(other)
    assert (status, told["name"]) == (200, "new")
    assert await bot.models() == {"live": "new", "shadow": None, "spare": "small"}
    after = await bot.say("hello", "one")
    assert (said(after), after["understanding"]["model"]) == (["Hi again"], "new")


async def test_a_turn_under_way_ends_with_the_model_it_began_with(
    bot: Bot, actions: FakeActions, other: bytes
) -> None:
    actions.wait = asyncio.Event()
    slow = asyncio.create_task(bot.say("tell me facts", "slow"))
    async with asyncio.timeout(60):
        await actions.called.wait()
        assert (await bot.put(other))[0] == 200
        assert said(await bot.say("hello")) == ["Hi again"]
    actions.wait.set()
    reply = await slow
    assert reply["understanding"]["model"] == "small"
    assert (await bot.say("tell me facts", "slow"))["slots"]["seen"] == 2  # the other one knows of it


async def test_no_turn_of_many_is_lost_or_answered_for_another_while_models_change(
    bot: Bot, small: bytes, other: bytes
) -> None:
    archives = {"a": other, "b": small}
    greeting = {"a": ["Hi again"], "b": ["Hi"], "small": ["Hi"]}
    done = asyncio.Event()

    async def customer(number: int) -> int:
        turns = 0
        while not done.is_set():
            order = f"SO-{100000 + number}"
            reply = await bot.say("hello", f"many-{number}", customer_id=order)
            assert said(reply) == greeting[reply["understanding"]["model"]]
            assert reply["slots"]["customer_id"] == order
            turns += 1
        return turns

    customers = [asyncio.create_task(customer(number)) for number in range(4)]
    for name in "abab":
        assert (await bot.put(archives[name], name=name))[0] == 200
    done.set()
    assert all(turns > 0 for turns in await asyncio.gather(*customers))


async def test_a_form_of_the_former_model_does_not_trap_the_conversation(
    bot: Bot, actions: FakeActions, other: bytes
) -> None:
    assert (await bot.say("place an order", "form"))["active_form"] == "order_form"
    await bot.put(other)
    reply = await bot.say("hello", "form")
    assert (said(reply), reply["active_form"]) == (["Hi again"], None)


async def test_a_repeated_message_is_answered_as_before_the_change(bot: Bot, other: bytes) -> None:
    first = await bot.say("hello", "again", message_id="same")
    await bot.put(other)
    assert await bot.say("hello", "again", message_id="same") == first


async def test_a_conversation_goes_on_with_what_it_was_about(bot: Bot, other: bytes) -> None:
    await bot.say("it is SO-100123", "slots")
    await bot.put(other)
    assert (await bot.say("hello", "slots"))["slots"]["order_number"] == "SO-100123"
    forgotten, _ = await bot.call("DELETE", "/webhooks/setu/conversations/slots")
    assert forgotten == 204
    assert "order_number" not in (await bot.say("hello", "slots"))["slots"]


async def test_a_spare_model_waits_until_it_is_told_to_go_live_and_the_former_one_for_the_way_back(
    bot: Bot, other: bytes
) -> None:
    _, told = await bot.put(other, "spare")
    assert said(await bot.say("hello")) == ["Hi"]
    assert (await bot.call("POST", "/webhooks/setu/model/live", json={"name": "x", "sha256": "y"}))[0] == 404
    status, _ = await bot.call("POST", "/webhooks/setu/model/live", json=told)
    assert status == 200
    assert said(await bot.say("hello")) == ["Hi again"]
    assert await bot.models() == {"live": "new", "shadow": None, "spare": "small"}
    _, held = await bot.call("GET", "/webhooks/setu/model")
    assert (await bot.call("POST", "/webhooks/setu/model/live", json=held["spare"]))[0] == 200
    assert said(await bot.say("hello")) == ["Hi"]


async def test_a_shadow_reads_and_answers_nobody(bot: Bot, other: bytes) -> None:
    assert (await bot.read("hello", role="shadow"))[0] == 404
    await bot.put(other, "shadow")
    assert said(await bot.say("hello")) == ["Hi"]
    status, told = await bot.read("hello", "zxcv qwerty uiop", "/restart", role="shadow")
    assert (status, told["model"], len(told["ms"])) == (200, "new", 3)
    greet, doubtful, typed = told["readings"]
    assert (greet["intent"], greet["doubtful"], greet["model"]) == ("greet", False, "new")
    assert greet["margin"] > 0
    assert doubtful["doubtful"]
    assert typed["intent"] != "restart"
    assert (await bot.read("hello"))[1]["model"] == "small"
    assert (await bot.call("DELETE", "/webhooks/setu/model?as=shadow"))[0] == 204
    assert await bot.models() == {"live": "small", "shadow": None, "spare": None}
    assert (await bot.call("DELETE", "/webhooks/setu/model?as=live"))[0] == 404


def archive(*members: tuple[str, bytes | None, str]) -> bytes:
    """``(name, content, link)``: a file, or a link to somewhere."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        for name, content, link in members:
            info = tarfile.TarInfo(name)
            if content is None:
                info.type, info.linkname = tarfile.SYMTYPE, link
            info.size = len(content or b"")
            tar.addfile(info, io.BytesIO(content or b""))
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"no archive at all", "cannot be unpacked"),
        (archive(("../outside.txt", b"x", "")), "reaches out"),
        (archive(("/outside.txt", b"x", "")), "cannot be loaded"),
        (archive(("inside", None, "/etc"), ("inside/outside.txt", b"x", "")), "no plain file"),
        (archive(("metadata.json", b"{}", "")), "cannot be loaded"),
        (b"", "cannot be unpacked"),
    ],
)
async def test_what_is_no_model_is_refused_and_all_stays_as_it_was(
    bot: Bot, place: Place, content: bytes, why: str
) -> None:
    status, told = await bot.put(content)
    assert (status, told["error"]["code"]) == (422, "cannot_load")
    assert why in told["error"]["message"]
    assert (await bot.models())["live"] == "small"
    assert said(await bot.say("hello")) == ["Hi"]
    assert not list(place.folder.rglob("outside.txt"))


async def test_only_what_this_installation_signed_is_taken(bot: Bot, other: bytes) -> None:
    content = other
    status, told = await bot.put(content, **{"X-Signature": "0" * 64})
    assert (status, told["error"]["code"]) == (403, "bad_signature")
    assert (await bot.put(content, **{"X-Signature": ""}))[0] == 403
    assert (await bot.put(content, name="../../evil"))[0] == 422
    assert (await bot.put(content, role="both"))[0] == 422
    assert (await bot.put(content, Authorization="Bearer x"))[0] == 401
    assert (await bot.models())["live"] == "small"


async def test_an_archive_other_than_the_one_announced_is_refused(bot: Bot, other: bytes) -> None:
    sha256 = hashlib.sha256(b"another").hexdigest()
    signature = hmac.new(TOKEN.encode(), f"new.{sha256}".encode(), hashlib.sha256).hexdigest()
    announced = {"X-Sha256": sha256, "X-Signature": signature}
    status, told = await bot.put(other, **announced)
    assert (status, told["error"]["code"]) == (422, "invalid")
    assert (await bot.models())["live"] == "small"


async def test_rasas_own_ways_to_change_the_model_are_closed(bot: Bot) -> None:
    asked = {"model_file": "models/another.tar.gz"}
    for method, path in (("PUT", "/model"), ("DELETE", "/model"), ("POST", "/model/train")):
        status, _ = await bot.call(method, f"{path}?token={TOKEN}", json=asked)
        assert status == 410
    status, parsed = await bot.call("POST", f"/model/parse?token={TOKEN}", json={"text": "hello"})
    assert (status, parsed["intent"]["name"]) == (200, "greet")


def test_a_restarted_bot_starts_with_the_model_it_was_sent(
    own_place: Place, small_model: Path, other_model: Path
) -> None:
    with bot_server(own_place, small_model) as running:
        bot = Bot(running)
        assert asyncio.run(bot.put(other_model.read_bytes()))[0] == 200
        running.process.kill()
        running.restart()
        assert asyncio.run(bot.models())["live"] == "new"


def test_a_bot_told_to_start_with_another_model_does(
    own_place: Place, small_model: Path, other_model: Path
) -> None:
    with bot_server(own_place, small_model) as running:
        assert asyncio.run(Bot(running).put(small_model.read_bytes(), name="sent"))[0] == 200
    with bot_server(own_place, other_model) as running:
        assert asyncio.run(Bot(running).models())["live"] == "other"


def test_a_kept_model_that_somebody_else_signed_or_touched_is_not_loaded(
    own_place: Place, small_model: Path, other_model: Path
) -> None:
    with bot_server(own_place, small_model) as running:
        asyncio.run(Bot(running).put(other_model.read_bytes()))
    (kept,) = own_place.folder.glob("bot-*/*.tar.gz")
    kept.write_bytes(small_model.read_bytes() + b" ")
    with bot_server(own_place, small_model) as running:
        assert asyncio.run(Bot(running).models())["live"] == "small"
