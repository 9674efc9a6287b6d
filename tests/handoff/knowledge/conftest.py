"""A gateway with a few articles, found by their words."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from actions.knowledge.search import Knowledge
from tests.actions.knowledge.articles import both
from tests.support.gateway import Gateway, gateway


@pytest.fixture
async def running(database_url: str) -> AsyncIterator[Gateway]:
    async with gateway(database_url, knowledge=Knowledge(both())) as made:
        yield made
