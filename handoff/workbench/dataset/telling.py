"""The talks of the workspace, told in a language; and a real talk of the database made one of them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from threading import Lock
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.agents.models import Agent
from handoff.conversations.models import Contact, Conversation, Handoff, Message
from handoff.errors import Invalid, NotFound
from handoff.workbench import audit
from handoff.workbench.context import Context
from handoff.workbench.dataset import recording, tales
from handoff.workbench.dataset.changes import Changes
from handoff.workbench.dataset.examples import Examples
from handoff.workbench.dataset.recording import Names, Said
from handoff.workbench.dataset.speaking import Speech
from handoff.workbench.dataset.tales import Tale
from handoff.workbench.dataset.verifying import slug
from handoff.workbench.gathering.masking import mask
from handoff.workbench.gathering.surroundings import known_names
from handoff.workbench.models import Change
from handoff.workbench.talks.story import Story

FILES = ("data/rules/**/*.yml", "data/stories/**/*.yml", "tests/stories/*/*.yml")
LONGEST = 100  # messages of a real talk in one test
_LOCALES = 20  # characters


class Tales:
    """All of them, each file read again when it has changed. For threads."""

    def __init__(self, root: Path, examples: Examples) -> None:
        self._root = root
        self._examples = examples
        self._files: dict[str, tuple[tuple[int, int], list[Tale]]] = {}
        self._bot: tuple[tuple[tuple[Path, int], ...], _Said] | None = None
        self._lock = Lock()

    def all(self) -> list[Tale]:
        """Rules, then stories, then tests, by file and line."""
        languages = self._examples.languages()
        with self._lock:
            there: dict[str, tuple[tuple[int, int], list[Tale]]] = {}
            for pattern in FILES:
                for path in sorted(self._root.glob(pattern)):
                    name, status = path.relative_to(self._root).as_posix(), path.stat()
                    stamp = status.st_mtime_ns, status.st_size
                    kept = self._files.get(name)
                    if kept is None or kept[0] != stamp:
                        kept = stamp, tales.read(name, path.read_text("utf-8"), languages)
                    there[name] = kept
            self._files = there
        return [tale for _, found in there.values() for tale in found]

    def one(self, id: str) -> Tale:
        found = next((tale for tale in self.all() if tale.id == id), None)
        if found is None:
            raise NotFound("talk_unknown")
        return found

    def told(self, id: str, language: str, speech: Speech) -> dict[str, Any]:
        """With its steps; those of a test in another language are told in that."""
        tale = self.one(id)
        own = tale.language or ("en" if tale.kind == "test" else language)
        words = _Words(self._said(), self._examples, own, speech)
        playable = tale.kind == "test" or tales.playable(tale, words) is not None
        return {**tale.as_json(), "playable": playable, "steps": tales.steps(tale, words)}

    def playable(self, id: str, language: str, speech: Speech) -> tuple[str, Story | None]:
        """The file of a talk and, of a rule or a story, what to play; :class:`Invalid`
        (``talk_not_played``) for one that only goes on from another."""
        tale = self.one(id)
        if tale.kind == "test":
            return tale.file, None
        steps = tales.playable(tale, _Words(self._said(), self._examples, language, speech))
        if steps is None:
            raise Invalid("talk_not_played")
        return tale.file, Story(tale.title, None, None, steps["steps"])

    def _said(self) -> _Said:
        """What the bot says and asks for, read again when it has changed."""
        paths = [self._root / "domain.yml", *sorted((self._root / "data/responses").glob("*.yml"))]
        stamp = tuple((path, path.stat().st_mtime_ns) for path in paths if path.is_file())
        with self._lock:
            if self._bot is None or self._bot[0] != stamp:
                forms = _read(self._root / "domain.yml").get("forms") or {}
                self._bot = stamp, _Said(responses(self._root), forms)
            return self._bot[1]


@dataclass(frozen=True, slots=True)
class _Said:
    """``responses`` by language and name; ``forms`` as in the domain."""

    responses: Mapping[str, Mapping[str, Any]]
    forms: Mapping[str, Any]


class _Words:
    """See :class:`handoff.workbench.dataset.tales.Words`."""

    def __init__(self, said: _Said, examples: Examples, language: str, speech: Speech) -> None:
        self._examples = examples
        self._languages = [language, *(["en"] if language != "en" else [])]
        self._responses = [said.responses.get(one, {}) for one in self._languages]
        self._forms = said.forms
        self._speech = speech

    def example(self, intent: str) -> str | None:
        """The first that says something by itself, neither very short nor long."""
        for language in self._languages:
            texts = [one.text for one in self._examples.of(intent, language)]
            fair = [text for text in texts if 2 <= len(text.split()) <= 8]
            if texts:
                return (fair or texts)[0]
        return None

    def response(self, name: str) -> Mapping[str, Any] | None:
        return next((said[name][0] for said in self._responses if said.get(name)), None)

    def plain(self, key: str, **values: str) -> str:
        return self._speech.say(f"workbench.data.talk.{key}", **values)

    def title(self, intent: str) -> str:
        return self._speech.title(intent)

    def slots(self, form: str) -> str:
        asked = (self._forms.get(form) or {}).get("required_slots") or []
        return ", ".join(self._speech.entity(str(one)) for one in asked) or form.replace("_", " ")


class Recorder:
    """Makes conversation tests of real talks, as changes to be reviewed."""

    def __init__(self, context: Context, changes: Changes) -> None:
        self._context = context
        self._changes = changes

    async def propose(
        self,
        session: AsyncSession,
        agent: Agent,
        conversation_id: str,
        first: int,
        last: int,
        *,
        title: str,
        folder: str,
        customer: str | None,
    ) -> Change:
        """A test of the messages from ``first`` to ``last``, masked. ``customer``: who of the demo's stories
        plays it; nobody known otherwise.

        Raises :class:`NotFound` (``talk_unknown``, ``customer_unknown``), :class:`Invalid` (``talk_empty``,
        ``talk_long``, ``bad_range``).
        """
        if last < first:
            raise Invalid("bad_range")
        if last - first >= LONGEST:
            raise Invalid("talk_long", limit=LONGEST)
        said, locale = await self._said(session, conversation_id, first, last)
        content = await asyncio.to_thread(self._story, title, said, customer, locale)
        operation = {"op": "write_file", "path": self._free(folder, title), "content": content}
        change = await self._changes.propose(session, agent, title, [operation])
        audit.note(session, agent.id, "test_made", change.id, talk=conversation_id)
        return change

    def _story(self, title: str, said: Sequence[Said], customer: str | None, locale: str | None) -> str:
        if customer is not None and customer not in _read(self._context.root / "data/shop/stories.yml"):
            raise NotFound("customer_unknown")
        names = Names(responses(self._context.root))
        return recording.story(title, said, names, customer=customer, locale=None if customer else locale)

    def _free(self, folder: str, title: str) -> str:
        """A name that no test has yet."""
        stem = slug(title, "real-talk")
        taken = set(self._changes.workspace.names(f"tests/stories/{folder}"))
        name = next(
            one for one in (stem, *(f"{stem}-{n}" for n in range(2, 1000))) if f"{one}.yml" not in taken
        )
        return f"tests/stories/{folder}/{name}.yml"

    async def _said(
        self, session: AsyncSession, conversation_id: str, first: int, last: int
    ) -> tuple[list[Said], str | None]:
        found = await session.execute(
            select(Conversation.id, Contact.locale)
            .join(Contact, Contact.id == Conversation.contact_id)
            .where(Conversation.id == conversation_id)
        )
        talk = found.first()
        if talk is None:
            raise NotFound("talk_unknown")
        chosen = (
            Message.conversation_id == conversation_id,
            Message.number.between(first, last),
            Message.private.is_(False),
            Message.deleted_at.is_(None),
            Message.sender.in_(("customer", "bot", "agent")),
        )
        messages = (await session.scalars(select(Message).where(*chosen).order_by(Message.number))).all()
        handed = select(Handoff.requested_at, Handoff.reason).where(
            Handoff.conversation_id == conversation_id
        )
        handoffs = (await session.execute(handed)).all()
        names = (await known_names(session, [conversation_id])).get(conversation_id, [])
        customers = [one for one in messages if one.sender == "customer"]
        ends = {one.id: following.created_at for one, following in pairwise(customers)}
        return [
            _as_said(
                one,
                names,
                next(
                    (
                        reason
                        for at, reason in handoffs
                        if one.created_at <= at and (one.id not in ends or at < ends[one.id])
                    ),
                    None,
                ),
            )
            for one in messages
        ], (talk.locale or None) and talk.locale[:_LOCALES]


def _as_said(message: Message, names: Sequence[str], handoff: str | None) -> Said:
    intent = (message.understanding or {}).get("intent")
    rich = message.rich or {}
    return Said(
        sender=message.sender,
        text=message.text if message.sender == "bot" else mask(message.text, names).text,
        payload=message.payload,
        intent=None if intent == "nlu_fallback" else intent,
        doubtful=intent == "nlu_fallback",
        buttons=len(rich.get("buttons") or []),
        cards=len(rich.get("cards") or []),
        handoff=handoff if message.sender == "customer" else None,
    )


def responses(root: Path) -> dict[str, dict[str, Any]]:
    """By language and name, as they stand in ``data/responses``."""
    return {
        file.stem: _read(file).get("responses") or {}
        for file in sorted((root / "data/responses").glob("*.yml"))
    }


def _read(file: Path) -> dict[str, Any]:
    try:
        content = yaml.load(file.read_text("utf-8"), yaml.CSafeLoader) if file.is_file() else None
    except yaml.YAMLError:
        return {}
    return content if isinstance(content, dict) else {}
