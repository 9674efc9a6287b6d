"""What the data say of a text that is nearly theirs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from handoff.workbench.dataset.likeness import Likeness, Place
from handoff.workbench.gathering.folding import ALIKE, pieces, similarity


def place(text: str, *intents: str, language: str = "en", line: int = 1) -> tuple[Place, str]:
    return Place("data/nlu/en/orders.yml", line, language, intents, text), text


def told(said: Likeness, text: str, language: str | None = "en") -> list[tuple[str, ...]]:
    return [one.intents for one in said.of([(text, language)])[0]]


SAID = Likeness(
    [
        place("cancel my order please", "cancel_order"),
        place("where is my order", "track_order"),
        place("where is my order", "late_parcel", line=2),
        place("where is my order", "late_parcel", line=3),
        place("will it rain tomorrow"),
        place("kahan hai mera order", "track_order", language="hi"),
    ]
)


def test_a_text_in_another_dress_is_found() -> None:
    assert told(SAID, "Cancel my ORDER, please!!") == [("cancel_order",)]
    assert told(SAID, "will it rain tomorrow?") == [()]
    assert told(SAID, "cancel my order pleas") == [("cancel_order",)]


def test_what_is_only_a_little_alike_is_not() -> None:
    assert told(SAID, "please do not cancel my order") == []
    assert told(SAID, "refund") == []
    assert told(SAID, "") == []


def test_every_meaning_of_the_same_text_is_told_once_with_its_first_line() -> None:
    found = SAID.of([("where is my order", "en")])[0]
    assert [(one.intents, one.line) for one in found] == [(("track_order",), 1), (("late_parcel",), 2)]


def test_only_the_language_of_the_text_counts_unless_nobody_knows_it() -> None:
    assert told(SAID, "kahan hai mera order", "en") == []
    assert told(SAID, "kahan hai mera order", "hi") == [("track_order",)]
    assert told(SAID, "kahan hai mera order", None) == [("track_order",)]
    assert told(SAID, "where is my order", "xx") == []


def test_what_is_nearer_counts_alone() -> None:
    near = Likeness(
        [place("please cancel my order now", "cancel_order"), place("please cancel my order no", "other")]
    )
    assert told(near, "please cancel my order now") == [("cancel_order",)]


def test_without_any_data_nothing_is_said() -> None:
    assert Likeness([]).of([("where is my order", "en")]) == [[]]


def test_the_version_tells_one_state_of_the_data_from_another() -> None:
    said = [place("where is my order", "track_order")]
    assert Likeness(said).version == Likeness(said).version
    assert Likeness(said).version != Likeness([place("where is my order", "late_parcel")]).version


words = st.text(alphabet="abc ", max_size=12)


@given(st.lists(words, max_size=8), words)
def test_it_finds_what_comparing_with_each_would(texts: list[str], wanted: str) -> None:
    places = [place(text, f"intent_{i}", line=i) for i, text in enumerate(texts)]
    shares = [similarity(pieces(text), pieces(wanted)) for text in texts]
    best = max(shares, default=0.0)
    nearest = [i for i, share in enumerate(shares) if share >= best - 1e-9] if best >= ALIKE else []
    assert [one.line for one in Likeness(places).of([(wanted, "en")])[0]] == nearest[:3]
