"""Checks of examples against each other: the same twice, nearly the same, too few, too many, out of place.

Pure. Each takes the ``subjects`` to be judged, and whatever they are judged by.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from statistics import median

import regex

from handoff.workbench.dataset import markup
from handoff.workbench.dataset.examples import Example
from handoff.workbench.dataset.findings import Finding, named
from handoff.workbench.dataset.similar import Neighbours

ALIKE = 0.85  # of two texts with different intents: a person would have to look twice
VERY_ALIKE = 0.92  # from here a warning, below a hint
LEAKS = 0.92  # of an example and a test's message
SHORT = 2  # words; everybody says "thank you", so that is no leak
FEW = 20  # examples of an intent in a language
MANY = 5  # times as many as the middle one of the language
PAIRS = 300  # near-duplicates told at most

_SCRIPTS = (
    "Latin",
    "Devanagari",
    "Bengali",
    "Arabic",
    "Greek",
    "Cyrillic",
    "Han",
    "Hangul",
    "Tamil",
    "Hebrew",
)
_LETTER = regex.compile("|".join(rf"(\p{{Script={script}}})" for script in _SCRIPTS))
#: As data/language/<lang>.yml names them.
_CODES = {
    "Latn": "Latin", "Deva": "Devanagari", "Beng": "Bengali", "Arab": "Arabic", "Grek": "Greek",
    "Cyrl": "Cyrillic", "Hani": "Han", "Hang": "Hangul", "Taml": "Tamil", "Hebr": "Hebrew",
}  # fmt: skip


def broken(subjects: Iterable[Example]) -> Iterator[Finding]:
    """Mark-up that would be learnt as text."""
    for one in subjects:
        if one.broken:
            yield Finding("markup_broken", {"text": one.marked}, [one])


def repeated(everything: Sequence[Example]) -> Iterator[Finding]:
    """The same text twice: in two intents (of one language), or in one."""
    groups: dict[tuple[str, str], list[Example]] = {}
    for one in everything:
        groups.setdefault((one.language, one.key), []).append(one)
    for group in groups.values():
        if len(group) < 2:
            continue
        seen: dict[str, Example] = {}
        extra = []
        for one in group:
            if one.intent in seen:
                extra.append(one)
            seen.setdefault(one.intent, one)
        if len(seen) > 1:
            intents = ", ".join(sorted(seen))
            yield Finding("same_text", {"text": group[0].text, "intents": intents}, list(seen.values()))
        if extra:
            fix = [{"op": "remove_example", **named(one)} for one in extra]
            values = {"text": group[0].text, "intent": extra[0].intent}
            yield Finding("twice", values, [seen[extra[0].intent], *extra], fix=fix)


def fitting(finding: Finding, near: Callable[[Example], Sequence[tuple[Example, float]]]) -> Finding:
    """A ``same_text`` with a fix where its neighbours clearly speak for one of its intents."""
    votes: Counter[str] = Counter()
    intents = {one.intent for one in finding.examples}
    for other, share in near(finding.examples[0]):
        if other.intent in intents and other.key != finding.examples[0].key:
            votes[other.intent] += round(share * 100)
    best = votes.most_common(2)
    if not best or (len(best) > 1 and best[0][1] < 2 * best[1][1]):
        return finding
    fix = [{"op": "remove_example", **named(one)} for one in finding.examples if one.intent != best[0][0]]
    return Finding(finding.code, {**finding.values, "fits": best[0][0]}, finding.examples, fix=fix)


def near(everything: Sequence[Example]) -> Iterator[Finding]:
    """Nearly the same text in two intents of one language, the most alike first."""
    by_language: dict[str, list[Example]] = {}
    for one in everything:
        by_language.setdefault(one.language, []).append(one)
    found = []
    for examples in by_language.values():
        for a, b, share in Neighbours([one.folded for one in examples]).pairs(ALIKE):
            if examples[a].intent != examples[b].intent and examples[a].key != examples[b].key:
                found.append(_alike(examples[a], examples[b], share))
    yield from sorted(found, key=lambda one: -one.weight)[:PAIRS]


def near_others(
    subjects: Iterable[Example], neighbours: Callable[[Example], Sequence[tuple[Example, float]]]
) -> Iterator[Finding]:
    """Of some examples only: the nearest one of another intent, if it is so near."""
    for one in subjects:
        for other, share in neighbours(one):
            if other.intent != one.intent and other.language == one.language and other.key != one.key:
                if share >= ALIKE:
                    yield _alike(one, other, share)
                break


def _alike(one: Example, other: Example, share: float) -> Finding:
    values = {"text": one.text, "other": other.text, "intent": one.intent, "other_intent": other.intent}
    severity = None if share >= VERY_ALIKE else "hint"
    return Finding("near_text", values, [one, other], weight=share, severity=severity)  # type: ignore[arg-type]


def sizes(
    counts: Mapping[str, Mapping[str, int]], intents: Sequence[str], languages: Sequence[str]
) -> Iterator[Finding]:
    """Intents with few examples in a language, or so many that the others are drowned.

    ``counts``: intent → language → examples; ``intents`` are those of the domain. One without examples in
    any language is not meant to be said (buttons and the gateway use such).
    """
    for language in languages:
        have = {intent: by[language] for intent, by in counts.items() if by.get(language)}
        middle = median(have.values()) if have else 0
        for intent in intents:
            count, most = have.get(intent, 0), max(counts.get(intent, {}).values(), default=0)
            values = {"intent": intent, "language": language, "count": count}
            if most and not count:
                yield Finding("intent_missing", values, weight=most)
            elif most and count < FEW:
                yield Finding("few_examples", {**values, "few": FEW}, weight=FEW - count)
            elif count > MANY * middle:
                yield Finding("unbalanced", {**values, "times": round(count / middle)}, weight=count)


class Frozen:
    """Messages that measure the bot, and where each stands. ``texts``: (folded, where, named so)."""

    def __init__(self, texts: Sequence[tuple[str, str]]) -> None:
        long = [(text, where) for text, where in texts if len(text.split()) > SHORT]
        self._exact: dict[str, list[str]] = {}
        for text, where in long:
            self._exact.setdefault(text, []).append(where)
        self._where = [where for _, where in long]
        self._near = Neighbours([text for text, _ in long])

    def leaks(self, subjects: Sequence[Example]) -> Iterator[Finding]:
        """What is learnt and measured. A test's own words are not told: who writes data must not see them."""
        open_ = [one for one in subjects if len(one.folded.split()) > SHORT]
        near: dict[int, tuple[float, str]] = {}
        for row, column, share in self._near.matches([one.folded for one in open_], LEAKS):
            near[row] = max(near.get(row, (0.0, "")), (share, self._where[column]))
        for row, one in enumerate(open_):
            fix = [{"op": "remove_example", **named(one)}]
            if one.folded in self._exact:
                where = ", ".join(self._exact[one.folded][:3])
                yield Finding("leak", {"text": one.text, "where": where}, [one], fix=fix, weight=1)
            elif row in near:
                share, where = near[row]
                yield Finding("leak_near", {"text": one.text, "where": where}, [one], fix=fix, weight=share)


