"""What labels are asked with. What a label says is judged one by one (:mod:`.validity`), not here."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from handoff.workbench.labels.giving import Asked
from handoff.workbench.labels.meaning import Label, Mark, placed

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,32}$")]
Name = Annotated[str, StringConstraints(max_length=60)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]

MANY = 500  # labels in one call


class Body(BaseModel):
    model_config = ConfigDict(extra="ignore")


class Marked(Body):
    """``start`` and ``end`` count code points, not what JavaScript counts."""

    start: int
    end: int
    entity: Name
    value: str | None = Field(None, max_length=1000)


class Meant(Body):
    kind: Name
    intent: Name | None = None
    wishes: list[Name] = Field(default_factory=list, max_length=10)
    entities: list[Marked] = Field(default_factory=list, max_length=50)
    language: str | None = Field(None, max_length=8)

    def label(self) -> Label:
        marks = (Mark(one.start, one.end, one.entity, one.value or None) for one in self.entities)
        return Label(
            agent="",
            kind=self.kind,
            intent=self.intent,
            wishes=tuple(self.wishes),
            entities=tuple(placed(marks)),
            language=self.language,
        )


class One(Meant):
    """``anyway``: although somebody else said otherwise meanwhile."""

    utterance: Id
    anyway: bool = False


class Labels(Body):
    labels: list[One] = Field(min_length=1, max_length=MANY)
    similar: bool = False
    id: Id | None = None  # of the batch, made by who asks: asked again, nothing is given twice

    def asked(self) -> list[Asked]:
        return [Asked(one.utterance, one.label(), one.anyway) for one in self.labels]


class Decision(Meant):
    similar: bool = False


class Undo(Body):
    batch: Id | None = None


class Proposed(Body):
    name: Name
    definition: Sentence = ""
    topic_id: Id | None = None


class Accepted(Body):
    titles: dict[Language, Title] = Field(default_factory=dict, max_length=20)
    definition: dict[Language, Sentence] = Field(default_factory=dict, max_length=20)
