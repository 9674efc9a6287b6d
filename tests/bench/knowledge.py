"""``knowledge``: how well questions kept from the articles find theirs, and how quiet it is about all else.

``tests/knowledge/<language>.yml`` holds them; none stands in an article. A question may stand under two
articles: then either answers. ``--language LANG`` measures one language only.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

import numpy as np
import yaml

from actions.knowledge import index as indexes
from actions.knowledge.articles import FOLDER, read
from actions.knowledge.certainty import COSTS_IN_LIST, COSTS_IN_TALK, Certainty, examples, threshold
from actions.knowledge.index import Floats, Found, Index
from actions.knowledge.search import Knowledge
from actions.knowledge.serving import client
from actions.knowledge.vectors import BotVectors, Kept, Source
from tests.bench.report import Report
from tests.support.servers import Place, Server, bot_server

QUESTIONS = Path("tests/knowledge")
FOREIGN = "foreign"


def run(options: list[str]) -> Report:
    """Asks a bot process for the vectors, as the product does."""
    parser = argparse.ArgumentParser(prog="./setu bench knowledge")
    parser.add_argument("--language")
    wanted = parser.parse_args(options).language
    with tempfile.TemporaryDirectory() as folder, bot_server(Place(Path(folder))) as bot:
        return asyncio.run(_ask(bot, Path(folder), wanted))


async def _ask(bot: Server, folder: Path, wanted: str | None) -> Report:
    async with client() as calls:
        source = BotVectors([bot.url], bot.headers["Authorization"].removeprefix("Bearer "), calls)
        return await report(source, folder, wanted)


async def report(source: Source, folder: Path, wanted: str | None = None) -> Report:
    """``wanted``: one language only; ``folder`` keeps vectors."""
    made = Report()
    for path in files():
        if wanted in (None, path.stem):
            made.figures |= await measure(path.stem, questions(path), source, folder)
    made.notes.append(
        "hit1, mrr: the right article; words, meaning: each alone; answered: of the questions, in a talk "
        f"(from a probability of {threshold(COSTS_IN_TALK):.2f}); right: of those answered; silent: of the "
        f"foreign sentences, in a talk and in a list (from {threshold(COSTS_IN_LIST):.2f})"
    )
    return made


def files() -> list[Path]:
    return sorted(QUESTIONS.glob("*.yml"))


def questions(path: Path) -> dict[str, set[str]]:
    """Question → slugs of the articles that answer it, or "foreign"."""
    kept: dict[str, set[str]] = {}
    for slug, texts in yaml.safe_load(path.read_text("utf-8")).items():
        for text in texts:
            kept.setdefault(text, set()).add(slug)
    return kept


async def measure(language: str, kept: dict[str, set[str]], source: Source, folder: Path) -> dict[str, float]:
    articles = Knowledge(read()).served(language)
    foreign = yaml.safe_load((FOLDER / "foreign.yml").read_text("utf-8")).get(language) or []
    wanted = indexes.texts(articles)
    encoded = (await Kept(source, folder).encode([*wanted, *foreign])).rows
    rows, others = encoded[: len(wanted)], encoded[len(wanted) :]
    hybrid = Index(articles, rows)
    own = rows[len(wanted) - len(hybrid.questions) :]
    sure = Certainty.fit(examples(hybrid, own, foreign, others))
    asked = {text: await source.encode([text], language) for text in kept}
    # Words alone are what is left when the bot is away: nobody reads romanised words then.
    heard = {text: (one.read[0], one.rows[0]) for text, one in asked.items()}
    ours = {text: slugs for text, slugs in kept.items() if FOREIGN not in slugs}
    name = f"knowledge_{language}"
    figures: dict[str, float] = {}
    ways = {"": hybrid, "words_": Index(articles), "meaning_": Index(articles, rows, weight=0.0)}
    for way, index in ways.items():
        places = np.array(
            [
                _place(index.find(heard[text][0] if index.by_meaning else text, heard[text][1], 99), slugs)
                for text, slugs in ours.items()
            ]
        )
        figures[f"{name}.{way}hit1"] = float((places == 1).mean())
        figures[f"{name}.{way}mrr"] = float((1 / places).mean())
    return figures | {f"{name}.{key}": value for key, value in _certainty(hybrid, sure, kept, heard).items()}


def _place(found: list[Found], slugs: set[str]) -> float:
    """Of the first right article, from one; infinite if it was not found."""
    places = [at for at, one in enumerate(found, 1) if one.article.slug in slugs]
    return places[0] if places else float("inf")


def _certainty(
    index: Index, sure: Certainty, kept: dict[str, set[str]], heard: dict[str, tuple[str, Floats]]
) -> dict[str, float]:
    told, right, ours, took = [], [], [], []
    for text, slugs in kept.items():
        start = time.perf_counter()
        found = index.find(*heard[text], 1)
        took.append(time.perf_counter() - start)
        told.append(sure.of(found[0]) if found else 0.0)
        right.append(bool(found) and found[0].article.slug in slugs)
        ours.append(FOREIGN not in slugs)
    p, correct, asked = np.array(told), np.array(right), np.array(ours)
    talk, listed = threshold(COSTS_IN_TALK), threshold(COSTS_IN_LIST)
    above = p[asked & correct][:, None] > p[~asked][None]
    return {
        "answered": float((p[asked] >= talk).mean()),
        "right": float(correct[asked & (p >= talk)].mean()) if (asked & (p >= talk)).any() else 0.0,
        "silent": float((p[~asked] < talk).mean()),
        "silent_in_list": float((p[~asked] < listed).mean()),
        "auroc": float(above.mean()),
        "ms": float(np.median(took)) * 1000,
    }
