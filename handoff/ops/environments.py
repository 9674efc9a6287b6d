"""The two Python environments: made when missing or outdated, resumed when interrupted.

Each environment holds a stamp with the hash of what it was made from, written last; without a
matching stamp the installation runs again (pip skips what is already there).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .console import Problem, Step
from .paths import ROOT
from .running import run_step

REQUIREMENTS = ROOT / "requirements"
TORCH = "torch==2.13.0"
NEEDED_GB = 6.0

# Each environment: the files it is installed from, with pip's flags for each.
# Rasa declares Python < 3.11 and old pins of its own, hence --no-deps (see the README's decisions).
BOT: dict[str, list[str]] = {
    "bot.txt": ["--no-deps"],
    "bot-rasa.txt": ["--no-deps", "--ignore-requires-python"],
}
SERVICES: dict[str, list[str]] = {"services.txt": ["--no-deps"]}
BOT_TESTS: dict[str, list[str]] = {"bot-tests.txt": ["--no-deps"]}
SERVICES_TESTS: dict[str, list[str]] = {"services-tests.txt": ["--no-deps"]}


def find_python() -> str:
    """A CPython 3.11: on the PATH, among pyenv's, or fetched by uv; raises Problem."""
    candidates = [sys.executable, shutil.which("python3.11") or ""]
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    candidates += [str(path / "bin" / "python3.11") for path in sorted(pyenv.glob("3.11*"), reverse=True)]
    for candidate in candidates:
        if candidate and _version(candidate) == "3.11":
            return candidate
    uv = shutil.which("uv")
    if uv:
        subprocess.run([uv, "python", "install", "3.11"], check=False)
        found = subprocess.run([uv, "python", "find", "3.11"], capture_output=True, text=True, check=False)
        if _version(found.stdout.strip()) == "3.11":
            return found.stdout.strip()
    raise Problem(
        "Python 3.11 was not found on the PATH, among pyenv's versions, or by uv.",
        "Install it (for example: apt install python3.11 python3.11-venv, pyenv install 3.11, or uv python "
        "install 3.11) and run the command again.",
    )


def _version(python: str) -> str | None:
    code = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])"
    try:
        return subprocess.run(
            [python, "-c", code], capture_output=True, text=True, timeout=30, check=True
        ).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return None


def ensure(tests: bool = False) -> None:
    """Make both environments ready, side by side; ``tests`` adds what only tests need."""
    to_make = outdated(tests)
    if not to_make:
        return
    python = find_python()
    check_disk()
    with Step("making the two Python environments (once; some minutes)") as step:
        with ThreadPoolExecutor(2) as pool:
            jobs = [
                pool.submit(_make, python, folder, files, torch, step) for folder, files, torch in to_make
            ]
            for job in jobs:
                job.result()


def outdated(tests: bool = False) -> list[tuple[Path, dict[str, list[str]], bool]]:
    """The environments to be made: folder, requirement files with pip's flags, whether torch goes in."""
    wanted = [
        (ROOT / ".venv-bot", {**BOT, **(BOT_TESTS if tests else {})}, False),
        (ROOT / ".venv", {**SERVICES, **(SERVICES_TESTS if tests else {})}, True),
    ]
    return [item for item in wanted if not _fits(item[0], item[1])]


def _fits(folder: Path, files: dict[str, list[str]]) -> bool:
    stamps = folder / "setu-stamps"
    python = folder / "bin" / "python"
    return python.exists() and all(
        (stamps / name).exists() and (stamps / name).read_text() == _digest(name) for name in files
    )


def _digest(name: str) -> str:
    return hashlib.sha256((REQUIREMENTS / name).read_bytes()).hexdigest()


def check_disk() -> None:
    free = shutil.disk_usage(str(ROOT)).free / 1e9
    if free < NEEDED_GB:
        raise Problem(
            f"Only {free:.1f} GB are free here; the environments need about {NEEDED_GB:.0f} GB.",
            "Free some space, or put the clone on a larger disk.",
        )


def _make(python: str, folder: Path, files: dict[str, list[str]], torch: bool, step: Step) -> None:
    inside = folder / "bin" / "python"
    stamps = folder / "setu-stamps"
    if not inside.exists() or _version(str(inside)) != "3.11" or not (folder / "bin" / "pip").exists():
        shutil.rmtree(folder, ignore_errors=True)
        run_step([python, "-m", "venv", str(folder)], f"setup{folder.name}", step)
    stamps.mkdir(exist_ok=True)
    if torch and not _has_torch(inside):
        _install_torch(inside, folder.name, step)
    for name, flags in files.items():
        if (stamps / name).exists() and (stamps / name).read_text() == _digest(name):
            continue
        run_step([*_pip(inside), *flags, "-r", str(REQUIREMENTS / name)], f"setup{folder.name}", step)
        (stamps / name).write_text(_digest(name))


def _pip(python: Path) -> list[str]:
    # Compiling every module of TensorFlow and torch would double the time; what is imported compiles itself.
    quiet = ["--disable-pip-version-check", "--progress-bar", "off", "--no-compile"]
    return [str(python), "-m", "pip", "install", *quiet]


def _has_torch(python: Path) -> bool:
    code = f"import importlib.metadata as m; assert m.version('torch').split('+')[0] == '{TORCH[7:]}'"
    return subprocess.run([str(python), "-c", code], capture_output=True, check=False).returncode == 0


def _install_torch(python: Path, name: str, step: Step) -> None:
    """The CPU build: from the caller's own pip settings if they have it, else from PyTorch's CPU index
    (uv knows where that is), else whatever the registry gives, which is larger but works."""
    pip = [*_pip(python), "--no-deps"]
    for command in (
        [*pip, f"{TORCH}+cpu"],
        [*pip, "uv"],
        [str(python), "-m", "uv", "pip", "install", "--python", str(python), "--torch-backend", "cpu", TORCH],
    ):
        try:
            run_step(command, f"setup{name}", step)
        except Problem:
            continue
        if _has_torch(python):
            return
    run_step([*pip, TORCH], f"setup{name}", step)
