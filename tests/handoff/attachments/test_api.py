"""Uploading and serving over HTTP: who may, how much, and under which headers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from handoff.agents.passwords import Passwords
from handoff.agents.service import Accounts
from handoff.app import create_app
from handoff.conversations.inbound import Inbound
from tests.handoff.attachments import samples
from tests.support.databases import SqliteFiles
from tests.support.gateway import CHEAP, PASSWORD
from tests.support.gateways import Running, running
from tests.support.serving import serving
from tests.support.sockets import open_socket

SHOP = "https://shop.example"
OWN = "http://setu"
MEGABYTE = 1024 * 1024


@dataclass
class Place:
    """A gateway, a shop's page with the widget, and a desk."""

    running: Running
    http: httpx.AsyncClient
    inbox: str
    token: str

    async def upload(self, data: bytes = b"hello", name: str = "a.txt", **headers: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}", "Origin": SHOP, "X-Name": quote(name)} | headers
        return await self.http.post(f"/api/widget/{self.inbox}/files", content=data, headers=headers)

    async def uploaded(self, data: bytes, name: str) -> dict[str, Any]:
        answer = await self.upload(data, name)
        assert answer.status_code == 200, answer.text
        return dict(answer.json()["file"])

    async def serve(self, id: str, method: str = "GET", **headers: str) -> httpx.Response:
        return await self.http.request(method, f"/files/{id}", headers=headers)


@pytest.fixture
async def place(sqlite_files: SqliteFiles, tmp_path: Path) -> AsyncIterator[Place]:
    async with running(sqlite_files.fresh(tmp_path), at_work=False, home=tmp_path) as made:
        web = await made.gateway.inboxes.create("web", "Shop", {"origins": [SHOP]})
        made.client.headers.pop("Authorization")
        started = await made.client.post(
            f"/api/widget/{web.inbox.id}/start", json={}, headers={"Origin": SHOP}
        )
        yield Place(made, made.client, web.inbox.id, started.json()["token"])


async def test_the_widget_is_told_how_large_a_file_may_be(place: Place) -> None:
    started = await place.http.post(f"/api/widget/{place.inbox}/start", json={}, headers={"Origin": SHOP})
    assert started.json()["limits"]["file"] == 10 * MEGABYTE


async def test_a_picture_is_served_in_place_and_can_do_nothing(place: Place) -> None:
    file = await place.uploaded(samples.jpeg_with_markup(), "garden.jpg")
    assert (file["state"], file["kind"], file["type"], file["width"]) == ("ready", "image", "image/jpeg", 40)
    answer = await place.serve(file["id"])
    assert answer.status_code == 200
    assert b"<script" not in answer.content
    headers = answer.headers
    assert headers["content-type"] == "image/jpeg"
    assert headers["content-disposition"] == 'inline; filename="garden.jpg"'
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("default-src 'none'; sandbox;")
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert headers["cache-control"].startswith("private")
    assert headers["x-frame-options"] == "DENY"
    assert "set-cookie" not in headers
    assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize(
    ("data", "name", "media_type", "saved"),
    [
        (samples.PDF, "invoice.pdf", "application/pdf", 'filename="invoice.pdf"'),
        (b"hello", "shell.php", "text/plain", 'filename="shell.php.txt"'),
        (b"hello", "../../x.html", "text/plain", 'filename="x.html.txt"'),
        (bytes(range(256)), "run.exe", "application/octet-stream", 'filename="run.exe.bin"'),
        (samples.archive("a"), "a.zip", "application/zip", 'filename="a.zip"'),
        ("привет".encode(), "чек.txt", "text/plain", "filename*=utf-8''%D1%87%D0%B5%D0%BA.txt"),
        (b"x", 'a"\r\nSet-Cookie: x=1', "text/plain", "filename*=utf-8''a_Set-Cookie_%20x%3D1.txt"),
        (b"x", "", "text/plain", 'filename="file.txt"'),
    ],
)
async def test_everything_else_is_a_download_by_a_harmless_name(
    place: Place, data: bytes, name: str, media_type: str, saved: str
) -> None:
    file = await place.uploaded(data, name)
    answer = await place.serve(file["id"])
    assert answer.headers["content-disposition"] == f"attachment; {saved}"
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.content == data


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (samples.SVG, "file_type"), (samples.HTML, "file_type"), (samples.EXE, "file_type"),
        (b"", "file_empty"), (samples.png_bomb(), "file_pixels"), (samples.picture()[:50], "file_broken"),
    ],
    ids=["svg", "html", "program", "nothing", "bomb", "half"],
)  # fmt: skip
async def test_what_is_not_taken_is_refused_in_words_that_the_page_can_read(
    place: Place, data: bytes, said: str
) -> None:
    answer = await place.upload(data, "cat.png", **{"Content-Type": "image/png", "Accept-Language": "el"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, said)
    assert answer.json()["error"]["message"] == place.running.gateway.texts.say(
        f"errors.{said}", "el", limit=40
    )
    assert answer.headers["access-control-allow-origin"] == SHOP


async def test_ten_megabytes_are_taken_and_one_byte_more_is_not(place: Place) -> None:
    assert (await place.uploaded(b"a" * (10 * MEGABYTE), "a.txt"))["size"] == 10 * MEGABYTE
    answer = await place.upload(b"a" * (10 * MEGABYTE + 1))
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "file_too_large")
    assert "10" in answer.json()["error"]["message"]


