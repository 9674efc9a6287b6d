# ruff: noqa: E501 - tables of operations
"""Changes from the wish to the files: reviewed, applied whole or not at all, and taken back to the byte."""

from __future__ import annotations

import asyncio
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from actions.db import new_id
from handoff.errors import Conflict, Forbidden, Invalid, NotFound, SetuError, Unavailable
from handoff.workbench.dataset import git
from handoff.workbench.dataset.changes import Changes
from handoff.workbench.models import Change, Utterance
from tests.handoff.workbench.dataset.conftest import Bench

ORDERS = "data/nlu/en/orders.yml"
RULE = 'version: "3.1"\n\nrules:\n  - rule: more\n    steps:\n      - intent: greet\n      - action: action_greet\n'


def tree(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def git_in(root: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def repository(workspace: Path) -> Path:
    git_in(workspace, "init", "-q", "-b", "main")
    git_in(workspace, "config", "user.name", "Server")
    git_in(workspace, "config", "user.email", "server@example.org")
    git_in(workspace, "add", ".")
    git_in(workspace, "commit", "-q", "-m", "begin")
    return workspace


async def test_a_proposal_writes_nothing_and_shows_what_it_would_do(bench: Bench) -> None:
    before = tree(bench.root)
    change = await bench.add("whatever became of my things")
    assert tree(bench.root) == before
    (file,) = change.files
    assert (file["path"], file["added"], file["removed"]) == (ORDERS, 1, 0)
    assert "+      - whatever became of my things" in file["diff"].split("\n")
    assert (change.state, change.version, change.author_id) == ("draft", 1, bench.ann.id)


async def test_what_is_applied_is_in_the_files_and_nothing_else_is(bench: Bench) -> None:
    before = tree(bench.root)
    change = await bench.add("whatever became of my things")
    applied = await bench.changes.apply(bench.bo, change.id, 1)
    after = tree(bench.root)
    assert {path for path in before | after if before.get(path) != after.get(path)} == {ORDERS}
    assert after[ORDERS].decode() == change.files[0]["after"]
    assert (applied.state, applied.reviewer_id, applied.commit) == ("applied", bench.bo.id, None)
    assert any(e.text == "whatever became of my things" for e in bench.changes.examples.all())
    entry = (await bench.audited(change.id))[-1]
    assert (entry.what, entry.agent_id, entry.detail["own"]) == ("change_applied", bench.bo.id, False)


async def test_who_applies_their_own_change_is_on_record_for_it(bench: Bench) -> None:
    change = await bench.add("whatever became of my things")
    await bench.changes.apply(bench.ann, change.id, 1)
    assert (await bench.audited(change.id))[-1].detail["own"] is True


async def test_a_change_is_applied_once_however_many_press_at_once(bench: Bench) -> None:
    change = await bench.add("whatever became of my things")
    other = Changes(bench.context)  # another gateway
    results = await asyncio.gather(
        *(one.apply(bench.bo, change.id, 1) for one in (bench.changes, other, bench.changes)),
        return_exceptions=True,
    )
    assert sum(isinstance(one, Change) for one in results) == 1
    assert all(isinstance(one, Change | Conflict) for one in results)
    assert bench.read(ORDERS).count("whatever became of my things") == 1


async def test_two_changes_of_one_file_applied_at_once_are_both_there(bench: Bench) -> None:
    first, second = await bench.add("whatever became of my things"), await bench.add("and my other box")
    await asyncio.gather(
        bench.changes.apply(bench.ann, first.id, 1), Changes(bench.context).apply(bench.bo, second.id, 1)
    )
    assert bench.read(ORDERS).count("whatever became of my things") == 1
    assert bench.read(ORDERS).count("and my other box") == 1


async def test_a_file_that_moved_on_keeps_what_others_wrote(bench: Bench) -> None:
    change = await bench.add("whatever became of my things")
    file = bench.root / ORDERS
    file.write_text(file.read_text("utf-8").replace("      - track\n", "      - track it\n"), "utf-8")
    applied = await bench.changes.apply(bench.bo, change.id, 1)
    text = bench.read(ORDERS)
    assert "      - track it\n" in text
    assert "      - whatever became of my things\n" in text
    assert applied.state == "applied"
    assert "change_remade" in [entry.what for entry in await bench.audited(change.id)]


async def test_what_was_done_by_somebody_else_meanwhile_is_named_and_the_change_stays_a_draft(
    bench: Bench,
) -> None:
    change = await bench.propose(
        {"op": "remove_example", "intent": "track_order", "language": "en", "text": "track"}
    )
    file = bench.root / ORDERS
    file.write_text(file.read_text("utf-8").replace("      - track\n", ""), "utf-8")
    with pytest.raises(Conflict) as error:
        await bench.changes.apply(bench.bo, change.id, 1)
    assert (error.value.code, error.value.values["text"]) == ("example_gone", "track")
    assert (await bench.row(change)).state == "draft"


async def test_a_file_written_as_a_whole_is_merged_with_what_others_wrote_there_or_refused(
    bench: Bench,
) -> None:
    path = "data/rules/talk.yml"
    before = bench.read(path)
    meant = before.replace("answer goodbye", "say goodbye")
    change = await bench.propose({"op": "write_file", "path": path, "content": meant})
    (bench.root / path).write_text(before.replace("answer thank", "be thanked"), "utf-8")
    await bench.changes.apply(bench.bo, change.id, 1)
    assert bench.read(path) == before.replace("answer goodbye", "say goodbye").replace(
        "answer thank", "be thanked"
    )
    clashing = await bench.propose({"op": "write_file", "path": path, "content": before})
    (bench.root / path).write_text(bench.read(path).replace("say goodbye", "wave"), "utf-8")
    with pytest.raises(Conflict, match="edits_clash") as error:
        await bench.changes.apply(bench.bo, clashing.id, 1)
    assert error.value.values["file"] == path


async def test_a_change_that_would_look_different_now_is_reviewed_again(bench: Bench) -> None:
    change = await bench.propose(
        {
            "op": "edit_example",
            "intent": "track_order",
            "language": "en",
            "text": "track",
            "new_text": "track it",
        }
    )
    file = bench.root / ORDERS
    file.write_text(file.read_text("utf-8").replace("      - track\n", "      - Track\n"), "utf-8")
    with pytest.raises(Conflict, match="change_remade"):
        await bench.changes.apply(bench.bo, change.id, 1)
    again = await bench.row(change)
    assert (again.state, again.version) == ("draft", 2)
    assert "-      - Track" in again.files[0]["diff"].split("\n")
    assert (await bench.changes.apply(bench.bo, change.id, 2)).state == "applied"


async def test_of_two_who_edit_a_change_the_later_one_is_told(bench: Bench) -> None:
    change = await bench.add("whatever became of my things")
    async with bench.context.database.write() as session:
        await bench.changes.edit(session, bench.bo, change.id, 1, title="Better")
    for call in ("edit", "withdraw"):
        with pytest.raises(Conflict, match="change_edited"):
            async with bench.context.database.write() as session:
                await getattr(bench.changes, call)(session, bench.ann, change.id, 1)
    with pytest.raises(Conflict, match="change_edited"):
        await bench.changes.apply(bench.ann, change.id, 1)
    assert (await bench.row(change)).title == "Better"


async def test_other_operations_replace_the_former_ones(bench: Bench) -> None:
    change = await bench.add("whatever became of my things")
    operation = {"op": "add_example", "intent": "greet", "language": "en", "text": "a fine day to you"}
    async with bench.context.database.write() as session:
        await bench.changes.edit(session, bench.bo, change.id, 1, operations=[operation])
    await bench.changes.apply(bench.bo, change.id, 2)
    assert "whatever became of my things" not in bench.read(ORDERS)
    assert "a fine day to you" in bench.read("data/nlu/en/talk.yml")


async def test_a_change_taken_back_gives_the_very_same_bytes(bench: Bench) -> None:
    before = tree(bench.root)
    change = await bench.propose(
        {"op": "add_example", "intent": "track_order", "language": "en", "text": "whatever became of it"},
        {"op": "remove_example", "intent": "track_order", "language": "en", "text": "track"},
        {"op": "move_example", "intent": "greet", "language": "hi", "text": _first(bench, "greet", "hi"), "to": "thank"},
        {"op": "add_intent", "name": "repair_item", "titles": {"en": "Repair"}, "examples": {"en": ["mend my bag"]}},
        {"op": "add_foreign", "language": "el", "text": "πες μου: ένα # ανέκδοτο"},
        {"op": "set_response", "name": "utter_goodbye", "language": "en", "variations": ["Bye: now"]},
        {"op": "write_file", "path": "data/rules/more.yml", "content": RULE},
        {"op": "write_file", "path": "tests/stories/talk/greets.yml", "content": None}
        if (bench.root / "tests/stories/talk/greets.yml").exists()
        else {"op": "write_file", "path": "data/knowledge/en/new.md", "content": "---\ntitle: New\n---\nText.\n"},
    )  # fmt: skip
    await bench.changes.apply(bench.ann, change.id, 1)
    assert tree(bench.root) != before
    async with bench.context.database.write() as session:
        back = await bench.changes.revert(session, bench.bo, change.id, 2, "Taken back")
    assert back.state == "draft"
    await bench.changes.apply(bench.bo, back.id, 1)
    assert tree(bench.root) == before
    assert (await bench.row(change)).state == "reverted"
    with pytest.raises(Conflict, match="change_not_applied"):
        async with bench.context.database.write() as session:
            await bench.changes.revert(session, bench.bo, change.id, 3, "Again")


def _first(bench: Bench, intent: str, language: str) -> str:
    return bench.changes.examples.of(intent, language)[0].text


async def test_a_change_is_taken_back_although_the_file_has_moved_on(bench: Bench) -> None:
    change = await bench.add("whatever became of my things")
    await bench.changes.apply(bench.ann, change.id, 1)
    later = await bench.add("and my other box", intent="cancel_order")
    await bench.changes.apply(bench.ann, later.id, 1)
    async with bench.context.database.write() as session:
        back = await bench.changes.revert(session, bench.ann, change.id, 2, "Taken back")
    await bench.changes.apply(bench.ann, back.id, 1)
    assert "whatever became of my things" not in bench.read(ORDERS)
    assert "and my other box" in bench.read(ORDERS)


async def test_labels_are_taken_in_and_set_free_again_when_the_change_is_withdrawn(bench: Bench) -> None:
    row = Utterance(id=new_id(), key="k", text="whatever became of my things")
    async with bench.context.database.write() as session:
        session.add(row)
    change = await bench.add("whatever became of my things", labels=[row.id])
    assert await taken(bench, row.id) == change.id
    async with bench.context.database.write() as session:
        await bench.changes.withdraw(session, bench.ann, change.id, 1)
    assert await taken(bench, row.id) is None
    assert (await bench.row(change)).state == "withdrawn"


async def taken(bench: Bench, id: str) -> str | None:
    async with bench.context.database.read() as session:
        return await session.scalar(select(Utterance.change_id).where(Utterance.id == id))


async def test_of_labels_what_is_known_or_contradicts_is_left_out_and_said(bench: Bench) -> None:
    change = await bench.add(
        "whatever became of my things", "where is my order please", "cancel my order", labels=["none"]
    )
    skipped = [one.get("skipped", {}).get("code") for one in change.operations]
    assert skipped == [None, "example_known", "example_elsewhere"]
    assert change.files[0]["added"] == 1
    with pytest.raises(Conflict, match="example_known"):
        await bench.add("where is my order please")


@pytest.mark.parametrize(
    ("operations", "error", "code"),
    [
        ([], Invalid, "operations_none"),
        ([{"op": "format_disk"}], Invalid, "operation_bad"),
        ([{"op": "add_example", "intent": "greet", "language": "en"}], Invalid, "operation_bad"),
        ([{"op": "patch", "path": "setu", "hunks": []}], Invalid, "operation_bad"),
        ([{"op": "write_file", "path": "../x.md", "content": "x"}], Forbidden, "path_forbidden"),
        ([{"op": "write_file", "path": "data/rules/x.yml", "content": "rules: [\n"}], Invalid, "file_unreadable"),
        ([{"op": "write_file", "path": "data/rules/x.yml", "content": "a: 1\n"}], Invalid, "file_words"),
        ([{"op": "write_file", "path": "data/rules/x.yml", "content": "rules: []\nrules: []\n"}], Invalid, "file_unreadable"),
        ([{"op": "write_file", "path": "data/knowledge/en/x.md", "content": "no front"}], Invalid, "article_bad"),
        ([{"op": "remove_example", "intent": "greet", "language": "en", "text": "never said"}], Conflict, "example_gone"),
    ],
)  # fmt: skip
async def test_what_cannot_be_done_is_refused_at_once(
    bench: Bench, operations: list[dict[str, Any]], error: type[SetuError], code: str
) -> None:
    with pytest.raises(error) as raised:
        await bench.propose(*operations)
    assert raised.value.code == code


async def test_nothing_is_written_through_a_link_that_leads_elsewhere(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (bench.root / "data/rules/away").symlink_to(tmp_path / "outside")
    with pytest.raises(Forbidden, match="path_forbidden"):
        await bench.propose({"op": "write_file", "path": "data/rules/away/x.yml", "content": RULE})
    (bench.root / "data/knowledge/en/link.md").symlink_to(tmp_path / "secret")
    with pytest.raises(Forbidden, match="path_forbidden"):
        await bench.propose({"op": "write_file", "path": "data/knowledge/en/link.md", "content": "x"})


@pytest.mark.parametrize("at", [1, 2, 3])
async def test_a_failure_in_the_middle_of_writing_leaves_every_file_as_it_was(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    change = await two_files(bench)
    before = tree(bench.root)
    real, calls = os.replace, 0

    def replace(source: Any, target: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == at:
            raise OSError(28, "No space left on device")
        real(source, target)

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(Unavailable, match="workspace_full"):
        await bench.changes.apply(bench.bo, change.id, 1)
    assert tree(bench.root) == before
    assert (await bench.row(change)).state == "draft"
    monkeypatch.undo()
    assert (await bench.changes.apply(bench.bo, change.id, 1)).state == "applied"


async def two_files(bench: Bench) -> Change:
    return await bench.propose(
        {"op": "add_example", "intent": "track_order", "language": "en", "text": "whatever became of it"},
        {"op": "add_example", "intent": "greet", "language": "en", "text": "a fine day to you"},
    )


@pytest.mark.parametrize("written", [1, 2])
async def test_a_crash_before_it_was_recorded_is_taken_back_at_the_next_start(
    bench: Bench, written: int
) -> None:
    change = await two_files(bench)
    before = tree(bench.root)
    files = {file["path"]: (file["before"], file["after"]) for file in change.files}
    bench.changes.workspace.write(change.id, files)
    for path in list(files)[written:]:  # the process died before these were renamed
        (bench.root / path).write_bytes(before[path])
    await Changes(bench.context).recover()
    assert tree(bench.root) == before
    assert bench.changes.workspace.journals() == []
    assert (await bench.changes.apply(bench.bo, change.id, 1)).state == "applied"


async def test_a_crash_after_it_was_recorded_is_finished_at_the_next_start(bench: Bench) -> None:
    change = await two_files(bench)
    before = tree(bench.root)
    files = {file["path"]: (file["before"], file["after"]) for file in change.files}
    bench.changes.workspace.write(change.id, files)
    last = list(files)[-1]
    (bench.root / last).write_bytes(before[last])
    async with bench.context.database.write() as session:
        row = await session.get(Change, change.id)
        assert row is not None
        row.state = "applied"
    await Changes(bench.context).recover()
    assert all(bench.read(path) == after for path, (_, after) in files.items())
    assert bench.changes.workspace.journals() == []


async def test_a_crash_after_the_commit_is_recorded_as_applied(bench: Bench, repository: Path) -> None:
    change = await bench.add("whatever became of my things")
    files = {file["path"]: (file["before"], file["after"]) for file in change.files}
    bench.changes.workspace.write(change.id, files)
    made = git.commit(bench.root, list(files), name="Bo", email="bo@example.org", message="x")
    bench.changes.workspace.committed(change.id, made, bench.bo.id)
    await Changes(bench.context).recover()
    row = await bench.row(change)
    assert (row.state, row.commit, row.reviewer_id) == ("applied", made, bench.bo.id)
    assert "whatever became of my things" in bench.read(ORDERS)


async def test_a_workspace_that_cannot_be_written_says_so(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = await bench.add("whatever became of my things")
    before = tree(bench.root)

    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(Unavailable, match="workspace_read_only"):
        await bench.changes.apply(bench.bo, change.id, 1)
    assert tree(bench.root) == before


async def test_a_commit_holds_only_the_change_under_the_name_of_who_applied_it(
    bench: Bench, repository: Path
) -> None:
    (bench.root / "domain.yml").write_text(bench.read("domain.yml") + "# by hand\n", "utf-8")
    (bench.root / "staged.txt").write_text("staged by somebody", "utf-8")
    git_in(repository, "add", "staged.txt")
    change = await bench.propose(
        {"op": "add_example", "intent": "track_order", "language": "en", "text": "whatever became of it"},
        {"op": "write_file", "path": "data/rules/more.yml", "content": RULE},
    )
    applied = await bench.changes.apply(bench.bo, change.id, 1, commit=True, message="Why: #1 'x'\n\n--amend")
    assert applied.commit == git_in(repository, "rev-parse", "HEAD")
    assert git_in(repository, "log", "-1", "--format=%an <%ae>|%cn|%B") == (
        "Bo <bo@example.org>|Server|Why: #1 'x'\n\n--amend"
    )
    shown = git_in(repository, "show", "--name-only", "--format=").split("\n")
    assert sorted(shown) == [ORDERS, "data/rules/more.yml"]
    assert git_in(repository, "status", "--porcelain").split("\n") == ["M domain.yml", "A  staged.txt"]


async def test_no_name_of_a_person_is_taken_for_an_option_of_git(bench: Bench, repository: Path) -> None:
    change = await bench.add("whatever became of my things")
    bench.bo.name = "--exec=touch <pwned>\nAuthor: Root"
    await bench.changes.apply(bench.bo, change.id, 1, commit=True, message="--author=Somebody <x@y>")
    assert git_in(repository, "log", "-1", "--format=%an|%ae|%s") == (
        "--exec=touch pwned Author: Root|bo@example.org|--author=Somebody <x@y>"
    )


async def test_without_a_repository_a_commit_is_refused_and_nothing_is_changed(bench: Bench) -> None:
    change = await bench.add("whatever became of my things")
    before = tree(bench.root)
    with pytest.raises(Conflict, match="git_no_repository"):
        await bench.changes.apply(bench.bo, change.id, 1, commit=True)
    assert tree(bench.root) == before
    assert (await bench.row(change)).state == "draft"


async def test_without_git_a_commit_is_refused_and_nothing_is_changed(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    change = await bench.add("whatever became of my things")
    before = tree(bench.root)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unavailable, match="git_missing"):
        await bench.changes.apply(bench.bo, change.id, 1, commit=True)
    assert tree(bench.root) == before


async def test_a_commit_that_git_refuses_takes_everything_back(bench: Bench, repository: Path) -> None:
    hook = repository / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'not today' >&2\nexit 1\n", "utf-8")
    hook.chmod(0o755)
    change = await bench.propose({"op": "write_file", "path": "data/rules/more.yml", "content": RULE})
    with pytest.raises(Unavailable, match="git_failed") as error:
        await bench.changes.apply(bench.bo, change.id, 1, commit=True)
    assert "not today" in error.value.values["problem"]
    assert git_in(repository, "status", "--porcelain") == ""
    assert (await bench.row(change)).state == "draft"


async def test_an_unknown_change_is_not_found(bench: Bench) -> None:
    with pytest.raises(NotFound, match="change_unknown"):
        await bench.changes.apply(bench.bo, "nothing", 1)
