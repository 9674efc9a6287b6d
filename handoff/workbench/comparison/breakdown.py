"""Where two models differ: messages, intents, languages, scripts, confusions, thresholds. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from handoff.workbench.comparison.figures import Comparison, Sheet, share
from handoff.workbench.comparison.items import Board, Item, Reading
from handoff.workbench.comparison.resampling import Difference, mcnemar

ENOUGH = 20  # messages, below which a figure is shown but judges nothing
MOST_CASES = 200
MOST_CONFUSIONS = 40
CURVE = 41  # points


def changed(
    items: Sequence[Item],
    champion: Sequence[Reading],
    challenger: Sequence[Reading],
    before: Board,
    after: Board,
) -> dict[str, Any]:
    """``{mcnemar, fixed, broken}``: the surest new mistakes, and the surest old ones, first."""
    fixed = np.flatnonzero(after.right & ~before.right)
    broken = np.flatnonzero(before.right & ~after.right)

    def cases(rows: Any, sure: Any) -> list[dict[str, Any]]:
        chosen = sorted((int(at) for at in rows), key=lambda at: (-sure[at], at))[:MOST_CASES]
        return [_case(items[at], champion[at], challenger[at]) for at in chosen]

    return {
        "mcnemar": {
            "fixed": len(fixed),
            "broken": len(broken),
            "p": round(mcnemar(len(fixed), len(broken)), 5),
        },
        "fixed": cases(fixed, before.sure),
        "broken": cases(broken, after.sure),
    }


def _case(item: Item, champion: Reading, challenger: Reading) -> dict[str, Any]:
    case: dict[str, Any] = {"text": item.text, "language": item.language, "truth": item.truth}
    if len(item.wishes) > 1:
        case["wishes"] = list(item.wishes)
    return case | {"champion": as_read(champion), "challenger": as_read(challenger)}


def as_read(reading: Reading) -> dict[str, Any]:
    return {
        "intent": reading.intent,
        "confidence": round(reading.confidence, 4),
        "doubtful": reading.doubtful,
    }


def by_intent(of: Comparison, titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """Of all intents that are meant at least once; those that changed most come first."""
    names = {wish for item in of.items for wish in item.wishes}
    counts = Counter(int(one) for one in of.truth)
    before = of.scores(of.champion) if of.champion else None
    after = of.scores(of.challenger)
    told: list[dict[str, Any]] = []
    for name in sorted(names):
        at = of.numbers[name]
        told.append(
            {
                "intent": name,
                "title": titles.get(name, name.replace("_", " ")),
                "n": counts[at],
                "enough": counts[at] >= ENOUGH,
                "champion": _of_intent(before, at),
                "challenger": _of_intent(after, at),
                "difference": of.differences["f1"][at].told() if before else None,
            }
        )
    return sorted(told, key=lambda one: one["difference"]["value"] if one["difference"] else 0.0)


def _of_intent(scores: Any, at: int) -> dict[str, float] | None:
    if scores is None:
        return None
    return {
        name: round(float(np.nan_to_num(getattr(scores, name)[0, at])), 5)
        for name in ("f1", "recall", "precision")
    }


def by_group(of: Comparison, what: str) -> list[dict[str, Any]]:
    """Accuracy by ``language`` or ``script``, with how many messages there are within scope."""
    kinds = of.languages if what == "language" else of.scripts
    first = 0 if what == "language" else len(of.languages)
    before = of.scores(of.champion) if of.champion else None
    after = of.scores(of.challenger)
    told: list[dict[str, Any]] = []
    for at, name in enumerate(kinds, first):
        n = sum(1 for item in of.items if item.wishes and getattr(item, what) == name)
        difference: Difference | None = of.differences["groups"][at] if before else None
        told.append(
            {
                what: name,
                "n": n,
                "enough": n >= ENOUGH,
                "champion": _of_group(before, at),
                "challenger": _of_group(after, at),
                "difference": difference.told() if difference else None,
            }
        )
    return sorted(told, key=lambda one: (-one["n"], one[what]))


def _of_group(scores: Any, at: int) -> dict[str, float] | None:
    return None if scores is None else {"accuracy": round(float(np.nan_to_num(scores.groups[0, at])), 5)}


def confusions(of: Comparison, sheet: Sheet) -> list[dict[str, Any]]:
    """What was meant and what was read instead, most frequent first; what is out of scope and was
    answered is among them."""
    board = sheet.board
    missed = (board.inside & ~board.right) | (~board.inside & ~board.asked)
    pairs = Counter((of.names[of.truth[at]], of.names[board.read[at]]) for at in np.flatnonzero(missed))
    ordered = sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))
    return [
        {"truth": truth, "read": read, "count": count} for (truth, read), count in ordered[:MOST_CONFUSIONS]
    ]


def curve(of: Comparison, sheet: Sheet) -> list[dict[str, float]]:
    """Answered against wrong, both of all messages, if everything surer than a threshold were answered."""
    board = sheet.board
    bad = (~board.right & board.inside) | ~board.inside
    order = np.argsort(-board.sure, kind="stable")
    total = max(float(of.weights.sum()), 1e-12)
    answered = np.cumsum(of.weights[order]) / total
    wrong = np.cumsum((of.weights * bad)[order]) / total
    points = [{"threshold": 1.0, "answered": 0.0, "wrong": 0.0}]
    seen = -1
    for wanted in np.linspace(0, 1, CURVE)[1:]:
        at = min(int(np.searchsorted(answered, wanted - 1e-9)), len(order) - 1)
        if at > seen:
            points.append(
                {
                    "threshold": round(float(board.sure[order[at]]), 4),
                    "answered": round(float(answered[at]), 5),
                    "wrong": round(float(wrong[at]), 5),
                }
            )
        seen = at
    return points[::-1]


def present(of: Comparison, sheet: Sheet) -> dict[str, float]:
    """Where the model works now: what it answers and gets wrong, and the one threshold that would answer
    as much (its own limits differ by language and kind of doubt)."""
    board = sheet.board
    answered = share(~board.asked, of.weights)
    order = np.argsort(-board.sure, kind="stable")
    reached = np.cumsum(of.weights[order]) / max(float(of.weights.sum()), 1e-12)
    at = min(int(np.searchsorted(reached, answered - 1e-9)), len(order) - 1)
    threshold = float(board.sure[order[at]]) if len(order) else 0.0
    return {
        "threshold": round(threshold, 4),
        "answered": answered,
        "wrong": share(board.wrong, of.weights),
    }
