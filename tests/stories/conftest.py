"""The sandbox that all conversation tests share."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from handoff.workbench.talks.sandbox import Sandbox
from handoff.workbench.talks.suite import Suite
from tests.support.servers import BOT_PYTHON, ROOT, the_model


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """Bot and action server over a made-up shop, with the model to test."""
    with Sandbox(ROOT, BOT_PYTHON, tmp_path_factory.mktemp("shop")) as sandbox:
        sandbox.start(the_model(os.environ))
        yield sandbox


@pytest.fixture(scope="session")
def suite() -> Suite:
    return Suite(ROOT)


@pytest.fixture
def play(sandbox: Sandbox, suite: Suite) -> Callable[[Path], None]:
    """Play the story in a file over an untouched shop."""

    def play_file(path: Path) -> None:
        __tracebackhide__ = True  # the talk says more than our code
        outcome = suite.play(sandbox, path.relative_to(ROOT).as_posix())
        if not outcome.passed:
            raise AssertionError(outcome.script)

    return play_file
