"""The shop's own frozen sets, ``tests/nlu/shop_<lang>.jsonl``, through all that the product is trained on."""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.constants import ENTITIES
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.metrics import f1_score, matthews_corrcoef, roc_auc_score

from tests.bench.nlu_data import OUT_OF_SCOPE
from tests.bench.nlu_intent import FOREIGN, KEPT, TIMED, Found, look, scores
from tests.bench.nlu_pipeline import Pipeline, product
from tests.support.servers import ROOT

Line = dict[str, Any]


def measure(
    files: Sequence[Path], errors: Path | None = None, encoder: str | None = None
) -> dict[str, float]:
    """Figures ``<stem>.…`` of each file; ``errors``: a file for what is misread, one JSON a line."""
    figures: dict[str, float] = {}
    misread: list[Line] = []
    with tempfile.TemporaryDirectory() as folder:
        pipeline = Pipeline(
            product(), Path(folder), {"EncoderFeaturizer": {"folder": encoder}} if encoder else {}
        )
        data = training_data()
        pipeline.train(data)
        seen = {one.get("text") for one in data.intent_examples}
        for file in files:
            lines = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
            messages = pipeline.run([line["text"] for line in lines])
            found = look(pipeline, [line["text"] for line in lines])
            part = {**_intents(lines, found, seen), **_rest(lines, messages)}
            part["train_s"] = sum(pipeline.seconds.values())
            part["ms"] = statistics.median(pipeline.milliseconds(line["text"]) for line in lines[:TIMED])
            figures |= {f"{file.stem}.{key}": value for key, value in part.items()}
            misread += _misread(file.stem, lines, found)
            print(
                file.stem, {key: round(value, 3) for key, value in part.items()}, file=sys.stderr, flush=True
            )
    if errors:
        errors.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in misread), "utf-8")
    return figures


def training_data() -> TrainingData:
    """What the product is trained on, read as the product reads it."""
    importer = TrainingDataImporter.load_from_config(
        str(ROOT / "config.yml"), str(ROOT / "domain.yml"), [str(ROOT / "data" / "nlu")]
    )
    return importer.get_nlu_data()


def _intents(lines: list[Line], found: Found, seen: set[str]) -> dict[str, float]:
    own = np.array([line["label"] not in OUT_OF_SCOPE for line in lines])
    labels = [line["label"] for line, inside in zip(lines, own, strict=True) if inside]
    figures = scores(labels, _only(found, own))
    right = np.array([one == line["label"] for one, line in zip(found.best, lines, strict=True)])
    unseen = own & np.array([line["text"] not in seen for line in lines])
    figures["accuracy_unseen"] = float(right[unseen].mean())
    native = {line["script"] for line in lines if line["language"] != "en"} - {"Latn"}
    romanised = own & np.array([line["script"] == "Latn" for line in lines])
    if native and romanised.any():
        figures["accuracy_romanised"] = float(right[romanised].mean())
    answered = np.array(found.answer) != FOREIGN
    figures["needless_doubt"] = float(1 - answered[own].mean())
    figures["wrong"] = float((answered & ~right)[own].mean())
    figures["mcc"] = float(
        matthews_corrcoef(
            [line["label"] if i else FOREIGN for line, i in zip(lines, own, strict=True)], found.answer
        )
    )
    if not own.all():
        figures["oos_auroc"] = float(roc_auc_score(own, found.scope))
        figures["oos_recall_95"] = float((found.scope[~own] < KEPT).mean())
        figures["oos_caught"] = float(1 - answered[~own].mean())
    return figures


def _rest(lines: list[Line], messages: list[Message]) -> dict[str, float]:
    """Entities (span F1 with the right kind; share of those with the right value), mood and language."""
    told: Counter[str] = Counter()
    for line, message in zip(lines, messages, strict=True):
        kinds = {(one["entity"], one["text"]): str(one.get("value")) for one in line.get("entities", [])}
        ours = {
            (one["entity"], line["text"][one["start"] : one["end"]]): str(one.get("value"))
            for one in message.get(ENTITIES) or []
            if one["entity"] != "language"
        }
        both = kinds.keys() & ours.keys()
        told["gold"] += len(kinds)
        told["found"] += len(ours)
        told["both"] += len(both)
        told["value"] += sum(kinds[key] == ours[key] for key in both)
    moods = [(line["sentiment"], _label(message)) for line, message in zip(lines, messages, strict=True)]
    figures = {
        "entity_f1": 2 * told["both"] / max(told["gold"] + told["found"], 1),
        "entity_value": told["value"] / max(told["both"], 1),
        "language": statistics.mean(
            message.get("language") == line["language"] for line, message in zip(lines, messages, strict=True)
        ),
    }
    gold, ours = zip(*moods, strict=True)
    figures["sentiment_f1"] = float(f1_score(gold, ours, average="macro", labels=sorted(set(gold))))
    return figures


def _label(message: Message) -> str:
    return str((message.get("sentiment") or {}).get("label", "neutral"))


def _misread(name: str, lines: list[Line], found: Found) -> list[Line]:
    return [
        {"set": name, "text": line["text"], "label": line["label"], "read": best,
         "sure": round(float(sure), 3), "answer": answer, "scope": round(float(scope), 3)}
        for line, best, sure, answer, scope in zip(
            lines, found.best, found.sure, found.answer, found.scope, strict=True
        )
        if answer != (FOREIGN if line["label"] in OUT_OF_SCOPE else line["label"])
    ]  # fmt: skip


def _only(found: Found, rows: Any) -> Found:
    kept = np.flatnonzero(rows)
    return Found(
        [found.best[at] for at in kept],
        found.sure[kept],
        [found.answer[at] for at in kept],
        found.scope[kept],
    )
