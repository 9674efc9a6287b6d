"""A message on its way in, and the receipt for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from handoff.conversations.views import ConversationView, MessageView


@dataclass(frozen=True, slots=True)
class Inbound:
    """What a channel has read from outside. Exactly one of ``text`` and ``payload``.

    ``contact`` is the sender's id on the channel (``Contact.external_id``); ``external_id`` the
    channel's id of the message, ``client_id`` one made by our own widget: either deduplicates.
    ``customer_id`` is set only with proof (a verified identity).
    """

    contact: str
    text: str | None = None
    payload: str | None = None
    external_id: str | None = None
    client_id: str | None = None
    customer_id: str | None = None
    name: str | None = None
    locale: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a message was dealt with: the conversation afterwards, and what was said since."""

    conversation: ConversationView
    messages: list[MessageView]


@dataclass(frozen=True, slots=True)
class Receipt:
    """The message is stored and will be dealt with. ``duplicate``: it had been received before.

    ``done()`` returns once the bot has answered or people have it; it never raises for a failed
    turn. Wrap it in a time-out: a turn that another gateway runs is watched, not run, here.
    ``so_far()`` does not wait.
    """

    message: MessageView
    conversation: ConversationView
    duplicate: bool
    done: Callable[[], Awaitable[Outcome]]
    so_far: Callable[[], Awaitable[Outcome]]
