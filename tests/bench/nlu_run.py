"""``bench nlu`` in the bot's environment; its last line is one JSON object, ``{"figures", "notes"}``."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

from tests.bench import nlu_data
from tests.bench.nlu_data import BadData, Run
from tests.support.servers import ROOT

YARDSTICKS = Path(os.environ.get("SETU_YARDSTICKS") or ROOT.parent / "shared" / "yardsticks")
#: The public sets of intents, under the names by which their figures are quoted.
NAMED = {
    "clinc150": "intents/clinc150",
    "hwu64": "intents/hwu64",
    "banking77": "intents/banking77_fewshot",
    "curekart": "intents/hint3_curekart",
    "sib200_en": "languages/sib200_en",
    "sib200_hi": "languages/sib200_hi",
    "sib200_fa": "languages/sib200_fa",
    "hinglish_top": "languages/hinglish_top",
}
SHOTS = {"clinc150": 10}  # tried once more with so few examples a label
LANGUAGES = {"en", "hi", "bn", "fa", "el"}
MOODS = {"positive", "neutral", "negative", "very_negative", "pos", "neu", "neg"}


def main(words: Sequence[str] | None = None) -> int:
    options = parser().parse_args(words)
    from tests.bench import nlu_intent  # noqa: F401  (imports Rasa, which resets the filters of warnings)

    warnings.showwarning = lambda *_, **__: None
    notes: list[str] = []
    figures: dict[str, float] = {}
    try:
        for file in options.data or ():
            figures |= _given(file, options, notes)
        if not options.data:
            figures = _all(options, notes)
    except BadData as error:
        print(f"bench nlu: {error}", file=sys.stderr)
        return 2
    print(json.dumps({"figures": figures, "notes": notes}))
    return 0


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="./setu bench nlu", description=__doc__)
    made.add_argument("names", nargs="*", help="of public sets, or shop (default: all)")
    made.add_argument("--task", choices=("intent", "sentiment", "language"))
    made.add_argument("--data", type=Path, nargs="+", action="extend", metavar="FILE.jsonl")
    made.add_argument(
        "--oos", nargs="+", action="extend", metavar="LABEL", help="labels that are out of scope"
    )
    made.add_argument("--encoder", metavar="FOLDER")
    made.add_argument("--errors", type=Path, metavar="FILE", help="write what is misread of the shop's sets")
    made.add_argument("--baseline", choices=("diet", "ngrams"), nargs="+", default=[])
    made.add_argument("--limit", type=float, default=900, help="seconds a baseline may take")
    return made


def task_of(file: Path) -> str:
    """By its labels, or its folder where it has none that tell."""
    with file.open(encoding="utf-8", errors="surrogateescape") as lines:
        labels = {json.loads(line).get("label") for line in lines if line.strip()}
    named = {str(label) for label in labels if label is not None}
    if named and named <= LANGUAGES | {"unknown", "other"}:
        return "language"
    if (named and named <= MOODS) or file.parent.name == "sentiment":
        return "sentiment"
    return "intent" if named else "language"


def _given(file: Path, options: argparse.Namespace, notes: list[str]) -> dict[str, float]:
    try:
        task = options.task or task_of(file)
    except (OSError, ValueError, AttributeError) as error:
        raise BadData(f"{file} cannot be read: {error}") from error
    if task != "intent":
        return _other(task, [file])
    lines = nlu_data.read(file, notes)
    return _intents(nlu_data.runs(file.stem, lines, oos=_oos(options)), options)


def _all(options: argparse.Namespace, notes: list[str]) -> dict[str, float]:
    """The public sets and our own."""
    figures: dict[str, float] = {}
    if options.task in (None, "intent"):
        for name, place in NAMED.items():
            if (
                any(name.startswith(one) or one.startswith(name) for one in options.names)
                or not options.names
            ):
                lines = nlu_data.read(YARDSTICKS / f"{place}.jsonl", notes)
                found = nlu_data.runs(name, lines, oos=_oos(options))
                if name in SHOTS:
                    found += [
                        (few.name, [few])
                        for _, (run,) in found[:1]
                        for few in [nlu_data.few(run, SHOTS[name])]
                    ]
                wanted = [run for run in found if run[0] in options.names]
                figures |= _intents(wanted or found, options)
        if not options.names or any(name.startswith("shop") for name in options.names):
            files = [file for file in sorted((ROOT / "tests" / "nlu").glob("shop_*.jsonl"))
                     if not {"shop", file.stem}.isdisjoint(options.names) or not options.names]  # fmt: skip
            from tests.bench import nlu_shop

            figures |= nlu_shop.measure(files, options.errors, options.encoder)
    for task, folder in (("sentiment", "sentiment"), ("language", "languages")):
        if options.task == task or (options.task is None and not options.names):
            figures |= _other(task, sorted((YARDSTICKS / folder).glob("*.jsonl")))
    return figures


def _intents(found: list[tuple[str, list[Run]]], options: argparse.Namespace) -> dict[str, float]:
    from tests.bench import nlu_baseline, nlu_intent

    figures: dict[str, float] = {}
    for name, folds in found:
        part = nlu_intent.measure(folds, options.encoder)
        for kind in options.baseline:
            part |= nlu_baseline.measure(kind, folds, options.limit)
        print(name, {key: round(value, 3) for key, value in part.items()}, file=sys.stderr, flush=True)
        figures |= {f"{name}.{key}": value for key, value in part.items()}
    return figures


def _other(task: str, files: list[Path]) -> dict[str, float]:
    measured: dict[str, float] = importlib.import_module(f"tests.bench.nlu_{task}").measure(files)
    return measured


def _oos(options: argparse.Namespace) -> tuple[str, ...]:
    return tuple(options.oos or nlu_data.OUT_OF_SCOPE)


if __name__ == "__main__":
    sys.exit(main())
