"""Actions of one step: a rule names them, they answer."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.dialogue.talk import Event, Talk
from actions.tools import Tools


class Simple(Action):  # type: ignore[misc]
    """An action that looks at the talk and answers."""

    action: ClassVar[str]

    def __init__(self, tools: Tools) -> None:
        self.tools = tools

    def name(self) -> str:
        return self.action

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        talk = Talk(self.tools, dispatcher, tracker)
        await self.answer(talk)
        return talk.events

    @abstractmethod
    async def answer(self, talk: Talk) -> None:
        """Say it; what is to be kept in mind goes into the talk's slots."""
