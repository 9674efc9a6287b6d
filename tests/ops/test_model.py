"""Which model ./setu up starts with: the promoted one, as long as it is of the present recipe."""

from __future__ import annotations

from pathlib import Path

import pytest

from handoff.ops import doctor, model
from handoff.ops.model import Promoted


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tree with a recipe, data and models, where training only writes down that it was asked for."""
    for name in ("bot/components", "data/nlu", "models/encoder"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "config.yml").write_text("pipeline: []")
    (tmp_path / "domain.yml").write_text("intents: []")
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("SETU_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(model, "ROOT", tmp_path)
    monkeypatch.setattr(model, "MODELS", tmp_path / "models")

    def train(_env: dict[str, str]) -> Path:
        made = model.MODELS / f"setu-{model.fingerprint()}.tar.gz"
        made.write_bytes(b"trained now")
        return made

    monkeypatch.setattr(model, "ensure_model", train)
    return tmp_path


def promoted(folder: Path, recipe: str | None = None, data: str | None = None) -> Path:
    archive = folder / "models" / "promoted.tar.gz"
    archive.write_bytes(b"promoted")
    made_with, learnt = recipe or model.recipe(), model.data() if data is None else data
    live = Promoted("promoted", model.sha256_of(archive), made_with, learnt, "7")
    model.point_to(live, folder / "home")
    return archive


def test_the_promoted_model_is_started_with(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive = promoted(folder)
    assert model.model_to_start({}) == archive
    assert capsys.readouterr().out == ""
    assert doctor._model() == "promoted is live"


def test_new_data_are_told_of_and_do_not_go_past_the_comparison(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = promoted(folder)
    (folder / "data/nlu/en.yml").write_text("- another example")
    assert model.model_to_start({}) == archive
    assert "changes that no model has learnt" in capsys.readouterr().out
    assert "no model has learnt" in doctor._model()


def test_what_is_not_known_of_its_data_is_not_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    promoted(folder, data="")
    (folder / "data/nlu/en.yml").write_text("- another example")
    model.model_to_start({})
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("file", ["config.yml", "bot/components/new.py", "models/encoder/encoder.json"])
def test_with_a_new_recipe_it_trains_anew_says_why_and_points_to_that(
    folder: Path, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    promoted(folder)
    (folder / file).write_text("something else")
    started = model.model_to_start({})
    assert started.read_bytes() == b"trained now"
    assert "made with other code or settings" in capsys.readouterr().out
    now = model.promoted(folder / "home")
    assert now is not None
    assert (f"{now.name}.tar.gz", now.recipe, now.data) == (started.name, model.recipe(), model.data())
    assert now.promotion == ""  # the gateway has yet to put it on record
    assert model.model_to_start({}) == started


def test_a_promoted_model_that_is_gone_or_touched_is_not_started_with(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    promoted(folder).write_bytes(b"somebody else's")
    assert model.model_to_start({}).read_bytes() == b"trained now"
    assert "not what was promoted" in capsys.readouterr().out
    promoted(folder).unlink()
    assert model.model_to_start({}).read_bytes() == b"trained now"
    assert "is not in models/ any more" in capsys.readouterr().out


@pytest.mark.parametrize("content", [None, "", "[]", '{"name": "x"}', "no json", '{"name": null}'])
def test_without_a_pointer_it_goes_by_the_data_as_ever(
    folder: Path, content: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    if content is not None:
        (folder / "home/live.json").write_text(content)
    assert model.model_to_start({}).name == f"setu-{model.fingerprint()}.tar.gz"
    assert capsys.readouterr().out == ""
    assert (folder / "home/live.json").exists() == (content is not None)


def test_recipe_and_data_change_apart(folder: Path) -> None:
    recipe, data = model.recipe(), model.data()
    (folder / "domain.yml").write_text("intents: [new]")
    assert (model.recipe() == recipe, model.data() == data) == (True, False)
    (folder / "config.yml").write_text("pipeline: [new]")
    assert model.recipe() != recipe
