"""The gateway's settings, from the environment (``SETU_…``), read once and checked at the start."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from handoff.attachments.rules import KINDS, MEGABYTE, Rules
from handoff.attachments.scanning import make_scanner
from handoff.conversations.policy import Thresholds

POLICY = Path(__file__).parent / "conversations" / "policy.yml"


class Settings(BaseSettings):
    """Times are seconds. Secrets have no default: without them the gateway does not start."""

    model_config = SettingsConfigDict(env_prefix="SETU_", extra="ignore", env_ignore_empty=True)

    home: Path = Path("var")
    database_url: str = ""
    redis_url: str | None = None
    bot_urls: Annotated[list[str], NoDecode] = ["http://127.0.0.1:5005"]
    bot_token: SecretStr = Field(min_length=1)
    secret_key: SecretStr = Field(min_length=32)
    secret_key_old: SecretStr | None = None  # earlier ones, commas between, until all is sealed anew
    gateway_host: str = "0.0.0.0"  # noqa: S104  the gateway is the public process
    gateway_port: int = Field(default=8000, ge=0, le=65535)
    public_url: str = ""
    knowledge: Path = Path("data/knowledge")
    workspace: Path = Path()  # with the training data that the workbench edits: data/, domain.yml, tests/
    models: Path = Path("models")
    bot_python: Path = Path(".venv-bot/bin/python")  # trains
    turn_timeout: float = Field(default=4.0, gt=0, le=60)
    log_level: str = "INFO"
    metrics_token: SecretStr | None = None
    policy: Path = POLICY
    demo: bool = False
    unsure_wait: float = Field(default=45.0, gt=0)  # for news of a message that may have gone out
    body_limit: int = 256 * 1024  # bytes of a request
    contact_rate: float = 5.0  # messages a second that one contact may send for long …
    contact_burst: int = 100  # … and at once
    file_limit: int = Field(default=10 * MEGABYTE, gt=0)  # bytes of a file …
    file_limits: dict[str, int] = {}  # … and of single kinds: {"image": …, "audio": …, "video": …, "file": …}
    file_days: float = Field(default=180.0, gt=0)  # that a file is kept
    file_refused: frozenset[str] = frozenset({"program", "markup"})  # else these are inert downloads
    scan: str = ""  # clamd://host:port, clamd:///socket, or a command; empty: files are not scanned
    private_callbacks: bool = False  # callbacks to private addresses, for trials on one machine

    @field_validator("file_limits")
    @classmethod
    def _kinds(cls, value: dict[str, int]) -> dict[str, int]:
        if set(value) - set(KINDS) or any(limit <= 0 for limit in value.values()):
            raise ValueError(f"bytes for some of {', '.join(KINDS)}")
        return value

    @field_validator("scan")
    @classmethod
    def _scanner(cls, value: str) -> str:
        make_scanner(value)
        return value

    @field_validator("bot_urls", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        if isinstance(value, str):
            value = [url.strip() for url in value.split(",")]
        return [url.rstrip("/") for url in value if url]

    @field_validator("bot_urls")
    @classmethod
    def _some(cls, value: list[str]) -> list[str]:
        if not value:
            raise ValueError("name at least one bot server")
        return value

    @property
    def rules(self) -> Rules:
        """Which files are taken, and for how long they are kept."""
        return Rules(
            limit=self.file_limit,
            limits=self.file_limits,
            keep=timedelta(days=self.file_days),
            refused=self.file_refused,
        )

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite+aiosqlite:///{self.home / 'setu.db'}"

    @property
    def secret_keys(self) -> list[str]:
        """The present key, and the earlier ones with which something may still be sealed."""
        old = self.secret_key_old.get_secret_value() if self.secret_key_old else ""
        return [self.secret_key.get_secret_value(), *(key for key in old.split(",") if key)]

    @property
    def base_url(self) -> str:
        """Where customers reach us, without a slash at the end; for links in messages."""
        return (self.public_url or f"http://localhost:{self.gateway_port}").rstrip("/")

    def thresholds(self) -> Thresholds:
        return read_thresholds(self.policy)


def read_thresholds(policy: Path = POLICY) -> Thresholds:
    """The hand-off policy's numbers: ours, with those of ``policy`` laid over."""
    data = yaml.safe_load(POLICY.read_text("utf-8"))
    if policy != POLICY:
        data |= yaml.safe_load(policy.read_text("utf-8")) or {}
    unknown = set(data) - set(Thresholds.__slots__)
    if unknown:
        raise ValueError(f"{policy}: unknown threshold {', '.join(sorted(unknown))}")
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}
    return Thresholds(**values)
