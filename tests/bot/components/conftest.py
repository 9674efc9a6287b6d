"""A tiny encoder, storage for trained components, and the components themselves, ready to train."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.classifier import SetuClassifier
from bot.components.doubt import Doubt
from bot.components.encoder import EncoderFeaturizer
from bot.components.entities import EntityFinder
from bot.components.language import LanguageDetector
from bot.components.sentiment import SentimentAnalyser

TINY = Path(__file__).parents[1] / "encoder" / "tiny"
ROOT = Path(__file__).parents[3]
EXAMPLES = {
    "greet": ["hello", "hi there", "good morning", "hey you", "hello again", "greetings"],
    "track_order": ["where is my order", "track my parcel", "where is it now", "my order please"],
    "cancel_order": ["cancel my order", "i want to cancel", "please stop the order", "cancel it"],
}  # fmt: skip


class Bench:
    """Makes, trains and loads components as Rasa's graph does."""

    def __init__(self, folder: Path, sentiment: Path) -> None:
        self.storage = LocalModelStorage.create(folder)
        self.context = ExecutionContext(GraphSchema({}))
        self.configs: dict[type[GraphComponent], dict[str, Any]] = {
            LanguageDetector: {"data": str(ROOT / "data" / "language"), "nlu": str(ROOT / "data" / "nlu")},
            EncoderFeaturizer: {"folder": str(TINY)},
            SentimentAnalyser: {"folder": str(TINY), "data": str(sentiment), "shares": {}},
            SetuClassifier: {},
            EntityFinder: {"data": str(ROOT / "data" / "entities")},
            Doubt: {},
        }

    def create(self, kind: type[GraphComponent], **config: Any) -> Any:
        merged = {**kind.get_default_config(), **self.configs[kind], **config}
        return kind.create(merged, self.storage, Resource(kind.__name__), self.context)

    def load(self, kind: type[GraphComponent], **config: Any) -> Any:
        merged = {**kind.get_default_config(), **self.configs[kind], **config}
        return kind.load(merged, self.storage, Resource(kind.__name__), self.context)

    def train(self, kind: type[GraphComponent], data: TrainingData) -> Any:
        component = self.create(kind)
        if hasattr(component, "train"):
            component.train(data)
        return component

    def pipeline(self, make: Callable[[type[GraphComponent]], Any]) -> Callable[..., dict[str, Any]]:
        """All components in order as one function: text → what the message holds at the end."""
        components = [make(kind) for kind in self.configs]

        def understand(text: str | None, **metadata: Any) -> dict[str, Any]:
            messages = [Message({TEXT: text, "metadata": metadata})]
            for component in components:
                messages = component.process(messages)
            return dict(messages[0].as_dict(only_output_properties=True))

        return understand


def examples() -> TrainingData:
    return TrainingData(
        [Message({TEXT: text, INTENT: intent}) for intent, texts in EXAMPLES.items() for text in texts]
    )


@pytest.fixture(scope="session")
def sentences(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sentiment")
    (folder / "en.yml").write_text(
        "mood:\n"
        "  positive: [thank you, great service, i love it, wonderful, perfect thanks]\n"
        "  neutral: [where is it, my order number, the blue one, how much is it, please check]\n"
        "  very_negative: [this is terrible, i hate this, worst shop ever, you are useless, awful]\n"
        "urgency:\n"
        "  urgent: [hurry, i need it today, right now please, it is urgent, as soon as possible]\n"
        "  calm: [no hurry, take your time, where is it, how much is it, thank you]\n"
        "swearing:\n"
        "  at_us: [you idiot, you are stupid, shut up you fool, go to hell you bot]\n"
        "  at_the_situation: [damn it, oh crap, what the hell, this damn zip]\n"
    )
    return folder


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory, sentences: Path) -> Bench:
    """Every component trained and kept."""
    made = Bench(tmp_path_factory.mktemp("model"), sentences)
    data = made.create(EncoderFeaturizer).process_training_data(examples())
    for kind in made.configs:
        made.train(kind, data)
    return made


@pytest.fixture
def blank(tmp_path: Path, sentences: Path) -> Bench:
    """Nothing trained yet."""
    return Bench(tmp_path, sentences)