def scripts(subjects: Iterable[Example], script_of: Mapping[str, str]) -> Iterator[Finding]:
    """Examples mostly in letters that their language is not written in. Everybody may romanise.

    ``script_of``: language → its script as in ``data/language`` (``Deva``).
    """
    owners: dict[str, list[str]] = {}
    for language, code in script_of.items():
        owners.setdefault(_CODES.get(code, code), []).append(language)
    for one in subjects:
        own = _CODES.get(script_of.get(one.language, ""))
        if own is None or one.text.isascii():
            continue
        found = Counter(_SCRIPTS[(match.lastindex or 1) - 1] for match in _LETTER.finditer(one.text))
        if not found:
            continue
        most = found.most_common(1)[0][0]
        if most in ("Latin", own):
            continue
        others = owners.get(most, [])
        fix = None
        if len(others) == 1:
            fix = [{"op": "move_example", **named(one), "to": one.intent, "to_language": others[0]}]
        values = {"text": one.text, "language": one.language, "script": most}
        yield Finding("script_other", values, [one], fix=fix)


def unknown_entities(subjects: Iterable[Example], known: Iterable[str]) -> Iterator[Finding]:
    """Marked as something that ``domain.yml`` does not have; the fix takes the mark off."""
    allowed = set(known)
    for one in subjects:
        strange = sorted({mark.entity for mark in one.entities} - allowed)
        if strange:
            kept = [mark.as_json() for mark in one.entities if mark.entity in allowed]
            fix = [{"op": "edit_example", **named(one), "new_entities": kept}]
            values = {"text": one.text, "entities": ", ".join(strange)}
            yield Finding("entity_unknown", values, [one], fix=fix)


def with_mark(example: Example, mark: markup.Entity) -> Mapping[str, object] | None:
    """The operation that marks one more word; None where another mark is in the way."""
    if any(mark.start < other.end and other.start < mark.end for other in example.entities):
        return None
    marks = sorted([*example.entities, mark], key=lambda one: one.start)
    try:
        markup.write(example.text, marks)
    except ValueError:
        return None
    return {"op": "edit_example", **named(example), "new_entities": [one.as_json() for one in marks]}
