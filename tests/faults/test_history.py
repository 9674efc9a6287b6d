"""The reader of the whole history finds each kind of fault where one is planted, and none elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace

import pytest

from tests.bench.history import Findings, History, Push, Said, Shown, Step, Stored
from tests.bench.history_audit import audit


def stored(number: int, sender: str, text: str, at: float, **more: object) -> Stored:
    plain = Stored(
        id=f"m{number}",
        conversation="talk",
        number=number,
        sender=sender,
        inbox="page",
        contact="ann",
        text=text,
        at=at,
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def right() -> History:
    """Ann asks twice and is answered; Maria takes the talk, is told something, answers, gives it back."""
    messages = [
        stored(1, "customer", "one", 1, external_id="w1"),
        stored(2, "customer", "two", 2, external_id="w2"),
        stored(3, "bot", "re: one\ntwo", 3),
        stored(4, "system", "Maria is here", 10),
        stored(5, "customer", "three", 11, external_id="w3"),
        stored(6, "agent", "I see", 12, client_id="a1"),
        stored(7, "system", "The bot is back", 20),
        stored(8, "customer", "four", 30, external_id="w4"),
        stored(9, "bot", "re: four", 31),
    ]
    ours = [message for message in messages if message.sender != "customer"]
    texts = [(1, "one"), (2, "two"), (3, "three"), (4, "four")]
    arrivals = {"w1": 0.9, "w2": 1.9, "w3": 10.9, "w4": 29.9}
    return History(
        said=[Said("page", "ann", f"w{place}", text, place) for place, text in texts],
        replied={"a1": "I see"},
        stored=messages,
        steps=[Step("talk", "Claimed", 10), Step("talk", "HandedBack", 20)],
        arrived={("page", key): at for key, at in arrivals.items()},
        pushes=[Push(f"d{m.number}", m.id, "sent", {0: f"x{m.number}"}) for m in ours],
        shown=[Shown("page", "ann", f"x{m.number}", m.text, m.at + 0.1, f"d{m.number}.0") for m in ours],
    )


def message(history: History, number: int, **changes: object) -> None:
    history.stored = [replace(m, **changes) if m.number == number else m for m in history.stored]  # type: ignore[arg-type]


def without(history: History, number: int) -> None:
    """As if it had never been stored, and so never sent."""
    history.stored = [m for m in history.stored if m.number != number]
    history.pushes = [push for push in history.pushes if push.message != f"m{number}"]
    history.shown = [shown for shown in history.shown if shown.id != f"x{number}"]


def never_stored(history: History) -> None:
    without(history, 5)


def never_answered(history: History) -> None:
    without(history, 9)


def one_of_two_not_answered(history: History) -> None:
    """That people got the talk later is no excuse: the bot answered what came after it."""
    message(history, 3, text="re: two")
    history.shown[0] = replace(history.shown[0], text="re: two")


def answer_not_shown(history: History) -> None:
    del history.shown[0]


def answer_not_in_the_outbox(history: History) -> None:
    del history.shown[0], history.pushes[0]


def answer_still_waiting(history: History) -> None:
    del history.shown[-1]
    history.pushes[-1] = replace(history.pushes[-1], state="due", parts={})


def agents_reply_not_stored(history: History) -> None:
    without(history, 6)


def words_nobody_stored(history: History) -> None:
    history.shown.append(Shown("page", "ann", "x99", "who said that?", 40))


def stored_under_two_ids(history: History) -> None:
    history.stored.append(stored(10, "customer", "four", 40, external_id="w4-again"))
    history.stored.append(stored(11, "bot", "re: nothing", 41))
    history.pushes.append(Push("d11", "m11", "sent", {0: "x11"}))
    history.shown.append(Shown("page", "ann", "x11", "re: nothing", 41))


def stored_under_one_id_twice(history: History) -> None:
    history.stored.append(stored(10, "customer", "four", 30, external_id="w4"))


def answered_twice(history: History) -> None:
    history.stored.append(stored(10, "bot", "re: four", 32))
    history.pushes.append(Push("d10", "m10", "sent", {0: "x10"}))
    history.shown.append(Shown("page", "ann", "x10", "re: four", 32.1))


def shown_twice_with_our_ref(history: History) -> None:
    history.shown.append(Shown("page", "ann", "x-new", "re: four", 32, "d9.0"))


def shown_twice_without_a_ref(history: History) -> None:
    """The first call's answer was lost and the platform has no refs: only the words tell."""
    history.pushes[-1] = replace(history.pushes[-1], parts={})
    history.shown[-1] = replace(history.shown[-1], ref=None)
    history.shown.append(Shown("page", "ann", "x-new", "re: four", 32))


