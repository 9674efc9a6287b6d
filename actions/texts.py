"""The catalogue of words: every sentence a person sees that is not the bot's own response.

One file a language, ``data/texts/<lang>.yml``, one top-level key a section. A text may be a
mapping of plural forms (``one``, ``other``, …, as CLDR names them), chosen by ``count``.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml
from babel import Locale

from actions.locale import native_digits

log = logging.getLogger(__name__)

FALLBACK = "en"
_PLURALS = frozenset({"zero", "one", "two", "few", "many", "other"})


class Texts:
    """All texts of all languages, read once."""

    def __init__(self, languages: Mapping[str, Mapping[str, Any]]) -> None:
        self._languages = dict(languages)

    @classmethod
    def load(cls, folder: Path = Path("data/texts")) -> Texts:
        """Read every ``<lang>.yml`` in ``folder``.

        Raises ``FileNotFoundError`` without an English file, ``ValueError`` for a file that is no mapping.
        """
        languages: dict[str, dict[str, Any]] = {}
        for path in sorted(folder.glob("*.yml")):
            content = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader) or {}  # ten times the speed
            if not isinstance(content, dict):
                raise ValueError(f"{path} must be a mapping of sections")
            languages[path.stem] = content
        if FALLBACK not in languages:
            raise FileNotFoundError(f"no {FALLBACK}.yml in {folder}")
        return cls(languages)

    @property
    def languages(self) -> list[str]:
        return list(self._languages)

    def first(self, tags: Iterable[str | None]) -> str:
        """The language of the first of these tags ("bn-BD", an Accept-Language) that there are texts in."""
        spoken = (_language(tag.split(",")[0].split(";")[0].strip()) for tag in tags if tag)
        return next((one for one in spoken if one in self._languages), FALLBACK)

    def say(self, key: str, language: str | None, /, **values: object) -> str:
        """The text of ``key`` (dotted) in ``language`` (a tag such as "bn" or "bn-BD"), filled in.

        A language without the text falls back to English, with a line in the log.
        Raises ``KeyError`` for a key that English has not, or a value that is missing.
        """
        spoken = _language(language)
        text = self._find(spoken, key)
        if text is None and spoken != FALLBACK:
            log.info("no text %s in %s", key, spoken)
            spoken = FALLBACK
            text = self._find(FALLBACK, key)
        if isinstance(text, dict) and text.keys() <= _PLURALS:
            text = _plural(text, spoken, values["count"] if "number" not in values else values["number"])
        if not isinstance(text, str):
            raise KeyError(key)
        return text.format_map({name: _written(value, spoken) for name, value in values.items()})

    def has(self, key: str) -> bool:
        """Whether English has the key: every text does."""
        return self._find(FALLBACK, key) is not None

    def words(self, key: str, language: str) -> list[str]:
        """The list of ``key`` in the language itself; empty where it has none."""
        found = self._find(language, key)
        return [str(word) for word in found] if isinstance(found, list) else []

    def section(self, name: str, language: str | None) -> dict[str, Any]:
        """A whole section, English with the language's own texts laid over it."""
        spoken = _language(language)
        english = self._languages[FALLBACK][name]
        return _laid_over(english, self._languages.get(spoken, {}).get(name) or {})

    def _find(self, language: str, key: str) -> Any:
        found: Any = self._languages.get(language)
        for part in key.split("."):
            if not isinstance(found, dict):
                return None
            found = found.get(part)
        return found


def _language(tag: str | None) -> str:
    return (tag or FALLBACK).replace("_", "-").split("-")[0].lower()


def _plural(forms: Mapping[str, str], language: str, number: object) -> str:
    if not isinstance(number, int | float):
        raise TypeError("a text with plural forms needs count (or number) as a number")
    form = Locale.parse(language).plural_form(number)
    return forms.get(form) or forms["other"]


def _laid_over(base: Mapping[str, Any], top: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(base)
    for key, value in top.items():
        both = isinstance(value, dict) and isinstance(base.get(key), dict)
        result[key] = _laid_over(base[key], value) if both else value
    return result


def _written(value: object, language: str) -> object:
    """Counts have the language's own digits; all else comes written."""
    return native_digits(str(value), language) if type(value) is int else value
