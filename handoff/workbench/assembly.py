"""The workbench put together: its routers, and the work that goes on behind them."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter

from handoff.workbench import api
from handoff.workbench.context import Context

Work = Callable[[], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Workbench:
    """``work``: by name, what runs as long as the gateway does."""

    routers: tuple[APIRouter, ...]
    work: dict[str, Work]


def make_workbench(context: Context) -> Workbench:
    """Nothing runs yet."""
    return Workbench(routers=(api.router(context),), work={})
