"""Help articles as they are written (``data/knowledge/README.md``) and the passages they are made of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path("data/knowledge")
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_MARKS = re.compile(r"(?<!\\)(\*\*|__|`)|\\(?=[*_`\\])")
_SENTENCE = re.compile(r"(?<=[.!?।؟])\s+")


class BadArticle(ValueError):
    """What is wrong with which file, as a sentence."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A section of an article; number 0 is what stands before the first ``##``."""

    number: int
    title: str  # "" for number 0
    text: str  # Markdown

    @property
    def plain(self) -> str:
        """The text without Markdown, lists as lines."""
        return plain(self.text)

    @property
    def is_list(self) -> bool:
        """Whether it lists things side by side, such as countries."""
        return any(line.lstrip().startswith(("- ", "* ")) for line in self.text.splitlines())


@dataclass(frozen=True, slots=True)
class Article:
    slug: str
    language: str
    title: str
    topics: tuple[str, ...]  # intents
    questions: tuple[str, ...]
    passages: tuple[Passage, ...]


def read(folder: Path = FOLDER) -> list[Article]:
    """All articles below ``folder``, sorted by language and slug.

    No folder means no articles. Raises :class:`BadArticle` for a file that is not as it should be.
    """
    return [
        parse(path.read_text("utf-8"), language=path.parent.name, slug=path.stem)
        for path in sorted(folder.glob("*/*.md"))
    ]


def parse(content: str, *, language: str, slug: str) -> Article:
    """One article from its file's text; raises :class:`BadArticle`."""
    where = f"{language}/{slug}.md"
    if not _SLUG.fullmatch(slug) or not _LANGUAGE.fullmatch(language):
        raise BadArticle(
            f"{where}: a name is small letters, digits and hyphens, in a folder named by a language"
        )
    _, fence, rest = content.partition("---\n")
    head, closing, body = rest.partition("\n---\n")
    if not fence or not closing:
        raise BadArticle(f"{where}: the front matter must stand between two lines of ---")
    try:
        front = yaml.safe_load(head)
    except yaml.YAMLError as error:
        raise BadArticle(f"{where}: the front matter cannot be read: {error}") from error
    if not isinstance(front, dict) or not isinstance(front.get("title"), str) or not front["title"].strip():
        raise BadArticle(f"{where}: the front matter lacks a title")
    passages = tuple(_passages(body))
    if not passages:
        raise BadArticle(f"{where}: the article has no text")
    return Article(
        slug=slug,
        language=language,
        title=front["title"].strip(),
        topics=_strings(front, "topics", where),
        questions=_strings(front, "questions", where),
        passages=passages,
    )


def plain(markdown: str) -> str:
    """Our Markdown as text: links by their words, no marks, lists as lines, one line a paragraph."""
    return _MARKS.sub("", _LINK.sub(r"\1", markdown)).strip()


def shortened(text: str, most: int) -> str:
    """At most ``most`` characters of plain text, whole lines or sentences, never nothing."""
    if len(text) <= most:
        return text
    kept = ""
    for part in re.split(r"(?<=\n)", text):
        for sentence in _SENTENCE.split(part):
            if len(kept) + len(sentence) > most:
                return kept.strip() or f"{text[: most - 1].rstrip()}…"
            kept += sentence if sentence.endswith("\n") else f"{sentence} "
    return kept.strip()


def _passages(body: str) -> Iterator[Passage]:
    number = 0
    for part in re.split(r"(?m)^(?=## )", body):
        title, text = "", part
        if part.startswith("## "):
            line, _, text = part.partition("\n")
            title = line[3:].strip()
            number += 1
        if text.strip():
            yield Passage(number, title, text.strip())


def _strings(front: dict[str, Any], name: str, where: str) -> tuple[str, ...]:
    values = front.get(name) or []
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise BadArticle(f"{where}: {name} must be a list of words (quote what YAML reads otherwise)")
    return tuple(value.strip() for value in values)
