"""What a language lacks beside English, and whether what is written in its place can stand. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from handoff import languages
from handoff.errors import Conflict, Invalid, NotFound
from handoff.languages import ENGLISH
from handoff.workbench.dataset import yamltext

MOST = 40  # of a kind at once: who writes them begins with the first


class Files(Protocol):
    def read(self, path: str) -> str | None: ...


def lacking(files: Files, language: str) -> dict[str, Any]:
    """``responses``: ``[{"name", "variations"}]`` of the bot; ``texts``: ``[{"key", "text", "forms"}]`` of
    all else, ``forms`` being the language's plural forms where ``text`` has such. ``more``: how many are
    left."""
    said = {name: _responses(files, name) for name in (ENGLISH, language)}
    responses = [
        {"name": name, "variations": variations}
        for name, variations in said[ENGLISH].items()
        if name not in said[language]
    ]
    texts = list(_texts(files, language))
    return {
        "language": language,
        "responses": responses[:MOST],
        "texts": texts[:MOST],
        "more": max(0, len(responses) - MOST) + max(0, len(texts) - MOST),
    }


def may_stand(key: str, forms: Mapping[str, str], english: Any, own: Any, language: str) -> None:
    """Raises where a translation would show nonsense, or is not asked for. ``forms``: of the plural, or a
    text alone under ""; ``english`` and ``own``: the catalogues."""
    wanted = dict(languages.leaves(english or {}))
    if key not in wanted:
        raise NotFound("text_unknown", key=key)
    if key in dict(languages.leaves(own or {})):
        raise Conflict("text_known", key=key)
    needed = languages.plural_forms(language) if languages.is_plural(wanted[key]) else {""}
    if forms.keys() != needed or not all(text.strip() for text in forms.values()):
        raise Invalid("text_forms", key=key)
    try:
        strange = languages.blanks(dict(forms)) - languages.blanks(wanted[key])
    except ValueError as error:
        raise Invalid("text_blanks", key=key, names="{ }") from error
    if strange:
        raise Invalid("text_blanks", key=key, names=", ".join(sorted(strange)))


def _responses(files: Files, language: str) -> dict[str, Any]:
    return _read(files, f"data/responses/{language}.yml").get("responses") or {}


def _texts(files: Files, language: str) -> Iterator[dict[str, Any]]:
    given = dict(languages.leaves(_read(files, f"data/texts/{language}.yml")))
    for key, text in languages.leaves(_read(files, f"data/texts/{ENGLISH}.yml")):
        if key in given:
            continue
        if isinstance(text, str):
            yield {"key": key, "text": text, "forms": None}
        elif languages.is_plural(text):
            yield {"key": key, "text": text, "forms": sorted(languages.plural_forms(language))}


def _read(files: Files, path: str) -> dict[str, Any]:
    content = yamltext.load(files.read(path) or "", path)
    return content if isinstance(content, dict) else {}
