"""The training data as it is read: nothing missing, nothing invented, and quick to notice a change."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest
import yaml

from handoff.workbench.dataset import markup
from handoff.workbench.dataset.examples import Examples

ROOT = Path(__file__).parents[4]


@pytest.fixture(scope="module")
def real() -> Examples:
    return Examples(ROOT)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "data/nlu", tmp_path / "data/nlu")
    return tmp_path


def test_every_example_that_yaml_holds_is_read_with_its_line_and_no_other(real: Examples) -> None:
    expected: Counter[tuple[str, str, str]] = Counter()
    for file in sorted((ROOT / "data/nlu").rglob("*.yml")):
        for item in yaml.load(file.read_text("utf-8"), yaml.CSafeLoader)["nlu"]:
            for line in item["examples"].splitlines():
                expected[file.relative_to(ROOT).as_posix(), item["intent"], line[1:].strip()] += 1
    read = real.all()
    assert Counter((e.file, e.intent, e.marked) for e in read) == expected
    lines = {file: (ROOT / file).read_text("utf-8").split("\n") for file in {e.file for e in read}}
    assert all(lines[e.file][e.line - 1].strip() == f"- {e.marked}" for e in read)


def test_ids_are_unique_and_the_same_whenever_they_are_read(real: Examples) -> None:
    ids = [e.id for e in real.all()]
    assert len(set(ids)) == len(ids) > 11_000
    assert ids == [e.id for e in Examples(ROOT).all()]


def test_an_unchanged_workspace_is_not_read_again_and_a_changed_file_is(copy: Path) -> None:
    examples = Examples(copy)
    before = examples.all()
    assert examples.all() is before
    file = copy / "data/nlu/en/orders.yml"
    file.write_text(file.read_text("utf-8").replace("      - track\n", "      - track it\n"), "utf-8")
    after = {(e.intent, e.text) for e in examples.all()}
    assert ("track_order", "track it") in after
    assert ("track_order", "track") not in after
    (copy / "data/nlu/en/money.yml").unlink()
    assert not any(e.file == "data/nlu/en/money.yml" for e in examples.all())


def test_a_search_finds_words_in_any_order_and_pages_through_all_hits(real: Examples) -> None:
    hits = real.search("ORDER where", language="en")
    assert hits.total == len(hits.examples) > 3
    assert all("order" in e.folded and "where" in e.folded and e.language == "en" for e in hits.examples)
    seen, after = [], None
    while True:
        page = real.search(intent="track_order", after=after, limit=40)
        seen += page.examples
        if (after := page.next) is None:
            break
    assert seen == real.of("track_order")
    assert page.total == len(seen)


def test_a_search_finds_what_is_marked_as_an_entity_and_raw_mark_up(real: Examples) -> None:
    cities = real.search(entity="city", limit=10_000).examples
    assert cities
    assert all(any(one.entity == "city" for one in e.entities) for e in cities)
    assert real.search("](city)", limit=10_000).total == len(cities)


def test_counts_add_up_to_all_examples(real: Examples) -> None:
    counts = real.counts()
    assert sum(n for by in counts.values() for n in by.values()) == len(real.all())
    assert counts["track_order"]["en"] == len(real.of("track_order", "en"))
    assert real.languages() == ["en", "bn", "el", "fa", "hi"]


def test_the_nearest_example_of_a_text_with_a_slip_is_the_one_without_it(real: Examples) -> None:
    (best, share), *rest = real.near("where can i see the trackingg", least=0.3)
    assert best.text == "where can i see the tracking"
    assert 0.7 < share < 1
    assert all(later <= share for _, later in rest)
    assert real.near("…") == []


@pytest.mark.parametrize(
    ("marked", "text", "entities"),
    [
        ("track [SO-1](order_number) now", "track SO-1 now", [(6, 10, "order_number", None)]),
        ("in [navy](colour:blue)", "in navy", [(3, 7, "colour", "blue")]),
        ('in [navy]{"entity": "colour", "value": "blue"}', "in navy", [(3, 7, "colour", "blue")]),
        (
            '[LA][{"entity": "city"}, {"entity": "brand"}]',
            "LA",
            [(0, 2, "city", None), (0, 2, "brand", None)],
        ),
        ("سفارش [۱۰۰](order_number)؟", "سفارش ۱۰۰؟", [(6, 9, "order_number", None)]),
    ],
)
def test_mark_up_is_read_as_rasa_reads_it(
    marked: str, text: str, entities: list[tuple[int, int, str, str | None]]
) -> None:
    read = markup.read(marked)
    assert read.text == text
    assert [(e.start, e.end, e.entity, e.value) for e in read.entities] == entities
    assert not read.broken


@pytest.mark.parametrize(
    "marked",
    ["[dress] (category)", "[dress](category", "dress](category)", "[[dress](category)", "[a]{entity: x}"],
)
def test_broken_mark_up_is_noticed(marked: str) -> None:
    assert markup.read(marked).broken


def test_an_example_is_told_with_the_words_that_are_marked(real: Examples) -> None:
    example = real.search("where is it now", intent="track_order", entity="category").examples[0]
    told = json.loads(json.dumps(example.as_json()))
    assert told["entities"] == [{"start": 12, "end": 17, "entity": "category", "text": "dress"}]
