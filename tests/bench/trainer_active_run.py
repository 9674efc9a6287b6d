"""``bench trainer`` in the bot's environment: labels that the queue's order saves, against random labelling.

Its last line is one JSON object, ``{"figures", "notes"}``.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.components.encoder import training_vectors
from bot.components.intents import FOREIGN, IntentModel
from bot.encoder.shared import shared_encoder
from handoff.workbench.gathering import choosing
from handoff.workbench.gathering.scoring import Evidence, usefulness
from tests.bench.nlu_data import Run, read, runs
from tests.bench.trainer_active_pools import Pool, balanced, traffic

Floats = NDArray[np.float32]
Point = tuple[int, float, float]  # labels, accuracy, accuracy as the traffic weighs it

YARDSTICKS = Path(os.environ.get("SETU_YARDSTICKS") or Path(__file__).parents[3] / "shared" / "yardsticks")
NAMED = {
    "clinc150": "intents/clinc150",
    "hwu64": "intents/hwu64",
    "banking77": "intents/banking77_fewshot",
    "curekart": "intents/hint3_curekart",
}
BATCH = 50  # labels between two trainings: as many as `live` makes live in half a minute
STARTED = 2  # labels of each intent that there are at first
LABELS_AN_INTENT = {"traffic": 30, "balanced": 40}  # that random labelling may spend …
SHARE = {"traffic": 0.6, "balanced": 0.5}  # … but at most of what there is to label
SEEDS = (1, 2, 3)  # of random labelling, whose mean is the goal


@dataclass(frozen=True)
class Trial:
    """A pool and a test, with their vectors."""

    name: str
    pool: Pool
    start: list[int]
    budget: int
    test: list[tuple[str, str]]
    weights: Floats
    pool_vectors: list[Floats]
    test_vectors: list[Floats]

    def learn(self, labelled: Sequence[int]) -> IntentModel:
        texts = [self.pool.texts[i] for i in labelled]
        labels = [self.pool.labels[i] for i in labelled]
        return IntentModel.learn(
            texts, labels, [rows[list(labelled)] for rows in self.pool_vectors], twins=texts
        )

    def accuracy(self, model: IntentModel) -> tuple[float, float]:
        """On the test as it stands, and with its intents as frequent as in the pool."""
        found = model.read([text for text, _ in self.test], self.test_vectors)
        right = np.array(
            [one.ranking[0][0] == label for one, (_, label) in zip(found, self.test, strict=True)]
        )
        return float(right.mean()), float((right * self.weights).sum() / self.weights.sum())


def ours(trial: Trial, free: Sequence[int], model: IntentModel, count: int) -> list[int]:
    """The queue's own order: usefulness by what the model makes of it, then not all alike."""
    rows = list(free)
    found = model.read([trial.pool.texts[i] for i in rows], [each[rows] for each in trial.pool_vectors])
    worth = []
    for group, one in zip(rows, found, strict=True):
        best, second = one.ranking[0][1], one.ranking[1][1]
        evidence = Evidence(best, best - second, one.in_scope, count=trial.pool.counts[group])
        worth.append(usefulness(evidence)[0])
    order = np.argsort(-np.array(worth), kind="stable")[: choosing.WINDOW]
    picked = choosing.pick(
        [worth[i] for i in order],
        [found[i].ranking[0][0] for i in order],
        choosing.rows([trial.pool.texts[rows[i]] for i in order]),
        count,
    )
    return [rows[order[i]] for i in picked]


def by_queue(trial: Trial, goals: Sequence[tuple[float, float]]) -> list[Point]:
    """After each training, until all goals are reached or as many labels are given as by chance."""
    labelled, points = list(trial.start), list[Point]()
    while True:
        model = trial.learn(labelled)
        points.append((len(labelled), *trial.accuracy(model)))
        told(trial.name, points[-1])
        free = sorted(set(range(len(trial.pool.texts))) - set(labelled))
        best = [max(point[which] for point in points) for which in (1, 2)]
        if all(best[0] >= one and best[1] >= other for one, other in goals):
            return points
        if len(labelled) >= trial.budget or not free:
            return points
        labelled += ours(trial, free, model, min(BATCH, trial.budget - len(labelled)))


def by_chance(trial: Trial, seed: int, *, messages: bool) -> tuple[float, float]:
    """The accuracies with the whole budget spent on ``messages`` as they come, each a label however often it
    was written before; or on utterances, near-duplicates only once."""
    rng = random.Random(seed)
    left = trial.budget - len(trial.start)
    if messages:
        drawn = rng.sample(trial.pool.messages, min(left, len(trial.pool.messages)))
    else:
        rest = sorted(set(range(len(trial.pool.texts))) - set(trial.start))
        drawn = rng.sample(rest, min(left, len(rest)))
    return trial.accuracy(trial.learn(list(dict.fromkeys([*trial.start, *drawn]))))


