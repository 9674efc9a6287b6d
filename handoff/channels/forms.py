"""An inbox's form: what was typed becomes options and credentials, by the channel's settings. Pure."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from handoff.channels.base import Setting
from handoff.errors import Invalid

LONGEST = {"text": 2000, "url": 2000, "number": 20, "lines": 8000}  # characters


@dataclass(frozen=True, slots=True)
class Filled:
    """What a form gives: shown again (``options``), and never (``credentials``)."""

    options: dict[str, Any] = field(default_factory=dict)
    credentials: dict[str, str] = field(default_factory=dict, repr=False)


def fill(settings: Sequence[Setting], given: Mapping[str, Any], *, partly: bool = False) -> Filled:
    """Sort and check what was typed; what we make up ourselves is made up.

    ``partly``: a change of some fields; those not named stay as they are, and an empty secret
    means "as it is", because nobody is shown the present one. Raises ``Invalid``:
    unknown_setting; missing_setting, bad_setting (with ``name``).
    """
    known = {setting.name: setting for setting in settings}
    if set(given) - set(known):
        raise Invalid("unknown_setting")  # its name is not repeated: somebody may have pasted a secret there
    filled = Filled()
    for name, setting in known.items():
        value = _read(setting, given[name]) if given.get(name) is not None else ""
        if not value:
            if partly and (name not in given or setting.secret or setting.made):
                continue
            if setting.made:
                value = secrets.token_urlsafe(24)
            elif setting.required:
                raise Invalid("missing_setting", name=name)
        if not setting.secret:
            filled.options[name] = value or None
        elif value:
            filled.credentials[name] = str(value)
    return filled if partly else Filled(_without_gaps(filled.options), filled.credentials)


def made(settings: Sequence[Setting]) -> Filled:
    """New values for all that we make up ourselves."""
    return fill([setting for setting in settings if setting.made], {})


def _without_gaps(options: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}


def _read(setting: Setting, value: Any) -> str | int | list[str]:
    text = "\n".join(map(str, value)) if isinstance(value, list) else str(value)
    text = text.strip()
    wrong = Invalid("bad_setting", name=setting.name)
    if len(text) > LONGEST[setting.kind] or isinstance(value, dict | bool):
        raise wrong
    if setting.kind == "lines":
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if not all(line.isprintable() for line in lines):
            raise wrong
        return lines
    if not text.isprintable():
        raise wrong
    if text and setting.kind == "url" and not _is_url(text):
        raise wrong
    if text and setting.kind == "number":
        if not (text.isascii() and text.isdigit()):
            raise wrong
        return int(text)
    return text


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in text
    except ValueError:
        return False
