"""The page's texts, from the section ``simulators`` of the catalogue that all pages share."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

TEXTS = Path(__file__).parents[2] / "data" / "texts"


def of(language: str) -> dict[str, Any]:
    """In that language, English where it lacks some; ``languages``: which there are."""
    known = sorted(path.stem for path in TEXTS.glob("*.yml"))
    spoken = language.partition("-")[0].lower()
    chosen = spoken if spoken in known else "en"
    return {**_section("en"), **_section(chosen), "language": chosen, "languages": known}


@lru_cache(maxsize=16)
def _section(language: str) -> dict[str, str]:
    with (TEXTS / f"{language}.yml").open(encoding="utf-8") as file:
        told: dict[str, Any] = yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    section: dict[str, str] = told.get("simulators", {})
    return section
