"""``knowledge``: how well questions kept from the articles find theirs, and how quiet it is about all else.

``tests/knowledge/<language>.yml`` holds them; none stands in an article. A question may stand under two
articles: then either answers. ``--language LANG`` measures one language only.
"""

from __future__ import annotations

import argparse
import os
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
from bot.encoder.runtime import Encoder
from tests.bench.report import Report

QUESTIONS = Path("tests/knowledge")
FOREIGN = "foreign"


def run(options: list[str]) -> Report:
    parser = argparse.ArgumentParser(prog="./setu bench knowledge")
    parser.add_argument("--language")
    wanted = parser.parse_args(options).language
    encoder = Encoder.load(Path(os.environ.get("SETU_ENCODER") or "models/encoder"))
    report = Report(goals={})
    for path in sorted(QUESTIONS.glob("*.yml")):
        if wanted in (None, path.stem):
            report.figures |= measure(path.stem, questions(path), encoder)
    report.notes.append(
        "hit1, mrr: the right article; words, meaning: each alone; answered: of the questions, in a talk "
        f"(from a probability of {threshold(COSTS_IN_TALK):.2f}); right: of those answered; silent: of the "
        f"foreign sentences, in a talk and in a list (from {threshold(COSTS_IN_LIST):.2f})"
    )
    return report


def questions(path: Path) -> dict[str, set[str]]:
    """Question → slugs of the articles that answer it, or "foreign"."""
    kept: dict[str, set[str]] = {}
    for slug, texts in yaml.safe_load(path.read_text("utf-8")).items():
        for text in texts:
            kept.setdefault(text, set()).add(slug)
    return kept


def measure(language: str, kept: dict[str, set[str]], encoder: Encoder) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as empty:
        articles = Knowledge(read(), folder=Path(empty)).served(language)
    foreign = yaml.safe_load((FOLDER / "foreign.yml").read_text("utf-8")).get(language) or []
    wanted = indexes.texts(articles)
    rows = encoder.encode(wanted)
    hybrid = Index(articles, rows)
    own = rows[len(wanted) - len(hybrid.questions) :]
    sure = Certainty.fit(examples(hybrid, own, foreign, encoder.encode(foreign) if foreign else None))
    vectors = {text: encoder.encode([text])[0] for text in kept}
    ours = {text: slugs for text, slugs in kept.items() if FOREIGN not in slugs}
    name = f"knowledge_{language}"
    figures: dict[str, float] = {}
    ways = {"": hybrid, "words_": Index(articles), "meaning_": Index(articles, rows, weight=0.0)}
    for way, index in ways.items():
        places = np.array(
            [_place(index.find(text, vectors[text], 99), slugs) for text, slugs in ours.items()]
        )
        figures[f"{name}.{way}hit1"] = float((places == 1).mean())
        figures[f"{name}.{way}mrr"] = float((1 / places).mean())
    return figures | {
        f"{name}.{key}": value for key, value in _certainty(hybrid, sure, kept, vectors).items()
    }


def _place(found: list[Found], slugs: set[str]) -> float:
    """Of the first right article, from one; infinite if it was not found."""
    places = [at for at, one in enumerate(found, 1) if one.article.slug in slugs]
    return places[0] if places else float("inf")


def _certainty(
    index: Index, sure: Certainty, kept: dict[str, set[str]], vectors: dict[str, Floats]
) -> dict[str, float]:
    told, right, ours, took = [], [], [], []
    for text, slugs in kept.items():
        start = time.perf_counter()
        found = index.find(text, vectors[text], 1)
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
