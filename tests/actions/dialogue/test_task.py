"""Tasks on their own: whatever is said to them, they ask, do, or leave the message to other rules."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.dialogue.registry import TASKS
from actions.dialogue.task import Finish, Gather, Task
from actions.tools import Tools
from tests.actions.dialogue.conftest import tracker
from tests.actions.world import World

ODD = [
    "",
    "?",
    "👍❤️",
    "x" * 10_000,
    "<script>alert(1)</script>",
    "\u202eevil\u202c 100123",
    "999999999999999999999999",
    "SO-999999 nobody@mail.example 99 Nowhere Street, Nowhere 00000",
    "'; drop table orders; --",
    "{number} {0} %s",
    "٣٤٥٦٧٨",
]
INTENTS = ["inform", "affirm", "deny", "nlu_fallback", "track_order", "never_mind"]


async def gather(task: Task, tools: Tools, **said: Any) -> list[dict[str, Any]]:
    form = f"{task.name}_form"
    events = await Gather(task, tools).run(CollectingDispatcher(), tracker(form=form, **said), {})
    return [dict(event) for event in events]


@pytest.mark.parametrize("kind", TASKS, ids=lambda kind: kind.name)
async def test_whatever_is_said_a_task_asks_on_ends_or_lets_go(
    kind: type[Task], tools: Tools, world: World
) -> None:
    customer, task = await world.customer(), kind()
    for asked in [question.slot for question in task.questions]:
        for index, text in enumerate(ODD):
            slots = {
                "requested_slot": asked,
                "customer_id": customer.id if index % 2 else None,
                "locale": "en-IN",
            }
            events = await gather(task, tools, text=text, intent=INTENTS[index % len(INTENTS)], slots=slots)
            names = [event.get("name") for event in events]
            rejected = [event["event"] for event in events] == ["action_execution_rejected"]
            assert rejected or names[-1] == "requested_slot"


@pytest.mark.parametrize("kind", TASKS, ids=lambda kind: kind.name)
async def test_a_task_begins_with_its_first_open_question_or_a_reason_not_to(
    kind: type[Task], tools: Tools
) -> None:
    task, form = kind(), f"{kind.name}_form"
    dispatcher = CollectingDispatcher()
    begun = tracker("please", intent=task.name, form=form, since=[{"event": "active_loop", "name": form}])
    events = await Gather(task, tools).run(dispatcher, begun, {})
    assert events[-1]["name"] == "requested_slot"
    if events[-1]["value"] is not None:
        assert events[-1]["value"] in [question.slot for question in task.questions]
    assert dispatcher.messages or events[-1]["value"] is None


@pytest.mark.parametrize("kind", TASKS, ids=lambda kind: kind.name)
async def test_a_task_whose_questions_are_open_does_nothing(kind: type[Task], tools: Tools) -> None:
    dispatcher = CollectingDispatcher()
    await Finish(kind(), tools).run(dispatcher, tracker("please", intent=kind.name), {})
    assert dispatcher.messages == []


async def test_two_answers_in_a_row_that_nobody_understands_bring_a_person(tools: Tools) -> None:
    task = next(kind for kind in TASKS if kind.name == "payment_problem")()
    slots: dict[str, Any] = {"requested_slot": "problem"}
    first = await gather(task, tools, text="zzz", intent="nlu_fallback", slots=slots)
    assert {e["name"]: e["value"] for e in first} == {"misses": 1, "requested_slot": "problem"}
    dispatcher = CollectingDispatcher()
    again = tracker("yyy", intent="nlu_fallback", form="payment_problem_form", slots={**slots, "misses": 1})
    events = await Gather(task, tools).run(dispatcher, again, {})
    assert events[-1]["value"] is None
    assert any(
        message["custom"].get("handoff", {}).get("reason") == "doubt" for message in dispatcher.messages
    )


async def test_a_confirmed_task_done_twice_says_the_same(tools: Tools, world: World) -> None:
    customer = await world.customer()
    order = await world.order(customer, status="placed")
    task = next(kind for kind in TASKS if kind.name == "cancel_order")()
    slots = {"customer_id": customer.id, "order_number": order.number, "confirmed": True}
    said = []
    for _ in range(2):
        dispatcher = CollectingDispatcher()
        await Finish(task, tools).run(dispatcher, tracker("yes", intent="affirm", slots=slots), {})
        said.append([message["response"] for message in dispatcher.messages])
    assert said[0] == said[1]
