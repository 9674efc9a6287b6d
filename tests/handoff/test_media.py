"""Pictures of products over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from actions.db import Database, new_id
from actions.shop.models import Product
from actions.texts import Texts
from handoff import answers, media


@pytest.fixture
async def http(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    answers.install(app, Texts.load())
    app.include_router(media.router(database=database))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as client:
        yield client


async def test_a_product_has_a_picture_that_other_pages_may_show(
    database: Database, http: httpx.AsyncClient
) -> None:
    told = {"brand": "Norvelle", "category": "home/lamps", "size_group": "", "description": ""}
    product = Product(id=new_id(), name="<b>Lamp</b> & Co", price=1, **told)
    async with database.write() as session:
        session.add(product)
    answer = await http.get(f"/media/products/{product.id}.svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.text.startswith("<svg")
    assert "<b>" not in answer.text


async def test_platforms_get_the_picture_in_pixels(database: Database, http: httpx.AsyncClient) -> None:
    told = {"brand": "Norvelle", "category": "home/lamps", "size_group": "", "description": ""}
    product = Product(id=new_id(), name="Lamp", price=1, **told)
    async with database.write() as session:
        session.add(product)
    answer = await http.get(f"/media/products/{product.id}.png")
    assert answer.headers["content-type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")
    assert int.from_bytes(answer.content[16:20]) == media.WIDTH


async def test_no_product_no_picture(http: httpx.AsyncClient) -> None:
    answer = await http.get("/media/products/nothing.svg")
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"
