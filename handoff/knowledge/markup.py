"""An article's Markdown as safe HTML.

Two fences, for articles may come from people who only write: markdown-it-py leaves HTML in the source as
text, and nh3 (the Rust library ammonia) lets only these elements, attributes and addresses through. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

TAGS = {"p", "ul", "ol", "li", "strong", "em", "a", "code", "pre", "blockquote", "h3", "h4", "br", "hr"}
ATTRIBUTES = {"a": {"href"}}
SCHEMES = {"https", "http", "mailto", "tel"}
_ARTICLE = re.compile(r"(?:\./)?([a-z0-9][a-z0-9-]*)\.md(#[\w-]+)?")

_markdown = MarkdownIt("commonmark", {"html": False}).disable("image")


def html(markdown: str, address: Callable[[str], str]) -> Markup:
    """``address`` gives the path of another article by its slug (``[Returns](returns.md)``)."""
    tokens = _markdown.parse(markdown)
    for token in tokens:
        for child in token.children or ():
            if child.type == "link_open" and (link := _ARTICLE.fullmatch(str(child.attrGet("href")))):
                child.attrSet("href", address(link[1]) + (link[2] or ""))
    rendered: str = _markdown.renderer.render(tokens, _markdown.options, {})
    safe = nh3.clean(
        rendered,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="noopener",
        attribute_filter=_own,
    )
    return Markup(safe)  # noqa: S704  this is what it was cleaned for


def _own(_tag: str, name: str, value: str) -> str | None:
    """Addresses only; those without a scheme stay within this site, as ``//evil.example`` does not."""
    try:
        parts = urlsplit(value)
    except ValueError:
        return None
    return value if name == "rel" or (name == "href" and (parts.scheme or not parts.netloc)) else None
