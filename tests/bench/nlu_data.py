"""What ``bench nlu`` measures on: any file of ``{split, text, label}`` lines, cut into parts."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

OUT_OF_SCOPE = ("oos", "NO_NODES_DETECTED")
FOREIGN_PARTS = "oos"  # parts of this name, or that begin so, hold foreign texts whatever their label
FOLDS = 5

Pair = tuple[str, str]  # a text and its label


class BadData(Exception):
    """The file cannot be measured on; the text says which line or part is wrong."""


@dataclass
class Run:
    """One training and what it is tried on. ``foreign_…``: texts that no label is for."""

    name: str
    train: list[Pair]
    valid: list[Pair]
    test: list[Pair]
    foreign_train: list[str] = field(default_factory=list)
    foreign_valid: list[str] = field(default_factory=list)
    foreign_test: list[str] = field(default_factory=list)


def read(file: Path, notes: list[str]) -> list[dict[str, Any]]:
    """The usable lines of ``file``; what is left out is counted in ``notes``."""
    lines, left_out = [], Counter[str]()
    try:
        content = file.read_bytes().decode("utf-8", "surrogateescape")
    except OSError as error:
        raise BadData(f"{file} cannot be read: {error.strerror}") from error
    for number, text in enumerate(content.split("\n"), 1):
        if not text.strip():
            continue
        try:
            line = json.loads(text)
        except ValueError as error:
            raise BadData(f"{file}, line {number} is no JSON: {error}") from error
        if not isinstance(line, dict) or not isinstance(line.get("text"), str):
            raise BadData(f'{file}, line {number} has no "text"')
        split = str(line.get("split") or "all")
        if not line["text"].strip():
            left_out["without words"] += 1
        elif not isinstance(line.get("label"), str | int) and not split.startswith(FOREIGN_PARTS):
            left_out["without a label"] += 1
        else:
            lines.append({**line, "split": split, "label": str(line.get("label"))})
    notes += [f"{file.name}: {count} lines {what} left out" for what, count in left_out.items()]
    if not lines:
        raise BadData(f"{file} holds no line with a text and a label")
    return lines


def runs(
    name: str, lines: list[dict[str, Any]], oos: tuple[str, ...] = OUT_OF_SCOPE
) -> list[tuple[str, list[Run]]]:
    """What to train and try, by name; several runs under one name are the folds of a cross-validation."""
    splits = sorted({line["split"] for line in lines})
    named = {
        "train": [one for one in splits if one.startswith("train")],
        "valid": [one for one in splits if one.startswith(("val", "dev"))],
        "test": [one for one in splits if one.startswith("test")],
    }
    own, foreign = {}, {}
    for split in splits:
        part = [line for line in lines if line["split"] == split]
        outside = split.startswith(FOREIGN_PARTS)
        own[split] = [(one["text"], one["label"]) for one in part if not outside and one["label"] not in oos]
        foreign[split] = [one["text"] for one in part if outside or one["label"] in oos]
    rest = [one for one in splits if one.startswith(FOREIGN_PARTS)]
    in_test = [one for one in rest if not one.endswith(("train", "val", "valid", "dev"))]
    if not named["test"]:
        named["test"], named["valid"] = named["valid"], []
    if not named["train"] or not named["test"]:
        return [(name, _folds(name, _all(own, splits), _all(foreign, splits)))]
    result = []
    for part in named["train"]:
        run = Run(
            name=name + part.removeprefix("train"),
            train=list(dict.fromkeys(own[part])),
            valid=_all(own, named["valid"]),
            test=_all(own, named["test"]),
            foreign_train=_all(foreign, [part, *(one for one in rest if one.endswith("train"))]),
            foreign_valid=_all(
                foreign, named["valid"] + [one for one in rest if one.endswith(("val", "dev"))]
            ),
            foreign_test=_all(foreign, named["test"] + in_test),
        )
        result.append((run.name, [run]))
    return result


def few(run: Run, shots: int) -> Run:
    """The same with so many training texts a label, always the same ones."""
    random = np.random.default_rng(0)
    by_label: dict[str, list[Pair]] = {}
    for pair in run.train:
        by_label.setdefault(pair[1], []).append(pair)
    train = [
        by_label[label][index]
        for label in sorted(by_label)
        for index in random.permutation(len(by_label[label]))[:shots]
    ]
    return Run(f"{run.name}_{shots}", train, run.valid, run.test, [], run.foreign_valid, run.foreign_test)


def _all(parts: dict[str, list[Any]], names: list[str]) -> list[Any]:
    return [one for name in names for one in parts[name]]


def _folds(name: str, own: list[Pair], foreign: list[str]) -> list[Run]:
    own, foreign = list(dict.fromkeys(own)), list(dict.fromkeys(foreign))
    random = np.random.default_rng(0)
    fold = np.empty(len(own), int)
    labels = np.array([label for _, label in own])
    start = 0
    for label in sorted(set(labels)):  # each label spread evenly
        where = random.permutation(np.flatnonzero(labels == label))
        fold[where] = (start + np.arange(len(where))) % FOLDS
        start += len(where)
    other = random.permutation(len(foreign)) % FOLDS
    return [
        Run(
            name,
            train=[pair for pair, at in zip(own, fold, strict=True) if at != part],
            valid=[],
            test=[pair for pair, at in zip(own, fold, strict=True) if at == part],
            foreign_train=[text for text, at in zip(foreign, other, strict=True) if at != part],
            foreign_test=[text for text, at in zip(foreign, other, strict=True) if at == part],
        )
        for part in range(FOLDS)
    ]
