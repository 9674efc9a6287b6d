"""What a language still lacks, beside English: ``python -m handoff.languages [LANG …]``.

A language is data only, and whatever is missing falls back to English (or to the rules alone). *Missing*
tells what falls back; *wrong* tells what would show a customer nonsense: a name to fill in that English
does not have, a payload that differs, a form of the plural that is not there.
"""

from __future__ import annotations

import argparse
import re
import string
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from babel import Locale

ENGLISH = "en"
EXAMPLES = 20  # of an intent, at least
TEST_MESSAGES = 300
#: What ``data/entities/en.yml`` holds for all languages.
RULES_OF_ENGLISH = frozenset({"changes", "lists", "things"})
_PLURALS = frozenset({"zero", "one", "two", "few", "many", "other"})
_EXAMPLE = re.compile(r"^\s*- ", re.MULTILINE)


@dataclass
class Findings:
    """Of one language; each finding is a line for a person to read."""

    missing: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def check(language: str, data: Path = Path("data"), tests: Path = Path("tests/nlu")) -> Findings:
    """All that ``language`` lacks beside English, and all that is wrong in what it has."""
    found = Findings()
    _responses(language, data, found)
    _catalogue(language, data, found)
    _nlu(language, data, found)
    _sections(language, data / "entities", 1, found, optional=RULES_OF_ENGLISH)
    _sections(language, data / "sentiment", 2, found)
    _canned(language, data, found)
    lacking = _articles(data, ENGLISH) - _articles(data, language)
    found.missing += [f"knowledge: {slug}" for slug in sorted(lacking)]
    lines = _lines(tests / f"shop_{language}.jsonl")
    if lines < TEST_MESSAGES:
        found.missing.append(f"tests/nlu/shop_{language}.jsonl: {lines} of {TEST_MESSAGES} messages")
    return found


def languages(data: Path = Path("data")) -> list[str]:
    """Every language with a catalogue of texts, English first."""
    named = sorted(file.stem for file in (data / "texts").glob("*.yml"))
    return [ENGLISH, *(name for name in named if name != ENGLISH)]


def _responses(language: str, data: Path, found: Findings) -> None:
    english, own = (
        _read(data / "responses" / f"{name}.yml").get("responses") or {} for name in (ENGLISH, language)
    )
    found.missing += [f"responses: {name}" for name in english.keys() - own.keys()]
    for name, variations in own.items():
        if name not in english:
            found.wrong.append(f"responses: {name} is not there in English")
            continue
        names, payloads = blanks(english[name]), _payloads(english[name])
        for variation in variations:
            _same_blanks(f"responses: {name}", variation, names, found)
        strange = _payloads(variations) - payloads
        if strange or (payloads and not _payloads(variations)):
            found.wrong.append(f"responses: {name} has other buttons than in English: {sorted(strange)}")


def _catalogue(language: str, data: Path, found: Findings) -> None:
    english, own = (_read(data / "texts" / f"{name}.yml") for name in (ENGLISH, language))
    wanted, given = dict(leaves(english)), dict(leaves(own))
    found.missing += [f"texts: {key}" for key in wanted.keys() - given.keys()]
    found.wrong += [f"texts: {key} is not there in English" for key in given.keys() - wanted.keys()]
    for key in wanted.keys() & given.keys():
        _same_blanks(f"texts: {key}", given[key], blanks(wanted[key]), found)
        if is_plural(wanted[key]) and language != ENGLISH:
            forms = plural_forms(language)
            lacking = forms - (given[key].keys() if isinstance(given[key], dict) else forms)
            if lacking:
                found.wrong.append(f"texts: {key} lacks the plural forms {sorted(lacking)}")


def _nlu(language: str, data: Path, found: Findings) -> None:
    english, own = (_examples(data / "nlu" / name) for name in (ENGLISH, language))
    for intent in sorted(english):
        if own.get(intent, 0) < min(EXAMPLES, english[intent]):
            found.missing.append(f"nlu: {intent} has {own.get(intent, 0)} of {EXAMPLES} examples")
    found.wrong += [f"nlu: {intent} is not an intent in English" for intent in own.keys() - english.keys()]


