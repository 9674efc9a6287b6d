"""``nlu``: intents, doubt and mood of the product's own components on data that nobody here wrote.

Trains on the sets' training parts and looks at their test parts (BANKING77 has only a validation
part here), in the bot's environment and on one thread. ``.oos_recall_95``: of the foreign messages, the share
found when 95 % of our own are kept; ``.ms``: one message through the whole pipeline, median.

Options: names of sets (default: all), ``--encoder FOLDER``.
"""

from __future__ import annotations

import json
import os
import subprocess

from tests.bench.report import Report
from tests.support.servers import BOT_PYTHON, ROOT

GOALS = {
    "clinc150.accuracy": "≥ .967",
    "clinc150.oos_auroc": "≥ .985",
    "clinc150.oos_recall_95": "≥ .92",
    "clinc150.ece": "≤ .02",
    "clinc150_10.accuracy": "≥ .925",
    "banking77_10.accuracy": "≥ .88",
    "banking77_5.accuracy": "≥ .82",
    "hwu64.accuracy": "≥ .927",
    "hwu64_10.accuracy": "≥ .86",
    "curekart.mcc": "≥ .63",
}


def run(words: list[str]) -> Report:
    """The figures, measured by :mod:`tests.bench.nlu_sets` in the bot's environment."""
    quiet = {"OMP_NUM_THREADS": "1", "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}
    command = [str(BOT_PYTHON), "-m", "tests.bench.nlu_sets", *words]
    done = subprocess.run(
        command, cwd=str(ROOT), env={**os.environ, **quiet}, stdout=subprocess.PIPE, check=True, text=True
    )
    said = json.loads(done.stdout.splitlines()[-1])
    return Report(figures=said["figures"], notes=said["notes"], goals=GOALS)