async def test_a_body_far_too_large_or_endless_is_cut_off(place: Place) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += MEGABYTE
            yield b"a" * MEGABYTE

    headers = {"Authorization": f"Bearer {place.token}", "Origin": SHOP}
    url = f"/api/widget/{place.inbox}/files"
    answer = await place.http.post(url, content=endless(), headers=headers)
    assert answer.status_code in (413, 422)
    assert sent <= 12 * MEGABYTE
    declared = await place.http.post(url, content=b"a", headers=headers | {"Content-Length": str(10**12)})
    assert declared.status_code == 413


async def test_other_paths_keep_their_small_limit(place: Place) -> None:
    for path in (
        f"/api/widget/{place.inbox}/start",
        "/api/desk/files/x",
        f"/api/widget/{place.inbox}/files/x",
    ):
        answer = await place.http.post(path, content=b"a" * 300_000)
        assert answer.status_code == 413, path


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer wrong", "Basic x", "Bearer " + "x" * 300])
async def test_without_the_widgets_token_nothing_is_taken(place: Place, token: str) -> None:
    answer = await place.upload(Authorization=token)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "token_unknown")


async def test_a_token_is_good_for_its_own_inbox_only(place: Place) -> None:
    other = await place.running.gateway.inboxes.create("web", "Other", {"origins": [SHOP]})
    headers = {"Authorization": f"Bearer {place.token}", "Origin": SHOP}
    answer = await place.http.post(f"/api/widget/{other.inbox.id}/files", content=b"x", headers=headers)
    assert answer.status_code == 401


async def test_only_the_pages_of_an_inbox_may_upload(place: Place) -> None:
    url = f"/api/widget/{place.inbox}/files"
    allowed = await place.http.options(url, headers={"Origin": SHOP})
    assert allowed.status_code == 204
    assert allowed.headers["access-control-allow-origin"] == SHOP
    assert {"authorization", "x-name"} <= set(allowed.headers["access-control-allow-headers"].split(", "))
    assert (await place.http.options(url, headers={"Origin": "https://evil.example"})).status_code == 403
    assert (await place.upload(Origin="https://evil.example")).status_code == 403


async def test_uploads_come_at_a_sensible_rate(place: Place) -> None:
    answers = [await place.upload() for _ in range(31)]
    assert [answer.status_code for answer in answers[:30]] == [200] * 30
    assert answers[30].status_code == 429
    assert answers[30].json()["error"]["retry_after"] > 0


