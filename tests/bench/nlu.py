"""``nlu``: intents, doubt, mood and language of the product's own components on any data.

Components and their settings are those of ``config.yml``. Without ``--data``: the public sets
(official parts; BANKING77 and Hinglish-TOP have only a validation part here) and the shop's own
frozen sets. In the bot's environment, on one thread. ``.oos_recall_95``: of the foreign messages,
the share found at the score that keeps 95 % of our own validation messages; ``.mcc``: of the
answers, doubt and foreign being one label more, at thresholds fixed in training; ``.train_s``: with
the vectors cached if these texts were seen before; ``.ms``: one message, median, through all that
intents need (``shop_…``: through the whole pipeline); both are the processor's time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

from tests.bench.report import Report
from tests.support.servers import BOT_PYTHON, ROOT

GOALS = {
    "clinc150.accuracy": "≥ .967",
    "clinc150.oos_auroc": "≥ .985",
    "clinc150.oos_recall_95": "≥ .92",
    "clinc150_10.accuracy": "≥ .925",
    "banking77_10.accuracy": "≥ .88",
    "banking77_5.accuracy": "≥ .82",
    "hwu64.accuracy": "≥ .927",
    "hwu64_10.accuracy": "≥ .86",
    "curekart.mcc": "≥ .63",
    "sib200_en.accuracy": "≥ .89",
    "sib200_hi.accuracy": "≥ .87",
    "sib200_fa.accuracy": "≥ .89",
    "hinglish_top.accuracy": "≥ .88",
}
GOALS_OF_ALL = {"ece": "≤ .02", "train_s": "≤ 10", "ms": "≤ 5 English, ≤ 10 others"}


def run(words: list[str]) -> Report:
    """The figures, measured by :mod:`tests.bench.nlu_run` in the bot's environment."""
    quiet = {"OMP_NUM_THREADS": "1", "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}
    command = [str(BOT_PYTHON), "-m", "tests.bench.nlu_run", *words]
    done = subprocess.run(
        command, cwd=str(ROOT), env={**os.environ, **quiet}, stdout=subprocess.PIPE, check=False, text=True
    )
    if done.returncode:
        sys.exit(done.returncode)  # what was wrong has been said
    said = json.loads(done.stdout.splitlines()[-1])
    general = {
        key: GOALS_OF_ALL[kind] for key in said["figures"] if (kind := key.rpartition(".")[2]) in GOALS_OF_ALL
    }
    return Report(figures=said["figures"], notes=said["notes"], goals={**general, **GOALS})
