import stat

import pytest

from handoff.ops import paths


@pytest.fixture(autouse=True)
def empty_home(tmp_path, monkeypatch):
    monkeypatch.setenv("SETU_HOME", str(tmp_path))
    for name in paths.SECRETS:
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_secrets_are_made_once_and_kept_for_the_owner_only(empty_home) -> None:
    first, second = paths.settings(), paths.settings()
    assert [first[name] for name in paths.SECRETS] == [second[name] for name in paths.SECRETS]
    assert len({first[name] for name in paths.SECRETS}) == 3
    assert all(len(first[name]) >= 32 for name in paths.SECRETS)
    assert stat.S_IMODE((empty_home / "setu.env").stat().st_mode) == 0o600


def test_a_secret_missing_from_an_older_file_is_added_and_the_rest_kept(empty_home) -> None:
    (empty_home / "setu.env").write_text("# mine\nSETU_BOT_TOKEN = abc\nSETU_TURN_TIMEOUT=7\n")
    env = paths.settings()
    assert env["SETU_BOT_TOKEN"] == "abc"
    assert env["SETU_TURN_TIMEOUT"] == "7"
    assert "# mine" in (empty_home / "setu.env").read_text()
    assert env["SETU_SECRET_KEY"]


def test_the_environment_wins_over_the_file(empty_home, monkeypatch) -> None:
    (empty_home / "setu.env").write_text("SETU_GATEWAY_PORT=8100\n")
    monkeypatch.setenv("SETU_GATEWAY_PORT", "8200")
    assert paths.settings()["SETU_GATEWAY_PORT"] == "8200"
