"""The task ``language`` of ``bench nlu``: the product's own language component on any file.

Labels are codes of languages, however spelt (``hi``, ``hin``, ``hi-Latn``, ``hin_Deva``); a file whose
labels are something else is in one language, which its name tells (``sib200_hi``). What a file has to
train on (``train*``) joins our own data; it is tried on ``test*``, else ``val*`` or ``dev*``, else on all.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import write_yaml
from sklearn.metrics import f1_score

from bot.components.language import LanguageDetector
from tests.bench.nlu_pipeline import product
from tests.support.servers import ROOT

YARDSTICKS = Path(os.environ.get("SETU_YARDSTICKS") or ROOT.parent / "shared" / "yardsticks")
ALSO = {
    "en": "eng english",
    "hi": "hin hindi hinglish mr mar ne npi nep",  # those who share its letters come to it
    "bn": "ben bengali bangla banglish as asm",
    "fa": "pes prs fas per persian farsi finglish ur urd ar arb",
    "el": "ell gre greek greeklish",
}
CODES = {name: code for code, names in ALSO.items() for name in [code, *names.split()]}
TIMED = 300
Pair = tuple[str, str]  # a text and its language


def measure(files: Sequence[Path] = ()) -> dict[str, float]:
    """Figures ``<stem>.accuracy .macro_f1 .ms .train_s``; without files, or given the folder of public
    sets, those, cut to few words too, English ones by the share called something else, and the shop's own."""
    figures: dict[str, float] = {}
    if not files or {file.parent for file in files} == {YARDSTICKS / "languages"}:
        detector, seconds = _trained([])
        for name, pairs in _usual():
            figures |= _figures(name, detector, pairs, seconds)
        return figures
    for file in files:
        lines = _read(file)
        detector, seconds = _trained(_of(lines, "train"))
        tried = _of(lines, "test") or _of(lines, "val", "dev") or _of(lines, "")
        figures |= _figures(file.stem, detector, tried, seconds)
    return figures


def _usual() -> Iterator[tuple[str, list[Pair]]]:
    for stem in ("sib200_en", "sib200_hi", "sib200_fa", "hinglish_top", "finglish"):
        lines = _read(YARDSTICKS / "languages" / f"{stem}.jsonl")
        pairs = _of(lines, "test") or _of(lines, "val") or _of(lines, "")
        yield stem, pairs
        if stem != "hinglish_top":  # its messages are short as they are
            yield f"{stem}_8", _cut(pairs, 3, 8)
            yield f"{stem}_3", _cut(pairs, 1, 3)
    for stem in ("hint3_curekart", "clinc150", "hwu64"):
        texts = [line["text"] for line in _lines(YARDSTICKS / "intents" / f"{stem}.jsonl") if _is_test(line)]
        yield f"{stem}.not_english", [(text, "en") for text in texts]
    for file in sorted((ROOT / "tests" / "nlu").glob("shop_*.jsonl")):
        own = file.stem.removeprefix("shop_")
        by_script: dict[str, list[Pair]] = {}
        for line in _lines(file):
            pair = (line["text"], line.get("language", own))
            by_script.setdefault("romanised" if line.get("script") == "Latn" else "native", []).append(pair)
        for kind, pairs in by_script.items():
            yield f"{file.stem}.{'english' if own == 'en' else kind}", pairs


def _figures(name: str, detector: LanguageDetector, pairs: list[Pair], seconds: float) -> dict[str, float]:
    found, took = [], []
    for text, _ in pairs:
        message = Message({TEXT: text, "metadata": {}})
        started = time.perf_counter()
        detector.process([message])
        took.append(time.perf_counter() - started)
        found.append(message.get("language"))
    truth = [language for _, language in pairs]
    right = sum(one == other for one, other in zip(found, truth, strict=True)) / len(pairs)
    if name.endswith(".not_english"):
        return {name: 1 - right}
    scores = f1_score(truth, found, average="macro", labels=sorted(set(truth)), zero_division=0)
    figures = {"accuracy": right, "macro_f1": float(scores), "train_s": seconds}
    figures["ms"] = statistics.median(took[:TIMED]) * 1000
    return {f"{name}.{key}": value for key, value in figures.items()}


def _trained(more: list[Pair]) -> tuple[LanguageDetector, float]:
    """The product's component, trained as Rasa does, on our examples and ``more`` beside them."""
    given = next(step for step in product() if step["name"].endswith(LanguageDetector.__name__))
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        config: dict[str, Any] = {
            **LanguageDetector.get_default_config(),
            **given,
            "nlu": str(folder / "nlu"),
        }
        for file in Path(LanguageDetector.get_default_config()["nlu"]).glob("*/*.yml"):
            (folder / "nlu" / file.parent.name).mkdir(parents=True, exist_ok=True)
            (folder / "nlu" / file.parent.name / file.name).symlink_to(file.absolute())
        for language in {language for _, language in more}:
            lines = "".join(f"- {' '.join(text.split())}\n" for text, own in more if own == language)
            content = {"nlu": [{"intent": "more", "examples": lines}]}
            write_yaml(content, folder / "nlu" / language / "more from the file.yml")
        (folder / "model").mkdir()
        storage = LocalModelStorage.create(folder / "model")
        context = ExecutionContext(GraphSchema({}))
        started = time.perf_counter()
        made = LanguageDetector.create(config, storage, Resource("language"), context)
        made.train(TrainingData([]))
        seconds = time.perf_counter() - started
        return LanguageDetector.load(config, storage, Resource("language"), context), seconds


def _read(file: Path) -> list[dict[str, Any]]:
    """Lines with ``language``; those in none of ours are left out."""
    lines = [line for line in _lines(file) if str(line.get("text") or "").strip()]
    labels = {str(line.get("label")) for line in lines}
    if not any(map(code, labels)):
        named = next(
            (known for part in re.split(r"[^a-z]+", file.stem.lower()) if (known := code(part))), None
        )
        return [{**line, "language": named or "en"} for line in lines]
    found = [{**line, "language": code(str(line.get("label")))} for line in lines]
    return [line for line in found if line["language"]]


def code(label: str) -> str | None:
    """One of our languages for any of the usual codes: ``hin_Deva``, ``hi-Latn``, ``Hinglish`` → ``hi``."""
    return CODES.get(re.split(r"[^a-z]+", label.strip().lower())[0])


def _of(lines: list[dict[str, Any]], *parts: str) -> list[Pair]:
    return [
        (line["text"], line["language"])
        for line in lines
        if str(line.get("split") or "all").startswith(parts)
    ]


def _is_test(line: dict[str, Any]) -> bool:
    return str(line.get("split")) == "test"


def _cut(pairs: list[Pair], least: int, most: int) -> list[Pair]:
    """Pieces of so many words, one from each text, their lengths in turn."""
    pieces = []
    for number, (text, language) in enumerate(pairs):
        words = text.split()
        size = min(least + number % (most - least + 1), len(words))
        start = number * 7 % (len(words) - size + 1)
        piece = " ".join(words[start : start + size])
        if any(char.isalpha() for char in piece):
            pieces.append((piece, language))
    return pieces


def _lines(file: Path) -> list[dict[str, Any]]:
    with file.open(encoding="utf-8", errors="surrogateescape") as lines:
        return [json.loads(line) for line in lines if line.strip()]
