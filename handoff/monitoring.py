"""For the operator's machines: health, readiness, metrics."""

from __future__ import annotations

import hmac
import ipaddress

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import text

from actions.db import Database
from handoff.errors import Forbidden
from handoff.rasa import RasaBot
from handoff.telemetry import Metrics


def router(
    *, database: Database, bot: RasaBot, metrics: Metrics, metrics_token: str | None = None
) -> APIRouter:
    """Without ``metrics_token`` the metrics are shown to callers on the same machine only, and not
    to those who come through a proxy."""
    api = APIRouter(tags=["operation"])

    @api.get("/health")
    async def health() -> dict[str, str]:
        """The process lives."""
        return {"status": "ok"}

    @api.get("/ready")
    async def ready() -> dict[str, str]:
        """Customers are served; without the bot they still are, by people, so that is told only."""
        async with database.read() as session:
            await session.execute(text("SELECT 1"))
        return {"status": "ok", "bot": "ok" if await bot.ready() else "down"}

    @api.get("/metrics", include_in_schema=False)
    async def show(request: Request) -> Response:
        if not _may_see(request, metrics_token):
            raise Forbidden("metrics_closed")
        return Response(metrics.text(), media_type=CONTENT_TYPE_LATEST)

    return api


def _may_see(request: Request, token: str | None) -> bool:
    if token:
        given = request.headers.get("authorization", "").encode("utf-8", "replace")
        return hmac.compare_digest(given, f"Bearer {token}".encode())
    client = request.client.host if request.client else ""
    try:
        return ipaddress.ip_address(client).is_loopback and "x-forwarded-for" not in request.headers
    except ValueError:
        return False
