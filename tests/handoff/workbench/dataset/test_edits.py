# ruff: noqa: E501 - tables of nasty things
"""Edits of the training data: exactly what is meant, and not one byte else."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.errors import Conflict, Forbidden, Invalid, NotFound, SetuError
from handoff.workbench.dataset import operations as ops
from handoff.workbench.dataset import patches
from handoff.workbench.dataset.blocks import split
from handoff.workbench.dataset.edits import Draft
from handoff.workbench.dataset.examples import Example, from_files
from handoff.workbench.dataset.verifying import verify
from tests.handoff.workbench.dataset.conftest import ROOT, Folder

REAL = Folder(ROOT)
NLU = {
    path.relative_to(ROOT).as_posix(): path.read_bytes().decode()
    for path in sorted((ROOT / "data/nlu").glob("*/*.yml"))
}
EXAMPLES = from_files(NLU)
ORDERS = "data/nlu/en/orders.yml"

NASTY = st.one_of(
    st.sampled_from(
        [
            "a: b", "# not a comment", "- a dash first", "-", "[brackets]", "x [y] z", "{a: b}", "'", '"', '"quoted"',
            "order #42: late?", "* star", "& and", "| pipe", "> more", "%TAG", "@at", "`tick`", "yes", "null", "~",
            "چطوری؟ [نه]", "كجا طلبي", "कहाँ है", "🧵👗 wo ist", "\u200fرتل\u200e", "e\u0301 wird é", "a\tb", "two\nlines",
            "line\u2028end", "\u0085", "  blanks  ", "C:\\temp", "...", "---", "!!python/object", "\ufeffbom", "a\\nb",
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
    st.text("[](){}:#-\"' ab\n|", max_size=30),
)  # fmt: skip

REFUSALS = {
    "text_missing", "text_unprintable", "text_long", "markup_impossible", "example_known", "example_elsewhere",
}  # fmt: skip


def draft(files: Folder = REAL, examples: list[Example] = EXAMPLES) -> Draft:
    return Draft(files, examples)


def do(made: Draft, **operation: Any) -> Draft:
    made.do(ops.parse([operation], inside=True)[0])
    return made


Meanings = Counter[tuple[str, str, str, tuple[Any, ...]]]


def meanings(examples: list[Example]) -> Meanings:
    return Counter((e.language, e.intent, e.text, e.entities) for e in examples)


def come_and_gone(made: Draft) -> tuple[Meanings, Meanings]:
    """What the edited files hold that they did not, and the other way round."""
    edited = {path: text or "" for path, text in made.edited.items() if path.startswith("data/nlu/")}
    now, before = meanings(from_files(edited)), meanings([e for e in EXAMPLES if e.file in edited])
    return now - before, before - now


def other_lines(before: str, after: str) -> tuple[list[str], list[str]]:
    """Lines that only one of them has."""
    old, new = Counter(split(before)), Counter(split(after))
    return list((old - new).elements()), list((new - old).elements())


@settings(max_examples=60, deadline=None)
@given(text=NASTY, example=st.sampled_from(EXAMPLES))
def test_adding_writes_what_was_meant_or_refuses_and_removing_gives_the_same_bytes(
    text: str, example: Example
) -> None:
    what = {"intent": example.intent, "language": example.language, "text": text, "file": example.file}
    made = draft()
    try:
        do(made, op="add_example", **what)
    except SetuError as error:
        refused, untouched = error.code in REFUSALS, made.edited == {}
        assert (refused, untouched) == (True, True)
        return
    (path,) = made.edited
    assert path == example.file
    after = made.edited[path] or ""
    verify(path, after)
    without, with_ = other_lines(NLU[path], after)
    assert (len(without), len(with_)) == (0, 1)
    come, gone = come_and_gone(made)
    (new,) = come.elements()
    assert not gone
    assert new[:2] == (example.language, example.intent)
    meant = unicodedata.normalize("NFC", re.sub("[\t\n\x0b\x0c\r\x85\u2028\u2029\ufeff]", " ", text)).strip()
    assert new[2:] == (meant, ())
    do(made, op="remove_example", **what)
    assert made.edited == {}


@settings(max_examples=60, deadline=None)
@given(text=NASTY, example=st.sampled_from([e for e in EXAMPLES if not e.broken]))
def test_editing_changes_one_line_and_editing_back_gives_the_same_bytes(text: str, example: Example) -> None:
    made = draft()
    where = {"intent": example.intent, "language": example.language, "file": example.file}
    try:
        do(made, op="edit_example", **where, text=example.text, new_text=text)
    except SetuError:
        assert made.edited == {}
        return
    if made.edited:
        without, with_ = other_lines(NLU[example.file], made.edited[example.file] or "")
        assert len(without) == len(with_) == 1
        come, gone = come_and_gone(made)
        assert come.total() == gone.total() == 1
        (new,) = come.elements()
        marks = [one.as_json() for one in example.entities]
        do(made, op="edit_example", **where, text=new[2], new_text=example.text, new_entities=marks)
    edited = made.edited.get(example.file)
    # Where the same text stands twice, the other one may have been meant: the same lines, in any case.
    assert edited is None or Counter(split(edited)) == Counter(split(NLU[example.file]))


@settings(max_examples=20, deadline=None)
@given(
    chosen=st.lists(
        st.sampled_from(EXAMPLES), min_size=1, max_size=8, unique_by=lambda e: (e.language, e.text)
    ),
    kinds=st.lists(st.sampled_from(["remove", "move", "edit", "add"]), min_size=8, max_size=8),
)
def test_many_edits_together_do_what_they_say_and_are_taken_back_to_the_byte(
    chosen: list[Example], kinds: list[str]
) -> None:
    made = draft()
    expected: Meanings = Counter()
    for kind, e in zip(kinds, chosen, strict=False):
        where = {"intent": e.intent, "language": e.language, "text": e.text, "file": e.file}
        key = (e.language, e.intent, e.text, e.entities)
        to = "goodbye" if e.intent != "goodbye" else "greet"
        try:
            if kind == "remove":
                do(made, op="remove_example", **where)
                expected.subtract([key])
            elif kind == "move":
                do(made, op="move_example", **where, to=to)
                expected.subtract([key])
                expected[e.language, to, e.text, e.entities] += 1
            elif kind == "edit":
                do(made, op="edit_example", **where, new_text=e.text + " zzq")
                expected.subtract([key])
                expected[e.language, e.intent, e.text + " zzq", e.entities] += 1
            else:
                do(made, op="add_example", **(where | {"text": e.text + " qqz"}))
                expected[e.language, e.intent, e.text + " qqz", ()] += 1
        except Conflict as error:
            assert error.code in {"example_elsewhere", "example_known"}  # noqa: PT017 - the data has such
    assert come_and_gone(made) == (+expected, -expected)
    for path, after in made.edited.items():
        before = NLU[path]
        assert after is not None
        assert patches.apply(before, patches.make(before, after)) == after
        assert patches.apply(after, patches.make(after, before)) == before


@given(
    before=st.lists(st.sampled_from("abcdefgh"), max_size=30), after=st.lists(st.sampled_from("abcdefgh"), max_size=30)
)  # fmt: skip
def test_any_edit_of_lines_is_done_and_taken_back(before: list[str], after: list[str]) -> None:
    old, new = "\n".join(before), "\n".join(after)
    assert patches.apply(old, patches.make(old, new)) == new
    assert patches.apply(new, patches.make(new, old)) == old


def test_an_edit_of_lines_finds_its_place_again_and_clashes_where_its_lines_are_gone() -> None:
    before = "".join(f"line {n}\n" for n in range(40))
    after = before.replace("line 20\n", "line twenty\n")
    hunks = patches.make(before, after)
    moved = "new\n" * 5 + before.replace("line 39\n", "")
    assert "line twenty\n" in patches.apply(moved, hunks)
    with pytest.raises(Conflict) as error:
        patches.apply(before.replace("line 20\n", "other\n"), hunks, "f.yml")
    assert error.value.code == "edits_clash"
    assert error.value.values["file"] == "f.yml"


def test_marked_words_are_written_as_rasa_reads_them_and_follow_the_text() -> None:
    made = do(
        draft(), op="add_example", intent="track_order", language="en", text="  where's cafe\u0301 SO-1?  ",
        entities=[
            {"start": 10, "end": 15, "entity": "city", "value": "Paris", "text": "x"},
            {"start": 16, "end": 20, "entity": "order_number"},
        ],
    )  # fmt: skip
    new = other_lines(NLU[ORDERS], made.edited[ORDERS] or "")[1]
    assert new == ['      - where\'s [café]{"entity": "city", "value": "Paris"} [SO-1](order_number)?\n']


def test_an_edit_of_the_text_keeps_the_marks_whose_words_are_still_there() -> None:
    made = do(
        draft(), op="edit_example", intent="track_order", language="en",
        text="i ordered a dress last week, where is it now", new_text="my dress of last month, where is it?",
    )  # fmt: skip
    assert other_lines(NLU[ORDERS], made.edited[ORDERS] or "")[1] == [
        "      - my [dress](category) of last month, where is it?\n"
    ]


@pytest.mark.parametrize(
    "marks",
    [
        [{"start": 0, "end": 5, "entity": "city"}, {"start": 4, "end": 8, "entity": "brand"}],
        [{"start": 0, "end": 7, "entity": "city"}],
        [{"start": 3, "end": 99, "entity": "city"}],
        [{"start": 3, "end": 3, "entity": "city"}],
    ],
)
def test_marks_that_cannot_be_written_are_refused(marks: list[dict[str, Any]]) -> None:
    with pytest.raises(Invalid):
        do(draft(), op="add_example", intent="track_order", language="en", text="a] b [c]d", entities=marks)


def test_what_is_there_already_is_refused_with_where_it_is() -> None:
    with pytest.raises(Conflict, match="example_known"):
        do(draft(), op="add_example", intent="track_order", language="en", text="Where is  my order PLEASE")
    with pytest.raises(Conflict, match="example_elsewhere") as error:
        do(draft(), op="add_example", intent="cancel_order", language="en", text="where is my order please")
    assert error.value.values["intent"] == "track_order"
    with pytest.raises(Conflict, match="example_elsewhere"):
        do(draft(), op="add_foreign", language="en", text="where is my order please")
    made = do(draft(), op="add_example", intent="track_order", language="en", text="brand new thing")
    with pytest.raises(Conflict, match="example_known"):
        do(made, op="add_example", intent="track_order", language="en", text="brand new thing")


def test_a_refused_edit_leaves_the_draft_as_it_was() -> None:
    made = do(draft(), op="add_example", intent="track_order", language="en", text="brand new thing")
    before = made.edited
    with pytest.raises(NotFound):
        do(made, op="move_example", intent="track_order", language="en", text="brand new thing", to="no_such")
    assert made.edited == before
    do(made, op="remove_example", intent="track_order", language="en", text="brand new thing")
    do(made, op="add_example", intent="cancel_order", language="en", text="brand new thing")


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        ({"op": "remove_example", "intent": "track_order", "language": "en", "text": "nobody said so"}, "example_gone"),
        ({"op": "add_example", "intent": "no_such", "language": "en", "text": "x y"}, "intent_unknown"),
        ({"op": "add_example", "intent": "greet", "language": "xx", "text": "x y"}, "language_unknown"),
        (
            {"op": "add_example", "intent": "greet", "language": "en", "text": "x y", "file": "data/nlu/hi/talk.yml"},
            "file_of_other_language",
        ),
        (
            {"op": "add_example", "intent": "greet", "language": "en", "text": "x", "file": "data/nlu/en/../a.yml"},
            "path_forbidden",
        ),
        ({"op": "add_intent", "name": "greet", "titles": {"en": "x"}}, "intent_known"),
        ({"op": "set_response", "name": "utter_nothing", "language": "hi", "variations": ["x"]}, "response_unknown"),
        ({"op": "write_file", "path": "data/rules/x.yml", "content": "  "}, "file_empty_text"),
        ({"op": "write_file", "path": "data/rules/none.yml", "content": None}, "file_unknown"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_says_why(operation: dict[str, Any], code: str) -> None:
    with pytest.raises(SetuError) as error:
        do(draft(), **operation)
    assert error.value.code == code


@pytest.mark.parametrize(
    "path",
    [
        "domain.yml", "config.yml", "data/nlu/en/orders.yml", "../x.md", "data/knowledge/../../x.md", "/etc/passwd",
        "data/rules/a.py", "bot/server.py", "tests/stories/conftest.py", "data/knowledge/en/.hidden.md", "data/rules/",
        "data/knowledge/en/a\n.md", "tests/nlu/shop_en.jsonl", ".git/config", "data/rules/a/../../b.yml", "setu",
    ],
)  # fmt: skip
def test_only_files_of_the_workbench_are_written_as_a_whole(path: str) -> None:
    with pytest.raises(Forbidden, match="path_forbidden"):
        do(draft(), op="write_file", path=path, content="x\n")


def test_an_example_of_a_language_without_the_intent_goes_beside_the_english_ones(tmp_path: Path) -> None:
    orders = NLU["data/nlu/hi/orders.yml"]
    without = re.sub(r"  - intent: track_order\n    examples: \|\n(      .*\n)+\n?", "", orders)
    assert "track_order" not in without
    files = Folder(ROOT, {"data/nlu/hi/orders.yml": without})
    examples = from_files(NLU | {"data/nlu/hi/orders.yml": without})
    made = do(
        draft(files, examples), op="add_example", intent="track_order", language="hi", text="नया: वाक्य #1"
    )
    after = made.edited["data/nlu/hi/orders.yml"] or ""
    assert after.startswith(without)
    verify("data/nlu/hi/orders.yml", after)
    assert yaml.safe_load(after)["nlu"][-1] == {"intent": "track_order", "examples": "- नया: वाक्य #1\n"}


def test_lines_end_as_they_did_and_a_file_without_a_last_end_stays_so() -> None:
    text = 'version: "3.1"\r\nnlu:\r\n  - intent: greet\r\n    examples: |\r\n      - hi there x\r\n      - hello x'
    files = Folder(ROOT, {"data/nlu/en/talk.yml": text})
    made = draft(files, from_files({"data/nlu/en/talk.yml": text}))
    do(made, op="add_example", intent="greet", language="en", text="new one")
    assert made.edited["data/nlu/en/talk.yml"] == text + "\r\n      - new one"
    do(made, op="remove_example", intent="greet", language="en", text="new one")
    assert made.edited == {}


def test_a_new_intent_is_in_the_domain_the_examples_and_the_words_of_each_language() -> None:
    made = do(
        draft(), op="add_intent", name="repair_item", titles={"en": "Repair: an item", "hi": "मरम्मत"},
        definition={"en": "Wants a thing mended, \"not\" replaced."},
        examples={"en": ["can you mend my bag", "repairs?"], "hi": ["मेरा बैग ठीक कर दो"]},
    )  # fmt: skip
    domain = REAL.read("domain.yml") or ""
    assert other_lines(domain, made.edited["domain.yml"] or "") == ([], ["  - repair_item\n"])
    assert "repair_item" in yaml.safe_load(made.edited["domain.yml"] or "")["intents"]
    texts = yaml.safe_load(made.edited["data/texts/en.yml"] or "")
    assert texts["handoff"]["intents"]["repair_item"] == "Repair: an item"
    assert texts["workbench"]["definitions"]["repair_item"] == 'Wants a thing mended, "not" replaced.'
    gone, come = other_lines(REAL.read("data/texts/en.yml") or "", made.edited["data/texts/en.yml"] or "")
    assert gone == []
    assert all("repair_item" in line or "definitions" in line for line in come)
    new, _ = come_and_gone(made)
    assert sorted(text for _, _, text, _ in new) == ["can you mend my bag", "repairs?", "मेरा बैग ठीक कर दो"]
    do(made, op="add_example", intent="repair_item", language="el", text="φτιάχνετε τσάντες;")


@settings(max_examples=60, deadline=None)
@given(text=NASTY, language=st.sampled_from(["en", "hi", "fa"]))
def test_a_foreign_text_is_added_as_it_is_meant_or_refused(text: str, language: str) -> None:
    path = f"data/foreign/{language}.yml"
    before = REAL.read(path) or ""
    made = draft()
    try:
        do(made, op="add_foreign", language=language, text=text)
    except SetuError:
        assert made.edited == {}
        return
    after = made.edited[path] or ""
    assert other_lines(before, after)[0] == []
    old, new = yaml.safe_load(before)["foreign"], yaml.safe_load(after)["foreign"]
    assert new[:-1] == old
    meant = unicodedata.normalize("NFC", re.sub("[\t\n\x0b\x0c\r\x85\u2028\u2029\ufeff]", " ", text)).strip()
    assert new[-1] == meant
