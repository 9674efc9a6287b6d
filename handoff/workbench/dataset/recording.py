"""A real talk becomes a conversation test: what was said, and what the bot did then. Pure.

The format is that of ``tests/stories/README.md``. Only names of responses are kept of what the bot said: its
words may hold what is personal, and change.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from handoff.errors import Invalid
from handoff.workbench.dataset.yamltext import scalar

#: Reasons that the dialogue itself gives; others are the gateway's, and no turn of the bot shows them.
REASONS = frozenset({"asked", "complaint", "cannot", "payment", "change"})
_BLANK = re.compile(r"\{[a-z_]+\}")
_TELLING = 8  # letters of a response that must stand there as they are, for it to be recognised


@dataclass(frozen=True, slots=True)
class Said:
    """A message, already masked if a customer or an agent wrote it. ``original`` of the bot's is not.
    ``intent``: as it was understood; null where the bot did not read it. ``handoff``: the reason, if it led
    to a person."""

    sender: str  # customer bot agent
    text: str
    payload: str | None = None
    intent: str | None = None
    doubtful: bool = False
    buttons: int = 0
    cards: int = 0
    handoff: str | None = None


@dataclass(slots=True)
class _Step:
    said: Said
    replies: list[Said] = field(default_factory=list)
    meanwhile: list[Said] = field(default_factory=list)  # what people and customer said before it


class Names:
    """Which response a text is. ``responses``: by language, as in ``data/responses``."""

    def __init__(self, responses: Mapping[str, Mapping[str, Sequence[Mapping[str, Any]]]]) -> None:
        self._patterns: list[tuple[int, str, re.Pattern[str]]] = []
        for names in responses.values():
            for name, variations in names.items():
                for one in variations:
                    text = str((one or {}).get("text") or "").strip()
                    parts = _BLANK.split(text)
                    telling = sum(len(part.strip()) for part in parts)
                    if telling >= _TELLING or (len(parts) == 1 and telling):
                        found = re.compile(".*".join(re.escape(part) for part in parts), re.DOTALL)
                        self._patterns.append((telling, name, found))
        self._patterns.sort(key=lambda one: -one[0])  # the one that says the most itself

    def of(self, text: str) -> str | None:
        return next((name for _, name, found in self._patterns if found.fullmatch(text.strip())), None)


def story(
    title: str, said: Sequence[Said], names: Names, *, customer: str | None = None, locale: str | None = None
) -> str:
    """The file's text; raises :class:`Invalid` (``talk_empty``) where the bot answered nothing in it."""
    steps = _cut(said)
    if not steps:
        raise Invalid("talk_empty")
    lines = [f"conversation: {scalar(' '.join(title.split()))}"]
    lines += [f"customer: {customer}"] if customer else []
    lines += [f"locale: {locale}"] if locale else []
    lines.append("steps:")
    for step in steps:
        lines += _meanwhile(step.meanwhile)
        key, text = (
            ("tap", step.said.text or step.said.payload or "")
            if step.said.payload
            else ("user", step.said.text)
        )
        lines.append(f"  - {key}: {scalar(' '.join(text.split()))}")
        expect = _expect(step, names)
        lines += [f"    expect: {{{', '.join(expect)}}}"] if expect else []
    return "\n".join(lines) + "\n"


def _cut(said: Sequence[Said]) -> list[_Step]:
    """One step for each message that the bot read; what was said to a person comes before the next one."""
    steps: list[_Step] = []
    waiting: list[Said] = []
    person = False
    for one in said:
        if one.sender == "agent":
            person = True
            waiting.append(one)
        elif one.sender == "customer":
            if one.payload is None and one.intent is None and not one.doubtful:  # nobody but people read it
                waiting.append(one)
                continue
            if waiting and not person and not one.payload:  # a burst, which the bot read as one
                one = replace(one, text=" ".join(part.text for part in [*waiting, one]))
            steps.append(_Step(one, meanwhile=waiting if person else []))
            waiting, person = [], False
        elif one.sender == "bot" and steps and not person:
            steps[-1].replies.append(one)
    return steps


def _meanwhile(lines: Sequence[Said]) -> list[str]:
    if not lines:
        return []
    told = [
        f"          - {one.sender}: {scalar(' '.join(one.text.split()))}" for one in lines if one.text.strip()
    ]
    return ["  - handed_back:", "      meanwhile:", *told]


def _expect(step: _Step, names: Names) -> list[str]:
    expected = []
    if step.said.intent and not step.said.payload and not step.said.doubtful:
        expected.append(f"intent: {step.said.intent}")
    if step.said.doubtful:
        expected.append("doubtful: true")
    spoken = [one for one in step.replies if one.text.strip()]
    found = [names.of(one.text) for one in spoken]
    if spoken and all(found):
        expected.append(f"replies: [{', '.join(str(name) for name in found)}]")
    elif any(found):
        known = list(dict.fromkeys(name for name in found if name))
        expected.append(f"says: [{', '.join(known)}]")
    if any(one.buttons for one in step.replies):
        expected.append("buttons: true")
    if any(one.cards for one in step.replies):
        expected.append("cards: true")
    if step.said.handoff in REASONS:
        expected.append(f"handoff: {step.said.handoff}")
    elif step.replies and not step.said.handoff:
        expected.append("handoff: null")
    return expected
