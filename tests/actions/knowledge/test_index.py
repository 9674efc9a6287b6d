from __future__ import annotations

import numpy as np
import pytest

from actions.knowledge.index import Index, texts
from tests.actions.knowledge.articles import english
from tests.actions.knowledge.fakes import WordVectors


def with_meaning() -> tuple[Index, WordVectors]:
    source = WordVectors()
    articles = english()
    return Index(articles, np.stack([source.row(text) for text in texts(articles)])), source


def test_words_alone_find_the_article_and_its_section() -> None:
    best, other = Index(english()).find("wash wool in cold water")
    assert (best.article.slug, best.passage.title) == ("washing", "Wool")
    assert best.near > other.near
    assert best.ahead == pytest.approx(best.near - other.near)
    assert other.ahead == pytest.approx(-best.ahead)


def test_meaning_finds_what_shares_no_word() -> None:
    index, source = with_meaning()
    text = "bring back"
    assert index.find(text, source.row(text))[0].article.slug == "returns"


@pytest.mark.parametrize("text", ["", "?!", "😀", "   "])
def test_a_text_without_words_finds_nothing(text: str) -> None:
    assert Index(english()).find(text) == []


def test_no_articles_find_nothing() -> None:
    assert Index([]).find("return") == []


def test_a_question_or_an_article_can_be_left_out() -> None:
    index = Index(english())
    scores = index.score("is a return free")
    whole = index.rank(scores, 1)[0]
    assert index.rank(scores, 1, without=1)[0].near < whole.near
    assert index.rank(scores, 1, absent=0)[0].article.slug == "washing"


def test_vectors_must_be_as_many_as_texts() -> None:
    with pytest.raises(ValueError, match="vectors are needed"):
        Index(english(), np.ones((2, 3), np.float32))
