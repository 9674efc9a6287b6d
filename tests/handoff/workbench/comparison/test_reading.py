"""Readings asked for once, and times measured in turns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from handoff.workbench.comparison.items import Reading
from handoff.workbench.comparison.reading import MODELS_KEPT, Readings, Text
from tests.handoff.workbench.comparison.conftest import FakeWorker


def kept(worker: FakeWorker, root: Path) -> Readings:
    return Readings(worker, root / "kept", root)


async def test_what_a_model_has_read_is_not_read_again(root: Path, archives: tuple[Path, Path]) -> None:
    worker = FakeWorker({"old": {"one": "greet"}})
    texts = [Text("one"), Text("two"), Text("one")]
    first = await kept(worker, root).of(archives[0], texts)
    again = await kept(worker, root).of(archives[0], [*texts, Text("three")])
    assert [one.intent for one in first] == ["greet", "track_order", "greet"]
    assert again[:3] == first
    assert worker.asked == [("old", ["one", "two"], False), ("old", ["three"], False)]


async def test_another_model_other_code_or_language_is_read_anew(
    root: Path, archives: tuple[Path, Path]
) -> None:
    worker = FakeWorker()
    readings = kept(worker, root)
    await readings.of(archives[0], [Text("one")])
    await readings.of(archives[1], [Text("one")])
    await readings.of(archives[0], [Text("one", "hi")])
    (root / "data" / "manners.yml").write_text("wishes: {}\n")
    await readings.of(archives[0], [Text("one")])
    assert [name for name, _, _ in worker.asked] == ["old", "new", "old", "old"]


async def test_what_was_kept_holds_no_text_and_may_be_broken(root: Path, archives: tuple[Path, Path]) -> None:
    worker = FakeWorker()
    readings = kept(worker, root)
    await readings.of(archives[0], [Text("my secret")])
    (file,) = (root / "kept").glob("*.json")
    assert "secret" not in file.read_text()
    file.write_text("[1, 2")
    assert (await readings.of(archives[0], [Text("my secret")]))[0].intent == "track_order"
    assert len(worker.asked) == 2


async def test_only_the_last_models_are_kept(root: Path, tmp_path: Path) -> None:
    readings = kept(FakeWorker(), root)
    for number in range(MODELS_KEPT + 3):
        model = tmp_path / f"{number}.tar.gz"
        model.write_text(str(number))
        await readings.of(model, [Text("one")])
    assert len(list((root / "kept").glob("*"))) == MODELS_KEPT


async def test_models_take_turns_when_they_are_timed(root: Path, archives: tuple[Path, Path]) -> None:
    worker = FakeWorker()
    both = {"champion": archives[0], "challenger": archives[1]}
    told = await kept(worker, root).latency(both, [Text(str(n)) for n in range(30)])
    assert told == {who: {"p50": 12.0, "p95": 12.0} for who in both}
    assert [name for name, _, _ in worker.asked] == ["old", "new"] * 3
    assert all(timed for _, _, timed in worker.asked)
    assert all(sorted(texts) == sorted(str(n) for n in range(30)) for _, texts, _ in worker.asked)


async def test_a_moment_in_which_the_computer_was_busy_does_not_count(
    root: Path, archives: tuple[Path, Path]
) -> None:
    class Busy(FakeWorker):
        async def ask(self, do: str, tell: Any = None, /, **given: Any) -> dict[str, Any]:
            self.ms = 500.0 if len(self.asked) == 1 else 12.0
            return await super().ask(do, tell, **given)

    told = await kept(Busy(), root).latency({"challenger": archives[1]}, [Text("one"), Text("two")])
    assert told == {"challenger": {"p50": 12.0, "p95": 12.0}}


async def test_without_messages_nothing_is_timed(root: Path, archives: tuple[Path, Path]) -> None:
    assert await kept(FakeWorker(), root).latency({"challenger": archives[1]}, []) == {}


def test_a_reading_in_doubt_is_taken_for_the_likeliest_intent() -> None:
    ranking = [{"name": "greet", "confidence": 0.4}]
    doubt = {"intent": "nlu_fallback", "confidence": 0.6, "ranking": ranking}
    assert Reading.of(doubt) == Reading("greet", 0.4, True)
    assert Reading.of({"intent": "greet", "confidence": 0.4, "doubtful": True, "ranking": ranking}).doubtful
    assert Reading.of({"intent": None, "ranking": []}) == Reading("nlu_fallback", 0.0, True)