def agents_reply_stored_twice(history: History) -> None:
    history.stored.append(stored(10, "agent", "I see", 33, client_id="a1"))
    history.pushes.append(Push("d10", "m10", "sent", {0: "x10"}))
    history.shown.append(Shown("page", "ann", "x10", "I see", 33.1))


def stored_in_another_order(history: History) -> None:
    """Though both were there before either was stored."""
    one, two = history.stored[0], history.stored[1]
    history.stored[:2] = [replace(one, number=2, at=2), replace(two, number=1, at=1.5)]
    history.arrived["page", "w1"] = 1.0


def shown_in_another_order(history: History) -> None:
    history.shown[1], history.shown[2] = history.shown[2], history.shown[1]


def bot_after_the_person_came(history: History) -> None:
    history.shown[0] = replace(history.shown[0], at=14)


def bot_answers_in_a_persons_talk(history: History) -> None:
    history.stored.append(stored(6, "bot", "re: three", 11.2, id="mb"))
    history.stored = [replace(m, number=m.number + 1) if m.number >= 6 and m.id != "mb" else m
                      for m in history.stored]  # fmt: skip
    history.pushes.append(Push("db", "mb", "sent", {0: "xb"}))
    history.shown.insert(2, Shown("page", "ann", "xb", "re: three", 11.3))


def bot_in_the_queue(history: History) -> None:
    history.steps[0] = replace(history.steps[0], event="Escalated")
    history.shown[0] = replace(history.shown[0], at=12.5)


def a_persons_words_elsewhere_not_stored(history: History) -> None:
    history.persons.append(Shown("page", "ann", "x-joe", "I am Joe", 40))


def our_words_taken_for_a_persons_elsewhere(history: History) -> None:
    history.stored.append(stored(10, "agent", "re: four", 40, external_id="x9", elsewhere=True))


PLANTED: dict[str, tuple[Callable[[History], None], ...]] = {
    "lost": (
        never_stored,
        never_answered,
        one_of_two_not_answered,
        answer_not_shown,
        answer_not_in_the_outbox,
        answer_still_waiting,
        agents_reply_not_stored,
        words_nobody_stored,
        a_persons_words_elsewhere_not_stored,
    ),
    "doubled": (
        stored_under_two_ids,
        stored_under_one_id_twice,
        answered_twice,
        shown_twice_with_our_ref,
        shown_twice_without_a_ref,
        agents_reply_stored_twice,
        our_words_taken_for_a_persons_elsewhere,
    ),
    "misordered": (stored_in_another_order, shown_in_another_order),
    "talked_over": (bot_after_the_person_came, bot_answers_in_a_persons_talk, bot_in_the_queue),
}


def found(findings: Findings) -> set[str]:
    return {kind for kind, count in findings.faults().items() if count}


def test_a_right_history_has_no_faults() -> None:
    assert audit(right()) == Findings()


@pytest.mark.parametrize(
    ("kind", "plant"), [(kind, plant) for kind, plants in PLANTED.items() for plant in plants]
)
def test_a_planted_fault_is_found(kind: str, plant: Callable[[History], None]) -> None:
    history = right()
    plant(history)
    assert kind in found(audit(history))


