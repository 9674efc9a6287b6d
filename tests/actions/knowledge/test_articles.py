from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.knowledge.articles import BadArticle, parse, plain, read, shortened
from tests.actions.knowledge.articles import RETURNS, article


def test_an_article_is_its_front_matter_and_its_sections() -> None:
    returns = article(RETURNS, "returns")
    assert (returns.title, returns.topics) == ("Returns", ("return_item", "refund_policy"))
    assert returns.questions == ("how do I return a dress", "is a return free")
    assert [(p.number, p.title, p.is_list) for p in returns.passages] == [
        (0, "", False),
        (1, "What it costs", False),
        (2, "By country", True),
    ]
    assert returns.passages[1].plain == "A return is free. See refunds."


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("no front matter", "front matter must stand"),
        ("---\ntitle: [\n---\ntext", "cannot be read"),
        ("---\ntopics: [a]\n---\ntext", "lacks a title"),
        ("---\ntitle: A\nquestions: [yes]\n---\ntext", "questions must be a list of words"),
        ("---\ntitle: A\n---\n  \n", "no text"),
    ],
)
def test_a_bad_file_is_named_with_what_is_wrong(content: str, problem: str) -> None:
    with pytest.raises(BadArticle, match=f"en/a.md.*{problem}"):
        parse(content, language="en", slug="a")


def test_a_name_that_could_not_be_an_address_is_refused() -> None:
    with pytest.raises(BadArticle, match="small letters"):
        parse(RETURNS, language="en", slug="Über uns")


def test_no_folder_means_no_articles(tmp_path: Path) -> None:
    assert read(tmp_path / "none") == []


def test_articles_are_read_by_language_and_slug(tmp_path: Path) -> None:
    for name in ("en/b.md", "en/a.md", "el/a.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(RETURNS, "utf-8")
    assert [(one.language, one.slug) for one in read(tmp_path)] == [("el", "a"), ("en", "a"), ("en", "b")]


def test_markdown_is_said_without_its_marks() -> None:
    assert (
        plain("**Bold** and [a link](https://x.example), 3 \\* 4\n\n- one")
        == "Bold and a link, 3 * 4\n\n- one"
    )


def test_a_long_passage_ends_with_a_whole_sentence() -> None:
    assert shortened("One two. Three four. Five six.", 22) == "One two. Three four."
    assert shortened("एक दो। तीन चार। पाँच छह।", 16) == "एक दो। तीन चार।"


@given(st.text(max_size=300), st.integers(min_value=1, max_value=100))
def test_a_shortened_text_is_never_longer_than_asked(text: str, most: int) -> None:
    assert len(shortened(text, most)) <= most
