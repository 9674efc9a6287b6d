"""A few small articles."""

from __future__ import annotations

from actions.knowledge.articles import Article, parse

RETURNS = """---
title: Returns
topics: [return_item, refund_policy]
questions:
  - how do I return a dress
  - is a return free
---
You can return things within thirty days.

## What it costs

A return is free. See [refunds](refunds.md).

## By country

- India: by post
- Greece: by courier
"""
WASHING = """---
title: Washing
topics: []
questions:
  - may I wash wool
  - how warm may linen be washed
---
Look at the label first.

## Wool

Wash wool by hand, in cold water.
"""
GREEK = """---
title: Επιστροφές
topics: [return_item]
questions:
  - πώς επιστρέφω ένα φόρεμα
---
Η επιστροφή γίνεται σε τριάντα ημέρες.
"""


def article(content: str, slug: str, language: str = "en") -> Article:
    return parse(content, language=language, slug=slug)


def english() -> list[Article]:
    return [article(RETURNS, "returns"), article(WASHING, "washing")]


def both() -> list[Article]:
    return [*english(), article(GREEK, "returns", "el")]