def _sections(
    language: str, folder: Path, depth: int, found: Findings, optional: frozenset[str] = frozenset()
) -> None:
    english, own = (set(_keys(_read(folder / f"{name}.yml"), depth)) for name in (ENGLISH, language))
    found.missing += [f"{folder.name}: {key}" for key in sorted(english - own - optional)]


def _canned(language: str, data: Path, found: Findings) -> None:
    english, own = (_read(data / "desk" / f"canned.{name}.yml") for name in (ENGLISH, language))
    found.missing += [f"canned replies: {key}" for key in english.keys() - own.keys()]
    for key in english.keys() & own.keys():
        _same_blanks(f"canned replies: {key}", own[key], blanks(english[key]), found)


def _same_blanks(where: str, text: Any, known: set[str], found: Findings) -> None:
    try:
        strange = blanks(text) - known
    except ValueError as error:
        found.wrong.append(f"{where}: {error}")
        return
    if strange:
        found.wrong.append(f"{where} fills in {sorted(strange)}, which English has not")


def blanks(text: Any) -> set[str]:
    """The names to fill in, anywhere within ``text``; raises ``ValueError`` for an unclosed brace."""
    if isinstance(text, str):
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    if isinstance(text, Mapping):
        return {name for key, value in text.items() if key != "payload" for name in blanks(value)}
    return {name for part in text for name in blanks(part)} if isinstance(text, list) else set()


def _payloads(variations: list[dict[str, Any]]) -> set[str]:
    return {button["payload"] for one in variations for button in one.get("buttons") or []}


def leaves(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Texts, lists and plural forms by dotted key."""
    if isinstance(node, dict) and not is_plural(node):
        for key, value in node.items():
            yield from leaves(value, f"{path}.{key}" if path else str(key))
    else:
        yield path, node


def is_plural(node: Any) -> bool:
    return isinstance(node, dict) and "other" in node and node.keys() <= _PLURALS


def plural_forms(language: str) -> set[str]:
    """Those that its grammar has; ``other`` always."""
    return set(Locale.parse(language).plural_form.tags) | {"other"}


def _keys(node: Any, depth: int, path: str = "") -> Iterator[str]:
    for key, value in node.items() if isinstance(node, dict) else ():
        if depth > 1 and isinstance(value, dict):
            yield from _keys(value, depth - 1, f"{path}{key}.")
        else:
            yield f"{path}{key}"


def _examples(folder: Path) -> dict[str, int]:
    blocks = (block for file in sorted(folder.glob("*.yml")) for block in _read(file).get("nlu") or [])
    counts: dict[str, int] = {}
    for block in blocks:
        if "intent" in block:
            counts[block["intent"]] = counts.get(block["intent"], 0) + len(
                _EXAMPLE.findall(block["examples"])
            )
    return counts


def _articles(data: Path, language: str) -> set[str]:
    return {file.stem for file in (data / "knowledge" / language).glob("*.md")}


def _lines(file: Path) -> int:
    return sum(1 for line in file.read_text("utf-8").splitlines() if line.strip()) if file.is_file() else 0


def _read(file: Path) -> dict[str, Any]:
    content = (
        yaml.load(file.read_text("utf-8"), yaml.CSafeLoader) if file.is_file() else {}
    )  # ten times the speed
    if not isinstance(content, dict):
        raise ValueError(f"{file} must be a mapping")
    return content


def main(words: list[str] | None = None) -> int:
    """1 if something is wrong, or with ``--strict`` missing."""
    parser = argparse.ArgumentParser(prog="./setu languages", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("languages", nargs="*", help="such as bn; all that have texts if left out")
    parser.add_argument("--strict", action="store_true", help="what is missing is an error, too")
    options = parser.parse_args(words)
    bad = False
    for language in options.languages or languages():
        try:
            found = check(language)
        except (ValueError, yaml.YAMLError) as error:
            print(f"{language}: cannot be read: {error}")  # noqa: T201
            bad = True
            continue
        name = Locale.parse(language).english_name
        print(f"{name} ({language}): {len(found.missing)} missing, {len(found.wrong)} wrong")  # noqa: T201
        for line in [f"  wrong    {line}" for line in sorted(found.wrong)] + [
            f"  missing  {line}" for line in sorted(found.missing)
        ]:
            print(line)  # noqa: T201
        bad |= bool(found.wrong) or (options.strict and bool(found.missing))
    return int(bad)


if __name__ == "__main__":
    sys.exit(main())