async def test_an_agent_uploads_at_the_desk_by_cookie_and_header(place: Place) -> None:
    accounts = Accounts(place.running.gateway.database, Passwords(CHEAP))
    await accounts.create(email="maria@example.org", name="Maria", password=PASSWORD, role="agent")
    ours = {"X-Setu": "1", "Origin": OWN}
    who = {"email": "maria@example.org", "password": PASSWORD}
    url, named = "/api/desk/files", ours | {"X-Name": "a.txt"}
    assert (await place.http.post(url, content=b"x", headers=named)).status_code == 401
    assert (await place.http.post("/api/desk/sign-in", json=who, headers=ours)).status_code == 200
    answer = await place.http.post(url, content=b"x", headers=named)
    assert (answer.status_code, answer.json()["file"]["name"]) == (200, "a.txt")
    for missing in ({"Origin": OWN}, {"X-Setu": "1", "Origin": "https://evil.example"}):
        assert (await place.http.post(url, content=b"x", headers=missing)).status_code == 403


@pytest.mark.parametrize(
    "id", ["", "x", "0" * 33, "../../setu.db", "..%2f..%2fsetu.db", "%00", "a" * 500, "kept", "index.html"]
)
async def test_what_is_not_there_is_not_found_and_nothing_is_listed(place: Place, id: str) -> None:
    assert (await place.serve(id)).status_code == 404
    assert (await place.serve(id, "HEAD")).status_code == 404


async def test_heads_and_parts_are_served(place: Place) -> None:
    file = await place.uploaded(samples.MP4, "film.mp4")
    head = await place.serve(file["id"], "HEAD")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(samples.MP4))
    assert head.headers["content-disposition"] == 'inline; filename="film.mp4"'
    part = await place.serve(file["id"], Range="bytes=4-7")
    assert (part.status_code, part.content) == (206, b"ftyp")
    assert part.headers["content-range"] == f"bytes 4-7/{len(samples.MP4)}"
    assert "sandbox" in part.headers["content-security-policy"]
    assert (await place.serve(file["id"], Range="bytes=9999-")).status_code == 416


async def test_files_cannot_be_changed_or_removed_from_outside(place: Place) -> None:
    file = await place.uploaded(b"hello", "a.txt")
    for method in ("PUT", "DELETE", "POST", "PATCH"):
        assert (await place.serve(file["id"], method)).status_code == 405
    assert (await place.serve(file["id"])).content == b"hello"


async def test_an_upload_is_sent_through_the_conversation(place: Place) -> None:
    file = await place.uploaded(samples.picture(), "a.png")
    gateway = place.running.gateway
    visitor = await gateway.front.visitors.by_token(place.token)
    inbound = Inbound(contact=visitor.external_id, client_id="c1", uploads=(file["id"],))
    receipt = await gateway.conversations.receive(visitor.inbox, inbound)
    assert receipt.message.rich["files"] == [file]
    await asyncio.wait_for(receipt.done(), 10)


async def test_the_widgets_socket_sends_files_by_their_ids(place: Place) -> None:
    file = await place.uploaded(samples.picture(), "a.png")
    async with serving(create_app(place.running.gateway)) as url:
        socket = await open_socket(url, "/widget", {"token": place.token})
        try:
            answer = await socket.call("send", {"client_id": "c1", "files": [file["id"]]})
            assert answer["ok"], answer
            assert answer["message"]["rich"]["files"] == [file]
            again = await socket.call("send", {"client_id": "c1", "files": [file["id"]]})
            assert again["message"] == answer["message"]
            for files in ("x", [1], ["x" * 65], {"id": "x"}, None):
                refused = await socket.call("send", {"client_id": "c2", "text": "hi", "files": files})
                assert refused["error"]["code"] == "bad_request"
            refused = await socket.call("send", {"client_id": "c3", "files": [file["id"]]})
            assert refused["error"]["code"] == "unknown_file"
        finally:
            await socket.close()
