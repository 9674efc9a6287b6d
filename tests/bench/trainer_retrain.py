"""Seconds from a trainer's click to a trained archive, after 50 new labels in five languages.

The product's own data in a clone. *Warm*: the process has checked and trained before, as it has when a
trainer works; *cold*: from the start of the process, with nothing kept from before but the vectors of
sentences. Beside it, in the same run, plain ``rasa train`` as it was before the process was there.
"""

from __future__ import annotations

import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.servers import BOT_PYTHON, ROOT

BEFORE = "7c03b7d"  # the last commit without the process
LABELS = 50
LANGUAGES = ("en", "hi", "bn", "fa", "el")
_EXAMPLE = re.compile(r"^ +- (?P<text>[^\[\]\n]+)$", re.MULTILINE)
_INTENT = re.compile(r"^ +- intent: (?P<name>\w+)$", re.MULTILINE)


def measure(rounds: int = 3, before: str | None = BEFORE) -> dict[str, float]:
    """``retrain_s``, ``retrain_cold_s``, ``retrain_check_s``, ``retrain.<part>_s`` (of the median
    round; parts may go on at once), ``retrain_cpu_s``,
    and ``rasa_train_s`` of the commit ``before``, if it is named."""
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="setu-bench-") as folder:
        home = Path(folder)
        clone = _clone(home / "now", "HEAD")
        with _process(clone) as process:
            began = process.began
            label(clone, 0)
            process.ask("train", out=str(home / "cold.tar.gz"))
            figures["retrain_cold_s"] = time.perf_counter() - began
            found = []
            for number in range(1, rounds + 1):
                label(clone, number)
                started = time.perf_counter()
                process.ask("check")
                checked = time.perf_counter()
                used = process.processor()
                done = process.ask("train", out=str(home / "warm.tar.gz"))
                taken = time.perf_counter() - checked
                found.append((taken, checked - started, process.processor() - used, done["seconds"]))
        taken, _, used, parts = sorted(found, key=lambda one: one[0])[len(found) // 2]
        figures |= {"retrain_s": taken, "retrain_cpu_s": used}
        figures["retrain_check_s"] = statistics.median(one[1] for one in found)
        figures |= {f"retrain.{name}_s": seconds for name, seconds in parts.items() if seconds >= 0.1}
        if before:
            figures["rasa_train_s"] = _plain(_clone(home / "before", before), home)
    return figures


def label(clone: Path, number: int) -> None:
    """Add 50 labels, spread over the languages, that nobody has trained on before."""
    for language in LANGUAGES:
        pick = random.Random(f"{language} {number}")
        known = []
        for file in sorted((clone / "data" / "nlu" / language).glob("*.yml")):
            parts = _INTENT.split(file.read_text("utf-8"))
            pairs = zip(parts[1::2], parts[2::2], strict=True)
            known += [(name, match["text"]) for name, block in pairs for match in _EXAMPLE.finditer(block)]
        picked = pick.sample(known, LABELS // len(LANGUAGES))
        entries = "".join(
            f"  - intent: {name}\n    examples: |\n      - {text} ({number}.{at})\n"
            for at, (name, text) in enumerate(picked)
        )
        out = clone / "data" / "nlu" / language / f"labels_{number}.yml"
        out.write_text(f'version: "3.1"\nnlu:\n{entries}', "utf-8")


class _Process:
    def __init__(self, clone: Path) -> None:
        self.began = time.perf_counter()
        self.process = subprocess.Popen(
            [str(BOT_PYTHON), "-m", "bot.trainer"],
            cwd=clone,
            env=_environment(clone),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._said() == {"ready": True}

    def _said(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the trainer's process ended")
        said: dict[str, Any] = json.loads(line)
        return said

    def ask(self, do: str, **given: Any) -> dict[str, Any]:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"id": do, "do": do, **given}) + "\n")
        self.process.stdin.flush()
        while "progress" in (said := self._said()):
            pass
        if "failed" in said:
            raise RuntimeError(f"{do} failed: {said['failed']}")
        done: dict[str, Any] = said["done"]
        return done

    def processor(self) -> float:
        """Seconds of both cores that it has used so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def _process(clone: Path) -> Iterator[_Process]:
    started = _Process(clone)
    try:
        yield started
    finally:
        started.process.kill()
        started.process.wait()


def _clone(folder: Path, commit: str) -> Path:
    """The tree of a commit, with this one's environments and encoders, and the vectors that are kept."""
    subprocess.run(["git", "clone", "-q", "--no-checkout", str(ROOT), str(folder)], check=True)
    subprocess.run(["git", "checkout", "-q", commit], cwd=folder, check=True)
    for name in (".venv-bot", "models/encoder", "models/english"):
        if (ROOT / name).exists() and not (folder / name).exists():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).symlink_to((ROOT / name).resolve())
    kept, own = ROOT / "var" / "vectors", folder / "var" / "vectors"
    own.mkdir(parents=True)
    for file in kept.glob("*.npz") if kept.is_dir() else ():
        (own / file.name).write_bytes(file.read_bytes())
    return folder


def _plain(clone: Path, home: Path) -> float:
    """``rasa train --force`` once to make its vectors, then after 50 labels, as a whole process."""
    command = [str(BOT_PYTHON), "-m", "rasa", "train", "--force", "--config", "config.yml"]
    command += ["--domain", "domain.yml", "--data", "data/nlu", "data/rules", "data/stories"]
    command += ["--out", str(home), "--fixed-model-name", "plain"]
    for number in range(2):
        label(clone, number)
        started = time.perf_counter()
        subprocess.run(command, cwd=clone, env=_environment(clone), check=True, capture_output=True)
    return time.perf_counter() - started


def _environment(clone: Path) -> dict[str, str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("SETU_")}
    quiet = {"OMP_NUM_THREADS": "1", "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}
    return {**env, **quiet, "RASA_TELEMETRY_ENABLED": "false", "SETU_HOME": str(clone / "var")}


if __name__ == "__main__":
    print(json.dumps(measure(before=BEFORE if "--before" in sys.argv else None), indent=2))
