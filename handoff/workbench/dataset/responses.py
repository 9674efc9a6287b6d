"""What the bot says, changed in its file: a variation that stays keeps its lines as they are. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from handoff.errors import Invalid
from handoff.workbench.dataset import yamltext
from handoff.workbench.dataset.blocks import split

_PLAIN_KEY = re.compile(r"[A-Za-z_][\w-]*")


def full(variation: Mapping[str, Any] | str) -> dict[str, Any]:
    """A text alone is a variation with nothing else; raises :class:`Invalid` (``response_empty``)."""
    whole = {"text": variation} if isinstance(variation, str) else dict(variation)
    text = whole.get("text")
    if text is not None and (not isinstance(text, str) or not text.strip()):
        raise Invalid("response_empty")
    if not whole.keys() & {"text", "custom", "image", "attachment"}:
        raise Invalid("response_empty")
    return whole


def set_variations(content: str, name: str, wanted: Sequence[Mapping[str, Any]], path: str) -> str:
    """``content`` with exactly ``wanted`` under ``name``; everything else has the same bytes.

    Raises :class:`Invalid`: ``response_shared`` where another response refers to buttons that would go
    (``*alias``), ``file_layout`` where it cannot be cut at lines.
    """
    before = yamltext.load(content, path)
    expected = {**before, "responses": {**(before.get("responses") or {}), name: [dict(w) for w in wanted]}}
    pair = yamltext.find(yamltext.compose(content, path), ["responses", name])
    if pair is None:
        lines = [f"{name}:", *(f"  {line}" for one in wanted for line in _written(one))]
        after = yamltext.insert_key(content, ["responses"], lines, path)
    else:
        after = _replaced(content, pair, before["responses"][name], wanted, path)
    try:
        result = yamltext.load(after, path)
    except Invalid as error:
        raise Invalid("response_shared", name=name) from error
    if result != expected:
        raise Invalid("response_shared", name=name)
    return after


def _replaced(
    content: str, pair: tuple[yaml.Node, yaml.Node], old: Any, wanted: Sequence[Mapping[str, Any]], path: str
) -> str:
    key, node = pair
    if not isinstance(node, yaml.SequenceNode) or node.flow_style or not node.value:
        raise Invalid("file_layout", file=path, what=str(key.value))
    first = yamltext.line_start(content, node.start_mark.index)
    if first <= yamltext.line_start(content, key.start_mark.index):
        raise Invalid("file_layout", file=path, what=str(key.value))
    feed = "\r\n" if "\r\n" in content else "\n"
    starts = [yamltext.line_start(content, item.start_mark.index) for item in node.value]
    stop = yamltext.line_end(content, yamltext.end(content, node, key.end_mark.index))
    # What stands between two variations (a comment) goes with the one before it.
    chunks = [content[a:b] for a, b in zip(starts, [*starts[1:], stop], strict=True)]
    head, column = content[first : starts[0]], " " * node.start_mark.column
    left, written = list(range(len(old))), [head] if head else []
    for number, one in enumerate(wanted):
        kept = next((index for index in left if full(old[index]) == one), None)
        if kept is None and number in left and full(old[number]) not in wanted:
            chunk = _other_text(content, node.value[number], starts[number], chunks[number], old[number], one)
            if chunk is not None:
                left.remove(number)
                written.append(chunk)
                continue
        if kept is not None:
            left.remove(kept)
            written.append(chunks[kept])
        else:
            written.append("".join(f"{column}{line}{feed}" for line in _written(one)))
    whole = "".join(chunk if chunk.endswith("\n") else chunk + feed for chunk in written)
    return content[:first] + whole.removesuffix("\n").removesuffix("\r") + content[stop:]


def _other_text(
    content: str, node: yaml.Node, start: int, chunk: str, old: Any, new: Mapping[str, Any]
) -> str | None:
    """The lines of a variation of which only the text differs, its quoting kept; None where more does."""
    pair = yamltext.find(node, ["text"])
    same = {**full(old), "text": None} == {**new, "text": None}
    if pair is None or not same or not isinstance(new.get("text"), str):
        return None
    value = pair[1]
    a, b = value.start_mark.index - start, yamltext.end(content, value, pair[0].end_mark.index) - start
    flow = isinstance(node, yaml.MappingNode) and bool(node.flow_style)
    text = new["text"]
    if isinstance(value, yaml.ScalarNode) and value.style == '"':
        written = json.dumps(text, ensure_ascii=False)
    elif isinstance(value, yaml.ScalarNode) and value.style == "'" and "\n" not in text:
        written = "'" + text.replace("'", "''") + "'"
    else:
        written = yamltext.scalar(text, flow=flow)
    return chunk[:a] + written + chunk[b:]


def _written(variation: Mapping[str, Any]) -> list[str]:
    """A new variation as lines: ``- text: "…"``, the rest in flow style below."""
    ordered = sorted(variation.items(), key=lambda item: item[0] != "text")
    lines = [f"{key}: {_flow(value)}" for key, value in ordered if value is not None]
    return [f"{'  ' if number else '- '}{line}" for number, line in enumerate(lines)]


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(inner) for inner in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def _key(key: Any) -> str:
    return key if isinstance(key, str) and _PLAIN_KEY.fullmatch(key) else json.dumps(key, ensure_ascii=False)


def lines_of(content: str, name: str) -> int:
    """The line (from 1) where ``name`` stands, 0 if nowhere."""
    return next((n for n, line in enumerate(split(content), 1) if line.strip().startswith(f"{name}:")), 0)
