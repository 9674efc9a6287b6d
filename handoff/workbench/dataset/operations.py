"""What may be done to the training data: its form is checked here, its substance by the edits. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from handoff.errors import Invalid
from handoff.workbench.dataset.markup import Entity

LIMIT = 5000  # operations of a change

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,59}$")]
Known = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_/-]{0,79}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
Text = Annotated[str, StringConstraints(max_length=4000)]
File = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Mark(_Strict):
    """An entity; ``text`` may be told and is not needed."""

    start: int = Field(ge=0)
    end: int = Field(ge=1)
    entity: Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][\w-]{0,59}$")]
    value: Annotated[str, StringConstraints(max_length=200)] | None = None
    role: Annotated[str, StringConstraints(max_length=60)] | None = None
    group: Annotated[str, StringConstraints(max_length=60)] | None = None
    text: str | None = None

    def entity_of(self, text: str) -> Entity:
        """A value that only repeats the words is none."""
        value = None if self.value == text[self.start : self.end] else self.value
        return Entity(self.start, self.end, self.entity, value or None, self.role, self.group)


class _Example(_Strict):
    intent: Known
    language: Language
    text: Text
    file: File | None = None


class AddExample(_Example):
    op: Literal["add_example"]
    entities: tuple[Mark, ...] = ()


class RemoveExample(_Example):
    op: Literal["remove_example"]


class EditExample(_Example):
    """Without ``new_entities`` those stay whose words still stand there."""

    op: Literal["edit_example"]
    new_text: Text | None = None
    new_entities: tuple[Mark, ...] | None = None


class MoveExample(_Example):
    """To another intent, and to another language's folder where ``to_language`` says so."""

    op: Literal["move_example"]
    to: Known
    to_language: Language | None = None


class AddForeign(_Strict):
    """Something that is said to a shop's bot and is not for a shop."""

    op: Literal["add_foreign"]
    language: Language
    text: Text


class AddIntent(_Strict):
    op: Literal["add_intent"]
    name: Name
    titles: dict[Language, Text]
    definition: dict[Language, Text] = Field(default_factory=dict)
    examples: dict[Language, tuple[Text, ...]] = Field(default_factory=dict)


class WriteFile(_Strict):
    """``content`` null: the file goes."""

    op: Literal["write_file"]
    path: File
    content: Annotated[str, StringConstraints(max_length=400_000)] | None


class SetResponse(_Strict):
    """``variations``: as in the file, a mapping with ``text`` and what else there is; or a text alone."""

    op: Literal["set_response"]
    name: Annotated[str, StringConstraints(pattern=r"^utter_[a-z0-9_]{1,80}$")]
    language: Language
    variations: Annotated[tuple[dict[str, Any] | Text, ...], Field(min_length=1, max_length=20)]


class SetText(_Strict):
    """A text that English has and the language lacks; by form of the plural where English has such."""

    op: Literal["set_text"]
    key: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+){1,9}$", max_length=200)]
    language: Language
    text: Text | dict[Literal["zero", "one", "two", "few", "many", "other"], Text]


class Patch(_Strict):
    """Edits of lines, made by taking a change back; nobody asks for them from outside."""

    op: Literal["patch"]
    path: File
    hunks: tuple[dict[str, Any], ...]
    created: bool = False  # there was no such file before
    deleted: bool = False  # there is none afterwards


Operation = (
    AddExample
    | RemoveExample
    | EditExample
    | MoveExample
    | AddForeign
    | AddIntent
    | WriteFile
    | SetResponse
    | SetText
    | Patch
)
_ADAPTER: TypeAdapter[Operation] = TypeAdapter(Annotated[Operation, Field(discriminator="op")])


def parse(asked: Sequence[Any], *, inside: bool = False) -> list[Operation]:
    """Raises :class:`Invalid` (``operations_none``, ``operations_many``, ``operation_bad``)."""
    if not asked:
        raise Invalid("operations_none")
    if len(asked) > LIMIT:
        raise Invalid("operations_many", limit=LIMIT)
    operations = []
    for number, one in enumerate(asked, 1):
        try:
            operation = _ADAPTER.validate_python(one)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False, include_context=False)[0]
            field = ".".join(str(part) for part in first["loc"][1:]) or "op"
            raise Invalid("operation_bad", number=number, field=field, problem=first["msg"]) from error
        if isinstance(operation, Patch) and not inside:
            raise Invalid("operation_bad", number=number, field="op", problem="patch")
        operations.append(operation)
    return operations
