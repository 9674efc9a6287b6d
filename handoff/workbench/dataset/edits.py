"""Operations done to the texts of files, nothing else of them touched. Pure: the files come as texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import singledispatchmethod
from pathlib import PurePosixPath
from typing import Protocol

from handoff.errors import Conflict, Invalid, NotFound
from handoff.workbench.dataset import operations as ops
from handoff.workbench.dataset import patches, responses, translating, yamltext
from handoff.workbench.dataset.blocks import Block, blocks, split
from handoff.workbench.dataset.cleaning import carried, clean, marked
from handoff.workbench.dataset.examples import Example
from handoff.workbench.dataset.folding import same
from handoff.workbench.dataset.markup import Entity, read
from handoff.workbench.dataset.places import may_write

ENGLISH = "en"


class Files(Protocol):
    """The workspace as it is: texts by path, with slashes."""

    def read(self, path: str) -> str | None: ...

    def names(self, folder: str) -> list[str]: ...


class Draft:
    """Files as they will be. ``examples`` are those that ``files`` hold.

    Every operation raises a :class:`~handoff.errors.SetuError` that says why it cannot be done; the draft
    is then as it was before.
    """

    def __init__(self, files: Files, examples: Iterable[Example]) -> None:
        self._files = files
        self._edited: dict[str, str | None] = {}
        self._blocks: dict[str, list[Block]] = {}
        self._undo: list[Callable[[], object]] = []  # of what the operation under way has remembered
        self._known: dict[tuple[str, str], list[tuple[str, str]]] = {}
        self._homes: dict[tuple[str, str], list[str]] = {}  # files of an intent in a language
        for one in examples:
            self._known.setdefault((one.language, one.key), []).append((one.intent, one.file))
            homes = self._homes.setdefault((one.language, one.intent), [])
            if one.file not in homes:
                homes.append(one.file)

    @property
    def edited(self) -> dict[str, str | None]:
        """What differs from the workspace, by path; null: the file goes."""
        return {path: text for path, text in self._edited.items() if text != self._files.read(path)}

    def text(self, path: str) -> str | None:
        return self._edited[path] if path in self._edited else self._files.read(path)

    def do(self, operation: ops.Operation) -> None:
        before = dict(self._edited)
        self._undo.clear()
        try:
            self._do(operation)
        except Exception:
            self._edited = before
            self._blocks.clear()
            for undo in reversed(self._undo):
                undo()
            raise

    @singledispatchmethod
    def _do(self, operation: ops.Operation) -> None:
        raise NotImplementedError(type(operation))

    @_do.register
    def _(self, add: ops.AddExample) -> None:
        entities = [mark.entity_of(add.text) for mark in add.entities]
        self._add(add.intent, add.language, *clean(add.text, entities), add.file)

    @_do.register
    def _(self, remove: ops.RemoveExample) -> None:
        self._cut(*self._where(remove))
        self._forget(remove.language, clean(remove.text)[0], remove.intent)

    @_do.register
    def _(self, edit: ops.EditExample) -> None:
        path, block, number = self._where(edit)
        line = block.lines[number]
        was = read(line.marked)
        text = edit.text if edit.new_text is None else edit.new_text
        if edit.new_entities is not None:
            entities = [mark.entity_of(text) for mark in edit.new_entities]
        else:
            entities = carried(was.text, was.entities, text)
        new, entities = clean(text, entities)
        if same(new) != same(was.text):
            self._refuse_known(edit.intent, edit.language, new)
        lines = self._lines(path)
        old = lines[line.index]
        dash = old[: old.index("-") + 1]
        end = old[len(old.rstrip("\r\n")) :]
        lines[line.index] = f"{dash} {marked(new, entities)}{end}"
        self._save(path, lines)
        self._forget(edit.language, was.text, edit.intent)
        self._remember(edit.language, new, edit.intent, path)

    @_do.register
    def _(self, move: ops.MoveExample) -> None:
        path, block, number = self._where(move)
        was = read(block.lines[number].marked)
        language = move.to_language or move.language
        if (move.to, language) == (move.intent, move.language):
            raise Invalid("example_there", intent=move.to)
        self._cut(path, block, number)
        self._forget(move.language, was.text, move.intent)
        self._add(move.to, language, was.text, list(was.entities), None)

    @_do.register
    def _(self, add: ops.AddForeign) -> None:
        text, _ = clean(add.text)
        known = self._known.get((add.language, same(text)))
        if known:
            raise Conflict("example_elsewhere", text=text, intent=known[0][0])
        path = f"data/foreign/{add.language}.yml"
        content = self._need(path)
        if any(same(str(one)) == same(text) for one in yamltext.load(content, path).get("foreign") or []):
            raise Conflict("example_known", text=text)
        self._edited[path] = yamltext.append_item(content, ["foreign"], yamltext.scalar(text), path)

    @_do.register
    def _(self, add: ops.AddIntent) -> None:
        domain = self._need("domain.yml")
        intents = yamltext.load(domain, "domain.yml").get("intents") or []
        if add.name in {next(iter(one)) if isinstance(one, dict) else one for one in intents}:
            raise Conflict("intent_known", intent=add.name)
        self._edited["domain.yml"] = yamltext.append_item(domain, ["intents"], add.name, "domain.yml")
        for language, title in add.titles.items():
            line, _ = clean(title)
            for section in (["handoff", "intents"], ["actions", "reading"]):
                self._say(language, [*section, add.name], line)
        for language, definition in add.definition.items():
            self._say(language, ["workbench", "definitions", add.name], clean(definition)[0])
        for language, texts in add.examples.items():
            for text in texts:
                self._add(add.name, language, *clean(text), None)

    @_do.register
    def _(self, write: ops.WriteFile) -> None:
        path = may_write(write.path, whole=True)
        if write.content is None:
            if self.text(path) is None:
                raise NotFound("file_unknown", path=path)
            self._edited[path] = None
            return
        if "\0" in write.content or not write.content.strip():
            raise Invalid("file_empty_text", path=path)
        end = "" if write.content.endswith("\n") else "\n"
        self._edited[path] = write.content.replace("\r\n", "\n") + end

    @_do.register
    def _(self, set_: ops.SetResponse) -> None:
        path = f"data/responses/{set_.language}.yml"
        english = self.text(f"data/responses/{ENGLISH}.yml")
        if set_.language != ENGLISH and english is not None:
            known = yamltext.load(english, f"data/responses/{ENGLISH}.yml").get("responses") or {}
            if set_.name not in known:
                raise NotFound("response_unknown", name=set_.name)
        self._edited[path] = responses.set_variations(
            self._need(path), set_.name, [responses.full(one) for one in set_.variations], path
        )

    @_do.register
    def _(self, set_: ops.SetText) -> None:
        whole = set_.text if isinstance(set_.text, dict) else {"": set_.text}
        forms = {str(form): text for form, text in whole.items()}
        paths = (f"data/texts/{one}.yml" for one in (ENGLISH, set_.language))
        english, own = (yamltext.load(self._need(path), path) for path in paths)
        translating.may_stand(set_.key, forms, english, own, set_.language)
        for form, text in forms.items():
            self._say(set_.language, [*set_.key.split("."), *([form] if form else [])], text.strip())

    @_do.register
    def _(self, patch: ops.Patch) -> None:
        path = may_write(patch.path)
        text = self.text(path)
        if (text is None) != patch.created:
            raise Conflict("edits_clash", file=path, line=1, what=path)
        hunks = [patches.Hunk.from_json(one) for one in patch.hunks]
        after = patches.apply(text or "", hunks, path)
        if patch.deleted and after:
            raise Conflict("edits_clash", file=path, line=1, what=after[:200])
        self._edited[path] = None if patch.deleted else after
        self._blocks.pop(path, None)

    # -- examples --------------------------------------------------------------------------------

    def _where(self, named: ops.RemoveExample | ops.EditExample | ops.MoveExample) -> tuple[str, Block, int]:
        """File, block and number within it of the example; the one that is exactly so, else one the same
        but for capitals and blanks."""
        text, _ = clean(named.text)
        homes = [named.file] if named.file else self._homes.get((named.language, named.intent), [])
        exact, alike = [], []
        for path in homes:
            if named.file and not path.startswith(f"data/nlu/{named.language}/"):
                raise Invalid("file_of_other_language", path=path)
            for block in self._parsed(may_write(path)):
                for number, line in enumerate(block.lines if block.intent == named.intent else ()):
                    there = read(line.marked).text
                    if there in (named.text, text):
                        exact.append((path, block, number))
                    elif same(there) == same(text):
                        alike.append((path, block, number))
        if not exact and not alike:
            raise Conflict("example_gone", text=text, intent=named.intent)
        return (exact or alike)[0]

    def _cut(self, path: str, block: Block, number: int) -> None:
        lines = self._lines(path)
        index = block.lines[number].index
        if index == len(lines) - 1 and index and not lines[index].endswith("\n"):
            lines[index - 1] = lines[index - 1].rstrip("\r\n")  # the file still has no end of line at its end
        del lines[index]
        self._save(path, lines)

    def _add(
        self, intent: str, language: str, text: str, entities: Sequence[Entity], file: str | None
    ) -> None:
        line = marked(text, entities)
        self._refuse_known(intent, language, text)
        path = self._home(intent, language, file)
        block = next((one for one in reversed(self._parsed(path)) if one.intent == intent), None)
        lines = self._lines(path)
        feed = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
        if block is None:
            self._new_block(lines, intent, line, feed)
        else:
            _insert(lines, block.end, f"{' ' * block.indent}- {line}", feed)
        self._save(path, lines)
        self._remember(language, text, intent, path)

    def _new_block(self, lines: list[str], intent: str, line: str, feed: str) -> None:
        if lines and not lines[-1].endswith("\n"):
            lines[-1] += feed
        if not lines:
            lines += [f'version: "3.1"{feed}', feed, f"nlu:{feed}"]
        elif lines[-1].strip() and not lines[-1].startswith("nlu:"):
            lines.append(feed)
        lines += [f"  - intent: {intent}{feed}", f"    examples: |{feed}", f"      - {line}{feed}"]

    def _home(self, intent: str, language: str, file: str | None) -> str:
        """The file that an example belongs to: where its like are, else beside the English ones."""
        if not any(name == intent for _, name in self._homes):
            domain = yamltext.load(self.text("domain.yml") or "", "domain.yml") or {}
            if intent not in (domain.get("intents") or []):
                raise NotFound("intent_unknown", intent=intent)
        if file is not None:
            if not file.startswith(f"data/nlu/{language}/"):
                raise Invalid("file_of_other_language", path=file)
            return may_write(file)
        if here := self._homes.get((language, intent)):
            return here[0]
        if not self._files.names(f"data/nlu/{language}"):
            raise NotFound("language_unknown", language=language)
        english = self._homes.get((ENGLISH, intent), [])
        name = PurePosixPath(english[0]).name if english else "more.yml"
        return may_write(f"data/nlu/{language}/{name}")

    def _refuse_known(self, intent: str, language: str, text: str) -> None:
        for known, _ in self._known.get((language, same(text)), ()):
            if known == intent:
                raise Conflict("example_known", text=text)
            raise Conflict("example_elsewhere", text=text, intent=known)

    def _remember(self, language: str, text: str, intent: str, path: str) -> None:
        known, entry = self._known.setdefault((language, same(text)), []), (intent, path)
        known.append(entry)
        self._undo.append(lambda: known.remove(entry))
        homes = self._homes.setdefault((language, intent), [])
        if path not in homes:
            homes.append(path)
            self._undo.append(lambda: homes.remove(path))

    def _forget(self, language: str, text: str, intent: str) -> None:
        known = self._known.get((language, same(text)), [])
        entry = next((one for one in known if one[0] == intent), None)
        if entry is not None:
            known.remove(entry)
            self._undo.append(lambda: known.append(entry))

    # -- texts -----------------------------------------------------------------------------------

    def _say(self, language: str, key: Sequence[str], text: str) -> None:
        path = may_write(f"data/texts/{language}.yml")
        line = f"{yamltext.scalar(key[-1])}: {yamltext.scalar(text)}"
        self._edited[path] = yamltext.insert_key(self._need(path), key[:-1], [line], path)

    def _need(self, path: str) -> str:
        text = self.text(may_write(path))
        if text is None:
            raise NotFound("file_unknown", path=path)
        return text

    def _lines(self, path: str) -> list[str]:
        return split(self.text(path) or "")

    def _parsed(self, path: str) -> list[Block]:
        if path not in self._blocks:
            self._blocks[path] = blocks(self._lines(path))
        return self._blocks[path]

    def _save(self, path: str, lines: list[str]) -> None:
        self._edited[path] = "".join(lines)
        self._blocks.pop(path, None)


def _insert(lines: list[str], index: int, line: str, feed: str) -> None:
    """A line without its end; a file without one at its end stays so."""
    if index == len(lines) and lines and not lines[-1].endswith("\n"):
        lines[-1] += feed
        lines.append(line)
    else:
        lines.insert(index, line + feed)
