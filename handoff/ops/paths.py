"""Where things lie, and the settings file with the secrets that set-up makes."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BOT_PYTHON = ROOT / ".venv-bot" / "bin" / "python"
PYTHON = ROOT / ".venv" / "bin" / "python"

SECRETS = ("SETU_SECRET_KEY", "SETU_BOT_TOKEN", "SETU_ACTIONS_TOKEN")
HEADER = "# Made at the first start: this installation's secrets. Add settings, one NAME=value a line.\n"


def home() -> Path:
    """The folder of everything this installation keeps: databases, logs, secrets, pictures."""
    return Path(os.environ.get("SETU_HOME") or ROOT / "var").resolve()


def read_settings(path: Path) -> dict[str, str]:
    """``NAME=value`` lines; what the environment already says wins over the file."""
    if not path.exists():
        return {}
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}


def settings() -> dict[str, str]:
    """The environment of our processes: the caller's, the settings file, and fresh secrets once."""
    path = home() / "setu.env"
    known = read_settings(path)
    missing = [name for name in SECRETS if name not in known and name not in os.environ]
    if missing:
        path.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text(encoding="utf-8") if path.exists() else HEADER
        text += "".join(f"{name}={secrets.token_urlsafe(32)}\n" for name in missing)
        draft = path.with_suffix(".draft")
        draft.touch(mode=0o600)
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
        known = read_settings(path)
    data = home()
    defaults = {
        "SETU_HOME": str(data),
        "SETU_DATABASE_URL": f"sqlite+aiosqlite:///{data / 'setu.db'}",
        "SETU_TRACKER_URL": f"sqlite:///{data / 'trackers.db'}",
        "SETU_DEMO": "1",
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_ENABLE_ONEDNN_OPTS": "0",
        "OMP_NUM_THREADS": "1",  # two cores are shared by three processes; more threads only fight
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": str(ROOT),
    }
    return {**defaults, **known, **os.environ}
