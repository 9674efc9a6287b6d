"""What the pages send."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,32}$")]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Proposed(_Body):
    """Operations as in ``operations.py``."""

    title: Title
    operations: list[dict[str, Any]]


class Edited(_Body):
    version: int
    title: Title | None = None
    operations: list[dict[str, Any]] | None = None


class Versioned(_Body):
    version: int


class Applied(Versioned):
    """``message`` is git's; the title if left out."""

    commit: bool = False
    message: Annotated[str, StringConstraints(max_length=2000)] | None = None


class FromTalk(_Body):
    """Messages ``from`` to ``to`` (their numbers) of a real talk; ``customer`` a key of the demo's."""

    conversation_id: Id
    first: int = Field(alias="from", ge=1)
    last: int = Field(alias="to", ge=1)
    title: Title
    folder: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,30}$")]
    customer: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,60}$")] | None = None
