"""Whether a model may go live: every line of the gate, with what it saw and what it asks. Pure.

What is observed on some hundred or thousand messages is never exact, so a line fails for a loss only when
two things hold: the loss is beyond the limit, and chance does not explain it. On few messages the first alone
would fail models at random (of 25 messages one is four points), the second alone would let small certain
losses pass. The lines:

``macro_f1``          fails when F1 falls by more than 0.5 points and does so in nine of ten draws.
``intent language``   with 20 messages or more: fails when F1 (accuracy) falls by more than 3 points and
                      the 95 % interval lies below zero. Stricter than nine of ten, as some sixty are looked
                      at: four of 25 messages newly misread and none mended would do.
``ece``               fails when the debiased error is above .02 with all of its 95 % interval; where the
                      champion's own is above .02, only when it is higher still, in nine of ten draws.
``confident_wrong``   fails when more messages are answered wrongly with confidence, in nine of ten draws.
``latency``           the slowest of twenty readings may take half as long again, and 50 ms at most (on a
                      computer where the champion takes longer: a quarter longer than it).
``talks_lost``        no conversation test that the champion passes may fail.
``talks``             all conversation tests pass.
``leaks``             messages that were learnt from are left out of every figure; where more than one in
                      twenty had to be, the rest does not speak for the whole.

Without a champion only ``ece latency talks leaks`` are judged. ``enough`` false: there are so few messages
that the line says little. What was not measured fails, but for what there is none of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

MACRO_F1 = -0.005
GROUP = -0.03
ECE = 0.02
USUAL = 0.9  # of the draws
SLOWER, SLOWEST, QUICK, SLOW_ANYWAY = 1.5, 50.0, 10.0, 1.25  # ms
LEAKED = 0.05
ENOUGH = 200  # messages in all

Line = dict[str, Any]
Report = Mapping[str, Any]


def judge(report: Report) -> dict[str, Any]:
    """``Verdict``: ``{passed, lines}``; of intents and languages those that fail have a line each, else
    the one that fell most."""
    lines = [*_relative(report), *_absolute(report)]
    return {"passed": all(line["passed"] for line in lines), "lines": lines}


def _relative(report: Report) -> Iterator[Line]:
    """Against the champion; nothing without one."""
    differences = report["overall"].get("difference")
    if not differences:
        return
    enough = report["overall"]["challenger"]["n"] >= ENOUGH
    f1 = differences["macro_f1"]
    lost = f1["value"] < MACRO_F1 and f1["lower"] >= USUAL
    yield _line("macro_f1", not lost, f1["value"], MACRO_F1, enough=enough)
    yield from _groups("intent", report["intents"])
    yield from _groups("language", report["languages"])
    wrong = differences["confident_wrong"]
    more = wrong["value"] > 0 and wrong["higher"] >= USUAL
    yield _line("confident_wrong", not more, wrong["value"], 0.0, enough=enough)
    lost_talks = [
        failure["title"] for failure in report["talks"].get("failures", ()) if failure.get("champion")
    ]
    yield _line("talks_lost", not lost_talks, len(lost_talks), 0, subject=", ".join(lost_talks[:3]) or None)


def _groups(what: str, groups: Sequence[Mapping[str, Any]]) -> Iterator[Line]:
    judged = [group for group in groups if group["enough"] and group["difference"]]
    fell = [g for g in judged if g["difference"]["value"] < GROUP and g["difference"]["high"] < 0]
    worst = min(judged, key=lambda group: (group["difference"]["value"], group[what]), default=None)
    for group in fell or ([worst] if worst else []):
        yield _line(what, not fell, group["difference"]["value"], GROUP, subject=group[what])
    if not judged:
        yield _line(what, True, None, GROUP, enough=False)


def _absolute(report: Report) -> Iterator[Line]:
    n = report["overall"]["challenger"]["n"]
    calibration = report["calibration"]["challenger"]
    yield _ece(report, calibration, enough=n >= ENOUGH) if n else _line("ece", False, None, ECE, enough=False)
    yield _latency(report["cost"]["latency"])
    talks = report["talks"]
    ran = talks.get("failed") is not None and not talks.get("problem")
    failing = [failure["title"] for failure in talks.get("failures", ())]
    passed = ran and not talks["failed"]
    yield _line("talks", passed, talks.get("failed"), 0, subject=", ".join(failing[:3]) or None)
    yield _leaks(report["sets"])


def _ece(report: Report, calibration: Mapping[str, Any], *, enough: bool) -> Line:
    value, limit = calibration["ece"], ECE
    off = value > ECE and calibration["low"] > ECE
    champion = report["calibration"].get("champion")
    if champion and champion["ece"] > ECE:
        difference = report["overall"]["difference"]["ece"]
        limit = champion["ece"]
        off = off and value > limit and difference["higher"] >= USUAL
    return _line("ece", not off, value, limit, enough=enough)


def _latency(latency: Mapping[str, Any]) -> Line:
    now = (latency.get("challenger") or {}).get("p95")
    before = (latency.get("champion") or {}).get("p95")
    limit = SLOWEST
    if before is not None:
        limit = max(min(SLOWEST, max(QUICK, SLOWER * before)), SLOW_ANYWAY * before)
    return _line("latency", now is not None and now <= limit, now, round(limit, 2))


def _leaks(sets: Sequence[Mapping[str, Any]]) -> Line:
    chosen = [one for one in sets if one["chosen"]]
    leaked = sum(one["leaks"]["count"] for one in chosen)
    size = leaked + sum(one["size"] for one in chosen)
    value = round(leaked / size, 5) if size else 0.0
    return _line("leaks", value <= LEAKED, value, LEAKED)


def _line(
    code: str,
    passed: bool,
    value: float | None,
    limit: float,
    *,
    subject: str | None = None,
    enough: bool = True,
) -> Line:
    return {
        "code": code,
        "passed": passed,
        "value": value,
        "limit": limit,
        "subject": subject,
        "enough": enough,
    }
