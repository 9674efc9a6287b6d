from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.knowledge.markup import html


def shown(markdown: str) -> str:
    return str(html(markdown, lambda slug: f"/help/en/{slug}")).strip()


def test_markdown_becomes_html() -> None:
    assert shown("One **bold** word\n\n- a\n- b") == (
        "<p>One <strong>bold</strong> word</p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>"
    )


def test_a_link_to_an_article_leads_to_its_page() -> None:
    assert shown("[Returns](returns.md#s2)") == (
        '<p><a href="/help/en/returns#s2" rel="noopener">Returns</a></p>'
    )


@pytest.mark.parametrize(
    "markdown",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "![x](https://evil.example/pixel.png)",
        "[x](//evil.example)",
        "<a href='javascript:alert(1)'>x</a>",
        '[x](https://a.example "onmouseover=alert(1)")',
        "<style>body{display:none}</style>",
    ],
)
def test_nothing_in_an_article_can_run_or_call_home(markdown: str) -> None:
    tags = re.findall(r"<[^>]*>", shown(markdown))
    for tag in tags:
        assert re.fullmatch(r'</?p>|</a>|<a rel="noopener">|<a href="https://[^"]*" rel="noopener">', tag), (
            tag
        )


@given(st.text(max_size=200))
def test_any_text_becomes_harmless_html(markdown: str) -> None:
    result = shown(markdown)
    allowed = r"</?(p|ul|ol|li|strong|em|a|code|pre|blockquote|h3|h4|br|hr)(\s[^>]*)?/?>"
    assert all(re.fullmatch(allowed, tag) for tag in re.findall(r"<[^>]*>", result))
