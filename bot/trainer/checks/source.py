"""A YAML file with the places of what stands in it. Pure but for reading the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

LONGEST_EXCERPT = 200


class Place(NamedTuple):
    """Both from 1."""

    line: int
    column: int = 1


@dataclass(frozen=True, slots=True)
class Problem:
    """``severity``: an error keeps from training. ``values`` go into the text of the code."""

    file: str
    place: Place
    severity: str
    code: str
    values: dict[str, Any]


class Source:
    """``name``: the file's path as it is told to people; ``root``: its content, None if it is empty or
    cannot be read, which ``problems`` tell then."""

    def __init__(self, path: Path, name: str) -> None:
        self.name = name
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self.lines: list[str] = []
        raw = path.read_bytes()
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            self.problems.append(Problem(name, Place(line), "error", "not_utf8", {}))
            return
        self.lines = text.splitlines()
        try:
            self.root = yaml.compose(text, Loader=yaml.CSafeLoader)
            self._look_for_doubles(self.root, set())
        except (yaml.MarkedYAMLError, yaml.reader.ReaderError, RecursionError) as error:
            self.root = None
            self.problems.append(_syntax(name, error))

    def problem(self, where: Node | Place, severity: str, code: str, **values: Any) -> Problem:
        return Problem(self.name, where if isinstance(where, Place) else place(where), severity, code, values)

    def excerpt(self, line: int) -> str:
        return self.lines[line - 1].strip()[:LONGEST_EXCERPT] if 0 < line <= len(self.lines) else ""

    def at(self, path: str) -> Node | None:
        """The nearest there is to ``/nlu/0/examples``."""
        node = self.root
        for part in path.strip("/").split("/"):
            inside = node and _inside(node, part)
            if inside is None:
                break
            node = inside
        return node

    def block(self, node: Node) -> Iterator[tuple[Place, str]]:
        """The lines of a text, each with where it begins in the file; those in quotes all at the quote."""
        lines = str(node.value).splitlines()
        if getattr(node, "style", None) not in ("|", ">"):
            yield from ((place(node), line) for line in lines)
            return
        for number, line in enumerate(lines, node.start_mark.line + 2):
            raw = self.lines[number - 1] if number <= len(self.lines) else ""
            indent = max(0, len(raw) - len(raw.lstrip()) - (len(line) - len(line.lstrip())))
            yield Place(number, indent + 1), line

    def _look_for_doubles(self, node: Node | None, seen: set[int]) -> None:
        if node is None or id(node) in seen:
            return
        seen.add(id(node))
        if isinstance(node, MappingNode):
            keys = set()
            for key, value in node.value:
                if isinstance(key, ScalarNode) and key.value != "<<":
                    if key.value in keys:
                        self.problems.append(self.problem(key, "error", "key_twice", key=key.value))
                    keys.add(key.value)
                self._look_for_doubles(value, seen)
        elif isinstance(node, SequenceNode):
            for one in node.value:
                self._look_for_doubles(one, seen)


def place(node: Node) -> Place:
    return Place(node.start_mark.line + 1, node.start_mark.column + 1)


def items(node: Node | None) -> list[tuple[str, Node, Node]]:
    """Key, where it stands, and value of each entry of a mapping; of anything else none."""
    if not isinstance(node, MappingNode):
        return []
    return [(str(key.value), key, value) for key, value in node.value if isinstance(key, ScalarNode)]


def entries(node: Node | None) -> list[Node]:
    """Of a list; of anything else none."""
    return list(node.value) if isinstance(node, SequenceNode) else []


def get(node: Node | None, name: str) -> Node | None:
    return next((value for key, _, value in items(node) if key == name), None)


def scalar(node: Node | None) -> str | None:
    return str(node.value) if isinstance(node, ScalarNode) else None


def names(node: Node | None) -> list[tuple[str, Node]]:
    """Of a list that holds names, some of them with settings: ``- one``, ``- two: {…}``."""
    found: list[tuple[str, Node]] = []
    for one in entries(node):
        if isinstance(one, ScalarNode):
            found.append((str(one.value), one))
        else:
            found += [(key, where) for key, where, _ in items(one)[:1]]
    return found


def _inside(node: Node, part: str) -> Node | None:
    if isinstance(node, SequenceNode):
        return node.value[int(part)] if part.isdigit() and int(part) < len(node.value) else None
    return get(node, part)


def _syntax(name: str, error: Exception) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    where = Place(mark.line + 1, mark.column + 1) if mark else Place(1)
    said = getattr(error, "problem", None) or getattr(error, "reason", None) or "too deeply nested"
    return Problem(name, where, "error", "yaml_broken", {"problem": str(said)})
