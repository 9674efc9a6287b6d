"""What may be wrong with the training data, and how it is said. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from handoff.workbench.dataset.examples import Example

Severity = Literal["error", "warning", "hint"]
#: The most pressing first, as the page shows them.
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "hint")

#: In the order of the page. An error makes the model learn, or measure, something false; a warning may;
#: a hint is worth a look.
CODES: Mapping[str, Severity] = {
    "file_unreadable": "error",
    "markup_broken": "error",
    "same_text": "error",
    "leak": "error",
    "entity_unknown": "error",
    "intent_missing": "error",
    "response_missing": "warning",
    "text_missing": "warning",
    "article_missing": "warning",
    "other_missing": "hint",
    "translation_wrong": "error",
    "leak_near": "warning",
    "near_text": "warning",
    "few_examples": "warning",
    "unbalanced": "hint",
    "twice": "warning",
    "entity_unmarked": "warning",
    "entity_odd": "hint",
    "entity_differs": "warning",
    "value_unknown": "hint",
    "script_other": "warning",
    "left_out": "warning",
    "test_wrong": "error",
    "step_unknown": "error",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """``values`` fill the text ``workbench.data.problems.<code>``; ``places`` are (file, line) where there
    are no examples; ``fix``: operations that would mend it; ``weight`` orders those of one code."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)
    examples: Sequence[Example] = ()
    places: Sequence[tuple[str, int]] = ()
    fix: Sequence[Mapping[str, Any]] | None = None
    weight: float = 0.0
    severity: Severity | None = None

    @property
    def serious(self) -> Severity:
        return self.severity or CODES[self.code]

    @property
    def files(self) -> list[tuple[str, int]]:
        return [(one.file, one.line) for one in self.examples] or list(self.places)


def in_order(findings: Sequence[Finding]) -> list[Finding]:
    """Serious ones first, then by kind, the clearest of a kind first."""
    kinds = list(CODES)
    return sorted(
        findings,
        key=lambda one: (
            SEVERITIES.index(one.serious),
            kinds.index(one.code),
            -one.weight,
            one.files[:1],
        ),
    )


def named(example: Example) -> dict[str, Any]:
    """How an operation tells which example is meant."""
    return {
        "intent": example.intent,
        "language": example.language,
        "text": example.text,
        "file": example.file,
    }
