"""Examples are copied and joined as Rasa's own messages are, only faster."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.examples import Example, extended

DATA = st.fixed_dictionaries(
    {"text": st.sampled_from(["hello", "bye", "red"]), "intent": st.sampled_from(["greet", "inform"])},
    optional={
        "language": st.sampled_from(["en", "hi"]),
        "entities": st.lists(
            st.fixed_dictionaries({"entity": st.just("colour"), "start": st.integers(0, 2)})
        ),
        "metadata": st.dictionaries(st.text(max_size=2), st.lists(st.integers(), max_size=2), max_size=2),
    },
)


def made(data: dict[str, Any]) -> Example:
    return Example.of(Message(deepcopy(data)))


@given(DATA)
def test_an_example_equals_the_message_that_it_was_made_of(data: dict[str, Any]) -> None:
    assert made(data) == Message(data)
    assert hash(deepcopy(made(data))) == hash(Message(data))


@given(DATA, st.sampled_from(["text", "intent", "language", "new"]), st.text(max_size=3) | st.none())
def test_a_copy_may_be_changed_without_the_other(data: dict[str, Any], prop: str, value: str | None) -> None:
    one = made(data)
    copied = deepcopy(one)
    copied.set(prop, value)
    for entity in copied.get("entities") or []:
        entity["value"] = "x"
    for part in (copied.get("metadata") or {}).values():
        part.append(1)
    assert one == Message(data)
    assert made({**copied.data}) == copied  # and its fingerprint is that of what it holds now


@given(st.lists(DATA, max_size=12), st.lists(DATA, max_size=6))
def test_joined_examples_are_those_that_rasa_would_join(
    there: list[dict[str, Any]], more: list[dict[str, Any]]
) -> None:
    data = TrainingData([made(one) for one in there])
    expected = data.merge(TrainingData([Message(one) for one in more]))
    assert extended(data, [made(one) for one in more]).training_examples == expected.training_examples
