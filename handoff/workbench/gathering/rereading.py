"""What the live model makes of utterances that it has not read: those of files, and all after a promotion."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import httpx
from sqlalchemy import select

from handoff.workbench.context import Context
from handoff.workbench.gathering import marks
from handoff.workbench.gathering.intake import rescore
from handoff.workbench.models import Utterance

BATCH = 8  # texts of a request: the bot has turns to take meanwhile
PATH = "/webhooks/setu"
WAIT = 30.0  # seconds; nobody waits for it


async def read_again(context: Context) -> int:
    """One batch; how many were looked at (0: all is read, or no bot tells). Raises :class:`marks.Moved`."""
    async with httpx.AsyncClient(trust_env=False, timeout=WAIT) as client:
        bot = _Bot(context, client)
        live = await bot.live()
        if live is None:
            return 0
        now = context.clock()
        mark = await marks.read(context.database, "rereading", now)
        same = mark.value.get("model") == live
        after = str(mark.value.get("after", "")) if same else ""
        whole = not same or bool(after)  # all are gone through once; then only what comes from files
        rows = await _unread(context, live, after, whole=whole)
        if not rows and not whole:
            return 0
        readings = await bot.read(rows) if rows else []
    if readings is None:
        return 0
    async with context.database.write() as session:
        await marks.move(session, mark, {"model": live, "after": rows[-1][0] if rows else ""}, now)
        found = await session.scalars(select(Utterance).where(Utterance.id.in_([id for id, _, _ in rows])))
        by_id = {row.id: row for row in found}
        for (id, _, _), reading in zip(rows, readings, strict=True):
            row = by_id.get(id)
            if row is None:
                continue
            row.reading = {**reading, "model": live}
            row.intent = reading.get("intent")
            row.language = row.language or reading.get("language")
            rescore(row, now)
    return len(rows)


async def _unread(
    context: Context, live: str, after: str, *, whole: bool
) -> Sequence[tuple[str, str, str | None]]:
    """Open ones that stand for their like and that another model read, or none."""
    model = Utterance.reading["model"].as_string()
    asked = (
        select(Utterance.id, Utterance.text, Utterance.language)
        .where(
            Utterance.state == "open",
            Utterance.hidden.is_(False),
            Utterance.id > after,
            model.is_distinct_from(live),
        )
        .order_by(Utterance.id)
        .limit(BATCH)
    )
    if not whole:
        asked = asked.where(Utterance.intent.is_(None), Utterance.source == "import")
    async with context.database.read() as session:
        return [(id, text, language) for id, text, language in await session.execute(asked)]


class _Bot:
    """The first bot that answers."""

    def __init__(self, context: Context, client: httpx.AsyncClient) -> None:
        self._urls, self._client = context.bot_urls, client
        self._headers = {"Authorization": f"Bearer {context.bot_token}"}

    async def live(self) -> str | None:
        for url in self._urls:
            try:
                answer = await self._client.get(f"{url}{PATH}/model", headers=self._headers)
                answer.raise_for_status()
                return str(answer.json()["live"]["name"])
            except (httpx.HTTPError, ValueError, KeyError, TypeError):
                continue
        return None

    async def read(self, rows: Sequence[tuple[str, str, str | None]]) -> list[dict[str, Any]] | None:
        texts = [{"text": text, **({"language": code} if code else {})} for _, text, code in rows]
        for url in self._urls:
            try:
                answer = await self._client.post(
                    f"{url}{PATH}/read", json={"texts": texts, "as": "live"}, headers=self._headers
                )
                answer.raise_for_status()
                found = answer.json()["readings"]
            except (httpx.HTTPError, ValueError, KeyError, TypeError):
                continue
            if isinstance(found, list) and len(found) == len(rows):
                return found
        return None
