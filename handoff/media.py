"""Pictures of the shop's products: drawn when asked for, safe to open on their own."""

from __future__ import annotations

from fastapi import APIRouter, Response

from actions.db import Database
from actions.shop import pictures
from handoff.errors import NotFound

KEPT = "public, max-age=86400"  # a product's picture follows from its row alone


def router(*, database: Database) -> APIRouter:
    api = APIRouter(prefix="/media", include_in_schema=False)

    @api.get("/products/{id}.svg")
    async def product(id: str) -> Response:
        """A widget's cards are shown by pages of other origins, so anybody may embed it."""
        async with database.read() as session:
            drawn = await pictures.of(session, id)
        if drawn is None:
            raise NotFound("not_found")
        headers = {"Cache-Control": KEPT, "Cross-Origin-Resource-Policy": "cross-origin"}
        return Response(drawn, media_type="image/svg+xml", headers=headers)

    return api
