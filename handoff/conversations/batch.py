"""What one turn answers: the customer's unanswered messages, joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.contract import Said, TurnRequest
from handoff.conversations.hygiene import TEXT_LIMIT
from handoff.conversations.rows import ConversationRow
from handoff.conversations.views import MessageView

SENT_FILE, SENT_PLACE = "/sent_file", "/sent_place"  # what the bot is told of messages without words


@dataclass(frozen=True, slots=True)
class Batch:
    """A turn to run, with what the bot has to know about the conversation as of ``epoch``."""

    conversation_id: str
    epoch: int
    channel: str
    customer_id: str | None
    locale: str | None
    language: str | None
    away_from: int | None  # people have had the talk since this number
    messages: tuple[MessageView, ...]

    @classmethod
    def of(cls, row: ConversationRow, channel: str, messages: Sequence[MessageView]) -> Batch:
        return cls(
            conversation_id=row.id,
            epoch=row.epoch,
            channel=channel,
            customer_id=row.customer_id,
            locale=row.locale,
            language=row.language,
            away_from=row.away_from,
            messages=tuple(messages),
        )

    @property
    def first(self) -> MessageView:
        return self.messages[0]

    @property
    def last(self) -> MessageView:
        return self.messages[-1]

    @property
    def text(self) -> str:
        """What the customer typed; empty for a tapped button."""
        return "\n".join(message.text for message in self.messages if not message.payload)

    def request(self, meanwhile: Sequence[Said] = ()) -> TurnRequest:
        """The last message's id names the turn: the same batch asked again is the same turn."""
        payload = None if self.text else self.first.payload
        return TurnRequest(
            conversation_id=self.conversation_id,
            message_id=self.last.id,
            text=None if payload else self.text,
            payload=payload,
            channel=self.channel,
            customer_id=self.customer_id,
            locale=self.locale,
            language=self.language,
            meanwhile=tuple(meanwhile),
        )


def one_turn(messages: Sequence[MessageView]) -> list[MessageView]:
    """The first messages that make one turn: a tapped button stands alone, texts are joined, and
    pictures and places that come with words are left to the words."""
    turn: list[MessageView] = []
    length = 0
    for message in messages:
        length += len(message.text) + 1
        tapped = message.payload and not message.payload.startswith((SENT_FILE, SENT_PLACE))
        if turn and (tapped or length > TEXT_LIMIT):
            break
        turn.append(message)
        if tapped:
            break
    return turn
