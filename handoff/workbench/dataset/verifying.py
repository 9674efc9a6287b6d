"""Does a file say what it is meant to, once edited? Pure."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Any

import yaml

from actions.knowledge.articles import BadArticle, parse
from handoff.errors import Invalid
from handoff.workbench.dataset import yamltext
from handoff.workbench.dataset.blocks import blocks, split

_TOP = {
    "data/nlu": {"version", "nlu"},
    "data/rules": {"version", "rules", "stories"},
    "data/stories": {"version", "rules", "stories"},
    "data/responses": {"version", "responses"},
}
_STORY = {"conversation", "customer", "locale", "steps"}


def verify(path: str, text: str) -> None:
    """Raises :class:`Invalid` with the line: ``file_unreadable``, ``file_words`` (top level keys that do not
    belong there), ``article_bad``, ``examples_unsure`` (YAML and we read different examples)."""
    name = PurePosixPath(path)
    if path.endswith(".md"):
        try:
            parse(text, language=name.parent.name, slug=name.stem)
        except BadArticle as error:
            raise Invalid("article_bad", file=path, problem=str(error)) from error
        return
    content = yamltext.load(text, path)
    _once(path, text)
    if not isinstance(content, dict):
        raise Invalid("file_unreadable", file=path, line=1, problem="not a mapping")
    known = _STORY if path.startswith("tests/stories/") else _TOP.get("/".join(path.split("/")[:2]))
    if known and (strange := sorted(map(str, content.keys() - known))):
        raise Invalid("file_words", file=path, words=", ".join(strange))
    if path.startswith("data/nlu/"):
        _same_examples(path, text, content)


def _once(path: str, text: str) -> None:
    """YAML lets a second key of the same name silently replace the first; here that is a slip."""
    waiting: list[Any] = [yaml.compose(text, yaml.CSafeLoader)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in node.value:
                if isinstance(key, yaml.ScalarNode):
                    if key.value in seen and key.value != "<<":
                        line = key.start_mark.line + 1
                        raise Invalid("file_unreadable", file=path, line=line, problem=f"{key.value}: twice")
                    seen.add(key.value)
                waiting.append(value)
        elif isinstance(node, yaml.SequenceNode):
            waiting += node.value


def _same_examples(path: str, text: str, content: dict[str, Any]) -> None:
    ours = [(one.intent, [line.marked for line in one.lines]) for one in blocks(split(text))]
    theirs = [
        (
            item["intent"],
            [line[1:].strip("\n\r ") for line in item["examples"].splitlines() if line[:1] == "-"],
        )
        for item in content.get("nlu") or []
        if isinstance(item, dict) and "intent" in item and isinstance(item.get("examples"), str)
    ]
    if ours != theirs:
        wrong = next((a[0] for a, b in zip(ours, theirs, strict=False) if a != b), "")
        raise Invalid("examples_unsure", file=path, intent=wrong)


#: A folder or a file's name made of a title: small Latin letters, digits and hyphens.
def slug(title: str, otherwise: str) -> str:
    """``otherwise`` where the title has no Latin letter or digit."""
    return re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-")[:60].strip("-") or otherwise
