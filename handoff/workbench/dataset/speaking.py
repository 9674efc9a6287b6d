"""Which language a trainer is spoken to in."""

from __future__ import annotations

from handoff.agents.models import Agent
from handoff.workbench.context import Context


def language_of(agent: Agent, context: Context) -> str:
    """The first of the agent's that the texts have, as on the workbench's page."""
    return next((one for one in agent.languages if one in context.texts.languages), "en")
