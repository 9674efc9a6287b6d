"""Stories, talks and a stage to play them on, all made up."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from actions.db import new_id
from bot.contract import Reply, TurnReply, Understanding
from handoff.channels.models import Inbox
from handoff.conversations.models import Contact, Conversation, Message
from handoff.workbench.context import Context
from handoff.workbench.talks.processes import SandboxFailed

Answer = Callable[[str, dict[str, Any]], TurnReply]


def reply(text: str = "Hello!", intent: str = "greet", **rest: Any) -> TurnReply:
    understood = Understanding(intent, 0.97, 1.0, language="en", entities=rest.pop("entities", []))
    return TurnReply([Reply(text, buttons=rest.pop("buttons", []))], understood, **rest)


def story(root: Path, file: str, title: str, *steps: dict[str, Any]) -> str:
    """Write a conversation test; its name from the root."""
    path = root / "tests" / "stories" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    said = list(steps) or [{"user": "hello", "expect": {"intent": "greet"}}]
    path.write_text(yaml.safe_dump({"conversation": title, "steps": said}), "utf-8")
    return path.relative_to(root).as_posix()


class FakeStage:
    """A sandbox without processes. ``answer`` is told which model is loaded and what was said; ``hold``:
    turns wait until it is set, or the stage is stopped."""

    def __init__(
        self, answer: Answer | None = None, *, hold: threading.Event | None = None, broken: bool = False
    ) -> None:
        self._answer = answer or (lambda model, request: reply())
        self._hold, self._broken = hold, broken
        self.loaded: list[str] = []
        self.started: list[str] = []
        self.anew = 0
        self.asked = threading.Event()
        self.stopped = threading.Event()

    @property
    def running(self) -> bool:
        return not self.stopped.is_set()

    def start(self, model: Path) -> None:
        if self._broken:
            raise SandboxFailed("there is no bot here")
        self.started.append(model.name)

    def load(self, model: Path) -> None:
        self.start(model)
        self.loaded.append(model.name)

    def begin_anew(self) -> None:
        self.anew += 1

    def ask(self, request: dict[str, Any], /) -> TurnReply:
        self.asked.set()
        if self._hold is not None:
            while not self._hold.is_set() and not self.stopped.wait(0.01):
                pass
        return self._answer(self.loaded[-1], request)

    def stop(self) -> None:
        self.stopped.set()


class Wrote:
    """Talks in the database."""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def talk(
        self,
        *texts: str,
        name: str | None = None,
        language: str | None = "en",
        at: datetime | None = None,
        understood: bool = True,
        payload: str | None = None,
    ) -> str:
        at = at or self._context.clock() - timedelta(hours=1)
        inbox = Inbox(id=new_id(), channel="web", name="Web")
        contact = Contact(id=new_id(), inbox_id=inbox.id, external_id=new_id(), name=name)
        conversation = Conversation(
            id=contact.conversation_id or new_id(),
            contact_id=contact.id,
            inbox_id=inbox.id,
            language=language,
            last_customer_at=at,
        )
        contact.conversation_id = conversation.id
        said = [
            Message(
                conversation_id=conversation.id,
                number=number,
                sender="customer",
                text=text,
                payload=payload,
                created_at=at,
                understanding={"intent": "greet"} if understood else None,
            )
            for number, text in enumerate(texts, 1)
        ]
        async with self._context.database.write() as session:
            for row in (inbox, contact, conversation):
                session.add(row)
                await session.flush()
            session.add_all(said)
        return str(conversation.id)
