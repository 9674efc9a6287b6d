"""A trained archive made ready to take turns, beside a model that goes on taking them.

Rasa's own loader trusts the archive, parses the domain a second time from YAML (three quarters of the
time it takes), and asks for a tracker store and a generator that know the domain before it is read.
"""

from __future__ import annotations

import tarfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rasa.core.lock_store import LockStore
from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelMetadata, ModelStorage
from rasa.graph_components.providers.domain_provider import DomainProvider
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import EndpointConfig

from bot.processor import TurnProcessor
from bot.tracker_store import DurableTrackerStore

MOST_FILES = 2_000
MOST_BYTES = 2_000_000_000  # unpacked


class CannotLoad(Exception):
    """Why the archive is none that could take turns, as a sentence."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every model of this process works with."""

    store: DurableTrackerStore
    locks: LockStore
    actions: EndpointConfig


def load(archive: Path, name: str, around: Surroundings) -> TurnProcessor:
    """The model in the archive, which has read a message already. In any thread; :class:`CannotLoad`."""
    with TemporaryDirectory(prefix="setu-model-") as folder:
        unpacked = Path(folder)
        unpack(archive, unpacked)
        try:
            metadata, runner = _graph(unpacked)
        except Exception as error:  # whatever is wrong with the archive, components raise what they like
            raise CannotLoad(f"the model cannot be loaded: {error}") from error
    if metadata.core_target is None:
        raise CannotLoad("the model has not learnt to act, only to understand")
    processor = TurnProcessor.made(
        name=name,
        path=archive,
        metadata=metadata,
        runner=runner,
        store=around.store.speaking(metadata.domain),
        locks=around.locks,
        actions=around.actions,
        nlg=NaturalLanguageGenerator.create(None, metadata.domain),
    )
    try:
        processor.warm_up()
    except Exception as error:
        raise CannotLoad(f"the model cannot read a message: {error}") from error
    return processor


def unpack(archive: Path, folder: Path) -> None:
    """Only plain files and folders, only into the folder, and not more than a disk can bear."""
    files = size = 0
    try:
        with tarfile.open(archive, "r:gz") as content:
            for member in content:
                files, size = files + 1, size + member.size
                if not (member.isfile() or member.isdir()):
                    raise CannotLoad(f"the archive holds {member.name}, which is no plain file")
                if files > MOST_FILES or size > MOST_BYTES:
                    raise CannotLoad("the archive is too large when it is unpacked")
                if not member.name.strip("./"):
                    continue  # the folder itself
                content.extract(member, folder, filter="data")
    except tarfile.FilterError as error:
        raise CannotLoad(f"the archive reaches out of its folder: {error}") from error
    except (tarfile.TarError, zlib.error, EOFError, OSError, UnicodeError) as error:
        raise CannotLoad(f"the archive cannot be unpacked: {error}") from error


class KnownDomain(DomainProvider):  # type: ignore[misc]
    """Is given the domain that the metadata hold already."""

    @classmethod
    def load(
        cls,
        config: Mapping[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> KnownDomain:
        del config, execution_context
        return cls(model_storage, resource)

    def know(self, domain: Domain) -> None:
        self._domain = domain


def _graph(folder: Path) -> tuple[ModelMetadata, DaskGraphRunner]:
    metadata: ModelMetadata = LocalModelStorage._load_metadata(folder)
    nodes = {
        name: replace(node, uses=KnownDomain) if node.uses is DomainProvider else node
        for name, node in metadata.predict_schema.nodes.items()
    }
    schema = GraphSchema(nodes)
    context = ExecutionContext(schema, model_id=metadata.model_id)
    runner = DaskGraphRunner.create(schema, LocalModelStorage(folder / "components"), context)
    for node in runner._instantiated_nodes.values():
        if isinstance(node._component, KnownDomain):
            node._component.know(metadata.domain)
    return metadata, runner
