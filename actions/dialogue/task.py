"""A task: what a customer wants done, the questions it needs answered, and the doing.

Each task ``x`` is a form ``x_form`` of the domain and two actions made here of one :class:`Task`:
``validate_x_form`` (:class:`Gather`) reads the answer and asks the next question in one call,
``action_x`` (:class:`Finish`) does the task. The rules in ``data/rules`` join the two.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar, Protocol

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecutionRejected, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.dialogue.handoff import hand_over
from actions.dialogue.talk import Event, Talk
from actions.tools import Tools

#: What is said within a task without meaning another one.
WITHIN = frozenset({"inform", "affirm", "deny", "nlu_fallback", ""})
#: What a task that takes over from another ("actually, exchange it") need not ask again.
CARRIED = frozenset({"item", "reason"})
MISSES = 2  # answers not understood in a row, then a person takes over


class Question(Protocol):
    """One thing a task has to know; its answer is kept in ``slot``."""

    slot: str

    async def needed(self, talk: Talk) -> bool:
        """Whether this customer has to be asked at all."""

    async def take(self, talk: Talk, asked: bool) -> bool:
        """Take what the message newly says about it; ``asked``: this very question was asked last."""

    async def ask(self, talk: Talk) -> None:
        """Say the question."""


class Task(ABC):
    """What a customer wants done. Made once; knows nothing of a single talk."""

    name: ClassVar[str]  # of the intent
    questions: Sequence[Question]
    aside: ClassVar[bool] = False  # a mere look-up: what it interrupted goes on afterwards
    keeps: frozenset[str] = frozenset({"order_number", "email"})  # slots still of use afterwards

    async def begin(self, talk: Talk) -> None:
        """Before the first question: let go of what no longer holds."""
        return

    async def possible(self, talk: Talk) -> bool:
        """Whether to go on asking; if not, the reason has been said."""
        return True

    @abstractmethod
    async def do(self, talk: Talk) -> None:
        """All is known: do it and say so. Done again, it changes nothing and says the same."""

    async def open_question(self, talk: Talk) -> Question | None:
        for question in self.questions:
            if talk.get(question.slot) is None and await question.needed(talk):
                return question
        return None

    def actions(self, tools: Tools) -> list[Action]:
        return [Gather(self, tools), Finish(self, tools)]


class Gather(Action):  # type: ignore[misc]
    """``validate_<task>_form``: understand the answer, ask what is still open."""

    def __init__(self, task: Task, tools: Tools) -> None:
        self.task, self.tools = task, tools
        self.form = f"{task.name}_form"

    def name(self) -> str:
        return f"validate_{self.form}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        talk = Talk(self.tools, dispatcher, tracker)
        since = talk.events_since_said()
        begun = any(e["event"] == "active_loop" and e.get("name") == self.form for e in since)
        back = any(e["event"] == "action_execution_rejected" and e.get("name") == self.form for e in since)
        resumed = begun and talk.get("resume") == self.task.name
        if resumed:
            talk.forget("resume")
        elif begun:
            await self._begin(talk, since)
        elif not back and not await self._answered(talk):
            return [ActionExecutionRejected(self.form)]
        question = None if talk.get("misses") == MISSES else await self._next(talk)
        # Both always said, changed or not. Without the first Rasa takes an answer that fills no slot
        # for none; by the second it knows that the form was validated, and when it is over.
        heard = SlotSet("misses", talk.get("misses"))
        return [*talk.events, heard, SlotSet("requested_slot", question.slot if question else None)]

    async def _begin(self, talk: Talk, since: list[Event]) -> None:
        mine = {question.slot for question in self.task.questions} - self.task.keeps - CARRIED
        talk.forget(*sorted(mine), "misses", "proposed")
        talk.put(last_task=self.task.name)
        left = next((str(e["name"]) for e in since if e["event"] == "action_execution_rejected"), None)
        if left and self.task.aside:
            talk.put(resume=left.removesuffix("_form"))
        elif not self.task.aside:
            talk.forget("resume")
        await self.task.begin(talk)
        await self._take(talk, asked=None)

    async def _answered(self, talk: Talk) -> bool:
        """Take the answer. False: the message is about something else, and other rules have it."""
        if await self._take(talk, asked=talk.get("requested_slot")):
            talk.forget("misses")
            return True
        if talk.intent not in WITHIN and talk.intent != self.task.name:
            return False
        misses = int(talk.get("misses") or 0) + 1
        talk.put(misses=misses)
        if misses == MISSES:
            hand_over(talk, "doubt")
            talk.forget("resume")
        elif talk.intent != self.task.name:
            talk.say("utter_not_caught")
        return True

    async def _take(self, talk: Talk, asked: str | None) -> bool:
        took = False
        for question in self.task.questions:
            # "No, to 24 Lake Road" corrects; it is not a no to the question whether all is right.
            if not (took and question.slot == "confirmed"):
                took |= await question.take(talk, question.slot == asked)
        return took

    async def _next(self, talk: Talk) -> Question | None:
        if not await self.task.possible(talk):
            return None
        question = await self.task.open_question(talk)
        if question:
            await question.ask(talk)
        return question


class Finish(Action):  # type: ignore[misc]
    """``action_<task>``: do it, unless the asking ended early; then forget the answers."""

    def __init__(self, task: Task, tools: Tools) -> None:
        self.task, self.tools = task, tools

    def name(self) -> str:
        return f"action_{self.task.name}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        talk = Talk(self.tools, dispatcher, tracker)
        if await self.task.open_question(talk) is None:
            await self.task.do(talk)
        mine = {question.slot for question in self.task.questions} - self.task.keeps
        talk.forget(*sorted(mine), "misses")
        resume = talk.get("resume")
        return [*talk.events, FollowupAction(f"{resume}_form")] if resume else talk.events
