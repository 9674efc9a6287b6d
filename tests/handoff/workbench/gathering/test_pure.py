"""Keys, likeness, usefulness, choice, topics: what they promise, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.errors import Invalid
from handoff.workbench.gathering import aftermath, choosing, clustering, importing
from handoff.workbench.gathering.aftermath import Event
from handoff.workbench.gathering.folding import alike, bands, key, pieces, similarity
from handoff.workbench.gathering.scoring import Evidence, usefulness

AT = datetime(2026, 11, 20, tzinfo=UTC)
shares = st.floats(0, 1)
evidences = st.builds(
    Evidence,
    confidence=shares,
    margin=shares,
    in_scope=shares,
    doubtful=st.booleans(),
    count=st.integers(1, 10_000),
    disagreeing=st.integers(0, 50),
    handed_over=st.integers(0, 50),
    disliked=st.integers(0, 50),
    new_topic=st.booleans(),
    contradicting=st.booleans(),
    days=st.floats(0, 1000),
)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Where is my order SO-100001?", "where is my order so-100002", True),
        ("ＨＥＬＬＯ", "hello!!!", True),
        ("मेरा पार्सल कहाँ है?", "मेरा पार्सल कहां है", True),
        ("كجاست", "کجاست", True),
        ("Πού είναι", "που ειναι", True),
        ("😡😡😡", "😡", True),
        ("😡", "👍", False),
        ("noooooo", "noo", True),
        ("cancel it", "do not cancel it", False),
    ],
)
def test_texts_in_another_dress_have_one_key(one: str, other: str, same: bool) -> None:
    assert (key(one) == key(other)) is same


@settings(deadline=None)
@given(st.text(max_size=80))
def test_every_text_has_a_key_pieces_and_bands(text: str) -> None:
    assert len(key(text)) == 64
    own = pieces(text)
    assert similarity(own, own) == (1.0 if own else 0.0)
    assert bands(own) == bands(pieces(text))
    assert all(0 <= band < 2**63 for band in bands(own))


def test_a_word_more_makes_no_other_utterance_but_another_meaning_may() -> None:
    share = similarity(pieces("where is my parcel"), pieces("where is my parcel bro"))
    assert alike(share, same_reading=True)
    share = similarity(pieces("i want to cancel my order"), pieces("i do not want to cancel my order"))
    assert not alike(share, same_reading=False)


@settings(deadline=None)
@given(evidences)
def test_usefulness_is_a_share_and_more_that_went_wrong_makes_it_no_smaller(one: Evidence) -> None:
    score, reasons = usefulness(one)
    assert 0 <= score <= 1
    assert len(reasons) == len(set(reasons))

    for worse in (
        replace(one, handed_over=one.handed_over + 1),
        replace(one, disliked=one.disliked + 1),
        replace(one, disagreeing=one.disagreeing + 1),
        replace(one, count=one.count + 10),
        replace(one, margin=(one.margin or 0) / 2),
        replace(one, contradicting=True),
    ):
        assert usefulness(worse)[0] >= score - 1e-6


def test_reasons_say_why_the_strongest_first() -> None:
    assert usefulness(Evidence(confidence=0.98, margin=0.97, in_scope=0.9))[1] == []
    assert usefulness(Evidence(confidence=0.4, margin=0.05, in_scope=0.9))[1] == ["close", "unsure"]
    quarrel = Evidence(confidence=0.9, margin=0.8, in_scope=1, handed_over=3, contradicting=True)
    assert usefulness(quarrel)[1] == ["contradicting", "handed_over"]


def test_doubt_about_what_is_foreign_counts_little_unless_it_is_a_topic() -> None:
    ours, foreign = (Evidence(confidence=0.4, margin=0.1, in_scope=scope) for scope in (0.8, 0.01))
    topic = Evidence(confidence=0.4, margin=0.1, in_scope=0.01, new_topic=True)
    assert usefulness(foreign)[0] < usefulness(topic)[0] < usefulness(ours)[0]


def test_the_first_to_be_labelled_is_the_most_useful_and_the_next_is_unlike_it() -> None:
    texts = ["my voucher is refused", "my voucher was refused", "where is my parcel"]
    chosen = choosing.pick([0.9, 0.89, 0.5], ["offers", "offers", "track_order"], choosing.rows(texts), 3)
    assert chosen == [0, 2, 1]


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.text(max_size=20), shares), max_size=30), st.integers(0, 40))
def test_nothing_is_chosen_twice(given: list[tuple[str, float]], count: int) -> None:
    texts, worth = [text for text, _ in given], [share for _, share in given]
    chosen = choosing.pick(worth, [None] * len(texts), choosing.rows(texts), count)
    assert len(chosen) == len(set(chosen)) == min(count, len(texts))


def test_what_belongs_together_is_found_with_the_words_that_tell_it() -> None:
    about = {
        "repair": ["can you repair the zip of my coat", "repair a torn sleeve", "do you repair shoes please"],
        "rent": ["may i rent a suit for a day", "rent a dress for one evening", "how much to rent a tuxedo"],
    }
    texts = [f"{text} {i}" for of in about.values() for text in of for i in ("", "today", "asap", "here")]
    random = np.random.default_rng(0)
    centre = {"repair": np.eye(20)[0], "rent": np.eye(20)[1]}
    vectors = np.array([centre[name] + random.normal(0, 0.05, 20) for name in about for _ in range(12)])
    groups = clustering.clusters(vectors.astype(np.float32))
    told = clustering.telling([[texts[row] for row in rows] for rows in groups], ["please help me today"])
    assert {words[0] for words in told} <= {"repair", "rent"}
    assert all(len({row // 12 for row in rows}) == 1 for rows in groups)


def test_a_topic_that_goes_on_keeps_its_name() -> None:
    old = {"a": {"1", "2", "3", "4"}, "b": {"5", "6"}}
    new = [{"5", "6", "7"}, {"1", "2", "8"}, {"9"}]
    assert clustering.kept(new, old) == ["b", "a", None]


def test_who_asks_for_a_person_was_not_helped_by_the_answer_before() -> None:
    first = Event("it does not fit", AT, "size_help", 0.0)
    wish = Event("a human please", AT + timedelta(minutes=1), "contact_human", 0.0)
    at = [AT + timedelta(minutes=1)]
    assert aftermath.signals(first, wish, at) == {"handed_over": 1, "disliked": 1}
    assert aftermath.signals(wish, None, at) == {}
    later = Event("a human please", AT + timedelta(hours=2), "contact_human", 0.0)
    assert aftermath.signals(first, later, []) == {}


@pytest.mark.parametrize(
    ("name", "body", "texts", "refused"),
    [
        ("a.txt", "one\n\n  two \r\n", ["one", "two"], []),
        ("a.csv", "id,text,lang\n1,\"a, b\",en-IN\n2,,en\n", ["a, b"], [(3, "no_text")]),
        ("a.csv", "only a column\nanother\n", ["only a column", "another"], []),
        ("a.tsv", "text\tlanguage\nγεια\tel\n", ["γεια"], []),
        ("a.jsonl", '{"message": "x"}\n[1]\n{"message": 3}\n', ["x"], [(2, "no_text"), (3, "no_text")]),
        ("a.txt", "x" * 1001 + "\n\x01\x02\x03\nok", ["ok"], [(1, "too_long"), (2, "not_text")]),
    ],
)  # fmt: skip
def test_files_are_read_and_lines_that_are_none_named(
    name: str, body: str, texts: list[str], refused: list[tuple[int, str]]
) -> None:
    read = importing.read(body.encode(), name)
    assert [line.text for line in read.lines] == texts
    assert [(one.line, one.code) for one in read.refused] == refused


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("a.pdf", b"x", "import_kind"),
        ("a.txt", b"ok\n\xff\xfe", "import_encoding"),
        ("a.txt", b"\n", "import_empty"),
    ],
)
def test_a_file_that_is_none_is_refused_as_a_whole(name: str, body: bytes, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        importing.read(body, name)
    assert caught.value.code == code


@settings(deadline=None)
@given(st.text(max_size=200), st.sampled_from(["a.txt", "a.csv", "a.jsonl", "a.tsv"]))
def test_no_file_makes_it_fail(body: str, name: str) -> None:
    try:
        read = importing.read(body.encode("utf-8", "replace"), name)
    except Invalid:
        return
    assert all(line.text for line in read.lines)
