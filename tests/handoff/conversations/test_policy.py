"""When a person is needed, and when not."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.contract import TurnReply
from handoff.conversations.policy import Escalation, Signals, Thresholds, assess, look
from handoff.settings import Settings
from tests.support.conversations import said, wish

T = Thresholds(not_questions=("greet", "inform"))


def talk(*turns: tuple[str, TurnReply]) -> Escalation | None:
    """Play a talk; the first escalation, as replaying past conversations does."""
    memory: dict[str, Any] = {}
    for text, reply in turns:
        memory, signals = look(memory, text, reply, T)
        memory = json.loads(json.dumps(memory))  # it is kept as JSON
        if found := assess(signals, T):
            return found
    return None


def reasons(found: Escalation | None) -> list[str]:
    assert found is not None
    return [evidence["reason"] for evidence in found.evidence]


def test_a_calm_talk_needs_nobody() -> None:
    greet = ("hi", said("Hello"))
    ask = ("where is my order", said("It arrives tomorrow", intent="track_order"))
    assert talk(greet, ask, ("thanks", said("You're welcome", score=0.8)), greet) is None


def test_asking_for_a_person_is_enough_and_the_bots_words_are_kept() -> None:
    found = talk(("a human please", wish("asked", "I'll get somebody.")))
    assert found is not None
    assert (found.reason, found.keep_reply) == ("asked", True)


def test_one_doubt_is_asked_about_the_second_in_a_row_goes_to_a_person() -> None:
    doubt = ("qwerty", said("Did you mean …", intent="nlu_fallback", doubtful=True))
    sure = ("where is my order", said("Here", intent="track_order"))
    assert talk(doubt, sure, doubt) is None
    found = talk(doubt, doubt)
    assert found is not None
    assert found.evidence == ({"reason": "doubt", "value": 2, "threshold": 2},)
    assert not found.keep_reply


def test_the_same_question_with_the_same_answer_again_goes_to_a_person() -> None:
    again = ("Where is my order SO-1?", said("It arrives tomorrow.", intent="track_order"))
    assert reasons(talk(again, ("ok", said("Anything else?")), again)) == ["same_question"]


def test_another_order_is_another_question_and_browsing_is_none() -> None:
    first = ("Where is my order SO-1?", said("Tomorrow.", intent="track_order"))
    other = ("Where is my order SO-2?", said("On Friday.", intent="track_order"))
    answers = [("inform", said("And the size?", intent="inform", active_form="size")) for _ in range(5)]
    assert talk(first, other, *answers) is None


def test_the_same_question_with_other_answers_goes_to_a_person_at_the_third_time() -> None:
    def asked(answer: str) -> tuple[str, TurnReply]:
        return "where is my order", said(answer, intent="track_order")

    assert talk(asked("Which?"), asked("Which order?")) is None
    assert reasons(talk(asked("a"), asked("b"), asked("c"))) == ["same_question"]


def test_one_angry_word_is_not_enough_a_falling_mood_is() -> None:
    angry = ("this is awful", said("I see", intent="complain", score=-1.0))
    fine = ("ok good", said("Good", score=0.9))
    assert talk(angry) is None
    assert talk(angry, fine, fine) is None
    found = talk(angry, ("still awful, no help", said("Hm", intent="x", score=-0.9)))
    assert found is not None
    (evidence,) = found.evidence
    assert (evidence["reason"], evidence["threshold"]) == ("mood", T.mood)
    assert evidence["value"] <= T.mood


def test_a_bad_mood_that_is_getting_better_is_left_to_the_bot() -> None:
    signals = Signals(mood=-0.5, mood_before=-0.6, low_turns=3)
    assert assess(signals, T) is None
    assert assess(replace(signals, mood_before=-0.4), T) is not None


def feels(reply: TurnReply, **felt: Any) -> TurnReply:
    return replace(reply, understanding=replace(reply.understanding, **felt))


def test_what_is_urgent_and_not_solved_goes_to_a_person_sooner() -> None:
    doubt = said("Did you mean …", intent="nlu_fallback", doubtful=True)
    urgent = feels(said("It comes tomorrow", intent="track_order"), urgency=0.9)
    assert talk(("now please", urgent), ("thanks", said("You're welcome", intent="thank"))) is None
    found = talk(("now please", feels(doubt, urgency=0.9)))
    assert found is not None
    assert found.evidence == ({"reason": "urgent", "value": 0.9, "threshold": T.urgent},)
    assert not found.keep_reply
    assert (
        reasons(talk(("where is it, i leave now", urgent), ("where is it, i leave now", urgent)))[-1]
        == "urgent"
    )


def test_urgency_is_remembered_for_a_turn_and_fades() -> None:
    hurry = feels(said("Which order?", intent="ask"), urgency=1.0)
    calm = said("Here", intent="inform")
    doubt = said("Did you mean …", intent="nlu_fallback", doubtful=True)
    assert talk(("hurry", hurry), ("the blue", calm), ("well", calm), ("qwerty", doubt)) is None


def test_swearing_at_us_weighs_more_than_at_the_situation() -> None:
    us = feels(said("I'm sorry", intent="x"), swearing="us")
    situation = feels(said("I'm sorry", intent="x"), swearing="situation")
    assert talk(*[(f"damn {number}", replace(situation)) for number in range(4)]) is None
    assert talk(("you fool", us)) is None
    found = talk(("you fool", us), ("you idiot", us))
    assert found is not None
    assert found.evidence == ({"reason": "swearing", "value": 2.0, "threshold": T.swearing},)
    assert reasons(talk(*[(f"damn {number}", situation) for number in range(5)])) == ["swearing"]


def test_swearing_is_forgiven_when_the_mood_has_recovered() -> None:
    us = feels(said("I'm sorry", intent="x", score=-0.5), swearing="us")
    glad = said("Good", intent="thank", score=1.0)
    assert talk(("you fool", us), ("thanks a lot", glad), ("you idiot", us)) is None


def test_a_failure_of_the_bot_is_reason_enough_and_tells_its_kind() -> None:
    found = assess(Signals(failure="timeout", failure_seconds=4), T)
    assert found == Escalation(
        "bot_failure", ({"reason": "bot_failure", "value": "timeout", "threshold": 4},), keep_reply=False
    )


def test_every_reason_found_is_told_with_its_numbers() -> None:
    signals = Signals(wish="complaint", doubts=3, mood=-0.7, mood_before=-0.5, low_turns=4)
    assert reasons(assess(signals, T)) == ["complaint", "doubt", "mood"]


def test_the_thresholds_shipped_as_data_are_those_of_the_code_but_for_the_intents() -> None:
    shipped = Settings(bot_token="b", secret_key="k" * 32).thresholds()  # type: ignore[arg-type]
    assert replace(shipped, not_questions=()) == Thresholds()
    assert "greet" in shipped.not_questions


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=30))
def test_the_mood_stays_within_the_scores_and_memory_stays_small(scores: list[float]) -> None:
    memory: dict[str, Any] = {}
    for number, score in enumerate(scores):
        memory, signals = look(memory, f"words {number}", said("x", intent="ask", score=score), T)
        assert min(0.0, *scores) - 1e-9 <= signals.mood <= max(0.0, *scores) + 1e-9
    assert len(json.dumps(memory)) < 8_000
