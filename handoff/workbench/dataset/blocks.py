"""The lines of an NLU file: which are examples of which intent, and where. Pure.

Read by lines, as they are edited by lines: ``examples: |`` holds one example a line, and a comment, an
order or a quoting next to it is nobody's business. What is laid out otherwise (a list of mappings,
look-up tables, synonyms) is left alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_KEY = re.compile(r"^(?P<indent> *)(?P<dash>- +)?(?P<key>[A-Za-z_]+):(?: +(?P<value>.*?))?\s*$")
_BLOCK = re.compile(r"[|>][+-]?\d?[+-]?(?:\s+#.*)?")
_COMMENT = re.compile(r"\s+#.*$")


@dataclass(frozen=True, slots=True)
class Line:
    """``index`` counts from 0; ``marked`` is the example without its dash and the blanks around it."""

    index: int
    marked: str


@dataclass(slots=True)
class Block:
    """An intent's examples. ``head`` is the line of ``examples: |``; ``indent`` that of its dashes."""

    intent: str
    head: int
    indent: int
    lines: list[Line] = field(default_factory=list)

    @property
    def end(self) -> int:
        """The index before which one more example belongs."""
        return (self.lines[-1].index if self.lines else self.head) + 1


def split(text: str) -> list[str]:
    """Lines with their ends, as YAML has them (``str.splitlines`` knows more kinds); joined, the text."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def blocks(lines: list[str]) -> list[Block]:
    """All intents with examples as a block of lines, in their order."""
    found: list[Block] = []
    intent: str | None = None
    pending: Block | None = None  # its `examples:` came before its `intent:`
    at, count = 0, len(lines)
    while at < count:
        match = _KEY.match(lines[at])
        at += 1
        if not match:
            continue
        column = len(match["indent"]) + len(match["dash"] or "")
        value = match["value"] or ""
        if match["dash"]:
            intent = pending = None
        if match["key"] == "intent":
            intent = _COMMENT.sub("", value).strip().strip("'\"")
            if pending:
                pending.intent = intent
                found.append(pending)
                pending = None
        elif match["key"] == "examples" and _BLOCK.fullmatch(value):
            block = Block(intent or "", at - 1, column + 2)
            at = _fill(block, lines, at, column)
            if intent:
                found.append(block)
            else:
                pending = block
    return found


def _fill(block: Block, lines: list[str], at: int, column: int) -> int:
    """Take the lines that are indented more than their key; returns the index of the first that is not."""
    first = True
    while at < len(lines):
        line = lines[at]
        bare = line.strip(" \r\n\t")
        if bare:
            indent = len(line) - len(line.lstrip(" "))
            if indent <= column or (not first and indent < block.indent):
                break
            if first:
                block.indent, first = indent, False
            if bare.startswith("-"):
                block.lines.append(Line(at, bare[1:].strip(" \r\n\t")))
        at += 1
    return at