def needed(points: Sequence[Point], goal: float, which: int) -> float:
    """Labels at which the curve comes to the goal (between two trainings: on the line); inf if never."""
    for before, point in zip([points[0], *points], points, strict=False):
        if point[which] >= goal:
            share = (goal - before[which]) / max(point[which] - before[which], 1e-9) if point != before else 0
            return before[0] + share * (point[0] - before[0])
    return float("inf")


def measure(trial: Trial) -> dict[str, float]:
    """``…needed``: labels of ours for each of random labelling, to be as accurate as that at its budget."""
    figures: dict[str, float] = {f"{trial.name}.labels_random": float(trial.budget)}
    goals = {}
    for what, messages in (("messages", True), ("utterances", False)):
        found = np.array([by_chance(trial, seed, messages=messages) for seed in SEEDS]).mean(0)
        goals[what] = (float(found[0]), float(found[1]))
        told(f"{trial.name} random {what}", (trial.budget, *goals[what]))
    points = by_queue(trial, list(goals.values()))
    for what, (goal, weighted) in goals.items():
        figures[f"{trial.name}.{what}.accuracy"] = goal
        figures[f"{trial.name}.{what}.needed"] = needed(points, goal, 1) / trial.budget
        figures[f"{trial.name}.{what}.needed_as_traffic"] = needed(points, weighted, 2) / trial.budget
    return figures


def told(name: str, point: tuple[float, ...]) -> None:
    """For who watches."""
    print(
        name, " ".join(f"{value:.3f}".rstrip("0").rstrip(".") for value in point), file=sys.stderr, flush=True
    )


def trial_of(name: str, kind: str, part: str, seed: int, encoders: Sequence[Path]) -> Trial:
    notes: list[str] = []
    run = _run(name, notes)
    test = run.valid if part == "valid" and run.valid else run.test
    pool = (
        balanced(run.train, seed)
        if kind == "balanced"
        else traffic(run.train, run.foreign_train or _foreign(notes), seed)
    )
    by_label: dict[str, list[int]] = {}
    for i, label in enumerate(pool.labels):
        by_label.setdefault(label, []).append(i)
    rng = random.Random(seed)
    ours_ = sorted(label for label in by_label if label != FOREIGN)
    start = [i for label in ours_ for i in rng.sample(by_label[label], min(STARTED, len(by_label[label])))]
    budget = min(LABELS_AN_INTENT[kind] * len(ours_), int(SHARE[kind] * len(pool.texts)))
    written = {label: sum(pool.counts[i] for i in rows) for label, rows in by_label.items()}
    tested = {label: sum(one == label for _, one in test) for label in {label for _, label in test}}
    weights = np.array([written.get(label, 0) / tested[label] for _, label in test], np.float32)
    texts = [text for text, _ in test]
    loaded = [shared_encoder(folder) for folder in encoders]
    return Trial(
        f"{name}.{kind}",
        pool,
        start,
        budget,
        test,
        weights,
        [training_vectors(one, pool.texts) for one in loaded],
        [training_vectors(one, texts) for one in loaded],
    )


def _run(name: str, notes: list[str]) -> Run:
    found = dict(runs(name, read(YARDSTICKS / f"{NAMED[name]}.jsonl", notes)))
    largest = max(found.values(), key=lambda folds: len(folds[0].train))[0]
    if name == "banking77":  # its few-shot parts together
        pairs = [pair for folds in found.values() for pair in folds[0].train]
        return Run(name, list(dict.fromkeys(pairs)), [], largest.test)
    return largest


def _foreign(notes: list[str]) -> list[str]:
    """Messages that are for no intent of any of the yardsticks."""
    lines = read(YARDSTICKS / f"{NAMED['clinc150']}.jsonl", notes)
    return [line["text"] for line in lines if line["split"] in ("oos_train", "oos_val")]


def main(words: Sequence[str] | None = None) -> int:
    made = argparse.ArgumentParser()
    made.add_argument("names", nargs="*", default=list(NAMED))
    made.add_argument("--kind", nargs="+", default=["traffic", "balanced"])
    made.add_argument("--part", default="test", choices=("valid", "test"))
    made.add_argument("--seed", type=int, default=0)
    made.add_argument(
        "--encoders", nargs="+", type=Path, default=[Path("models/encoder"), Path("models/english")]
    )
    options = made.parse_args(words)
    figures: dict[str, float] = {}
    for name in options.names or NAMED:
        for kind in options.kind:
            figures |= measure(trial_of(name, kind, options.part, options.seed, options.encoders))
    print(json.dumps({"figures": figures, "notes": []}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
