"""Which language a script gives away."""

from __future__ import annotations

from collections import Counter

import regex

#: The language of messages in a script; Latin tells nothing, everyone romanises.
LANGUAGES = {"Devanagari": "hi", "Bengali": "bn", "Arabic": "fa", "Greek": "el"}
_FOREIGN = regex.compile("|".join(rf"(\p{{Script={script}}})" for script in LANGUAGES))
_LOOKED_AT = 500  # characters


def language_of(text: str) -> str | None:
    """The language of most letters that are not Latin; None if there are none."""
    found: Counter[int] = Counter(match.lastindex for match in _FOREIGN.finditer(text[:_LOOKED_AT]))
    return list(LANGUAGES.values())[found.most_common(1)[0][0] - 1] if found else None
