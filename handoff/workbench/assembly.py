"""The workbench put together: its routers, and the work that goes on behind them."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter

from handoff.workbench import api
from handoff.workbench.articles import api as articles_api
from handoff.workbench.articles.service import Articles
from handoff.workbench.context import Context
from handoff.workbench.dataset import api as dataset_api
from handoff.workbench.dataset.changes import Changes
from handoff.workbench.gathering import api as gathering
from handoff.workbench.gathering.gather import forever
from handoff.workbench.gathering.gather import works as gathering_works
from handoff.workbench.labels import api as labels_api
from handoff.workbench.labels import rechecking
from handoff.workbench.labels.grounds import Grounds
from handoff.workbench.labels.vocabulary import Words
from handoff.workbench.promotion import api as promotion_api
from handoff.workbench.promotion.assembly import make_models
from handoff.workbench.runs import api as runs_api
from handoff.workbench.runs.assembly import make_runs

Work = Callable[[], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Workbench:
    """``work``: by name, what runs as long as the gateway does."""

    routers: tuple[APIRouter, ...]
    work: dict[str, Work]


def make_workbench(context: Context) -> Workbench:
    """Nothing runs yet."""
    changes = Changes(context)
    models = make_models(context)
    runs = make_runs(context)
    words, grounds = Words(context.root, changes.examples), Grounds(context.root, changes.examples)

    async def labels_and_data() -> None:
        def step(_: Context) -> Coroutine[Any, Any, int]:
            return rechecking.recheck(context, words, grounds)

        await forever(context, "labels_and_data", step, rechecking.PAUSE, rechecking.BATCH)

    return Workbench(
        routers=(
            api.router(context),
            gathering.router(context),
            dataset_api.router(context, changes, runs.talks),
            labels_api.router(context, changes, words, grounds),
            promotion_api.router(context, models),
            runs_api.router(context, runs),
            articles_api.router(context, Articles(context, changes)),
        ),
        work={
            **gathering_works(context),
            "labels_and_data": labels_and_data,
            "dataset": changes.recover,
            "runs": runs.run,
            **models.work(),
        },
    )
