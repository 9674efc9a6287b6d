"""The parts that keep models, put together."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import httpx

from handoff.workbench.context import Context
from handoff.workbench.gathering.masking import mask
from handoff.workbench.promotion.fleet import Fleet
from handoff.workbench.promotion.lease import Lease
from handoff.workbench.promotion.reconcile import Reconcile
from handoff.workbench.promotion.records import Origin
from handoff.workbench.promotion.service import Promotions
from handoff.workbench.promotion.shadowing import Shadows


@dataclass(frozen=True, slots=True)
class Models:
    promotions: Promotions
    reconcile: Reconcile
    shadows: Shadows
    calls: httpx.AsyncClient

    def work(self) -> dict[str, Callable[[], Coroutine[Any, Any, None]]]:
        return {"models": self._run, "shadow": self.shadows.run}

    async def _run(self) -> None:
        try:
            await self.reconcile.run()
        finally:
            await self.calls.aclose()


def make_models(
    context: Context, origin: Origin | None = None, calls: httpx.AsyncClient | None = None
) -> Models:
    """Nothing runs yet."""
    calls = calls or httpx.AsyncClient(trust_env=False)
    fleet, known = Fleet(context.bot_urls, context.bot_token, calls), origin or Origin()
    lease = Lease(context, "promotion.lease")
    promotions = Promotions(context, fleet, lease, known)
    return Models(
        promotions=promotions,
        reconcile=Reconcile(context, promotions, fleet, lease, known),
        shadows=Shadows(
            context, fleet, Lease(context, "shadow.lease"), lambda text: mask(text).text, promotions.bell
        ),
        calls=calls,
    )
