from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.knowledge.articles import Article, Passage
from handoff.workbench.articles.writing import checks, draft, read, slug_of


def article(slug: str, text: str, *questions: str) -> Article:
    return Article(slug, "en", slug.title(), (), questions, (Passage(0, "", text),))


def test_a_draft_is_an_article_with_the_question_and_without_the_greeting() -> None:
    content = draft(
        "do you iron the shirts?",
        "Hi Asha, yes: all of them are ironed before they go out.",
        ["product_care"],
    )
    made, problem = read(content, language="en", slug="ironing")
    assert made is not None, problem
    assert (made.title, made.topics, made.questions) == (
        "Do you iron the shirts",
        ("product_care",),
        ("do you iron the shirts?",),
    )
    assert made.passages[0].text == "Yes: all of them are ironed before they go out."


@given(st.text(min_size=1, max_size=300), st.text(min_size=1, max_size=300))
def test_whatever_was_written_becomes_an_article_or_says_why_not(question: str, answer: str) -> None:
    content = draft(question, answer, [])
    made, problem = read(content, language="en", slug="x")
    assert (made is None) == (problem is not None)
    if made is not None and question.strip():
        assert made.questions == (question.strip(),)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Do you iron shirts?", "do-you-iron-shirts"),
        ("क्या आप प्रेस करते हैं", "article"),
        ("../../etc/passwd", "etc-passwd"),
    ],
)
def test_the_files_name_is_plain(title: str, slug: str) -> None:
    assert slug_of(title) == slug
    assert slug_of(title, {slug}) == f"{slug}-2"


def test_a_question_that_another_article_answers_better_is_told() -> None:
    mine = article("ironing", "We iron every shirt.", "do you iron shirts", "how long may I return a parcel")
    other = article("returns", "Return a parcel within 30 days.", "how many days may I return a parcel")
    told = {one.question: (one.found, one.instead) for one in checks(mine, [other])}
    assert told == {
        "do you iron shirts": (True, None),
        "how long may I return a parcel": (False, "returns"),
    }


def test_windows_line_ends_are_read_and_a_broken_head_is_told() -> None:
    made, _ = read("---\r\ntitle: A\r\n---\r\nText\r\n", language="en", slug="a")
    assert made is not None
    made, problem = read("title: A", language="en", slug="a")
    assert made is None
    assert problem is not None
    assert "front matter" in problem