@pytest.mark.parametrize("first", [plants[0] for plants in PLANTED.values()])
@pytest.mark.parametrize("second", [plants[-1] for plants in PLANTED.values()])
def test_reading_changes_nothing_and_two_faults_do_not_hide_each_other(
    first: Callable[[History], None], second: Callable[[History], None]
) -> None:
    history = right()
    first(history)
    alone = found(audit(history))
    copy = deepcopy(history)
    assert found(audit(history)) == alone
    assert history == copy
    second(history)
    assert alone <= found(audit(history))


def test_what_a_person_wrote_elsewhere_belongs_to_the_talk() -> None:
    history = right()
    a_persons_words_elsewhere_not_stored(history)
    joe = stored(10, "agent", "I am Joe", 40.5, external_id="x-joe", elsewhere=True)
    history.stored.append(joe)
    history.steps.append(Step("talk", "AnsweredElsewhere", 40.5))
    assert audit(history) == Findings()


def test_what_arrived_after_a_later_one_was_stored_is_late_and_told() -> None:
    history = right()
    stored_in_another_order(history)
    history.arrived["page", "w1"] = 1.7
    findings = audit(history)
    assert found(findings) == set()
    assert len(findings.late) == 1


def test_what_the_platform_dated_alike_and_brought_in_another_order_is_told_apart() -> None:
    history = right()
    stored_in_another_order(history)
    history.said = [replace(said, told=7.0) for said in history.said]
    findings = audit(history)
    assert found(findings) == set()
    assert len(findings.undatable) == 1


def test_what_people_are_told_is_undelivered_but_was_shown_is_told_apart() -> None:
    history = right()
    history.pushes[-1] = replace(history.pushes[-1], state="dead")
    findings = audit(history)
    assert found(findings) == set()
    assert len(findings.feared) == 1


def test_what_was_under_way_when_a_person_came_is_told_apart() -> None:
    history = right()
    history.shown[0] = replace(history.shown[0], at=10.2)
    findings = audit(history)
    assert found(findings) == set()
    assert len(findings.crossed) == 1


@pytest.mark.parametrize(("called", "faults"), [(9.9, set()), (10.5, {"talked_over"})])
def test_a_platform_that_sat_on_a_call_from_before_is_told_apart_from_a_call_made_after(
    called: float, faults: set[str]
) -> None:
    history = right()
    history.shown[0] = replace(history.shown[0], at=11.9)
    history.pushes[0] = replace(history.pushes[0], called={0: called})
    history.shown[0], history.shown[1] = history.shown[1], history.shown[0]  # as it is shown late
    assert found(audit(history)) - {"misordered"} == faults


def test_an_undelivered_answer_that_people_see_is_not_lost() -> None:
    history = right()
    del history.shown[-1]
    history.pushes[-1] = replace(history.pushes[-1], state="dead", parts={})
    findings = audit(history)
    assert found(findings) == set()
    assert len(findings.undelivered) == 1


def test_a_message_that_the_bot_could_not_answer_is_with_people() -> None:
    history = right()
    without(history, 9)
    history.steps.append(Step("talk", "Escalated", 31))
    assert audit(history) == Findings()


def test_the_bots_own_words_at_a_hand_off_are_no_talking_over() -> None:
    history = right()
    history.steps.append(Step("talk", "Escalated", 31))
    assert audit(history) == Findings()


def test_a_text_that_is_said_often_is_each_time_one_of_them() -> None:
    history = right()
    history.stored.append(stored(10, "system", "Maria is here", 40))
    history.pushes.append(Push("d10", "m10", "sent"))
    history.pushes[1] = replace(history.pushes[1], parts={})
    history.shown[1] = replace(history.shown[1], ref=None)
    history.shown.append(Shown("page", "ann", "x-new", "Maria is here", 41))
    assert audit(history) == Findings()


def test_with_the_real_bot_any_answer_after_a_message_counts() -> None:
    history = right()
    history.by_line = False
    message(history, 3, text="Hello!")
    message(history, 9, text="You are welcome.")
    assert audit(history) == Findings()
    message(history, 8, handled=False)
    assert found(audit(history)) == {"lost"}
