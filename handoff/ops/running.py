"""Run one command of a set-up: output kept in a log, its last line shown, a failure told in its words."""

from __future__ import annotations

import subprocess
from collections import deque
from collections.abc import Mapping, Sequence

from .console import Problem, Step
from .paths import ROOT, home


def run_step(command: Sequence[str], log_name: str, step: Step, env: Mapping[str, str] | None = None) -> str:
    """Run to the end and return the whole output; raises Problem with the last lines on failure."""
    log = home() / "logs" / f"{log_name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    lines = []
    last: deque[str] = deque(maxlen=4)
    with log.open("a", encoding="utf-8") as kept:
        process = subprocess.Popen(
            command,
            cwd=str(ROOT),
            env=None if env is None else dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        assert process.stdout is not None
        try:
            for line in process.stdout:
                kept.write(line)
                lines.append(line)
                if line.strip() and not line.startswith("WARNING"):
                    last.append(line.strip())
                    step.detail = line.strip()
        except BaseException:
            process.kill()
            raise
    if process.wait() != 0:
        raise Problem(
            f"The step “{step.title}” failed: {' | '.join(last)}",
            f"The whole output is in {log}. Mend the cause and run the command again: "
            "it goes on where it stopped.",
        )
    return "".join(lines)
