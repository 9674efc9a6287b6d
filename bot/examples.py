"""Training examples that may be copied and compared ten thousand at a time.

Rasa copies and fingerprints all examples a dozen times on the way from the files to the pipeline; its own
messages take seconds for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

_PLAIN = (str, int, float, bool, type(None))


class Example(Message):  # type: ignore[misc]
    """A message whose copy shares what nobody changes; its fingerprint lasts while it is the same."""

    @classmethod
    def of(cls, message: Message) -> Example:
        made = cls.__new__(cls)
        made.__dict__.update(message.__dict__)
        return made

    def __deepcopy__(self, memo: dict[int, Any]) -> Example:
        copied = Example.__new__(Example)
        copied.__dict__.update(self.__dict__)
        copied.data = {key: _copied(value, memo) for key, value in self.data.items()}
        copied.features = list(self.features)  # themselves never changed
        copied.output_properties = set(self.output_properties)
        return copied

    def set(self, prop: str, info: Any, add_to_output: bool = False) -> None:
        known = self.data.get(prop)
        if info is None or type(known) is not type(info) or (known is not info and known != info):
            super().set(prop, info, add_to_output)
        elif add_to_output:
            self.output_properties.add(prop)


def _copied(value: Any, memo: dict[int, Any]) -> Any:
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, list) and all(isinstance(one, dict) for one in value):  # entities
        return [{key: _copied(part, memo) for key, part in one.items()} for one in value]
    return deepcopy(value, memo)


def extended(data: TrainingData, more: Sequence[Message]) -> TrainingData:
    """The training data with more examples, each only once: as Rasa's ``merge``, without copying those that
    are there. They are the pipeline's own."""
    made = TrainingData(
        None, data.entity_synonyms, data.regex_features, data.lookup_tables, dict(data.responses)
    )
    both = [*data.training_examples, *more]
    often = Counter(map(_likeness, both))
    seen: set[Message] = set()
    for one in both:
        if often[_likeness(one)] > 1:  # only these may be the same
            if one in seen:
                continue
            seen.add(one)
        made.training_examples.append(one)
    return made


def _likeness(message: Message) -> tuple[Any, ...]:
    return tuple(message.data.get(key) for key in (TEXT, INTENT, "language", "respelt"))
