"""A model's reading of a message as an utterance keeps it: without what is personal in it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import regex

from handoff.workbench.gathering.masking import Masked
from handoff.workbench.gathering.scoring import FALLBACK

RANKED = 5  # readings kept
_PERSONAL = {"email": "email", "order_number": "order_number", "phone": "phone", "person": "person",
             "address": "address"}  # entity: kind of span  # fmt: skip
_SCRIPTS = {"Latin": "Latn", "Devanagari": "Deva", "Bengali": "Beng", "Arabic": "Arab", "Greek": "Grek"}
_OF_SCRIPT = [(code, regex.compile(rf"\p{{Script={name}}}")) for name, code in _SCRIPTS.items()]


def reading(understood: Mapping[str, Any], raw: str, masked: Masked) -> dict[str, Any]:
    """From :class:`bot.contract.Understanding` as JSON; ``intent`` is the best reading even when doubtful."""
    ranking: list[dict[str, Any]] = [
        {"name": str(one["name"]), "confidence": round(float(one.get("confidence") or 0.0), 4)}
        for one in understood.get("ranking") or []
        if one.get("name") != FALLBACK
    ][:RANKED]
    intent, doubtful = understood.get("intent"), understood.get("intent") == FALLBACK
    best: dict[str, Any] = (
        ranking[0] if ranking else {"name": intent, "confidence": float(understood.get("confidence") or 0.0)}
    )
    following = ranking[1]["confidence"] if len(ranking) > 1 else 0.0
    return {
        "intent": best["name"] if best["name"] != FALLBACK else None,
        "confidence": best["confidence"],
        "margin": round(best["confidence"] - following, 4) if ranking else best["confidence"],
        "in_scope": round(float(understood.get("in_scope") or 0.0), 4),
        "ranking": ranking,
        "entities": _entities(understood.get("entities") or [], raw, masked),
        "language": understood.get("language"),
        "script": understood.get("script"),
        "doubtful": doubtful or bool(understood.get("doubtful")),
        "wishes": list(understood.get("wishes") or []),
        "model": understood.get("model"),
    }


def _entities(found: list[Mapping[str, Any]], raw: str, masked: Masked) -> list[dict[str, Any]]:
    """Entities where they stand in the masked text; of personal ones the stand-in is the value."""
    kept: list[dict[str, Any]] = []
    spans = list(masked.spans)
    place = 0
    for one in sorted(found, key=lambda one: int(one.get("start") or 0)):
        name = str(one.get("entity"))
        if name in _PERSONAL:
            span = next((span for span in spans if span.kind == _PERSONAL[name]), None)
            if span is not None:
                spans.remove(span)
                kept.append(_entity(name, masked.text[span.start : span.end], span.start, span.end))
            continue
        said = raw[int(one.get("start") or 0) : int(one.get("end") or 0)]
        start = masked.text.find(said, place) if said else -1
        inside = any(start < span.end and span.start < start + len(said) for span in masked.spans)
        if start >= 0 and not inside:
            place = start + len(said)
            kept.append(_entity(name, str(one.get("value") or said), start, place))
    return kept


def _entity(name: str, value: str, start: int, end: int) -> dict[str, Any]:
    return {"entity": name, "value": value, "start": start, "end": end}


def script_of(text: str) -> str:
    """ISO 15924, of most letters; "Zzzz": none of ours."""
    counts = [(len(pattern.findall(text)), code) for code, pattern in _OF_SCRIPT]
    most = max(counts)
    return most[1] if most[0] else "Zzzz"
