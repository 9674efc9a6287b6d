"""Rules that find entities in a text; pure, and all of it data: ``data/entities/<lang>.yml``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import spacy
from rasa.shared.exceptions import RasaException
from rasa.shared.utils.io import read_yaml_file
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.util import filter_spans

LONGEST = 2_000  # characters of a message that are searched
_ALONE = re.compile("[\ud800-\udfff]")  # half a character, which spaCy cannot take


@dataclass(frozen=True, slots=True)
class Found:
    """An entity in a text: ``text[start:end]`` says ``value``."""

    entity: str
    value: str
    start: int
    end: int


def read_rules(file: Path) -> dict[str, Any]:
    """The rules of a language as plain data, the shop's lists that they name included.

    ``{"patterns": [[entity, rule], …], "words": {entity: {phrase: name}}}``; raises
    :class:`RasaException` for a rule that cannot be used.
    """
    content = read_yaml_file(file)
    patterns = [[entity, rule] for entity, rules in (content.get("patterns") or {}).items() for rule in rules]
    for entity, rule in patterns:
        try:
            re.compile(rule["find"])
        except (re.error, KeyError) as error:
            raise RasaException(f"{file}: a pattern of {entity} cannot be used: {error}") from error
    words = {}
    for entity, source in (content.get("lists") or {}).items():
        if entity == "department":
            continue
        listed = file.parent.parent / source["file"]
        if not listed.is_file():
            raise RasaException(f"{file}: {entity} is listed in {listed}, which is missing")
        words[entity] = dict(_phrases(read_yaml_file(listed), source["path"].split("/")))
    return {"patterns": patterns, "words": words}


def _phrases(node: Any, path: list[str]) -> Iterator[tuple[str, str]]:
    """``(phrase, name)`` of all names at the path; of two names with one phrase the last wins."""
    if not isinstance(node, Mapping):
        return
    for key in node if path[0] == "*" else [path[0]]:
        if path[1:]:
            yield from _phrases(node.get(key), path[1:])
        else:
            entry = node[key]
            others = entry.get("words", ()) if isinstance(entry, Mapping) else ()
            yield from ((str(phrase).casefold(), str(key)) for phrase in (*others, key))


class Lexicon:
    """Finds the entities of one language's rules: patterns first, then the listed words.

    Words are matched by spaCy's tokens of that language, so that scripts without spaces, clitics
    and hyphens are cut as that language wants; plural endings do not count.
    """

    def __init__(self, language: str, rules: dict[str, Any]) -> None:
        self._patterns = [
            (entity, re.compile(rule["find"], 0 if rule.get("case") else re.IGNORECASE), rule)
            for entity, rule in rules["patterns"]
        ]
        self._cut = spacy.blank(language if find_spec(f"spacy.lang.{language}") else "xx")
        self._matcher = PhraseMatcher(self._cut.vocab, attr="NORM")
        self._names: list[tuple[str, str]] = []
        for entity, phrases in rules["words"].items():
            for phrase, name in phrases.items():
                self._matcher.add(str(len(self._names)), [self._tokens(phrase)])
                self._names.append((entity, name))

    def find(self, text: str) -> list[Found]:
        """What the text names, in its order; spans do not overlap."""
        text = text[:LONGEST]
        found: list[Found] = []
        for entity, pattern, rule in self._patterns:
            for match in pattern.finditer(text):
                group = "value" if "value" in pattern.groupindex else 0
                start, end = match.span(group)
                _add(found, Found(entity, _written(match[group], rule), start, end))
        for span in filter_spans(self._matcher(self._tokens(text), as_spans=True)):
            entity, name = self._names[int(span.label_)]
            _add(found, Found(entity, name, span.start_char, span.end_char))
        return sorted(found, key=lambda one: one.start)

    def _tokens(self, text: str) -> Doc:
        doc = self._cut.make_doc(_ALONE.sub("\ufffd", text))
        for token in doc:
            token.norm_ = _fold(token.text)
        return doc


def _add(found: list[Found], one: Found) -> None:
    if all(one.end <= other.start or one.start >= other.end for other in found):
        found.append(one)


def _fold(word: str) -> str:
    """In lower case and without its plural ending."""
    return _singular(unicodedata.normalize("NFKC", word).casefold())


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith(("sses", "ches", "shes", "xes")):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _written(value: str, rule: Mapping[str, Any]) -> str:
    # Native digits are numbers, too.
    value = "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in value)
    for char in rule.get("plain", ""):
        value = value.replace(char, "")
    value = value.upper() if rule.get("upper") else value.lower() if rule.get("lower") else value
    return str(rule.get("as", "{}")).format(value.strip())
