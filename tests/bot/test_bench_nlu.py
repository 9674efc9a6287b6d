"""Any file of {split, text, label} lines is cut into what to train and try, or refused with a sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.bench.nlu_data import BadData, Run, few, read, runs


def cut(*lines: tuple[str, str, str | None], oos: tuple[str, ...] = ("oos",)) -> dict[str, list[Run]]:
    return dict(
        runs(
            "set", [{"split": split, "text": text, "label": str(label)} for split, text, label in lines], oos
        )
    )


def written(folder: Path, *lines: object) -> Path:
    file = folder / "set.jsonl"
    file.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines))
    return file


def test_each_train_part_is_a_run_of_its_own() -> None:
    found = cut(("train", "a", "x"), ("train_5", "b", "y"), ("test", "c", "x"), ("valid", "d", "y"))
    assert found.keys() == {"set", "set_5"}
    assert found["set_5"][0].train == [("b", "y")]
    assert [run.test for runs_ in found.values() for run in runs_] == [[("c", "x")]] * 2
    assert found["set"][0].valid == [("d", "y")]


@pytest.mark.parametrize("name", ["val", "valid", "validation", "dev"])
def test_without_a_test_part_the_validation_part_is_it(name: str) -> None:
    (run,) = cut(("train", "a", "x"), (name, "b", "y"))["set"]
    assert (run.test, run.valid) == ([("b", "y")], [])


@pytest.mark.parametrize("split", ["train", "test", "all"])
def test_one_part_alone_is_cross_validated_and_each_text_is_tried_once(split: str) -> None:
    lines = [(split, f"text {number}", "xyz"[number % 3]) for number in range(30)] + [(split, "?", "oos")]
    folds = cut(*lines)["set"]
    tried = [text for run in folds for text, _ in run.test]
    assert sorted(tried) == sorted(text for _, text, label in lines if label != "oos")
    assert all(not set(run.train) & set(run.test) for run in folds)
    assert sum(len(run.foreign_test) for run in folds) == 1


def test_foreign_texts_go_by_their_label_or_their_part() -> None:
    (run,) = cut(
        ("train", "a", "x"), ("train", "strange", "oos"), ("oos_train", "b", "z"), ("oos_val", "c", None),
        ("test", "d", "oos"), ("test", "e", "x"), ("oos_test", "f", None), ("oos", "g", "x"),
    )["set"]  # fmt: skip
    assert run.train == [("a", "x")]
    assert run.foreign_train == ["strange", "b"]
    assert run.foreign_valid == ["c"]
    assert sorted(run.foreign_test) == ["d", "f", "g"]


def test_a_line_said_twice_is_trained_on_once() -> None:
    (run,) = cut(("train", "a", "x"), ("train", "a", "x"), ("test", "b", "x"), ("test", "b", "x"))["set"]
    assert (len(run.train), len(run.test)) == (1, 2)


def test_few_takes_so_many_of_each_and_always_the_same() -> None:
    run = Run("set", [(f"{label}{number}", label) for label in "xy" for number in range(9)], [], [])
    assert few(run, 3) == few(run, 3)
    assert [label for _, label in few(run, 3).train] == ["x"] * 3 + ["y"] * 3


def test_lines_without_words_or_label_are_left_out_and_counted(tmp_path: Path) -> None:
    notes: list[str] = []
    lines = read(
        written(tmp_path, {"split": "train", "text": "a", "label": "x"}, {"text": "  ", "label": "x"},
                {"text": "b"}, "", {"split": "oos_test", "text": "c"}), notes,
    )  # fmt: skip
    assert [line["text"] for line in lines] == ["a", "c"]
    assert len(notes) == 2


@pytest.mark.parametrize("line", ["{", "[]", '{"label": "x"}', '{"text": 3, "label": "x"}'])
def test_what_is_no_line_of_the_form_is_named_with_its_number(tmp_path: Path, line: str) -> None:
    with pytest.raises(BadData, match="line 2"):
        read(written(tmp_path, {"text": "a", "label": "x"}, line), [])


def test_a_file_that_is_not_there_or_empty_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadData, match=r"none\.jsonl"):
        read(tmp_path / "none.jsonl", [])
    with pytest.raises(BadData, match="no line"):
        read(written(tmp_path, ""), [])
