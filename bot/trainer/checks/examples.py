"""Examples: their marks, their intents, and texts that stand under two of them. Pure."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from yaml.nodes import Node, ScalarNode

from bot.trainer.checks.known import INTENTS, Known
from bot.trainer.checks.source import Place, Problem, Source, entries, get, items, place, scalar

KINDS = ("intent", "synonym", "regex", "lookup")
_MARKED = re.compile(r"\[(?P<text>[^\[\]]*)\](?:\((?P<entity>[^()]*)\)|(?P<json>\{[^{}]*\}))")
_LEFT_OVER = re.compile(r"\]\s*[({]|\[[^\]]*$|\[[^\[\]]*\]\s+\(")
LEAST = 2


@dataclass(frozen=True, slots=True)
class Said:
    """An example, its marks taken away."""

    text: str
    intent: str
    source: Source
    place: Place
    language: str


def look(sources: Iterable[Source], known: Known) -> tuple[list[Said], list[Problem]]:
    """All examples of intents, and what is wrong with them."""
    said: list[Said] = []
    problems: list[Problem] = []
    for source in sources:
        for entry in entries(get(source.root, "nlu")):
            kind = next((key for key, _, _ in items(entry) if key in KINDS), None)
            name, given = scalar(get(entry, kind or "")), get(entry, "examples")
            if kind is None or not name:
                problems.append(source.problem(entry, "error", "entry_of_no_kind"))
            elif kind == "intent":
                problems += _named(source, entry, name, known)
                if given is None:
                    problems.append(source.problem(entry, "error", "examples_missing", intent=name))
                else:
                    found = list(_lines(source, given, problems))
                    said += _examples(source, name, found, known, problems)
    return said, problems + _few(said, known) + _same(said)


def _named(source: Source, entry: Node, name: str, known: Known) -> list[Problem]:
    where = get(entry, "intent")
    if where is None or name.partition("/")[0] in known.intents or name in INTENTS or not known.intents:
        return []
    return [source.problem(where, "error", "intent_unknown", intent=name)]


def _lines(source: Source, given: Node, problems: list[Problem]) -> Iterator[tuple[Place, str]]:
    """Examples with their places, from a block of lines or a list of ``text:``."""
    if not isinstance(given, ScalarNode):
        for one in entries(given):
            node = get(one, "text")
            if isinstance(node, ScalarNode):
                yield place(node), str(node.value).strip()
        return
    for where, line in source.block(given):
        bullet = re.match(r"\s*-(\s*)", line)
        if bullet:
            text = line[bullet.end() :].strip()
            at = Place(where.line, where.column + bullet.end())
            if text:
                yield at, text
            else:
                problems.append(source.problem(at, "error", "example_empty"))
        elif line.strip():
            problems.append(source.problem(where, "error", "example_without_dash", text=line.strip()))


def _examples(
    source: Source, intent: str, found: Iterable[tuple[Place, str]], known: Known, problems: list[Problem]
) -> Iterator[Said]:
    folder = source.name.split("/")[-2] if "/" in source.name else ""
    language = folder if re.fullmatch("[a-z]{2,3}", folder) and folder != "nlu" else ""
    for where, line in found:
        problems += _marks(source, where, line, known)
        yield Said(_MARKED.sub(lambda match: match["text"], line), intent, source, where, language)


def _marks(source: Source, where: Place, line: str, known: Known) -> Iterator[Problem]:
    for match in _MARKED.finditer(line):
        at = Place(where.line, where.column + match.start())
        entity = match["entity"]
        if match["json"]:
            try:
                entity = str(json.loads(match["json"]).get("entity", ""))
            except ValueError as error:
                yield source.problem(at, "error", "mark_broken", text=match[0], problem=str(error))
                continue
        entity = (entity or "").partition(":")[0]
        if not match["text"].strip() or not entity.strip():
            yield source.problem(at, "error", "mark_empty", text=match[0])
        elif known.entities and entity not in known.entities:
            yield source.problem(at, "error", "entity_unknown", entity=entity)
        elif match["text"] != match["text"].strip():
            yield source.problem(at, "warning", "mark_with_space", text=match[0])
    rest = _MARKED.sub(lambda match: " " * len(match[0]), line)
    if left := _LEFT_OVER.search(rest):
        at = Place(where.line, where.column + left.start())
        yield source.problem(at, "error", "mark_broken", text=line, problem="")


def _few(said: list[Said], known: Known) -> list[Problem]:
    counts = Counter(one.intent for one in said)
    first = {one.intent: one for one in reversed(said)}
    return [
        first[intent].source.problem(
            first[intent].place, "error", "examples_few", intent=intent, count=count, least=LEAST
        )
        for intent, count in counts.items()
        if count < LEAST and (intent in known.intents or not known.intents)
    ]


def _same(said: list[Said]) -> list[Problem]:
    """In one language it is a mistake; in two, the word may mean two things."""
    alike: defaultdict[str, list[Said]] = defaultdict(list)
    for one in said:
        alike[" ".join(one.text.casefold().split())].append(one)
    problems = []
    for group in alike.values():
        for number, one in enumerate(group):
            other = next((before for before in group[:number] if before.intent != one.intent), None)
            if other is not None:
                problems.append(
                    one.source.problem(
                        one.place,
                        "error" if other.language == one.language else "warning",
                        "same_text",
                        text=one.text,
                        intent=one.intent,
                        other=other.intent,
                        stands=f"{other.source.name}:{other.place.line}",
                    )
                )
    return problems
