"""What a bench hands back: figures by name, notes, and rows for the eye."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Report:
    """``figures`` are plain numbers under the names the README quotes; ``goals`` are for the eye only."""

    figures: dict[str, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    goals: dict[str, str] = field(default_factory=dict)  # e.g. {"turn.rate_8": "≥ 80"}

    def table(self) -> str:
        wide = max((len(name) for name in self.figures), default=0)
        lines = [
            f"  {name:<{wide}}  {value:>10.3f}  {self.goals.get(name, '')}".rstrip()
            for name, value in self.figures.items()
        ]
        return "\n".join(lines + [f"  · {note}" for note in self.notes])


def percentile(values: list[float], share: float) -> float:
    """The value below which ``share`` (0..1) of the sorted values lie, nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]
