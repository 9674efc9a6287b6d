"""What is broken or missing makes the bot understand less, by a way that the log names, and never silent."""

from __future__ import annotations

import json
import logging
import shutil
from pathlib import Path

import pytest
from rasa.engine.storage.resource import Resource
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.classifier import SetuClassifier
from bot.components.encoder import EncoderFeaturizer
from bot.components.foreign import ForeignSentences
from bot.components.message import OUT_OF_SCOPE, vectors_of
from tests.bot.components.conftest import TINY, Bench, examples


def with_second(folder: Path, scripts: list[str]) -> dict[str, str]:
    """The tiny encoder and a second one beside it, of another name, for text in ``scripts``."""
    shutil.copytree(TINY, folder / "first")
    shutil.copytree(TINY, folder / "second")
    card = json.loads((folder / "second" / "encoder.json").read_text())
    card |= {"name": "second", "scripts": scripts}
    (folder / "second" / "encoder.json").write_text(json.dumps(card))
    return {"folder": str(folder / "first"), "beside": "second"}


def trained(bench: Bench, config: dict[str, str]) -> None:
    data = bench.create(EncoderFeaturizer, **config).process_training_data(examples())
    bench.train(SetuClassifier, data)


def intent(bench: Bench, config: dict[str, str], text: str) -> str:
    messages = bench.create(EncoderFeaturizer, **config).process([Message({TEXT: text})])
    return str(bench.load(SetuClassifier).process(messages)[0].get(INTENT)["name"])


def test_the_second_encoder_reads_what_its_scripts_are(blank: Bench, tmp_path: Path) -> None:
    config = with_second(tmp_path, ["LATIN"])
    english, hindi = blank.create(EncoderFeaturizer, **config).process(
        [Message({TEXT: "where is my order"}), Message({TEXT: "मेरा ऑर्डर"})]
    )
    assert len(vectors_of(english)) == 2
    assert len(vectors_of(hindi)) == 1


@pytest.mark.parametrize("gone", ["first", "second"])
def test_one_encoder_goes_on_without_the_other(
    blank: Bench, tmp_path: Path, gone: str, caplog: pytest.LogCaptureFixture
) -> None:
    config = with_second(tmp_path, ["LATIN"])
    trained(blank, config)
    assert intent(blank, config, "cancel my order") == "cancel_order"
    shutil.rmtree(tmp_path / gone)
    with caplog.at_level(logging.WARNING):
        assert intent(blank, config, "cancel my order") == "cancel_order"
    assert str(tmp_path / gone) in caplog.text


@pytest.mark.parametrize("damage", [b"", b"broken", b"PK\x03\x04 cut off"])
def test_a_model_of_vectors_that_is_spoilt_leaves_n_grams(
    blank: Bench, damage: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    trained(blank, {})
    with blank.storage.write_to(Resource(SetuClassifier.__name__)) as folder:
        (folder / "full.npz").write_bytes(damage)
    with caplog.at_level(logging.WARNING):
        assert intent(blank, {}, "cancel my order") == "cancel_order"
    assert "full.npz" in caplog.text


def test_a_model_that_is_spoilt_altogether_is_named_and_all_is_in_doubt(
    blank: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    trained(blank, {})
    with blank.storage.write_to(Resource(SetuClassifier.__name__)) as folder:
        (folder / "plain.npz").write_bytes(b"broken")
    with caplog.at_level(logging.WARNING):
        found = blank.pipeline(blank.load)("cancel my order")
    assert found["intent"]["name"] == "nlu_fallback"
    assert "no trained intent model" in caplog.text


@pytest.mark.parametrize("label", OUT_OF_SCOPE)
def test_examples_out_of_scope_are_learnt_from_and_never_read(blank: Bench, label: str) -> None:
    strange = [Message({TEXT: text, INTENT: label}) for text in ("will it rain", "book a flight", "sing")]
    blank.train(SetuClassifier, examples().merge(TrainingData(strange)))
    (message,) = blank.load(SetuClassifier).process([Message({TEXT: "will it rain"})])
    assert label not in {one["name"] for one in message.get("intent_ranking")}


def test_foreign_sentences_come_with_their_language(tmp_path: Path) -> None:
    (tmp_path / "el.yml").write_text("foreign: [τι καιρό θα κάνει]\n", "utf-8")
    component = ForeignSentences({"data": str(tmp_path)})
    (added,) = component.process_training_data(TrainingData()).intent_examples
    assert (added.get(INTENT), added.get("language")) == (OUT_OF_SCOPE[0], "el")


@pytest.mark.parametrize("content", ["- a list", "foreign: text", "foreign: [1, 2]", "other: [a]"])
def test_a_file_of_another_form_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "en.yml").write_text(content)
    with pytest.raises(RasaException, match=r"en\.yml"):
        ForeignSentences({"data": str(tmp_path)}).process_training_data(TrainingData())


@pytest.mark.parametrize("config", [{"data": None}, {"data": "/no/such/folder"}])
def test_without_foreign_sentences_nothing_is_added(config: dict[str, str | None]) -> None:
    assert (
        ForeignSentences(config).process_training_data(examples()).intent_examples
        == examples().intent_examples
    )
