"""YAML changed where it must be and nowhere else: comments, order, quoting and layout stay as they are. Pure.

The parser only tells where things are; what is written is cut into the text. Nothing is dumped anew.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import yaml

from handoff.errors import Invalid

Path = Sequence[str]


def load(text: str, name: str = "") -> Any:
    """The content; raises :class:`Invalid` (``file_unreadable``) naming the line that is wrong."""
    try:
        return yaml.load(text, yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date such as 2026-13-45
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        line = mark.line + 1 if mark else 0
        raise Invalid("file_unreadable", file=name, line=line, problem=problem) from error


def scalar(text: str, *, flow: bool = False) -> str:
    """``text`` as YAML writes it on one line: plain where that is read back the same, else quoted."""
    if not flow and text == text.strip() and "\n" not in text and not text.startswith(("-", "?", "&", "*")):
        try:
            if yaml.safe_load(f"a:\n  - {text}\n  - k: {text}\n") == {"a": [text, {"k": text}]}:
                return text
        except (yaml.YAMLError, ValueError):
            pass
    return json.dumps(text, ensure_ascii=False)


def compose(text: str, name: str = "") -> yaml.Node:
    """The tree with its places; raises :class:`Invalid` as :func:`load` does, and for an empty file."""
    try:
        node = yaml.compose(text, yaml.CSafeLoader)
    except yaml.YAMLError:
        load(text, name)
        raise
    if node is None:
        raise Invalid("file_unreadable", file=name, line=1, problem="empty")
    return node


def find(node: yaml.Node, path: Path) -> tuple[yaml.Node, yaml.Node] | None:
    """The key and the value at ``path``, keys of mappings from the top; None if it is not there."""
    found: tuple[yaml.Node, yaml.Node] | None = None
    for part in path:
        if not isinstance(node, yaml.MappingNode):
            return None
        found = next((pair for pair in node.value if pair[0].value == part), None)
        if found is None:
            return None
        node = found[1]
    return found


def end(text: str, node: yaml.Node, after: int) -> int:
    """The index where the content of ``node`` ends. ``after``: where its key or dash ends, by which an
    alias is told, whose node lies elsewhere."""
    if node.start_mark.index < after:
        return line_end(text, after)
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        if isinstance(last, tuple):
            return end(text, last[1], last[0].end_mark.index)
        return end(text, last, max(after, node.start_mark.index))
    stop: int = node.end_mark.index
    if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
        return len(text[:stop].rstrip())
    return stop


def line_end(text: str, index: int) -> int:
    """Of the line that ``index`` is in, before its line feed."""
    found = text.find("\n", index)
    return len(text) if found < 0 else found


def line_start(text: str, index: int) -> int:
    return text.rfind("\n", 0, index) + 1


def insert_lines(text: str, index: int, lines: Sequence[str]) -> str:
    """``lines`` (without ends) after the line that ``index`` is in, with the ends that ``text`` has."""
    at = line_end(text, index)
    feed = "\r\n" if "\r\n" in text else "\n"
    if at == len(text):  # a last line without an end stays one
        return text + "".join(feed + line for line in lines)
    return text[: at + 1] + "".join(line + feed for line in lines) + text[at + 1 :]


def append_item(text: str, path: Path, item: str, name: str = "") -> str:
    """One more ``item`` (as YAML) at the end of the list at ``path``, laid out as the others are.

    Raises :class:`Invalid` (``file_layout``) where there is no list with an item a line.
    """
    pair = find(compose(text, name), path)
    if (
        pair is None
        or not isinstance(pair[1], yaml.SequenceNode)
        or pair[1].flow_style
        or not pair[1].value
        or pair[1].start_mark.index < pair[0].end_mark.index
    ):
        raise Invalid("file_layout", file=name, what=".".join(path))
    items = pair[1]
    stop = end(text, items, pair[0].end_mark.index)
    return insert_lines(text, stop, [" " * items.start_mark.column + "- " + item])


def insert_key(text: str, path: Path, lines: Sequence[str], name: str = "") -> str:
    """``lines`` (``key: value``, further ones indented below it) at the end of the mapping at ``path``.

    Mappings on the way that are not there are made. Raises :class:`Invalid` (``file_layout``).
    """
    root = compose(text, name)
    known = max(n for n in range(len(path) + 1) if n == 0 or find(root, path[:n]))
    pair = find(root, path[:known])
    node = pair[1] if pair else root
    if not isinstance(node, yaml.MappingNode) or node.flow_style or not node.value:
        raise Invalid("file_layout", file=name, what=".".join(path))
    column = node.value[0][0].start_mark.column
    made = [" " * (column + 2 * depth) + f"{part}:" for depth, part in enumerate(path[known:])]
    deep = " " * (column + 2 * len(made))
    stop = end(text, node, pair[0].end_mark.index if pair else 0)
    return insert_lines(text, stop, [*made, *(deep + line for line in lines)])
