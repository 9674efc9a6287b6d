"""Articles as files: a draft from what an agent answered, and what a written one is worth. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import yaml

from actions.knowledge.articles import Article, BadArticle, parse
from actions.knowledge.index import Index

LONGEST_TITLE = 80  # characters

_GREETING = re.compile(
    r"^(?:hi|hello|hey|dear|namaste|नमस्ते|হ্যালো|নমস্কার|سلام|γεια(?: σας| σου)?)\b[^.!?\n।]{0,40}[,.!\n।–-]\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Check:
    """Whether one of an article's own questions would find it; ``instead``: the slug that it finds."""

    question: str
    found: bool
    instead: str | None


@dataclass(frozen=True, slots=True)
class Fields:
    """An article as people fill it in. ``text`` is Markdown, sections begin with ``##``."""

    title: str
    topics: tuple[str, ...]
    questions: tuple[str, ...]
    text: str


def compose(fields: Fields) -> str:
    """The file, laid out as ``data/knowledge/README.md`` shows it."""
    lines = [f"title: {_scalar(fields.title)}", f"topics: [{', '.join(fields.topics)}]"]
    if fields.questions:
        lines += ["questions:", *(f"  - {_scalar(question)}" for question in fields.questions)]
    text = fields.text.replace("\r\n", "\n").strip()
    return "\n".join(["---", *lines, "---", text, ""])


def fields_of(content: str) -> Fields | None:
    """What :func:`compose` was given; None for a file that cannot be read."""
    article, _ = read(content, language="en", slug="x")
    if article is None:
        return None
    _, _, rest = content.replace("\r\n", "\n").partition("---\n")
    text = rest.partition("\n---\n")[2].strip()
    return Fields(article.title, article.topics, article.questions, text)


def draft(question: str, answer: str, topics: Sequence[str]) -> Fields:
    """An article on what an agent answered, for somebody to write on."""
    return Fields(_title(question), tuple(topics), (" ".join(question.split()),), _body(answer))


def slug_of(title: str, taken: Collection[str] = ()) -> str:
    """A name for the file: small letters, digits, hyphens; other scripts give a plain one."""
    ascii_only = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    base = "-".join(re.findall(r"[a-z0-9]+", ascii_only))[:50].strip("-") or "article"
    number, slug = 1, base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


def read(content: str, *, language: str, slug: str) -> tuple[Article | None, str | None]:
    """The article, or the sentence that says what is wrong with it."""
    try:
        return parse(content.replace("\r\n", "\n"), language=language, slug=slug), None
    except BadArticle as wrong:
        return None, str(wrong)


def checks(article: Article, others: Sequence[Article]) -> list[Check]:
    """Each of its questions asked of all articles of its language, as if this one question were not in it.

    By words alone: what vectors would add is not known before it is there.
    """
    rest = [one for one in others if (one.slug, one.language) != (article.slug, article.language)]
    told = []
    for question in article.questions:
        without = tuple(other for other in article.questions if other != question)
        best = Index([*rest, replace(article, questions=without)]).find(question, None, 1)
        first = best[0].article.slug if best else None
        told.append(Check(question, first == article.slug, None if first == article.slug else first))
    return told


def _scalar(text: str) -> str:
    """As YAML writes it on one line, quoted where it must be."""
    line = " ".join(text.split())
    return yaml.safe_dump(line, allow_unicode=True, width=float("inf")).removesuffix("...\n").strip()


def _title(question: str) -> str:
    line = " ".join(question.split()).rstrip("?؟;!. ")
    if len(line) > LONGEST_TITLE:
        line = line[:LONGEST_TITLE].rsplit(" ", 1)[0] + "…"
    return line[:1].upper() + line[1:]


def _body(answer: str) -> str:
    """An agent's words without the greeting; what would be Markdown's own marks stays text."""
    text = _GREETING.sub("", answer.strip(), count=1).strip() or answer.strip()
    text = re.sub(r"(?m)^(#{1,6}) ", r"\\\1 ", text)
    return text[:1].upper() + text[1:]
