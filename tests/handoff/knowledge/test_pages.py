"""The public help pages."""

from __future__ import annotations

import httpx
import pytest

from handoff.knowledge.pages import POLICY
from handoff.pages import policy
from tests.support.gateway import Gateway


async def get(running: Gateway, path: str, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(base_url=running.url) as http:
        return await http.get(path, headers=headers)


async def test_the_help_begins_in_the_readers_language(running: Gateway) -> None:
    answer = await get(running, "/help/", **{"Accept-Language": "el-GR,el;q=0.9"})
    assert (answer.status_code, answer.headers["location"]) == (302, "/help/el/")
    assert (await get(running, "/help/", **{"Accept-Language": "tlh"})).headers["location"] == "/help/en/"


async def test_all_articles_are_listed_and_those_in_another_language_marked(running: Gateway) -> None:
    page = (await get(running, "/help/el/")).text
    assert 'href="/help/el/returns" lang="el"' in page
    assert 'href="/help/en/washing" lang="en"' in page
    assert page.count('class="tongue"') == 1


async def test_an_article_is_shown_with_its_sections(running: Gateway) -> None:
    answer = await get(running, "/help/en/returns")
    assert answer.headers["content-type"].startswith("text/html")
    assert '<section id="s1">' in answer.text
    assert '<a href="/help/en/refunds" rel="noopener">refunds</a>' in answer.text
    assert "<script" not in answer.text


async def test_an_article_that_the_language_lacks_is_shown_in_english_and_says_so(running: Gateway) -> None:
    page = (await get(running, "/help/fa/returns")).text
    assert '<html lang="fa" dir="rtl">' in page
    assert '<article lang="en" dir="ltr">' in page
    assert 'class="notice"' in page


@pytest.mark.parametrize("path", ["/help/en/nothing", "/help/en/..%2f..%2fetc"])
async def test_no_such_article_is_a_page_that_helps_on(running: Gateway, path: str) -> None:
    answer = await get(running, path)
    assert answer.status_code == 404
    assert "/etc" not in answer.text


async def test_a_language_nobody_speaks_is_not_found(running: Gateway) -> None:
    assert (await get(running, "/help/xx/")).status_code == 404


async def test_a_search_shows_what_answers_and_the_question_as_text(running: Gateway) -> None:
    page = (await get(running, "/help/en/?q=is+a+return+free")).text
    assert '<a href="/help/en/returns#s1">What it costs</a>' in page
    hostile = (await get(running, '/help/en/?q="><script>alert(1)</script>')).text
    assert "<script" not in hostile


async def test_who_searches_without_end_is_asked_to_wait(running: Gateway) -> None:
    answers = [await get(running, "/help/en/?q=wool") for _ in range(40)]
    assert answers[0].status_code == 200
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) >= 1


def test_the_pages_may_run_nothing() -> None:
    assert policy("/help/en/returns") == POLICY
    assert "script-src" not in POLICY
    assert "default-src 'none'" in POLICY
