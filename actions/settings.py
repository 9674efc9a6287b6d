"""What the action server reads from the environment (``SETU_…``)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """The action server's settings; ``ValidationError`` names what is missing or wrong."""

    model_config = SettingsConfigDict(env_prefix="SETU_", env_ignore_empty=True, extra="ignore")

    database_url: str = "sqlite+aiosqlite:///var/setu.db"
    actions_url: str = "http://127.0.0.1:5055"
    actions_token: Annotated[SecretStr, Field(description="what the bot must send with each call")]
    log_level: str = "INFO"
    home: Path = Path("var")
    encoder: Path = Path("models/encoder")
    shop_clock: datetime | None = Field(None, description="freezes the demo shop's today (tests)")
    domain: Path = Path("domain.yml")
    texts: Path = Path("data/texts")
    shop: Path = Path("data/shop")
    knowledge: Path = Path("data/knowledge")
    bot_urls: str = "http://127.0.0.1:5005"  # comma between them; the first that answers gives vectors
    bot_token: Annotated[
        SecretStr | None, Field(description="without it articles are found by words alone")
    ] = None
    public_url: str = ""
    gateway_port: int = 8000

    @field_validator("shop_clock")
    @classmethod
    def _aware(cls, value: datetime | None) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("needs a zone, e.g. 2026-11-01T10:00:00+00:00")
        return value

    @field_validator("log_level")
    @classmethod
    def _upper(cls, value: str) -> str:
        return value.upper()

    @property
    def base_url(self) -> str:
        """Where customers reach the gateway, without a slash at the end."""
        return (self.public_url or f"http://localhost:{self.gateway_port}").rstrip("/")

    @property
    def bots(self) -> list[str]:
        return [url.strip().rstrip("/") for url in self.bot_urls.split(",") if url.strip()]
