"""What a change would do to the files, worked out beforehand, and again where they have moved on. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handoff.errors import Conflict, SetuError
from handoff.workbench.dataset import operations as ops
from handoff.workbench.dataset import patches
from handoff.workbench.dataset.edits import Draft, Files
from handoff.workbench.dataset.examples import Example
from handoff.workbench.dataset.hashes import digest
from handoff.workbench.dataset.verifying import verify

#: Said about an operation, not part of it.
SKIPPED, REVERTS = "skipped", "reverts"


@dataclass(frozen=True, slots=True)
class Plan:
    """As :class:`handoff.workbench.models.Change` keeps it."""

    operations: list[dict[str, Any]]
    files: list[dict[str, Any]]


def plan(
    files: Files, examples: Iterable[Example], asked: Sequence[Mapping[str, Any]], *, lenient: bool = False
) -> Plan:
    """Do ``asked`` to ``files``. ``lenient``: what cannot be done is left out, with the reason on it.

    Raises the :class:`SetuError` of the first operation that cannot be done, with its ``number``, or of a
    file that would not be right afterwards.
    """
    draft = Draft(files, examples)
    done: list[dict[str, Any]] = []
    for number, said in enumerate(_bare(asked), 1):
        kept = dict(asked[number - 1])
        kept.pop(SKIPPED, None)
        try:
            draft.do(ops.parse([said], inside=True)[0])
        except SetuError as error:
            if not lenient or error.code == "operation_bad":
                error.values.setdefault("number", number)
                raise
            kept[SKIPPED] = {"code": error.code, "values": error.values}
        done.append(kept)
    return Plan(done, _files(files, draft))


def remake(
    files: Files, examples: Iterable[Example], asked: Sequence[Mapping[str, Any]],
    before: Sequence[Mapping[str, Any]], *, lenient: bool = False,
) -> Plan:  # fmt: skip
    """The same once more over what the files are now. What was written as a whole is merged by its lines,
    so that nobody's edit is written over.

    Raises as :func:`plan` does; :class:`Conflict` (``edits_clash``) names what two people changed.
    """
    draft = Draft(files, examples)
    former = {file["path"]: file for file in before}
    merged: set[str] = set()
    done: list[dict[str, Any]] = []
    for number, said in enumerate(_bare(asked), 1):
        kept = dict(asked[number - 1])
        kept.pop(SKIPPED, None)
        operation = ops.parse([said], inside=True)[0]
        path = _whole(operation)
        try:
            if path is None or path not in former:
                draft.do(operation)
            elif path not in merged:
                merged.add(path)
                draft.do(_merge(former[path], files.read(path)))
        except SetuError as error:
            if not lenient:
                error.values.setdefault("number", number)
                raise
            kept[SKIPPED] = {"code": error.code, "values": error.values}
        done.append(kept)
    return Plan(done, _files(files, draft))


def moved(before: Sequence[Mapping[str, Any]], files: Files) -> list[str]:
    """Paths that are no longer as they were when the change was made."""
    return [file["path"] for file in before if digest(files.read(file["path"])) != file["base"]]


def same_edits(one: Sequence[Mapping[str, Any]], other: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a reviewer who has read the one has read the other: equal lines come and go."""
    return _lines(one) == _lines(other)


def revert(id: str, files: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The operations that take a change back, line by line."""
    return [
        {
            "op": "patch",
            "path": file["path"],
            "hunks": [hunk.as_json() for hunk in patches.make(file["after"] or "", file["before"] or "")],
            "created": file["after"] is None,
            "deleted": file["before"] is None,
            REVERTS: id,
        }
        for file in files
    ]


def _bare(asked: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{key: one[key] for key in one.keys() - {SKIPPED, REVERTS}} for one in asked]


def _whole(operation: ops.Operation) -> str | None:
    """The file that an operation writes without regard to what is there."""
    if isinstance(operation, ops.WriteFile):
        return operation.path
    if isinstance(operation, ops.SetResponse):
        return f"data/responses/{operation.language}.yml"
    return None


def _merge(former: Mapping[str, Any], now: str | None) -> ops.Patch | ops.WriteFile:
    """From what it was to what it was to be, as edits of lines."""
    path, before, after = former["path"], former["before"], former["after"]
    if before is None or now is None:
        if now is None and before is None:
            return ops.WriteFile(op="write_file", path=path, content=after)
        raise Conflict("edits_clash", file=path, line=1, what=path)
    hunks = tuple(hunk.as_json() for hunk in patches.make(before, after or ""))
    return ops.Patch(op="patch", path=path, hunks=hunks, deleted=after is None)


def _files(files: Files, draft: Draft) -> list[dict[str, Any]]:
    made = []
    for path, after in sorted(draft.edited.items()):
        if after is not None:
            verify(path, after)
        before = files.read(path)
        diff, added, removed = patches.diff(path, before, after)
        made.append(
            {
                "path": path,
                "base": digest(before),
                "before": before,
                "after": after,
                "diff": diff,
                "added": added,
                "removed": removed,
            }
        )
    return made


def _lines(files: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    return {
        file["path"]: sorted(line for line in file["diff"].split("\n")[2:] if line[:1] in ("+", "-"))
        for file in files
    }
