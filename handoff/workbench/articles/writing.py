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
MOST_QUESTIONS = 8

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


def draft(
    question: str, answer: str, topics: Sequence[str], others: Sequence[str] = (), title: str = ""
) -> str:
    """A file for a question that an agent answered; ``others``: how it was asked elsewhere."""
    questions = list(dict.fromkeys(one.strip() for one in (question, *others) if one.strip()))
    head = {
        "title": title or _title(question),
        "topics": list(topics),
        "questions": questions[:MOST_QUESTIONS],
    }
    front = yaml.safe_dump(head, allow_unicode=True, sort_keys=False, width=10_000)
    return f"---\n{front}---\n{_body(answer)}\n"


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
