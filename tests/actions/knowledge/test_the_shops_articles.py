"""The demo shop's own articles: well formed, true to its data, and strangers to what they are tested with."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from actions.knowledge.articles import FOLDER, Article, read
from actions.shop.orders import REFUND_DAYS, RETURN_DAYS
from actions.shop.reference import Reference

ARTICLES = read()
DOMAIN = yaml.safe_load(Path("domain.yml").read_text("utf-8"))
KEPT = {
    path.stem: {text for texts in yaml.safe_load(path.read_text("utf-8")).values() for text in texts}
    for path in sorted(Path("tests/knowledge").glob("*.yml"))
}
FOREIGN = yaml.safe_load((FOLDER / "foreign.yml").read_text("utf-8"))
each = pytest.mark.parametrize("article", ARTICLES, ids=lambda one: f"{one.language}/{one.slug}")


@each
def test_an_article_serves_intents_that_there_are(article: Article) -> None:
    assert set(article.topics) <= set(DOMAIN["intents"])


@each
def test_an_article_has_questions_and_sections_that_fit_a_chat(article: Article) -> None:
    assert 4 <= len(article.questions) <= 8
    assert all(len(passage.plain) <= 900 for passage in article.passages)


@each
def test_links_between_articles_lead_somewhere(article: Article) -> None:
    slugs = {one.slug for one in ARTICLES}
    linked = re.findall(r"\]\(([\w-]+)\.md", "".join(passage.text for passage in article.passages))
    assert set(linked) <= slugs


def test_every_article_of_another_language_is_one_of_the_english_ones() -> None:
    english = {one.slug for one in ARTICLES if one.language == "en"}
    assert {one.slug for one in ARTICLES} == english
    assert len(english) >= 16


@pytest.mark.parametrize("language", KEPT)
def test_what_is_measured_with_was_not_learnt_from(language: str) -> None:
    learnt = {question.casefold() for one in ARTICLES for question in one.questions}
    learnt |= {text.casefold() for texts in FOREIGN.values() for text in texts}
    assert {text.casefold() for text in KEPT[language]} & learnt == set()
    assert len(KEPT[language]) >= 80


def english(slug: str) -> str:
    (article,) = [one for one in ARTICLES if (one.language, one.slug) == ("en", slug)]
    return "\n".join(passage.plain for passage in article.passages)


def test_the_english_articles_say_what_the_shops_data_say() -> None:
    reference = Reference.load()
    india = {option.name: option for option in reference.delivery_options("IN")}
    delivery = english("delivery")
    assert f"standard ₹{india['standard'].fee // 100}, free from ₹1,499" in delivery
    assert f"express ₹{india['express'].fee // 100}" in delivery
    for country, name in (("IN", "India"), ("BD", "Bangladesh"), ("GR", "Greece"), ("IE", "Ireland")):
        days = next(o.days for o in reference.delivery_options(country) if o.name == "standard")
        assert f"{name}: standard {days[0]}–{days[1]}" in delivery
    assert f"within {RETURN_DAYS} days" in english("returns")
    assert f"within {REFUND_DAYS} days" in english("refunds")
    assert f"{reference.points_per_100} points for every ₹100" in english("loyalty")
    assert f"₹{reference.gift_wrap_fee // 100} an order" in english("gift-wrapping")
    with_cash = {c for c, row in reference.countries.items() if "cash" in row["payment"]}
    assert with_cash == {"IN", "BD", "GR", "IR"}
    assert "India, Bangladesh, Greece and Iran" in english("cash-on-delivery")
