from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.knowledge.articles import Article, Passage
from handoff.workbench.articles.writing import Fields, checks, compose, draft, fields_of, read, slug_of

DATA = Path(__file__).parents[4] / "data"


def article(slug: str, text: str, *questions: str) -> Article:
    return Article(slug, "en", slug.title(), (), questions, (Passage(0, "", text),))


def test_a_draft_is_an_article_with_the_question_and_without_the_greeting() -> None:
    answer = "Hi Asha, yes: all of them are ironed before they go out."
    assert draft("do you iron the shirts?", answer, ["product_care"]) == Fields(
        "Do you iron the shirts",
        ("product_care",),
        ("do you iron the shirts?",),
        "Yes: all of them are ironed before they go out.",
    )


@pytest.mark.parametrize("file", sorted((DATA / "knowledge").glob("*/*.md")), ids=lambda file: file.stem)
def test_every_article_of_the_shop_is_written_as_it_was_read(file: Path) -> None:
    content = file.read_text("utf-8")
    fields = fields_of(content)
    assert fields is not None
    assert fields_of(compose(fields)) == fields
    assert compose(fields).splitlines() == content.strip().splitlines()


LINES = st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), min_size=1, max_size=40)


@given(LINES.filter(str.strip), st.lists(LINES.filter(str.strip), max_size=4))
def test_whatever_is_filled_in_comes_back(title: str, questions: list[str]) -> None:
    asked = tuple(" ".join(one.split()) for one in questions)
    fields = Fields(" ".join(title.split()), ("a", "b"), asked, "Some text.")
    assert fields_of(compose(fields)) == fields


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
