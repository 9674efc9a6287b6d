import sys
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from handoff.migrations import run


class Where(BaseSettings):
    """Only where the database is: migrations need no secrets."""

    model_config = SettingsConfigDict(env_prefix="SETU_", env_ignore_empty=True, extra="ignore")

    home: Path = Path("var")
    database_url: str = Field("")


where = Where()
where.home.mkdir(parents=True, exist_ok=True)
run(sys.argv[1:], where.database_url or f"sqlite+aiosqlite:///{where.home / 'setu.db'}")
