"""What there is to say of an utterance: from ``domain.yml``, the training data, and the proposals."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.workbench.dataset.examples import Examples
from handoff.workbench.labels.validity import Vocabulary
from handoff.workbench.models import Proposal

#: Made by the gateway or the classifier: no customer says them.
NOT_MEANT = frozenset({"handed_back", "sent_file", "sent_place", "nlu_fallback"})
#: Come with buttons or from the gateway: they are not in the text of a message.
NOT_WRITTEN = frozenset(
    {"next", "item", "reason", "wanted", "problem", "field", "topic", "skip", "file_kind"}
    | {"latitude", "longitude"}
)


@dataclass(frozen=True, slots=True)
class Domain:
    """All names of ``domain.yml``, in its order."""

    intents: tuple[str, ...]
    entities: tuple[str, ...]

    @property
    def meant(self) -> list[str]:
        return [name for name in self.intents if name not in NOT_MEANT]

    @property
    def marked(self) -> list[str]:
        return [name for name in self.entities if name not in NOT_WRITTEN]


class Words:
    """Reads the domain when it has changed. Raises what ``yaml`` raises for a file that is none."""

    def __init__(self, root: Path, examples: Examples) -> None:
        self._file = root / "domain.yml"
        self.examples = examples
        self._stamp: tuple[int, int] | None = None
        self._domain = Domain((), ())

    def domain(self) -> Domain:
        status = self._file.stat()
        stamp = (status.st_mtime_ns, status.st_size)
        if stamp != self._stamp:
            content = yaml.load(self._file.read_text("utf-8"), yaml.CSafeLoader)
            self._domain = Domain(_names(content["intents"]), _names(content["entities"]))
            self._stamp = stamp
        return self._domain

    async def known(self, session: AsyncSession) -> Vocabulary:
        there = await session.scalars(select(Proposal.name).where(Proposal.state != "declined"))
        return self._known(frozenset(there))

    async def usable(self, session: AsyncSession) -> frozenset[str]:
        """Intents that labels may be settled with: those that are there, and those that were accepted."""
        accepted = await session.scalars(select(Proposal.name).where(Proposal.state == "accepted"))
        return frozenset(self.domain().meant) | frozenset(accepted)

    def _known(self, proposals: frozenset[str]) -> Vocabulary:
        domain = self.domain()
        languages = frozenset(self.examples.languages())
        return Vocabulary(frozenset(domain.meant), frozenset(domain.marked), languages, proposals)


def _names(listed: list[str | dict[str, object]]) -> tuple[str, ...]:
    """An entry is a name, or a name with its settings."""
    return tuple(one if isinstance(one, str) else next(iter(one)) for one in listed)
