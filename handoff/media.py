"""Pictures of the shop's products: drawn when asked for, safe to open on their own."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Response
from resvg_py import svg_to_bytes

from actions.db import Database
from actions.shop import pictures
from handoff.errors import NotFound

KEPT = "public, max-age=86400"  # a product's picture follows from its row alone
HEADERS = {"Cache-Control": KEPT, "Cross-Origin-Resource-Policy": "cross-origin"}
WIDTH = 600  # pixels


def router(*, database: Database) -> APIRouter:
    api = APIRouter(prefix="/media", include_in_schema=False)

    async def drawn(id: str) -> str:
        async with database.read() as session:
            picture = await pictures.of(session, id)
        if picture is None:
            raise NotFound("not_found")
        return picture

    @api.get("/products/{id}.svg")
    async def product(id: str) -> Response:
        """A widget's cards are shown by pages of other origins, so anybody may embed it."""
        return Response(await drawn(id), media_type="image/svg+xml", headers=HEADERS)

    @api.get("/products/{id}.png")
    async def pixels(id: str) -> Response:
        """The same in pixels: messaging platforms fetch pictures of cards, and take no SVG."""
        picture = await drawn(id)
        # No words are in the picture but its title, so no fonts are looked for.
        png = await asyncio.to_thread(svg_to_bytes, svg_string=picture, width=WIDTH, skip_system_fonts=True)
        return Response(png, media_type="image/png", headers=HEADERS)

    return api
