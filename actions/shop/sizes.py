"""Sizes: their names, order and charts. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from actions.shop.vocabulary import Vocabulary
from bot.reading.forms import Endings


@dataclass(frozen=True, slots=True)
class SizeGroup:
    """Sizes that belong together, from small to large, with the body measures (cm) each is made for."""

    name: str
    sizes: tuple[str, ...]
    measures: tuple[str, ...]  # names of the chart's columns: chest, waist, foot…
    chart: Mapping[str, tuple[tuple[float, float], ...]]  # size -> (from, to) for each measure
    words: Vocabulary

    @classmethod
    def of(
        cls, name: str, data: Mapping[str, Any], others: Sequence[tuple[Endings, Mapping[str, str]]] = ()
    ) -> SizeGroup:
        """``others``: other languages' words for sizes ("small" is S) with the endings their words take."""
        sizes = tuple(str(size) for size in data["sizes"])
        own: dict[str, list[str]] = {size: [] for size in sizes}
        named = {size.casefold(): size for size in sizes}
        for word, size in data["words"].items():
            own[str(size)].append(str(word))
            named[str(word)] = str(size)
        foreign = []
        for endings, words in others:
            meant: dict[str, list[str]] = {}
            for word, size in words.items():
                if size.casefold() in named:
                    meant.setdefault(named[size.casefold()], []).append(word)
            foreign.append((endings, meant))
        chart = {
            str(size): tuple((float(low), float(high)) for low, high in row)
            for size, row in data["chart"].items()
        }
        return cls(name, sizes, tuple(data["measures"]), chart, Vocabulary(own, foreign))

    def find(self, text: str) -> str | None:
        """The size that ``text`` names ("medium", "uk 8", "size 42"), or None."""
        return self.words.one(text)

    def fits(self, measures: Mapping[str, float]) -> str | None:
        """The smallest size that is not too small for any measure given (cm); None if none is."""
        known = [(i, measures[name]) for i, name in enumerate(self.measures) if name in measures]
        if not known:
            return None
        return next(
            (size for size in self.sizes if all(value <= self.chart[size][i][1] for i, value in known)), None
        )
