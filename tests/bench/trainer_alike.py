"""How much of a model changes with few of its examples: two trainings should differ by what was taught.

The product is trained on all of its data, and again without fifty examples drawn at random; counted are the
messages of the shop's frozen sets that are read otherwise, and of these the newly right and newly wrong ones.
Runs in the bot's environment: ``python -m tests.bench.trainer_alike``.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.support.servers import BOT_PYTHON, ROOT

TAKEN = 50
SEEDS = (0, 1)


def measure() -> dict[str, float]:
    """Means over the seeds: ``alike_read_otherwise``, ``alike_mended``, ``alike_broken`` messages, of
    ``alike_messages``. Raises ``RuntimeError`` with the exit code if a training fails."""
    quiet = {"OMP_NUM_THREADS": "1", "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}
    command = [str(BOT_PYTHON), "-m", "tests.bench.trainer_alike"]
    env = {**os.environ, **quiet}
    done = subprocess.run(command, cwd=str(ROOT), env=env, stdout=subprocess.PIPE, check=False, text=True)
    if done.returncode or not done.stdout.strip():
        raise RuntimeError(f"the trainings ended with {done.returncode}")
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def main() -> None:
    from rasa.shared.nlu.training_data.training_data import TrainingData  # of the bot's environment

    from tests.bench.nlu_data import OUT_OF_SCOPE
    from tests.bench.nlu_intent import look
    from tests.bench.nlu_pipeline import Pipeline, product
    from tests.bench.nlu_shop import training_data

    files = sorted((ROOT / "tests" / "nlu").glob("shop_*.jsonl"))
    lines = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines() if line]
    ours = [line for line in lines if line["label"] not in OUT_OF_SCOPE]
    truth = [line["label"] for line in ours]

    def read(data: Any) -> list[str]:
        with tempfile.TemporaryDirectory() as folder:
            pipeline = Pipeline(product(), Path(folder), {})
            pipeline.train(data)
            return list(look(pipeline, [line["text"] for line in ours]).best)

    whole = training_data()
    before = read(whole)
    known = list(whole.training_examples)
    spoken = [i for i, one in enumerate(known) if one.get("intent") and len(one.get("text", "").split()) > 3]
    counts = dict.fromkeys(("read_otherwise", "mended", "broken"), 0.0)
    for seed in SEEDS:
        out = set(random.Random(seed).sample(spoken, TAKEN))
        rest = TrainingData(
            training_examples=[one for i, one in enumerate(known) if i not in out],
            entity_synonyms=whole.entity_synonyms,
            regex_features=whole.regex_features,
            lookup_tables=whole.lookup_tables,
            responses=whole.responses,
        )
        for old, new, true in zip(before, read(rest), truth, strict=True):
            counts["read_otherwise"] += (old != new) / len(SEEDS)
            counts["mended"] += (old != true == new) / len(SEEDS)
            counts["broken"] += (old == true != new) / len(SEEDS)
    figures = {f"alike_{name}": count for name, count in counts.items()} | {"alike_messages": len(ours)}
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
