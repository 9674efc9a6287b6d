"""What the database knows of models: those that were trained, those that were live, and when."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.agents.models import Agent
from handoff.errors import NotFound
from handoff.ops import model as ops
from handoff.workbench.models import Model, Promotion, Run, Shadow
from handoff.workbench.promotion.decide import Wanted

SHOWN = 50  # promotions


class Origin(NamedTuple):
    """Fingerprints of what a model trained now would be made with and learn from."""

    recipe: Callable[[], str] = ops.recipe
    data: Callable[[], str] = ops.data


def archive_of(models: Path, name: str) -> Path:
    return models / f"{name}.tar.gz"


def wanted(model: Model) -> Wanted:
    return Wanted(model.name, model.sha256)


async def the_model(session: AsyncSession, name: str) -> Model:
    found = await session.get(Model, name)
    if found is None:
        raise NotFound("model_unknown")
    return found


async def newest(session: AsyncSession) -> tuple[Promotion, Model] | None:
    """Which model is to be live."""
    asked = select(Promotion, Model).join(Model, Model.name == Promotion.model)
    row = (await session.execute(asked.order_by(Promotion.id.desc()).limit(1))).first()
    return None if row is None else (row[0], row[1])


async def history(session: AsyncSession) -> list[tuple[str, str]]:
    """``(kind, model)``, oldest first."""
    rows = await session.execute(select(Promotion.kind, Promotion.model).order_by(Promotion.id))
    return [(kind, model) for kind, model in rows]


async def run_of(session: AsyncSession, model: Model) -> Run | None:
    return await session.get(Run, model.run_id) if model.run_id else None


async def going_shadow(session: AsyncSession) -> tuple[Shadow, Model] | None:
    asked = select(Shadow, Model).join(Model, Model.name == Shadow.model).where(Shadow.ended_at.is_(None))
    row = (await session.execute(asked.order_by(Shadow.since.desc()).limit(1))).first()
    return None if row is None else (row[0], row[1])


async def all_models(session: AsyncSession) -> list[tuple[Model, Run | None]]:
    """Newest first."""
    asked = select(Model, Run).outerjoin(Run, Run.id == Model.run_id).order_by(Model.trained_at.desc())
    return [(model, run) for model, run in await session.execute(asked)]


async def promotions_as_json(session: AsyncSession) -> list[dict[str, Any]]:
    """Newest first."""
    asked = select(Promotion, Agent.name).outerjoin(Agent, Agent.id == Promotion.agent_id)
    rows = (await session.execute(asked.order_by(Promotion.id.desc()).limit(SHOWN))).all()
    return [
        {
            "id": one.id,
            "kind": one.kind,
            "model": one.model,
            "before": one.before,
            "agent": {"id": one.agent_id, "name": name} if one.agent_id else None,
            "override": one.override,
            "verdict": one.verdict,
            "at": one.at,
        }
        for one, name in rows
    ]
