"""What others make of the same data: Rasa's default DIET pipeline, and n-grams with logistic regression."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline, make_union

from tests.bench.nlu_data import Run
from tests.bench.nlu_intent import ece, look, scores
from tests.bench.nlu_pipeline import Pipeline, diet, examples


def measure(kind: str, folds: Sequence[Run], limit: float) -> dict[str, float]:
    """``<kind>_accuracy _macro_f1 _ece _train_s`` of the first fold; only ``_limit_s`` if too slow."""
    command = [sys.executable, "-m", "tests.bench.nlu_baseline", kind]
    try:
        done = subprocess.run(
            command,
            input=json.dumps(asdict(folds[0])),
            stdout=subprocess.PIPE,
            text=True,
            timeout=limit,
            check=True,
        )
    except subprocess.TimeoutExpired:
        return {f"{kind}_limit_s": limit}
    return {f"{kind}_{key}": value for key, value in json.loads(done.stdout.splitlines()[-1]).items()}


def with_diet(run: Run) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        pipeline = Pipeline(diet(), Path(folder))
        pipeline.train(examples(run.train))
        found = scores([label for _, label in run.test], look(pipeline, [text for text, _ in run.test]))
        times = [pipeline.milliseconds(text) for text, _ in run.test[:100]]
        return {**found, "train_s": sum(pipeline.seconds.values()), "ms": float(np.median(times))}


def with_ngrams(run: Run) -> dict[str, float]:
    words, pieces = (
        TfidfVectorizer(ngram_range=(1, 2)),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5)),
    )
    model = make_pipeline(make_union(words, pieces), LogisticRegression(C=10, max_iter=200))
    started = time.perf_counter()
    model.fit([text for text, _ in run.train], [label for _, label in run.train])
    seconds = time.perf_counter() - started
    chances = model.predict_proba([text for text, _ in run.test])
    right = np.array(
        [model.classes_[at] == label for at, (_, label) in zip(chances.argmax(1), run.test, strict=True)]
    )
    return {"accuracy": float(right.mean()), "ece": ece(chances.max(1), right), "train_s": seconds}


if __name__ == "__main__":
    given = Run(**json.load(sys.stdin))
    print(json.dumps((with_diet if sys.argv[1] == "diet" else with_ngrams)(given)))
