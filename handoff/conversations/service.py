"""Conversations: the one way in for channels, desk and assignment."""

from __future__ import annotations

from datetime import datetime

from handoff.conversations.inbound import Inbound, Receipt
from handoff.conversations.views import ConversationView, InboxView, MessageView


class Conversations:
    """Everything that can happen to a conversation.

    Errors: ``NotFound`` (no such conversation), ``Conflict`` (wrong state, not yours, somebody
    was faster, agent full), ``Invalid`` (text), ``TooMany`` (rate).
    """

    async def receive(self, inbox: InboxView, inbound: Inbound) -> Receipt:
        """Store a customer's message and have it answered; returns as soon as it is stored."""
        raise NotImplementedError

    async def claim(self, conversation_id: str, agent_id: str) -> ConversationView:
        raise NotImplementedError

    async def assign(self, conversation_id: str, agent_id: str, expected_epoch: int) -> ConversationView:
        raise NotImplementedError

    async def reply(
        self, conversation_id: str, agent_id: str, text: str, client_id: str | None = None
    ) -> MessageView:
        raise NotImplementedError

    async def note(
        self, conversation_id: str, agent_id: str, text: str, client_id: str | None = None
    ) -> MessageView:
        raise NotImplementedError

    async def hand_back(
        self, conversation_id: str, agent_id: str, next: str = "", note: str = ""
    ) -> ConversationView:
        raise NotImplementedError

    async def resolve(self, conversation_id: str, agent_id: str) -> ConversationView:
        raise NotImplementedError

    async def snooze(self, conversation_id: str, agent_id: str, until: datetime) -> ConversationView:
        raise NotImplementedError

    async def transfer(
        self, conversation_id: str, agent_id: str, to_agent_id: str, note: str = ""
    ) -> ConversationView:
        raise NotImplementedError

    async def requeue(self, conversation_id: str, reason: str) -> ConversationView:
        raise NotImplementedError

    async def read_by(self, conversation_id: str, who: str, number: int) -> None:
        """``who`` (``customer`` or ``agent``) has read up to ``number``."""
        raise NotImplementedError
