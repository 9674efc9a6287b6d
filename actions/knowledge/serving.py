"""The articles of a running process, with vectors from its bots."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from pydantic import SecretStr

from actions.knowledge.articles import BadArticle
from actions.knowledge.search import Knowledge
from actions.knowledge.vectors import BotVectors

log = logging.getLogger(__name__)

WAIT = httpx.Timeout(5.0, connect=0.5)  # seconds; a batch of passages may take one


@asynccontextmanager
async def opened(
    data: Path, languages: Sequence[str], *, bots: Sequence[str], token: SecretStr | None, home: Path
) -> AsyncIterator[Knowledge]:
    """The articles in ``data``; they learn what they mean while the process runs.

    Without a token, words alone find them. A file that cannot be read is named in the log, and there are no
    articles then: everything else goes on.
    """
    async with httpx.AsyncClient(trust_env=False, timeout=WAIT) as client:
        source = BotVectors(bots, token.get_secret_value(), client) if token else None
        try:
            knowledge = Knowledge.open(data, source=source, folder=home / "vectors")
        except BadArticle as wrong:
            log.error("no help articles: %s", wrong)
            knowledge = Knowledge([])
        learning = asyncio.create_task(knowledge.run(languages), name="articles")
        try:
            yield knowledge
        finally:
            learning.cancel()
            await asyncio.gather(learning, return_exceptions=True)
