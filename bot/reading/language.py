"""A language's file as plain data, checked; the shop's lists that it names included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import regex
import yaml

Rules = dict[str, Any]

#: What a language must tell; English names the shop's lists besides.
COMPULSORY = (
    "endings", "numbers.words", "numbers.times", "money", "limits", "dates.days", "dates.weekdays",
    "dates.months", "dates.units", "dates.this", "dates.next", "dates.last", "dates.in", "dates.ago",
    "quantity", "size", "persons", "address", "order",
)  # fmt: skip
COMPULSORY_WORDS = ("category", "department", "colour", "city")
_KNOWN = {
    "": {"endings", "changes", "numbers", "money", "limits", "dates", "quantity", "size", "persons",
         "address", "order", "words", "lists", "things", "patterns"},
    "numbers": {"words", "times", "more", "and"},
    "limits": {"before", "after"},
    "dates": {"days", "weekdays", "months", "jalali", "units", "this", "next", "last", "in", "ago",
              "ordinals", "links", "past", "future", "feasts"},
    "quantity": {"before", "after"},
    "size": {"before", "after", "names"},
    "persons": {"before", "before_capital", "after", "not"},
    "address": {"words", "before"},
    "order": {"before"},
    "words": {"category", "department", "colour", "city", "brand", "language", "channel", "hours"},
}  # fmt: skip


class BadRules(ValueError):
    """A language's file that cannot be used; says which and why."""


def read_folder(folder: Path) -> dict[str, Rules]:
    """Every language's rules by its code. Raises :class:`BadRules`."""
    rules = {file.stem: read_file(file) for file in sorted(folder.glob("*.yml"))}
    things = {name for own in rules.values() for name in own.get("things") or ()}
    for own in rules.values():
        departments = own["words"].get("department") or {}
        named = {name: departments[name] for name in departments if name in things}
        if named:
            own["words"]["category"] = {**named, **own["words"].get("category", {})}
    return rules


def read_file(file: Path) -> Rules:
    """The rules of one language, JSON-able: keys as in the file, ``lists`` read into ``words``.

    Raises :class:`BadRules` for what cannot be used; what is missing is only in :func:`problems`.
    """
    try:
        rules = _load(file) or {}
    except yaml.YAMLError as error:
        raise BadRules(f"{file} is not YAML: {error}") from error
    if not isinstance(rules, dict):
        raise BadRules(f"{file} holds no keys")
    wrong = [*_wrong(rules)]
    if wrong:
        raise BadRules(f"{file}: {'; '.join(wrong)}")
    words: dict[str, dict[str, list[str]]] = {
        kind: {str(name): [str(word) for word in found or ()] for name, found in names.items()}
        for kind, names in (rules.get("words") or {}).items()
    }
    for kind, source in (rules.pop("lists", None) or {}).items():
        listed = file.parent.parent / source["file"]
        if not listed.is_file():
            raise BadRules(f"{file}: {kind} is listed in {listed}, which is missing")
        content = _load(listed)
        for name, found in _listed(content, source["path"].split("/")):
            known = words.setdefault(kind, {}).setdefault(name, [])
            known += [word for word in (name, *found) if word not in known]
    return {**rules, "words": words}


def phrases_of(rules: Rules, kind: str) -> dict[str, str]:
    """The language's words for things of a kind, and whose they are; of two the later name wins."""
    return {word: name for name, found in (rules["words"].get(kind) or {}).items() for word in found}


class _Loader(yaml.CSafeLoader):
    """YAML, but yes, no, on and off are the words they are in a list of words."""

    yaml_implicit_resolvers: ClassVar = {  # type: ignore[misc]
        first: [(tag, rule) for tag, rule in resolvers if tag != "tag:yaml.org,2002:bool" or first in "tTfF"]
        for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }


def _load(file: Path) -> Any:
    return yaml.load(file.read_text("utf-8"), _Loader)  # noqa: S506  (it is a safe one)


def problems(rules: Rules, shop: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """What a language lacks, or names that the shop (``words`` of the one with lists) does not have."""
    found = [f"{key} is missing" for key in COMPULSORY if not _at(rules, key)]
    found += [f"words.{kind} is missing" for kind in COMPULSORY_WORDS if not rules["words"].get(kind)]
    for kind, names in rules["words"].items():
        known = shop.get(kind)
        if known is not None:
            found += [f"words.{kind}.{name} is nothing of the shop's" for name in names if name not in known]
    return found


def _at(rules: Any, key: str) -> Any:
    for part in key.split("."):
        rules = rules.get(part) if isinstance(rules, dict) else None
    return rules


def _wrong(rules: Mapping[str, Any]) -> Iterator[str]:
    for place, known in _KNOWN.items():
        node = rules.get(place) if place else rules
        if node is None:
            continue
        if not isinstance(node, dict):
            yield f"{place} should have keys"
            continue
        yield from (f"{place}.{key} is not known".lstrip(".") for key in node if key not in known)
    numeric = (
        "numbers.words",
        "numbers.times",
        "numbers.more",
        "dates.weekdays",
        "dates.months",
        "dates.jalali",
    )
    for place in numeric:
        for word, value in (_at(rules, place) or {}).items():
            if not isinstance(value, int | float) or isinstance(value, bool):
                yield f"{place}: {word!r} should be a number, not {value!r}"
    for name, units in (rules.get("money") or {}).items():
        for word, value in (units or {}).items():
            if not isinstance(value, int | float) or isinstance(value, bool):
                yield f"money.{name}: {word!r} should be a number, not {value!r}"
    for word, value in (_at(rules, "dates.days") or {}).items():
        if not isinstance(value, int) and str(value) not in ("±1", "±2", "±3"):
            yield f'dates.days: {word!r} should be a whole number, "±1" or "±2", not {value!r}'
    for entity, found in (rules.get("patterns") or {}).items():
        for rule in found:
            try:
                regex.compile(rule["find"])
            except (regex.error, KeyError, TypeError) as error:
                yield f"a pattern of {entity} cannot be used: {error}"


def _listed(node: Any, path: list[str]) -> Iterator[tuple[str, list[str]]]:
    """``(name, other words)`` of all names at the path."""
    if not isinstance(node, Mapping):
        return
    for key in node if path[0] == "*" else [path[0]]:
        if path[1:]:
            yield from _listed(node.get(key), path[1:])
        else:
            entry = node[key]
            others = entry.get("words", ()) if isinstance(entry, Mapping) else ()
            yield str(key), [str(word) for word in others]
