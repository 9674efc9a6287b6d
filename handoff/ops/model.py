"""The encoder and the trained model: made when none fits, under a name that tells what it was made from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from .console import Problem, Step, say
from .paths import BOT_PYTHON, PYTHON, ROOT
from .running import run_step

MODELS = ROOT / "models"
TRAINED_FROM = (
    "config.yml",
    "domain.yml",
    "bot/importer.py",
    "bot/components",
    "bot/encoder",
    "bot/reading",
    "requirements/bot.txt",
)
TRAINED_DATA = (
    "nlu",
    "rules",
    "stories",
    "responses",
    "sentiment",
    "entities",
    "language",
    "foreign",
    "shop",
)


def _sources() -> Iterator[Path]:
    for name in (*TRAINED_FROM, *(f"data/{part}" for part in TRAINED_DATA)):
        path = ROOT / name
        files = path.rglob("*") if path.is_dir() else [path]
        yield from sorted(file for file in files if file.is_file() and "__pycache__" not in file.parts)
    for folder in (encoder_folder(), second_encoder_folder()):
        if (folder / "encoder.json").exists():
            yield folder / "encoder.json"


def fingerprint() -> str:
    """12 hex digits over everything a model is trained from."""
    digest = hashlib.sha256()
    for path in _sources():
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def encoder_folder() -> Path:
    return MODELS / "encoder"


def second_encoder_folder() -> Path:
    return MODELS / "english"


def fitting_model() -> Path | None:
    path = MODELS / f"setu-{fingerprint()}.tar.gz"
    return path if path.exists() else None


def ensure_encoder(env: dict[str, str]) -> None:
    """Export the sentence encoders once; without them the bot still works, on n-grams alone."""
    export = [str(PYTHON), "-m", "bot.encoder.export"]
    if not (encoder_folder() / "encoder.json").exists():
        with Step("exporting the sentence encoder (once)") as step:
            run_step([*export, "--out", str(encoder_folder())], "encoder", step, env)
    if not (second_encoder_folder() / "encoder.json").exists():
        try:
            with Step("exporting the second encoder, for English (once)") as step:
                run_step([*export, "--english", "--out", str(second_encoder_folder())], "english", step, env)
        except Problem as problem:
            say(f"  It goes on without the second encoder, understanding a little less: {problem}")


def ensure_model(env: dict[str, str]) -> Path:
    """The model that fits the present data, trained now if there is none."""
    found = fitting_model()
    if found:
        return found
    name = f"setu-{fingerprint()}"
    command = [str(BOT_PYTHON), "-m", "rasa", "train", "--config", "config.yml", "--domain", "domain.yml"]
    command += ["--data", "data/nlu", "data/rules", "data/stories", "--out", "models"]
    with Step("training the bot") as step:
        run_step([*command, "--fixed-model-name", f"{name}-draft"], "train", step, env)
    # Only a finished training gets the name that is looked for.
    (MODELS / f"{name}-draft.tar.gz").replace(MODELS / f"{name}.tar.gz")
    return MODELS / f"{name}.tar.gz"


def set_aside(model: Path) -> None:
    """Keep a model that does not load out of the way, for whoever wants to know why."""
    model.replace(model.with_name(model.name + ".broken"))
