"""Rasa's message processor, made to fail loudly: a turn is answered whole, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rasa.core.actions.action import Action, ActionExecutionRejection, create_bot_utterance
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.lock_store import LockStore
from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.core.processor import MAX_NUMBER_OF_PREDICTIONS, MessageProcessor
from rasa.core.tracker_store import FailSafeTrackerStore, TrackerStore
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelMetadata
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.readings import Asked, Parsed, understanding

SUFFIX = ".tar.gz"
GREETINGS = ("hello", "नमस्ते", "নমস্কার", "سلام", "γεια")
MODEL = "model"  # in a parse: which model read the message


class ActionFailed(Exception):
    """An action raised, or its server could not be reached; Rasa would log it and say nothing."""


class Silence(OutputChannel):  # type: ignore[misc]
    """Sends nothing: the answer to a turn is read from the tracker. Its name is the customer's
    channel, by which responses may vary."""

    def __init__(self, channel: str) -> None:
        self._channel = channel

    def name(self) -> str:
        return self._channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        pass


class TurnProcessor(MessageProcessor):  # type: ignore[misc]
    """Takes turns on a tracker that the caller fetched, and saves it only when all went well.

    ``name`` is the model's: its archive's without ``.tar.gz``.
    """

    name: str

    @classmethod
    def of(cls, processor: MessageProcessor) -> TurnProcessor:
        """The same processor (same model, same stores) with our behaviour.

        Rasa makes its processors itself, anew when a model is swapped, and wraps the tracker
        store into one that goes on in memory when the database fails; we want to hear of it.
        """
        if isinstance(processor, cls):
            return processor
        own = cls.__new__(cls)
        own.__dict__.update(processor.__dict__)
        own.name = str(own.model_filename).removesuffix(SUFFIX)
        if isinstance(own.tracker_store, FailSafeTrackerStore):
            own.tracker_store = own.tracker_store._tracker_store
        return own

    @classmethod
    def made(
        cls,
        *,
        name: str,
        path: Path,
        metadata: ModelMetadata,
        runner: GraphRunner,
        store: TrackerStore,
        locks: LockStore,
        actions: EndpointConfig,
        nlg: NaturalLanguageGenerator,
    ) -> TurnProcessor:
        """One of a model that is loaded already; Rasa's constructor would load it itself."""
        own = cls.__new__(cls)
        own.name = name
        own.model_path, own.model_filename = path, name + SUFFIX
        own.model_metadata, own.graph_runner, own.domain = metadata, runner, metadata.domain
        own.tracker_store, own.lock_store, own.nlg, own.action_endpoint = store, locks, nlg, actions
        own.max_number_of_predictions = MAX_NUMBER_OF_PREDICTIONS
        own.on_circuit_break = own.http_interpreter = None
        return own

    def understand(self, asked: Sequence[Asked]) -> list[Parsed]:
        """What texts without a conversation mean (:data:`bot.readings.ReadAll`). In any thread."""
        messages = [UserMessage(text, metadata={"language": language}) for text, language in asked]
        nobody = DialogueStateTracker.from_events("nobody", [], self.domain.slots)
        target = self.model_metadata.nlu_target
        inputs = {PLACEHOLDER_MESSAGE: messages, PLACEHOLDER_TRACKER: nobody}
        found = self.graph_runner.run(inputs, targets=[target])[target]
        return [
            understanding(one.text, message.as_dict(only_output_properties=True))
            for one, message in zip(asked, found, strict=True)
        ]

    def warm_up(self) -> None:
        """Read a word in each script and decide what to do then: what is made at first use is made now,
        and what is broken fails now. In any thread."""
        read = self.understand([Asked(text) for text in GREETINGS])
        tracker = DialogueStateTracker.from_events("nobody", [], self.domain.slots)
        tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
        intent = {"name": read[0]["intent"], "confidence": read[0]["confidence"]}
        tracker.update(UserUttered(read[0]["text"], intent), self.domain)
        self._predict_next_with_tracker(tracker)

    async def parse_message(self, *arguments: Any, **named: Any) -> dict[str, Any]:
        """Rasa's parse, with the name of the model: another one may be live when it is read again."""
        parsed: dict[str, Any] = await super().parse_message(*arguments, **named)
        parsed[MODEL] = self.name
        return parsed

    async def open(
        self, tracker: DialogueStateTracker, slots: Mapping[str, Any], output: OutputChannel
    ) -> None:
        """Begin a session if there is none, and set the slots that the gateway knows better."""
        form = tracker.active_loop_name
        if form and form not in self.domain.form_names:  # the former model's; this one could not go on
            tracker.update(ActiveLoop(None), self.domain)
        await self._update_tracker_session(tracker, output)
        for name, value in slots.items():
            if name in tracker.slots and tracker.get_slot(name) != value:
                tracker.update(SlotSet(name, value), self.domain)

    async def take(
        self, message: UserMessage, tracker: DialogueStateTracker, lead: Iterable[tuple[str, str]] = ()
    ) -> UserUttered:
        """One message: understand, fill slots, act until the bot listens again. Returns what
        was understood; nothing is saved.

        ``lead``: responses that begin the answer, each with the customer's ``{wish}`` to quote.
        """
        await self._handle_message_with_tracker(message, tracker)
        uttered: UserUttered = tracker.latest_message
        tracker = await self.run_action_extract_slots(message.output_channel, tracker)
        for response, wish in lead:
            said = await self.nlg.generate(
                response,
                tracker,
                message.output_channel.name(),
                domain_responses=self.domain.responses,
                wish=wish,
            )
            if said is not None:  # a bot may do without
                tracker.update(create_bot_utterance({**said, "utter_action": response}), self.domain)
        await self._run_prediction_loop(message.output_channel, tracker)
        if tracker.latest_action_name != ACTION_LISTEN_NAME and not tracker.is_paused():
            raise ActionFailed("the turn did not come to an end")
        return uttered

    async def _run_action(self, action: Action, *arguments: Any, **named: Any) -> bool:
        watched = _Watched(action)
        again: bool = await super()._run_action(watched, *arguments, **named)
        if watched.error is not None:
            raise ActionFailed(action.name()) from watched.error
        return again


class _Watched:
    """An action that remembers how it failed, for Rasa forgets it."""

    def __init__(self, action: Action) -> None:
        self._action = action
        self.error: Exception | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._action, name)

    async def run(self, *arguments: Any, **named: Any) -> Any:
        try:
            return await self._action.run(*arguments, **named)
        except ActionExecutionRejection:
            raise
        except Exception as error:
            self.error = error
            raise
