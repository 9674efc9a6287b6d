"""The README's recipe for a channel, read as it stands there."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from handoff.channels import kinds

ROOT = Path(__file__).parents[3]
BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)


def blocks() -> tuple[str, str]:
    """The channel's file, and the line for the registry."""
    readme = (ROOT / "README.md").read_text("utf-8")
    section = readme.split("**A channel.**", 1)[1].split("**A chat window made for Rasa**", 1)[0]
    file, line = BLOCK.findall(section)
    return file, line


def follow(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Do what the recipe says, in a copy: from then on the house has the channel."""
    file, line = blocks()
    _load("handoff.channels.pigeon", folder / "pigeon.py", file, patch)
    registry = Path(kinds.__file__).read_text("utf-8")
    assert registry.endswith("    }\n")
    with_line = registry.removesuffix("    }\n") + line + "    }\n"
    start = "from handoff.channels.rest import"
    with_line = with_line.replace(start, f"from handoff.channels.pigeon import Pigeon\n{start}")
    made = _load("handoff.channels.kinds", folder / "kinds.py", with_line, patch)
    patch.setattr("handoff.gateway.kinds", made.kinds)


def _load(name: str, path: Path, source: str, patch: pytest.MonkeyPatch) -> ModuleType:
    path.write_text(source, "utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    patch.setitem(sys.modules, name, module)
    spec.loader.exec_module(module)
    return module
