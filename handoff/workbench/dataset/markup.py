"""Rasa's mark-up of entities in an example: read, written, and told broken. Pure.

``track [SO-100456](order_number)``, ``in [navy]{"entity": "colour", "value": "blue"}``, and the older
``[navy](colour:blue)``. Several entities over one span (``[text][{…}, {…}]``) are read, too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

# As in rasa.shared.nlu.training_data.entities_parser: what we read must be what is learnt.
MARK = re.compile(
    r"\[(?P<text>[^\]]+?)\](?:\((?P<entity>[^:)]+?)(?::(?P<value>[^)]+))?\)"
    r"|\{(?P<dict>[^}]+?)\}|\[(?P<list>.*?)\])"
)
_DICT = re.compile(r"{([^}]+?)\}")
_LEFT_OVER = re.compile(r"\]\s?[({\[]|\[[^\]]*\[|\[\]")
NAME = re.compile(r"[A-Za-z_][\w-]*")


@dataclass(frozen=True, slots=True)
class Entity:
    """``text[start:end]`` is an ``entity``; ``value`` null: what is written is the value."""

    start: int
    end: int
    entity: str
    value: str | None = None
    role: str | None = None
    group: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Without what is not set."""
        full = {
            "start": self.start,
            "end": self.end,
            "entity": self.entity,
            "value": self.value,
            "role": self.role,
            "group": self.group,
        }
        return {key: value for key, value in full.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Marked:
    """An example read. ``broken``: mark-up that cannot be read; its characters then count as text."""

    text: str
    entities: tuple[Entity, ...] = field(default=())
    broken: bool = False


def read(marked: str) -> Marked:
    """The plain text of an example and the entities within it."""
    if "[" not in marked:
        return Marked(marked, broken="](" in marked)
    plain: list[str] = []
    entities: list[Entity] = []
    length = at = 0
    broken = False
    for match in MARK.finditer(marked):
        between, text = marked[at : match.start()], match["text"]
        broken = broken or bool(_LEFT_OVER.search(between)) or "[" in text
        length += len(between)
        try:
            entities += _of(match, length, length + len(text))
        except ValueError:
            broken = True
        plain += (between, text)
        length += len(text)
        at = match.end()
    rest = marked[at:]
    return Marked("".join([*plain, rest]), tuple(entities), broken or bool(_LEFT_OVER.search(rest)))


def _of(match: re.Match[str], start: int, end: int) -> Iterator[Entity]:
    """Raises ``ValueError`` for a mapping that is none, or names no entity."""
    if match["entity"] is not None:
        yield Entity(start, end, match["entity"], match["value"])
        return
    inner = [match["dict"]] if match["dict"] is not None else _DICT.findall(match["list"])
    if not inner:
        raise ValueError("no entity")
    for one in inner:
        said = json.loads(f"{{{one}}}")
        if not isinstance(said.get("entity"), str):
            raise ValueError("no entity")
        yield Entity(start, end, said["entity"], *(said.get(key) for key in ("value", "role", "group")))


def write(text: str, entities: Sequence[Entity]) -> str:
    """The example as it stands in a file.

    Raises ``ValueError`` if the mark-up cannot say it: spans that overlap or lie outside, brackets within
    a marked word, or a text that would itself be read as mark-up.
    """
    parts: list[str] = []
    at = 0
    ordered = sorted(entities, key=lambda entity: entity.start)
    for entity in ordered:
        if not at <= entity.start < entity.end <= len(text) or not NAME.fullmatch(entity.entity):
            raise ValueError("spans")
        parts += (text[at : entity.start], f"[{text[entity.start : entity.end]}]", _label(entity))
        at = entity.end
    marked = "".join([*parts, text[at:]])
    if read(marked) != Marked(text, tuple(ordered)):
        raise ValueError("markup")
    return marked


def _label(entity: Entity) -> str:
    if entity.value is None and entity.role is None and entity.group is None:
        return f"({entity.entity})"
    said = {"entity": entity.entity, "value": entity.value, "role": entity.role, "group": entity.group}
    return json.dumps({k: v for k, v in said.items() if v is not None}, ensure_ascii=False)
