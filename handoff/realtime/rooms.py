"""Rooms of the sockets, and who may be told what about a conversation. Pure.

On ``/widget`` a customer's sockets are in the room of their contact, and in no other. On
``/desk`` every socket is on the floor and in its agent's room; those who may see everything
are also in ``overseers``. Watching a conversation puts a socket in ``watch(id)`` (and in
``oversee(id)``): which of the rooms hears of it is decided anew at each publication, by
who owns the conversation then, so a watcher who may no longer see it hears nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

FLOOR = "floor"
OVERSEERS = "overseers"
OPEN_TO_ALL = frozenset({"bot", "queued", "elsewhere"})  # statuses that every agent may read


def contact(contact_id: str) -> str:
    return f"contact:{contact_id}"


def contacts(first: str, also: Iterable[str]) -> list[str]:
    """The rooms of everybody who talks in a thread: one person, maybe on several channels."""
    return [contact(first), *map(contact, also)]


def agent(agent_id: str) -> str:
    return f"agent:{agent_id}"


def watch(conversation_id: str) -> str:
    return f"watch:{conversation_id}"


def oversee(conversation_id: str) -> str:
    return f"oversee:{conversation_id}"


def for_rows(status: str, agents: Iterable[str]) -> list[str]:
    """Who gets the row of a list. ``agents``: who owns it now, or had it before it was resolved."""
    return [FLOOR] if status in OPEN_TO_ALL else [OVERSEERS, *map(agent, agents)]


def for_messages(conversation_id: str, status: str, agents: Iterable[str]) -> list[str]:
    """Who gets the messages and typing signs."""
    if status in OPEN_TO_ALL:
        return [watch(conversation_id)]
    return [oversee(conversation_id), *map(agent, agents)]
