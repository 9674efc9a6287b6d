"""The messages that models are compared on: drawn from real traffic, and the shop's own frozen sets.

Of what customers write one in ten is drawn at random and never learnt from: an utterance and its like, once
and for good when the first of them comes, so that nothing is drawn after it was learnt from. All are as
likely to be drawn, so each counts as often as it was written (Horvitz & Thompson 1952). Those of the shop's
own sets count once.

Messages that the training data holds word for word are left out and counted as leaks; up to two words
everybody says alike, these stay. Where 200 messages of the traffic or more are labelled, they alone are
``chosen``, else both sets together.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
import yaml
from sqlalchemy import select

from actions.db import Database
from handoff.workbench.comparison.items import Item
from handoff.workbench.dataset.examples import Examples
from handoff.workbench.dataset.folding import fold
from handoff.workbench.labels.meaning import Label
from handoff.workbench.labels.states import voices
from handoff.workbench.labels.store import labels_of
from handoff.workbench.models import Utterance

ENOUGH = 200
MOST = 3_000  # messages of the traffic, the last ones written
SHORT = 2  # words
LEAKS_SHOWN = 20
FOREIGN = "oos"  # so the shop's sets call what is out of scope

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Frozen:
    """``items``: the messages to compare on; ``sets``: what was chosen, as the report tells it."""

    items: Sequence[Item]
    sets: Sequence[dict[str, Any]]


async def frozen(database: Database, root: Path) -> Frozen:
    """All that is labelled and frozen now, without what ``root/data`` holds."""
    traffic = await _traffic(database)
    return await asyncio.to_thread(lambda: choose(traffic, list(shop(root)), learnt(root)))


def choose(traffic: Sequence[Item], shop: Sequence[Item], known: Collection[str]) -> Frozen:
    """Pure. ``known``: folded texts that are learnt from."""
    kept: dict[str, list[Item]] = {"traffic": [], "shop": []}
    leaked: dict[str, list[Item]] = {"traffic": [], "shop": []}
    for name, items in (("traffic", traffic), ("shop", shop)):
        for item in items:
            (leaked if _leaks(item.text, known) else kept)[name].append(item)
    alone = len(kept["traffic"]) >= ENOUGH
    chosen = {"traffic": bool(kept["traffic"]), "shop": not alone and bool(kept["shop"])}
    sets = [
        {
            "name": name,
            "size": len(kept[name]),
            "chosen": chosen[name],
            "leaks": {
                "count": len(leaked[name]),
                "examples": [item.text for item in leaked[name][:LEAKS_SHOWN]],
            },
            "languages": dict(Counter(item.language for item in kept[name]).most_common()),
        }
        for name in ("traffic", "shop")
    ]
    return Frozen([item for name in ("traffic", "shop") if chosen[name] for item in kept[name]], sets)


def weight(count: int) -> float:
    """For how many drawn messages an utterance stands that was written so often; at least 1."""
    return float(max(count, 1))


def shop(root: Path) -> Iterator[Item]:
    """``root/tests/nlu/shop_<language>.jsonl``; a line that is none is left out, with a word in the log."""
    for path in sorted((root / "tests" / "nlu").glob("shop_*.jsonl")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if not line.strip():
                continue
            try:
                said = json.loads(line)
                wishes = said.get("wishes") or ([] if said["label"] == FOREIGN else [said["label"]])
                yield Item(said["text"], tuple(wishes), said["language"], said.get("script") or "Zzzz")
            except (ValueError, KeyError, TypeError, AttributeError):
                log.warning("frozen_line_broken", file=path.name, line=number)


def learnt(root: Path) -> frozenset[str]:
    """Folded texts of all that is learnt from: examples, and what is foreign to us."""
    texts = {example.folded for example in Examples(root).all()}
    for path in sorted((root / "data" / "foreign").glob("*.yml")):
        content = yaml.load(path.read_text("utf-8"), Loader=_Loader) or {}  # noqa: S506 (a safe one)
        texts |= {fold(str(text)) for text in content.get("foreign") or ()}
    return frozenset(texts)


_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _leaks(text: str, known: Collection[str]) -> bool:
    folded = fold(text)
    return len(folded.split()) > SHORT and folded in known


async def _traffic(database: Database) -> list[Item]:
    asked = (
        select(Utterance)
        .where(Utterance.frozen.is_(True), Utterance.state == "settled")
        .order_by(Utterance.last_at.desc(), Utterance.id)
        .limit(MOST)
    )
    async with database.read() as session:
        rows = (await session.scalars(asked)).all()
        labels = await labels_of(session, [row.id for row in rows])
    items = (_item(row, voices(labels[row.id])) for row in rows)
    return [item for item in items if item is not None]


def _item(row: Utterance, heard: Sequence[Label]) -> Item | None:
    """None where nothing can be read rightly: nobody could tell, or its intent is only proposed."""
    if not heard:
        return None
    label = heard[0]
    wishes = {
        "intent": (label.intent,),
        "proposed": (label.intent,),  # settled: it has become an intent
        "two_wishes": tuple(label.wishes),
        "out_of_scope": (),
    }.get(label.kind)
    if wishes is None or not all(wishes):
        return None
    spoken = next((one.language for one in heard if one.language), None) or row.language or "en"
    names = tuple(wish for wish in wishes if wish)
    return Item(row.text, names, spoken, row.script or "Zzzz", round(weight(row.count), 4))
