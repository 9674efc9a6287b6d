"""The report of a comparison, from readings to figures. Pure; what the pages show is this JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handoff.conversations.policy import Thresholds
from handoff.workbench.comparison import breakdown
from handoff.workbench.comparison.figures import Comparison, Sheet
from handoff.workbench.comparison.handoffs import TALKS, Turn, by_chance, per_hundred
from handoff.workbench.comparison.items import Item, Reading
from handoff.workbench.comparison.resampling import Difference


def understanding(
    items: Sequence[Item],
    champion: Sequence[Reading] | None,
    challenger: Sequence[Reading],
    thresholds: Thresholds,
    titles: Mapping[str, str],
    talks: int = TALKS,
    **settings: int,
) -> dict[str, Any]:
    """What the readings of labelled messages say. Every part about the champion is null without one.

    ``talks``: how many to put together by chance; ``settings``: ``times`` and ``seed`` of the bootstrap.
    Takes about a second for 2,000 messages and more for more: not for the event loop.
    """
    of = Comparison(items, champion, challenger, **settings)
    chance = by_chance(items, talks)
    sheets = {"champion": of.champion, "challenger": of.challenger}
    read = {"champion": champion, "challenger": challenger}
    calibrated = {who: of.calibrated(sheet) if sheet else None for who, sheet in sheets.items()}

    def figures(who: str, sheet: Sheet | None) -> dict[str, Any] | None:
        readings, calibration = read[who], calibrated[who]
        if sheet is None or readings is None or calibration is None:
            return None
        spoken: list[list[Turn]] = [[(items[at].text, readings[at]) for at in talk] for talk in chance]
        return of.figures(sheet, calibration.error, per_hundred(spoken, thresholds))

    def each(what: Any) -> dict[str, Any]:
        return {who: what(of, sheet) if sheet else None for who, sheet in sheets.items()}

    differences = None
    changed: dict[str, Any] = {"mcnemar": None, "fixed": [], "broken": []}
    if of.champion is not None and champion is not None:
        compared = ("accuracy", "macro_f1", "confident_wrong")
        differences = {name: of.differences[name].told() for name in compared}
        before, after = calibrated["champion"], calibrated["challenger"]
        if before is not None and after is not None:
            ece = Difference.of(after.error - before.error, after.draws - before.draws)
            differences["ece"] = ece.told()
        changed = breakdown.changed(items, champion, challenger, of.champion.board, of.challenger.board)
    return {
        "overall": {who: figures(who, sheet) for who, sheet in sheets.items()} | {"difference": differences},
        **changed,
        "intents": breakdown.by_intent(of, titles),
        "languages": breakdown.by_group(of, "language"),
        "scripts": breakdown.by_group(of, "script"),
        "confusions": each(breakdown.confusions),
        "curve": each(breakdown.curve) | {"present": each(breakdown.present)}
        | {"threshold": {who: told and told["threshold"] for who, told in each(breakdown.present).items()}},
        "calibration": {who: told and told.told() for who, told in calibrated.items()},
    }  # fmt: skip


def replayed(
    talks: Sequence[Sequence[str]],
    champion: Sequence[Sequence[Reading]] | None,
    challenger: Sequence[Sequence[Reading]],
    thresholds: Thresholds,
) -> dict[str, Any]:
    """Last week's talks read again: what changes, and how many would have gone to a person.

    The same number of texts and readings in each talk, in order; texts are masked.
    """
    mine = [list(zip(*pair, strict=True)) for pair in zip(talks, challenger, strict=True)]
    told: dict[str, Any] = {
        "talks": len(talks),
        "turns": sum(len(talk) for talk in talks),
        "changed": 0,
        "doubts": {"champion": None, "challenger": sum(r.doubtful for talk in challenger for r in talk)},
        "hand_offs": {"champion": None, "challenger": round(per_hundred(mine, thresholds), 2)},
        "examples": [],
    }
    if champion is None:
        return told
    theirs = [list(zip(*pair, strict=True)) for pair in zip(talks, champion, strict=True)]
    told["hand_offs"]["champion"] = round(per_hundred(theirs, thresholds), 2)
    told["doubts"]["champion"] = sum(r.doubtful for talk in champion for r in talk)
    differing = [
        (text, before, after)
        for old, new in zip(theirs, mine, strict=True)
        for (text, before), (_, after) in zip(old, new, strict=True)
        if _outcome(before) != _outcome(after)
    ]
    told["changed"] = len(differing)
    differing.sort(key=lambda one: -max(one[1].confidence, one[2].confidence))
    told["examples"] = [
        {"text": text, "champion": breakdown.as_read(before), "challenger": breakdown.as_read(after)}
        for text, before, after in differing[:MOST_EXAMPLES]
    ]
    return told


MOST_EXAMPLES = 50


def _outcome(reading: Reading) -> str | None:
    """What the bot would act on; None: it asks back."""
    return None if reading.doubtful else reading.intent
