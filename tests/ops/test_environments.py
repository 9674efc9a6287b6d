import shutil
import subprocess
import sys
from collections import namedtuple

import pytest

from handoff.ops import environments
from handoff.ops.console import Problem


class Pip:
    """Stands for the commands of an installation: notes them, makes the venv, fails where told."""

    def __init__(self) -> None:
        self.commands: list[list[str]] = []
        self.fails_on = ""

    def __call__(self, command, log_name, step, env=None) -> str:
        self.commands.append(list(command))
        if self.fails_on and any(self.fails_on in word for word in command):
            raise Problem("no network", "try again")
        if command[1:3] == ["-m", "venv"]:
            subprocess.run([sys.executable, "-m", "venv", "--without-pip", command[3]], check=True)
            (environments.ROOT / command[3] / "bin" / "pip").touch()
        return ""

    def installed(self) -> list[str]:
        return [
            word.rsplit("/", 1)[-1] for command in self.commands for word in command if word.endswith(".txt")
        ]


@pytest.fixture
def pip(tmp_path, monkeypatch):
    (tmp_path / "requirements").mkdir()
    for name in ("bot.txt", "bot-rasa.txt", "services.txt", "bot-tests.txt", "services-tests.txt"):
        (tmp_path / "requirements" / name).write_text(f"# {name}\n")
    fake = Pip()
    monkeypatch.setattr(environments, "ROOT", tmp_path)
    monkeypatch.setattr(environments, "REQUIREMENTS", tmp_path / "requirements")
    monkeypatch.setattr(environments, "run_step", fake)
    monkeypatch.setattr(environments, "find_python", lambda: sys.executable)
    monkeypatch.setattr(environments, "_has_torch", lambda _python: True)
    return fake


def test_both_environments_are_made_and_then_left_alone(pip) -> None:
    environments.ensure()
    assert sorted(pip.installed()) == ["bot-rasa.txt", "bot.txt", "services.txt"]
    pip.commands.clear()
    environments.ensure()
    assert pip.commands == []


def test_an_interrupted_installation_goes_on_where_it_stopped(pip) -> None:
    pip.fails_on = "bot-rasa.txt"
    with pytest.raises(Problem, match="no network"):
        environments.ensure()
    pip.fails_on = ""
    pip.commands.clear()
    environments.ensure()
    assert pip.installed() == ["bot-rasa.txt"]


def test_changed_requirements_are_installed_again(pip, tmp_path) -> None:
    environments.ensure()
    pip.commands.clear()
    (tmp_path / "requirements" / "services.txt").write_text("something==2\n")
    environments.ensure()
    assert pip.installed() == ["services.txt"]


def test_a_half_made_environment_is_made_anew(pip, tmp_path) -> None:
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to("/nonexistent/python3.11")
    environments.ensure()
    assert environments._version(str(tmp_path / ".venv" / "bin" / "python")) == "3.11"


def test_what_only_tests_need_is_installed_for_tests_only(pip) -> None:
    environments.ensure()
    pip.commands.clear()
    environments.ensure(tests=True)
    assert sorted(pip.installed()) == ["bot-tests.txt", "services-tests.txt"]


def test_a_full_disk_is_told_before_anything_is_installed(pip, monkeypatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(10**12, 10**12, 10**9))
    with pytest.raises(Problem, match=r"Only 1\.0 GB are free"):
        environments.ensure()
    assert pip.commands == []


def test_a_missing_python_is_told_with_the_way_out(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nonexistent/python3")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    with pytest.raises(Problem, match=r"Python 3\.11 was not found") as caught:
        environments.find_python()
    assert "uv python install 3.11" in caught.value.way_out
