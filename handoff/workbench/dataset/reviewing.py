"""What is to be thought of before a change is applied: our own checks of what it adds. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from handoff.errors import Invalid
from handoff.workbench.dataset import checks, yamltext
from handoff.workbench.dataset.examples import Example, read_file
from handoff.workbench.dataset.findings import Finding
from handoff.workbench.talks.story import Story, StoryError


class Judge(Protocol):
    """See :class:`handoff.workbench.dataset.checking.Known`."""

    @property
    def intents(self) -> Sequence[str]: ...

    def of(self, subjects: Sequence[Example]) -> Iterator[Finding]: ...

    def neighbours(self, example: Example) -> list[tuple[Example, float]]: ...


def review(files: Sequence[Mapping[str, Any]], judge: Judge) -> list[Finding]:
    """``files`` as a change keeps them."""
    added, gone = _added(files)

    def neighbours(example: Example) -> list[tuple[Example, float]]:
        return [(other, share) for other, share in judge.neighbours(example) if _what(other) not in gone]

    found = [*judge.of(added), *checks.near_others(added, neighbours)]
    intents = {*judge.intents, *_new_intents(files)}
    for file in files:
        path, text = file["path"], file["after"] or ""
        if path.startswith("tests/stories/") and text:
            try:
                Story.parse(path, text)
            except StoryError as error:
                found.append(Finding("test_wrong", {"problem": str(error)}, places=[(path, 1)]))
        elif path.startswith(("data/rules/", "data/stories/")) and text:
            found += _steps(path, text, intents)
    return found


def _added(files: Sequence[Mapping[str, Any]]) -> tuple[list[Example], set[tuple[str, str, str]]]:
    """The examples that are new, and those that are no more."""
    added: list[Example] = []
    gone: set[tuple[str, str, str]] = set()
    for file in files:
        if not file["path"].startswith("data/nlu/"):
            continue
        before = read_file(file["path"], file["before"] or "")
        after = read_file(file["path"], file["after"] or "")
        left = Counter((one.intent, one.marked) for one in before)
        for one in after:
            if left[one.intent, one.marked] > 0:
                left[one.intent, one.marked] -= 1
            else:
                added.append(one)
        remaining = {_what(one) for one in after}
        gone |= {_what(one) for one in before} - remaining
    return added, gone


def _what(example: Example) -> tuple[str, str, str]:
    return example.language, example.intent, example.key


def _new_intents(files: Sequence[Mapping[str, Any]]) -> set[str]:
    for file in files:
        if file["path"] == "domain.yml" and file["after"]:
            return {
                str(next(iter(one)) if isinstance(one, dict) else one)
                for one in yamltext.load(file["after"]).get("intents") or []
            }
    return set()


def _steps(path: str, text: str, intents: set[str]) -> Iterator[Finding]:
    """Intents that rules and stories wait for and that nobody ever has."""
    try:
        content = yamltext.load(text, path)
    except Invalid:
        return  # told already where the change was made
    lines = text.split("\n")
    for kind in ("rules", "stories"):
        for talk in content.get(kind) or []:
            for step in talk.get("steps") or [] if isinstance(talk, dict) else []:
                name = step.get("intent") if isinstance(step, dict) else None
                if isinstance(name, str) and name not in intents:
                    line = next((n for n, one in enumerate(lines, 1) if f"intent: {name}" in one), 1)
                    yield Finding("step_unknown", {"intent": name}, places=[(path, line)])
