"""A workspace of one's own: the real training data, copied."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[4]


class Folder:
    """Files of a folder, with some of them replaced."""

    def __init__(self, root: Path, other: Mapping[str, str | None] | None = None) -> None:
        self.root = root
        self.other = dict(other or {})

    def read(self, path: str) -> str | None:
        if path in self.other:
            return self.other[path]
        file = self.root / path
        return file.read_bytes().decode() if file.is_file() else None

    def names(self, folder: str) -> list[str]:
        return sorted(one.name for one in (self.root / folder).glob("*"))


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """``data``, ``domain.yml`` and the conversation tests, without what is big and not needed."""
    root = tmp_path / "workspace"
    for part in (
        "nlu",
        "rules",
        "responses",
        "foreign",
        "texts",
        "knowledge",
        "entities",
        "language",
        "shop",
    ):
        shutil.copytree(ROOT / "data" / part, root / "data" / part)
    shutil.copytree(
        ROOT / "tests/stories", root / "tests/stories", ignore=shutil.ignore_patterns("*.py*", "__*")
    )
    shutil.copytree(ROOT / "tests/nlu", root / "tests/nlu")
    shutil.copy(ROOT / "domain.yml", root)
    return root
