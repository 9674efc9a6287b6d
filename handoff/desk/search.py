"""Search over all messages and names of contacts that the agent may see."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, bindparam, func, literal_column, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.agents.models import Agent
from handoff.conversations import reading
from handoff.conversations.models import Contact, Conversation, Message
from handoff.conversations.views import ConversationView, MessageView
from handoff.desk.index import JOINTS, WORDS
from handoff.desk.sight import visible_to

MOST = 30  # hits
LONGEST = 200  # characters of a question
AROUND = 60  # characters of a snippet on either side


@dataclass(frozen=True, slots=True)
class Hit:
    """``message`` is None where the contact's name was found."""

    conversation: ConversationView
    message: MessageView | None
    snippet: str


async def search(session: AsyncSession, agent: Agent, question: str) -> list[Hit]:
    """The newest hits; each word must begin a word of the message. Nothing for no words."""
    words = words_of(question)
    if not words:
        return []
    messages = (
        select(Message)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(_holds(session, words), Message.deleted_at.is_(None), visible_to(agent))
        .order_by(Message.created_at.desc(), Message.id)
        .limit(MOST)
    )
    found = list(await session.scalars(messages))
    named = Contact.name.icontains(" ".join(_printable(question).split()), autoescape=True)
    here = and_(Conversation.merged_into.is_(None), Conversation.last_number > 0)
    people = reading.conversations(named, visible_to(agent), here)
    people = people.order_by(Conversation.last_message_at.desc()).limit(5)
    hits = [Hit(view, None, view.contact.name or "") for view in await reading.list_views(session, people)]
    of_messages = reading.conversations(Conversation.id.in_({one.conversation_id for one in found}))
    views = {view.id: view for view in await reading.list_views(session, of_messages)} if found else {}
    hits += [
        Hit(views[one.conversation_id], reading.message_view(one, None), snippet(one.text, words))
        for one in found
    ]
    return hits[:MOST]


def words_of(question: str) -> list[str]:
    """The words to look for: what holds no letter or digit is left out."""
    plain = _printable(question)[:LONGEST].lower().translate(dict.fromkeys(map(ord, JOINTS + "\"'\\"), " "))
    return [word for word in plain.split() if any(one.isalnum() for one in word)]


def _printable(question: str) -> str:
    """Control characters and lone surrogates are no part of any word."""
    return "".join(one if one.isprintable() else " " for one in question)


def snippet(text: str, words: list[str]) -> str:
    """The text around the first word that is found in it."""
    text = " ".join(text.split())
    low = text.lower()
    places = [place for place in (low.find(word) for word in words) if place >= 0]
    start = max(0, min(places, default=0) - AROUND)
    part = text[start : start + 2 * AROUND]
    return ("…" if start else "") + part + ("…" if start + 2 * AROUND < len(text) else "")


def _holds(session: AsyncSession, words: list[str]) -> ColumnElement[bool]:
    """Each word is quoted for the engine's own language of questions, and the whole is a parameter."""
    if session.get_bind().dialect.name == "postgresql":
        question = " & ".join(f"'{word}':*" for word in words)
        return literal_column(WORDS).op("@@")(func.to_tsquery("simple", question))
    question = " ".join(f'"{word}"*' for word in words)
    ids = text("SELECT message_id FROM message_words WHERE message_words MATCH :question")
    return Message.id.in_(ids.bindparams(bindparam("question", question)).columns(Message.id))
