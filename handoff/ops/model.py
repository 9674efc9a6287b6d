"""The encoder and the model: the promoted one, or one trained when none fits, named by what it is made from.

What a model is made from is of two kinds: the *recipe* (code, settings, encoder) and the *data*. New data
reach customers through the workbench alone, with its comparison; a new recipe makes former models useless.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from .console import Problem, Step, say
from .paths import BOT_PYTHON, PYTHON, ROOT, home
from .running import run_step

MODELS = ROOT / "models"
RECIPE = (
    "config.yml",
    "bot/importer.py",
    "bot/examples.py",
    "bot/components",
    "bot/encoder",
    "bot/reading",
    "requirements/bot.txt",
)
DATA = (
    "domain.yml",
    "data/nlu",
    "data/rules",
    "data/stories",
    "data/responses",
    "data/sentiment",
    "data/entities",
    "data/language",
    "data/foreign",
    "data/shop",
)


class Promoted(NamedTuple):
    """The model that the workbench made live, as ``live.json`` in the installation's folder tells."""

    name: str
    sha256: str
    recipe: str
    data: str  # "" where it is not known
    promotion: str = ""  # the workbench's record of it; "" if ./setu up chose this model by itself

    def archive(self, models: Path) -> Path:
        return models / f"{self.name}.tar.gz"


def recipe() -> str:
    """12 hex digits over the code and settings that models are made with, and the encoders' cards."""
    folders = (encoder_folder(), second_encoder_folder())
    cards = [folder / "encoder.json" for folder in folders if (folder / "encoder.json").exists()]
    return _digest([*_files(RECIPE), *cards])


def data() -> str:
    """12 hex digits over what a model learns from."""
    return _digest(_files(DATA))


def fingerprint() -> str:
    """12 hex digits over everything a model is trained from."""
    return named(recipe(), data())


def named(made_with: str, learnt_from: str) -> str:
    """The fingerprint of both."""
    return hashlib.sha256(f"{made_with} {learnt_from}".encode()).hexdigest()[:12]


def _files(names: tuple[str, ...]) -> Iterator[Path]:
    for name in names:
        path = ROOT / name
        files = path.rglob("*") if path.is_dir() else [path]
        yield from sorted(file for file in files if file.is_file() and "__pycache__" not in file.parts)


def _digest(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def promoted(kept: Path) -> Promoted | None:
    """What the pointer in the installation's folder says; None where there is none that can be read."""
    try:
        told = json.loads((kept / "live.json").read_text(encoding="utf-8"))
        found = Promoted(*(str(told.get(name) or "") for name in Promoted._fields))
        return found if found.name and found.sha256 else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def point_to(live: Promoted, kept: Path) -> None:
    """Let ``./setu up`` start with this model from now on."""
    kept.mkdir(parents=True, exist_ok=True)
    draft = kept / "live.json.draft"
    draft.write_text(json.dumps(live._asdict(), indent=1) + "\n", encoding="utf-8")
    draft.replace(kept / "live.json")


def sha256_of(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as content:
        for piece in iter(lambda: content.read(1 << 20), b""):
            digest.update(piece)
    return digest.hexdigest()


def why_not(live: Promoted) -> str | None:
    """Why the promoted model cannot be started with, as a sentence; None if it can."""
    if live.recipe != recipe():
        return f"The live model {live.name} was made with other code or settings."
    archive = live.archive(MODELS)
    if not archive.exists():
        return f"The live model {live.name} is not in {MODELS.name}/ any more."
    if sha256_of(archive) != live.sha256:
        return f"The file of the live model {live.name} is not what was promoted."
    return None


def has_learnt_all(live: Promoted) -> bool:
    """Whether nothing has changed in the data since the model was trained, as far as that is known."""
    return live.data in ("", data())


def model_to_start(env: dict[str, str]) -> Path:
    """The promoted model, as long as the recipe is the one it was made with; else one that fits."""
    live = promoted(home())
    reason = why_not(live) if live else None
    if live and not reason:
        if not has_learnt_all(live):
            say("  The data has changes that no model has learnt: train in the workbench.")
        return live.archive(MODELS)
    if reason:
        say(f"  {reason} Another one is made from the present data.")
    trained = ensure_model(env)
    if live:
        # The gateway takes it for the live one, instead of bringing the bots back to the former.
        name = trained.name[: -len(".tar.gz")]
        point_to(Promoted(name, sha256_of(trained), recipe(), data()), home())
    return trained


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
