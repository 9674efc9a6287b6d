"""The importer merges the answers of all languages and leaves our own folders to us."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.exceptions import RasaException
from rasa.shared.importers.importer import TrainingDataImporter

from bot.importer import merge_responses

DOMAIN = """
version: "3.1"
intents: [greet]
slots:
  language: {type: text, influence_conversation: false, mappings: [{type: custom}]}
"""
FILES = {
    "config.yml": "recipe: default.v1\nlanguage: en\nimporters:\n  - name: bot.importer.SetuImporter\n",
    "domain.yml": DOMAIN,
    "data/nlu/en/greet.yml": 'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - hello\n',
    "data/rules/greet.yml": 'version: "3.1"\nrules:\n'
    "- rule: greet\n  steps: [{intent: greet}, {action: utter_greet}]\n",
    "data/responses/en.yml": "responses:\n  utter_greet: [{text: Hello}]\n  utter_bye: [{text: Bye}]\n",
    "data/responses/el.yml": "responses:\n  utter_greet: [{text: Γεια σας}]\n",
    "data/texts/en.yml": "responses: {not: rasa's}\nnlu: not rasa's\n",
    "data/sentiment/en.yml": "nlu: [not, rasa's]\nstories: nor these\n",
    "data/knowledge/faq.yml": "nlu: prose\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return tmp_path


def load(project: Path) -> TrainingDataImporter:
    return TrainingDataImporter.load_from_config(
        str(project / "config.yml"), str(project / "domain.yml"), [str(project / "data")]
    )


async def say(project: Path, name: str, language: str | None) -> str:
    nlg = TemplatedNaturalLanguageGenerator(load(project).get_domain().responses)
    answer = nlg.generate_from_slots(name, {"language": language}, "web")
    assert answer is not None
    return str(answer["text"])


async def test_an_answer_is_given_in_the_language_of_the_slot(project: Path) -> None:
    assert await say(project, "utter_greet", "el") == "Γεια σας"
    assert await say(project, "utter_greet", "en") == "Hello"


async def test_english_answers_where_a_language_is_unknown_or_lacks_the_text(project: Path) -> None:
    assert await say(project, "utter_greet", None) == "Hello"
    assert await say(project, "utter_greet", "bn") == "Hello"
    assert await say(project, "utter_bye", "el") == "Bye"


def test_our_own_folders_are_not_read_as_training_data(project: Path) -> None:
    importer = load(project)
    assert [e.get("text") for e in importer.get_nlu_data().intent_examples] == ["hello"]
    assert importer.get_nlu_data().responses == {}
    assert [step.block_name for step in importer.get_stories().story_steps] == ["greet"]


def test_a_single_file_may_be_the_training_data(project: Path) -> None:
    importer = TrainingDataImporter.load_from_config(
        str(project / "config.yml"), None, [str(project / "data/nlu/en/greet.yml")]
    )
    assert [e.get("text") for e in importer.get_nlu_data().intent_examples] == ["hello"]


def test_rules_may_use_answers_that_only_a_language_file_declares(project: Path) -> None:
    assert {"utter_greet", "utter_bye"} <= set(load(project).get_domain().action_names_or_texts)


def test_an_answer_without_english_text_is_refused_by_name() -> None:
    with pytest.raises(RasaException, match=r"el\.yml: utter_lost"):
        merge_responses({"en": {}, "el": {"utter_lost": [{"text": "…"}]}})


def test_a_file_without_responses_is_refused_by_name(project: Path) -> None:
    (project / "data/responses/hi.yml").write_text("utter_greet: []\n")
    with pytest.raises(RasaException, match=r"hi\.yml"):
        load(project).get_domain()


def test_an_english_variation_with_its_own_condition_does_not_tie_with_a_translation() -> None:
    guest = {"type": "slot", "name": "customer_id", "value": None}
    merged = merge_responses(
        {"en": {"utter_greet": [{"text": "Hello"}, {"text": "Hello, guest", "condition": [guest]}]},
         "el": {"utter_greet": [{"text": "Γεια σας"}]}}
    )  # fmt: skip
    nlg = TemplatedNaturalLanguageGenerator(merged)
    said = {nlg.generate_from_slots("utter_greet", {"language": "el"}, "web")["text"] for _ in range(20)}
    assert said == {"Γεια σας"}
