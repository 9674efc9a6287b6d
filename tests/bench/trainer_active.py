"""Labels that the queue's order saves: simulated labelling on the yardsticks, in the bot's environment.

The order is the queue's own (:mod:`handoff.workbench.gathering.scoring` and ``choosing``), the model the
product's; after every 50 labels it is trained anew. Random labelling spends its budget on messages as they
come, or on utterances, of which near-duplicates come once; ``needed`` is the share of its labels with which
ours is as accurate on the test part (BANKING77: validation, there is no other), with intents as they
stand there or weighed as in the traffic. How the pools are made: :mod:`tests.bench.trainer_active_pools`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence

from tests.support.servers import BOT_PYTHON, ROOT

FIGURE = ".traffic.messages.needed"


def measure(names: Sequence[str] = (), words: Sequence[str] = ()) -> dict[str, float]:
    """All figures, and ``active_labels``: the largest share needed of any yardstick on traffic. Raises
    ``RuntimeError`` with the last words of what went wrong."""
    quiet = {"OMP_NUM_THREADS": "1", "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}
    command = [str(BOT_PYTHON), "-m", "tests.bench.trainer_active_run", *names, *words]
    done = subprocess.run(
        command, cwd=str(ROOT), env={**os.environ, **quiet}, stdout=subprocess.PIPE, check=False, text=True
    )
    if done.returncode or not done.stdout.strip():
        raise RuntimeError(f"the simulation ended with {done.returncode}")
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])["figures"]
    needed = [value for name, value in figures.items() if name.endswith(FIGURE)]
    return {**figures, "active_labels": max(needed)} if needed else figures


if __name__ == "__main__":
    for name, value in measure(sys.argv[1:]).items():
        print(f"  {name:<48} {value:8.3f}")
