"""A project as the trainer's process finds one: the small bot, laid out as the repository is."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support import smallbot

ACTIONS = (
    "action_facts",
    "action_card",
    "action_person",
    "action_broken",
    "action_silent",
    "validate_order_form",
)


def lay_out(folder: Path) -> Path:
    """The small bot with our importer, our folders and code for its actions."""
    small = Path(smallbot.__file__).parent
    for name in ("data/nlu/en", "data/rules", "data/responses", "actions"):
        (folder / name).mkdir(parents=True)
    config = (small / "config.yml").read_text("utf-8")
    importers = "importers:\n  - name: bot.importer.SetuImporter\n"
    (folder / "config.yml").write_text(importers + config, "utf-8")
    shutil.copy(small / "domain.yml", folder / "domain.yml")
    examples = (small / "nlu.yml").read_text("utf-8").replace("- handed_back", "- handed_back\\n- taken back")
    (folder / "data/nlu/en/talk.yml").write_text(examples, "utf-8")
    shutil.copy(small / "rules.yml", folder / "data/rules/talk.yml")
    (folder / "actions/all.py").write_text(f"ACTIONS = {list(ACTIONS)}\n", "utf-8")
    return folder


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder of the test, and the project in it."""
    lay_out(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path
