"""Utterances from a file: one a line, or CSV, or JSON lines; what cannot be used is told by its line."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from handoff.errors import Invalid, TooLarge

LARGEST = 50_000_000  # bytes of a file
LONGEST = 1_000  # characters of an utterance
MOST_REFUSED = 200  # told
_TEXT = ("text", "utterance", "message", "query", "sentence")
_LANGUAGE = ("language", "lang", "locale")


@dataclass(frozen=True, slots=True)
class Line:
    number: int  # in the file, from 1
    text: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    line: int
    code: str  # too_long not_text no_text not_json not_csv


@dataclass(frozen=True, slots=True)
class Read:
    lines: list[Line]
    refused: list[Refused]


def check_size(size: int) -> None:
    """Raises :class:`TooLarge`."""
    if size > LARGEST:
        raise TooLarge("import_too_large", megabytes=LARGEST // 1_000_000)


def read(body: bytes, name: str) -> Read:
    """Of a ``.txt``, ``.csv``, ``.tsv`` or ``.jsonl`` file. Raises :class:`Invalid` for one that is none."""
    kind = PurePath(name.lower()).suffix
    readers = {".txt": _lines, ".csv": _csv, ".tsv": _csv, ".jsonl": _json, ".ndjson": _json}
    if kind not in readers:
        raise Invalid("import_kind", name=name[:80])
    try:
        content = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body[: error.start].count(b"\n") + 1
        raise Invalid("import_encoding", line=line) from error
    lines, refused = [], []
    for number, said, language in readers[kind](content):
        found = _checked(said)
        if isinstance(found, str) and not found:
            refused.append(Refused(number, "no_text"))
        elif isinstance(found, Refused):
            refused.append(Refused(number, found.code))
        else:
            lines.append(Line(number, found, _code(language)))
    if not lines and not refused:
        raise Invalid("import_empty")
    return Read(lines, refused)


_Row = tuple[int, Any, Any]  # line, what is said, its language; a Refused instead of what is said


def _lines(content: str) -> Iterator[_Row]:
    for number, line in enumerate(content.split("\n"), 1):
        if line.strip():
            yield number, line, None


def _json(content: str) -> Iterator[_Row]:
    for number, line in enumerate(content.split("\n"), 1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            yield number, Refused(number, "not_json"), None
            continue
        if isinstance(found, dict):
            text = next((found[key] for key in _TEXT if key in found), None)
            yield number, text, next((found[key] for key in _LANGUAGE if found.get(key)), None)
        else:
            yield number, found, None


def _csv(content: str) -> Iterator[_Row]:
    """With a line of names one of which is ``text``, or without: then the first column is."""
    sample = content[:10_000]
    delimiter = max(",;\t|", key=lambda sign: sample.split("\n", 1)[0].count(sign))
    rows = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter)
    text, language = 0, None
    number = 0
    while True:
        before = rows.line_num
        try:
            row = next(rows, None)
        except csv.Error:
            yield before + 1, Refused(before + 1, "not_csv"), None
            continue
        if row is None:
            return
        number += 1
        names = [name.strip().lower() for name in row]
        if number == 1 and any(name in _TEXT for name in names):
            text = next(i for i, name in enumerate(names) if name in _TEXT)
            language = next((i for i, name in enumerate(names) if name in _LANGUAGE), None)
        elif any(cell.strip() for cell in row):
            said = row[text] if text < len(row) else None
            yield before + 1, said, row[language] if language is not None and language < len(row) else None


def _checked(said: Any) -> str | Refused:
    if isinstance(said, Refused):
        return said
    if not isinstance(said, str):
        return Refused(0, "no_text")
    text = said.replace("\x00", "").strip()
    if len(text) > LONGEST:
        return Refused(0, "too_long")
    broken = sum(
        unicodedata.category(char) in ("Cc", "Co", "Cs", "Cn") and char not in "\t\r\n" for char in text
    )
    if broken > len(text) // 20:
        return Refused(0, "not_text")
    return text.encode("utf-8", "ignore").decode()


def _code(language: Any) -> str | None:
    """ "en" of "en-IN"."""
    code = str(language or "").strip().lower().replace("_", "-").split("-")[0]
    return code if code.isascii() and 2 <= len(code) <= 8 and code.isalpha() else None
