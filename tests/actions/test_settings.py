"""The action server's settings come from the environment and are refused with a reason."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from actions.settings import Settings


def test_without_a_token_the_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SETU_ACTIONS_TOKEN", "")
    with pytest.raises(ValidationError, match="actions_token"):
        Settings()


def test_the_environment_is_read_and_the_token_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SETU_ACTIONS_TOKEN", "hidden")
    monkeypatch.setenv("SETU_LOG_LEVEL", "debug")
    monkeypatch.setenv("SETU_ACTIONS_URL", "http://127.0.0.1:7001")
    settings = Settings()
    assert (settings.log_level, settings.actions_url) == ("DEBUG", "http://127.0.0.1:7001")
    assert "hidden" not in repr(settings)


def test_a_clock_without_a_zone_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SETU_ACTIONS_TOKEN", "x")
    monkeypatch.setenv("SETU_SHOP_CLOCK", "2026-11-01T10:00:00")
    with pytest.raises(ValidationError, match="zone"):
        Settings()
