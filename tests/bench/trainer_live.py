"""Part of ``bench trainer``: fifty new labels to a live model, through a real gateway and a real bot.

Counted is all that a trainer waits for with the page open: the labels become a change, it is applied, the
data is checked, a model trained, compared with the live one, judged, and every server answers with it.
Twice: *first*, when this installation has never trained in the workbench, and again with fifty others. The
labels are examples of the data, which are taken out of it before.

``python -m tests.bench.trainer_live [MODEL]``
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from handoff.workbench.dataset.examples import Example, Examples
from tests.bench.report import Report
from tests.support.servers import PYTHON, ROOT, Place, action_server, bot_server, gateway, seeded, the_model

LABELS = 50
SEED = 7
COPIED = ("bot", "data", "tests/nlu", "tests/stories")
LANGUAGES = ("en", "hi", "bn", "fa", "el")
OVERRIDE = "measured by the bench, whatever the gate says"


def measure(model: Path) -> dict[str, float]:
    """Figures by name (without ``trainer.``): seconds, and 1 where the gate passed."""
    with TemporaryDirectory(prefix="setu-bench-") as folder, ExitStack() as stack:
        root = _workspace(Path(folder) / "workspace", model)
        rounds = _taken_out(root)
        place = stack.enter_context(seeded(Path(folder), **_settings(Path(folder), root)))
        live = root / "models" / model.name
        stack.enter_context(action_server(place))
        stack.enter_context(bot_server(place, live))
        server = stack.enter_context(gateway(place))
        client = stack.enter_context(_calls(server.url))
        _sign_in(client, place, server.url)
        _until(lambda: _get(client, "/models")["live"] is not None, 60)
        first = _from_labels_to_live(client, rounds[0])
        return _from_labels_to_live(client, rounds[1]) | {"labels_to_live_first_s": first["labels_to_live_s"]}


def _from_labels_to_live(client: httpx.Client, wanted: Sequence[Example]) -> dict[str, float]:
    labels = _taught(client, wanted)
    _get(client, "/runs")  # who looks there is about to train: the worker is started
    _until(lambda: client.post("/data/check", json={}).status_code == 200, 120)
    started = time.monotonic()
    took: dict[str, float] = {}
    change = _post(client, "/changes/from-labels")
    _post(client, f"/changes/{change['id']}/apply", {"version": change["version"], "commit": False})
    took["apply_s"] = time.monotonic() - started
    run_id = _post(client, "/runs")["run"]["id"]
    run = _until(lambda: (one := _get(client, f"/runs/{run_id}")["run"])["ended_at"] and one, 900)
    if run["state"] != "done":
        raise RuntimeError(f"the run ended as {run['state']}: {run['failure'] or run['problems'][:3]}")
    before = time.monotonic()
    passed = bool(run["verdict"]["passed"])
    _post(client, f"/models/{run['challenger']}/promote", {} if passed else {"override": OVERRIDE})
    _until(lambda: [one["state"] for one in _get(client, "/models")["servers"]] == ["ok"], 60)
    took["promote_s"] = time.monotonic() - before
    refused = [line for line in run["verdict"]["lines"] if not line["passed"]]
    print(f"labels {labels}, gate refused: {refused or 'nothing'}", file=sys.stderr)
    talks = run["report"]["talks"]
    return {
        "labels_to_live_s": time.monotonic() - started,
        **took,
        **{f"{state}_s": seconds for state, seconds in run["seconds"].items()},
        "gate_passed": float(passed),
        "tests_failed": float(talks["failed"] if talks["failed"] is not None else talks["total"]),
        "compared_messages": float(run["report"]["overall"]["challenger"]["n"]),
    }


def _taught(client: httpx.Client, wanted: Sequence[Example]) -> int:
    """These messages imported and labelled."""
    rows = "\n".join(f'"{one.text}",{one.language}' for one in wanted)
    headers = {"X-Name": "new.csv", "Content-Type": "text/csv"}
    client.post("/import", content=f"text,language\n{rows}\n".encode(), headers=headers).raise_for_status()
    there: dict[str, str] = {}
    after: str | None = None
    while True:
        page = client.get("/queue", params={"view": "all"} | ({"after": after} if after else {})).json()
        there |= {one["text"]: one["id"] for one in page["utterances"]}
        if (after := page["next"]) is None:
            break
    labels = [
        {"utterance": there[one.text], "kind": "intent", "intent": one.intent, "language": one.language}
        for one in wanted
        if one.text in there
    ]
    told = _post(client, "/labels", {"labels": labels, "similar": False})
    if told["refused"]:
        raise RuntimeError(f"labels were refused: {told['refused'][:3]}")
    return len(labels)


def _taken_out(root: Path) -> list[list[Example]]:
    """Two times fifty examples, ten a language, that the data no longer have."""
    dice = random.Random(SEED)
    plain = [one for one in Examples(root).all() if not one.entities and len(one.text.split()) > 3]
    plain = [one for one in plain if '"' not in one.text]
    each = LABELS // len(LANGUAGES)
    rounds: list[list[Example]] = [[], []]
    for language in LANGUAGES:
        chosen = dice.sample([one for one in plain if one.language == language], 2 * each)
        rounds[0] += chosen[:each]
        rounds[1] += chosen[each:]
    places: dict[str, set[int]] = {}
    for one in (*rounds[0], *rounds[1]):
        places.setdefault(one.file, set()).add(one.line)
    for file, lines in places.items():
        path = root / file
        kept = [
            line
            for number, line in enumerate(path.read_text("utf-8").splitlines(keepends=True), 1)
            if number not in lines
        ]
        path.write_text("".join(kept), "utf-8")
    return rounds


def _workspace(root: Path, model: Path) -> Path:
    """A copy of what a trainer changes and a training reads."""
    for part in COPIED:
        shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
    for part in ("config.yml", "domain.yml"):
        shutil.copy(ROOT / part, root)
    (root / "models").mkdir()
    for encoder in ("encoder", "english"):
        if (ROOT / "models" / encoder).exists():
            (root / "models" / encoder).symlink_to((ROOT / "models" / encoder).resolve())
    shutil.copy(model, root / "models")
    return root


def _settings(folder: Path, root: Path) -> dict[str, str]:
    del folder
    return {
        "SETU_WORKSPACE": str(root),
        "SETU_MODELS": str(root / "models"),
        "SETU_KNOWLEDGE": str(root / "data" / "knowledge"),
        "SETU_BOT_PYTHON": str(ROOT / ".venv-bot" / "bin" / "python"),
        "SETU_ENCODER": str(root / "models" / "encoder"),
    }


def _calls(url: str) -> httpx.Client:
    headers = {"X-Setu": "1", "Origin": url}
    return httpx.Client(base_url=f"{url}/api/workbench", headers=headers, timeout=120, trust_env=False)


def _sign_in(client: httpx.Client, place: Place, url: str) -> None:
    """As a supervisor."""
    command = [str(PYTHON), "-m", "handoff.cli", "user", "add", "--name", "Bench", "--role", "supervisor"]
    command.append("bench@example.org")
    said = subprocess.run(command, env=place.env, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    body = {"email": "bench@example.org", "password": said.split("password ")[1].split()[0]}
    client.post(f"{url}/api/desk/sign-in", json=body).raise_for_status()


def _get(client: httpx.Client, path: str) -> Any:
    answer = client.get(path)
    answer.raise_for_status()
    return answer.json()


def _post(client: httpx.Client, path: str, body: dict[str, Any] | None = None) -> Any:
    answer = client.post(path, json=body or {})
    if answer.is_error:
        raise RuntimeError(f"{path}: {answer.text}")
    return answer.json()


def _until(true: Any, seconds: float) -> Any:
    """What it says once it says something."""
    end = time.monotonic() + seconds
    while True:
        if said := true():
            return said
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.2)


def run(rest: Sequence[str] = ()) -> Report:
    model = Path(rest[0]) if rest else the_model(os.environ)
    return Report(figures={f"trainer.{name}": value for name, value in measure(model.absolute()).items()})


if __name__ == "__main__":
    print(run(sys.argv[1:]).table())
