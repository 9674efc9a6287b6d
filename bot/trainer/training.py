"""Training: Rasa's own graph, run on both cores, and packed into an archive as ``rasa train`` makes it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any

import dask.threaded
from rasa.engine.constants import PLACEHOLDER_IMPORTER
from rasa.engine.graph import ExecutionContext, GraphModelConfiguration, GraphNodeHook, GraphSchema
from rasa.engine.recipes.recipe import Recipe
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.validation import validate
from rasa.graph_components.providers.domain_provider import DomainProvider
from rasa.shared.core.domain import Domain
from rasa.shared.data import TrainingType
from rasa.shared.importers.importer import TrainingDataImporter

from bot.components import kept
from bot.trainer.line import Refused, Tell
from bot.trainer.packing import QuickStorage

CONFIG, DOMAIN, DATA = "config.yml", "domain.yml", ["data/nlu", "data/rules", "data/stories"]
CORES = 2
#: Shares of the whole: reading the data, and packing at the end; learning is what lies between.
READ, PACK = 0.1, 0.9
#: What is told while a component learns; of all others, that the data is read.
STEPS = {
    name: name
    for name in (
        "LanguageDetector",
        "EncoderFeaturizer",
        "SentimentAnalyser",
        "SetuClassifier",
        "EntityFinder",
    )
} | {"OwnLetters": "LanguageDetector", "RulePolicy": "RulePolicy"}


@dataclass(slots=True)
class Made:
    """``seconds`` by part, those of parts that went on at once too; ``reused``: parts not learnt anew."""

    seconds: dict[str, float] = field(default_factory=dict)
    reused: list[str] = field(default_factory=list)


def train(out: Path, tell: Tell) -> Made:
    """Train on what lies in the working folder; :class:`Refused` where there is too little of it."""
    made, started = Made(), time.perf_counter()
    kept.reused.clear()
    tell("data", 0.0)
    importer = TrainingDataImporter.load_from_config(CONFIG, DOMAIN, DATA)
    plan = configuration(importer)
    domain = importer.get_domain()
    made.seconds["data"] = time.perf_counter() - started
    with TemporaryDirectory(prefix="setu-train-") as folder:
        storage = QuickStorage(Path(folder))
        schema = quick(plan.train_schema)
        watch = _Watch(len(schema.nodes), made.seconds, tell)
        runner = _BothCores.create(schema, storage, ExecutionContext(schema), [watch])
        runner.run({PLACEHOLDER_IMPORTER: importer})
        tell("packing", PACK)
        packing = time.perf_counter()
        storage.create_model_package(out, plan, domain)
        made.seconds["packing"] = time.perf_counter() - packing
    made.reused = sorted(kept.reused)
    made.seconds["whole"] = time.perf_counter() - started
    made.seconds = {name: round(seconds, 3) for name, seconds in made.seconds.items()}
    return made


def configuration(importer: TrainingDataImporter) -> GraphModelConfiguration:
    """What is learnt and how, for understanding and acting both."""
    if importer.get_stories().is_empty() or importer.get_nlu_data().contains_no_pure_nlu_data():
        raise Refused("no_data", "There are no examples, or neither rules nor stories, to learn from.")
    config = importer.get_config()
    recipe = Recipe.recipe_for_name(config.get("recipe"))
    both = TrainingType.BOTH
    config, _, _ = recipe.auto_configure(importer.get_config_file_for_auto_config(), config, both)
    plan = recipe.graph_config_for_recipe(config, {}, training_type=both, is_finetuning=False)
    validate(plan)
    return plan


def quick(schema: GraphSchema) -> GraphSchema:
    """The same graph, the domain written as it was written before if it is the same."""
    nodes = {
        name: replace(node, uses=_DomainWritten) if node.uses is DomainProvider else node
        for name, node in schema.nodes.items()
    }
    return GraphSchema(nodes)


class _DomainWritten(DomainProvider):  # type: ignore[misc]
    """To write it takes Rasa longer than to read it."""

    def _persist(self, domain: Domain) -> None:
        with self._model_storage.write_to(self._resource) as folder:
            (folder / "domain.yml").write_text(_written(json.dumps(domain.as_dict()), domain), "utf-8")


_known_domain: tuple[str, str] = ("", "")


def _written(content: str, domain: Domain) -> str:
    global _known_domain
    if _known_domain[0] != content:
        _known_domain = (content, domain.as_yaml())
    return _known_domain[1]


class _BothCores(DaskGraphRunner):  # type: ignore[misc]
    """Parts that do not wait for each other are learnt at once: most of the work is done without the
    interpreter's lock."""

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        wanted = targets or self._graph_schema.target_names
        graph = self._build_dask_graph(self._graph_schema.minimal_graph_schema(wanted))
        self._add_inputs_to_graph(inputs, graph)
        return dict(dask.threaded.get(graph, wanted, num_workers=CORES))


class _Watch(GraphNodeHook):  # type: ignore[misc]
    """Tells the progress and takes the time of each node."""

    def __init__(self, nodes: int, seconds: dict[str, float], tell: Callable[[str, float], None]) -> None:
        self._nodes, self._seconds, self._tell = nodes, seconds, tell
        self._done = 0
        self._alone = Lock()

    def on_before_node(self, node_name: str, *_: Any, **__: Any) -> dict[str, Any]:
        self._tell(STEPS.get(part(node_name), "data"), READ + (PACK - READ) * self._done / self._nodes)
        return {"started": time.perf_counter()}

    def on_after_node(
        self,
        node_name: str,
        execution_context: Any,
        config: Any,
        output: Any,
        input_hook_data: dict[str, Any],
    ) -> None:
        del execution_context, config, output
        name = part(node_name)
        with self._alone:
            self._done += 1
            taken = time.perf_counter() - input_hook_data["started"]
            self._seconds[name] = self._seconds.get(name, 0.0) + taken


def part(node: str) -> str:
    """The class that does the work of a node: ``run_bot.components.names.IntentNames0`` → IntentNames."""
    return node.removeprefix("run_").removeprefix("train_").rsplit(".", 1)[-1].rstrip("0123456789")
