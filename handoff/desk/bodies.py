"""What the desk sends: the bodies of its calls, with their limits."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

ID = r"^[A-Za-z0-9_-]{1,32}$"
FILES = 10  # with one message

Id = Annotated[str, StringConstraints(pattern=ID)]
FileId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Printable = Annotated[str, StringConstraints(max_length=1000, pattern=r"^[^\x00\x7f]*$")]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Written(Body):
    """A note."""

    text: str
    client_id: str | None = Field(default=None, min_length=1, max_length=64)


class Template(Body):
    """An approved text of the platform, with what fills its gaps."""

    name: str = Field(min_length=1, max_length=512, pattern=r"^[\w.-]+$")
    language: str = Field(min_length=2, max_length=20, pattern=r"^[A-Za-z0-9_-]+$")
    variables: list[Printable] = Field(default_factory=list, max_length=30)


class Reply(Body):
    """A reply: words, files (ids of uploads) or both; a ``template`` with the words it reads like."""

    text: str = ""
    client_id: str | None = Field(default=None, min_length=1, max_length=64)
    files: list[FileId] = Field(default_factory=list, max_length=FILES)
    template: Template | None = None
    reply_to: int | None = Field(default=None, gt=0, lt=2**31)


class HandBack(Body):
    next: str = ""
    note: str = Field(default="", max_length=2000)


class Snooze(Body):
    until: datetime


class Transfer(Body):
    agent_id: Id
    note: str = Field(default="", max_length=2000)


class Read(Body):
    number: int = Field(ge=0, lt=2**31)
