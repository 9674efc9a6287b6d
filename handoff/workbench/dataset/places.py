"""Which files the workbench may write, by name alone. Pure."""

from __future__ import annotations

import re

from handoff.errors import Forbidden

_NAME = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,80}"
_FOLDERS = rf"(?:{_NAME}/){{0,3}}"
#: What may be written as a whole.
_WHOLE = re.compile(
    rf"data/knowledge/{_FOLDERS}{_NAME}\.md"
    rf"|data/(?:rules|stories|responses)/{_FOLDERS}{_NAME}\.ya?ml"
    rf"|tests/stories/{_FOLDERS}{_NAME}\.yml"
)
#: What is edited line by line.
_PARTS = re.compile(
    rf"domain\.yml|data/nlu/[a-z]{{2,3}}/{_NAME}\.yml|data/(?:foreign|texts|responses)/[a-z]{{2,3}}\.yml"
)


def may_write(path: str, *, whole: bool = False) -> str:
    """``path`` itself; raises :class:`Forbidden` (``path_forbidden``) for any that is not the workbench's."""
    allowed = _WHOLE.fullmatch(path) or (not whole and _PARTS.fullmatch(path))
    if not allowed or ".." in path:
        raise Forbidden("path_forbidden", path=path[:200])
    return path
