"""Utterances are understood line by line by a model trained with the repository's own pipeline."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rasa.model_training import train_nlu
from rasa.shared.utils.io import read_yaml_file, write_yaml

from bot.parse import Parse, load, main, newest_model, parse_lines
from tests.bot.components.conftest import EXAMPLES

ROOT = Path(__file__).parents[2]
TINY = Path(__file__).parent / "encoder" / "tiny"
KEYS = ["text", "intent", "confidence", "ranking", "in_scope", "entities"]
KEYS += ["language", "script", "sentiment", "urgency", "swearing", "wishes"]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository's pipeline, trained on three intents with the tiny encoder."""
    folder = tmp_path_factory.mktemp("project")
    config = read_yaml_file(ROOT / "config.yml")
    paths = {
        "EncoderFeaturizer": {"folder": str(TINY)},
        "EntityFinder": {"data": str(ROOT / "data/entities")},
    }
    paths["SentimentAnalyser"] = {"folder": str(TINY), "data": str(ROOT / "data/sentiment")}
    paths["LanguageDetector"] = {"data": str(ROOT / "data/language"), "nlu": str(ROOT / "data/nlu")}
    for part in config["pipeline"]:
        part.update(paths.get(part["name"].rsplit(".", 1)[-1], {}))
    write_yaml(config, folder / "config.yml")
    intents = [
        {"intent": intent, "examples": "".join(f"- {text}\n" for text in texts)}
        for intent, texts in EXAMPLES.items()
    ]
    write_yaml({"version": "3.1", "nlu": intents}, folder / "nlu.yml")
    trained = train_nlu(str(folder / "config.yml"), str(folder / "nlu.yml"), str(folder / "models"))
    assert trained
    return Path(trained)


@pytest.fixture(scope="module")
def parse(model: Path) -> Iterator[Parse]:
    with load(model) as loaded:
        yield loaded


def test_an_utterance_is_understood_in_full(parse: Parse) -> None:
    found = parse("where is my order SO-100123")
    assert list(found) == KEYS
    assert found["ranking"][0]["name"] == "track_order"
    assert [(one["entity"], one["value"]) for one in found["entities"]] == [("order_number", "SO-100123")]
    assert found["language"] == "en"
    assert found["sentiment"]["label"] in {"neutral", "negative", "positive", "very_negative"}


def test_a_payload_is_read_by_rasa_itself(parse: Parse) -> None:
    found = parse("/greet")
    assert (found["intent"], found["confidence"], found["sentiment"]) == ("greet", 1.0, None)


@pytest.mark.parametrize("text", ["", "   ", "\udcff", "x" * 10_000], ids=["empty", "blank", "bytes", "long"])
def test_any_line_gets_an_object(parse: Parse, text: str) -> None:
    assert list(parse(text)) == KEYS


def test_lines_and_objects_stay_side_by_side() -> None:
    out = io.StringIO()
    parse_lines(lambda text: {"text": text}, io.StringIO("one\n\nthree \r\nlast"), out)
    assert [json.loads(line)["text"] for line in out.getvalue().splitlines()] == ["one", "", "three ", "last"]


def test_a_file_is_parsed_to_standard_output(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "lines.txt"
    file.write_bytes("hello\nπού είναι\n".encode() + b"\xff\xfe\n")
    assert main([str(file), "--model", str(model)]) == 0
    printed: list[dict[str, Any]] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["language"] for one in printed] == ["en", "el", "en"]


def test_without_a_model_the_reason_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--model", str(tmp_path)]) == 1
    assert "no trained model" in capsys.readouterr().err


def test_the_newest_model_is_taken(tmp_path: Path) -> None:
    for age, name in enumerate(["new", "old"]):
        (tmp_path / f"{name}.tar.gz").touch()
        os.utime(tmp_path / f"{name}.tar.gz", (1_000 - age, 1_000 - age))
    assert newest_model(tmp_path).name == "new.tar.gz"
