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
from actions.knowledge.vectors import BotVectors, Source

log = logging.getLogger(__name__)

WAIT = httpx.Timeout(5.0, connect=0.5)  # seconds; a batch of passages may take one


def client() -> httpx.AsyncClient:
    """The connections to the bots, to be closed by whoever asked for them."""
    return httpx.AsyncClient(trust_env=False, timeout=WAIT)


def load(data: Path, source: Source | None, home: Path) -> Knowledge:
    """The articles in ``data``; without a source of vectors, words alone find them.

    A file that cannot be read is named in the log, and there are no articles then: everything else goes on.
    """
    for chatty in ("bm25s", "httpx"):  # they report each of their steps
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        return Knowledge.open(data, source=source, folder=home / "vectors")
    except (BadArticle, OSError, ValueError) as wrong:
        log.error("no help articles: %s", wrong)
        return Knowledge([])


@asynccontextmanager
async def opened(
    data: Path, languages: Sequence[str], *, bots: Sequence[str], token: SecretStr | None, home: Path
) -> AsyncIterator[Knowledge]:
    """:func:`load`, learning what the articles mean while the block runs; without a token they do not."""
    async with client() as calls:
        knowledge = load(data, BotVectors(bots, token.get_secret_value(), calls) if token else None, home)
        learning = asyncio.create_task(knowledge.run(languages), name="articles")
        try:
            yield knowledge
        finally:
            learning.cancel()
            await asyncio.gather(learning, return_exceptions=True)
