"""Rules, stories and conversation tests as what they are: talks. Pure.

What the customer says is an example of the intent where only the intent is written; what the bot says is
its response in the asked language; an action without words of its own is told in plain words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Protocol

import yaml

from handoff.errors import Invalid
from handoff.workbench.dataset import yamltext

ENGLISH = "en"
_KINDS = {"rules": "rule", "stories": "story"}


class Words(Protocol):
    """What is said in the asked language, and in which words that is told which has none."""

    def example(self, intent: str) -> str | None: ...

    def response(self, name: str) -> Mapping[str, Any] | None: ...

    def plain(self, key: str, **values: str) -> str: ...

    def title(self, intent: str) -> str: ...

    def slots(self, form: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Tale:
    """``language``: that of the folder, of tests in other languages; ``node``: as it is written."""

    id: str
    kind: str  # rule story test
    title: str
    file: str
    line: int
    language: str | None
    node: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        """Without the steps."""
        return {
            "id": self.id,
            "kind": self.kind,
            "title": self.title,
            "file": self.file,
            "line": self.line,
            "language": self.language,
        }


def read(path: str, text: str, languages: Sequence[str] = ()) -> list[Tale]:
    """The talks of a file; of one that cannot be read none (the checks tell)."""
    try:
        content = yamltext.load(text, path)
        root = yaml.compose(text, yaml.CSafeLoader)
    except (Invalid, yaml.YAMLError):
        return []
    if not isinstance(content, dict) or not isinstance(root, yaml.MappingNode):
        return []
    if path.startswith("tests/stories/"):
        if not isinstance(content.get("steps"), list) or not content.get("conversation"):
            return []
        folder = PurePosixPath(path).parent.name
        language = folder if folder in languages else None
        return [
            Tale(_id(path, ""), "test", str(content["conversation"]), path, 1, language, content),
        ]
    found = []
    for section, kind in _KINDS.items():
        pair = yamltext.find(root, [section])
        lines = [node.start_mark.line + 1 for node in pair[1].value] if pair else []
        for line, node in zip(lines, content.get(section) or [], strict=False):
            if isinstance(node, dict) and node.get(kind) and isinstance(node.get("steps"), list):
                title = str(node[kind])
                found.append(Tale(_id(path, f"{kind} {title}"), kind, title, path, line, None, node))
    return found


def steps(tale: Tale, words: Words) -> list[dict[str, Any]]:
    """``{who: customer|bot|person, text, intent?, action?, title?, note?, buttons?}`` in their order."""
    if tale.kind == "test":
        return list(_played(tale.node, words))
    told = [
        {"who": "bot", "text": "", "note": words.plain("while", form=words.slots(str(name)))}
        for name in _loops(tale.node.get("condition") or [])
    ]
    for step in tale.node["steps"]:
        if isinstance(step, dict):
            told += _written(step, words)
    return told


def playable(tale: Tale, words: Words) -> dict[str, Any] | None:
    """A rule or a story as the steps of a conversation test: an example for each intent, and what follows it
    in so far as it says so by name. None where it cannot begin by itself (within a form)."""
    if tale.node.get("condition"):
        return None
    played: list[dict[str, Any]] = []
    for step in tale.node["steps"]:
        if not isinstance(step, dict):
            continue
        if "intent" in step:
            text = step.get("user") or words.example(str(step["intent"]))
            if text is None:  # only the gateway and buttons say it
                return None
            played.append({"user": str(text), "expect": {"intent": str(step["intent"])}})
        elif not played:
            return None
        elif str(step.get("action", "")).startswith("utter_"):
            played[-1]["expect"].setdefault("says", []).append(step["action"])
        elif "active_loop" in step:
            played[-1]["expect"]["form"] = step["active_loop"]
    return {"conversation": tale.title, "steps": played} if played else None


def _loops(conditions: Sequence[Any]) -> Iterator[Any]:
    for one in conditions:
        if isinstance(one, dict) and one.get("active_loop"):
            yield one["active_loop"]


def _written(step: Mapping[str, Any], words: Words) -> Iterator[dict[str, Any]]:
    """A step of a rule or a story."""
    if "or" in step:
        intents = [one["intent"] for one in step["or"] if isinstance(one, dict) and "intent" in one]
        if intents:
            note = words.plain("or", intents=", ".join(words.title(one) for one in intents))
            yield _customer(intents[0], words) | {"note": note}
    elif "intent" in step:
        said = _customer(str(step["intent"]), words)
        yield said | ({"text": str(step["user"])} if isinstance(step.get("user"), str) else {})
    elif "user" in step:
        yield {"who": "customer", "text": str(step["user"])}
    elif "action" in step:
        yield _action(str(step["action"]), words)
    elif "bot" in step:
        yield {"who": "bot", "text": str(step["bot"])}
    elif step.get("active_loop", "") is None:
        yield {"who": "bot", "text": "", "note": words.plain("answered")}
    elif "checkpoint" in step:
        yield {"who": "bot", "text": "", "note": words.plain("checkpoint", name=str(step["checkpoint"]))}


def _customer(intent: str, words: Words) -> dict[str, Any]:
    text = words.example(intent)
    return {"who": "customer", "text": text or "", "intent": intent, "title": words.title(intent)}


def _action(name: str, words: Words) -> dict[str, Any]:
    if name.startswith("utter_"):
        return _response(name, words)
    if name.endswith("_form"):
        return {"who": "bot", "text": words.plain("asks", slots=words.slots(name)), "action": name}
    what = words.title(name.removeprefix("action_"))
    return {"who": "bot", "text": words.plain("does", what=what), "action": name}


def _response(name: str, words: Words) -> dict[str, Any]:
    found = words.response(name) or {}
    told = {"who": "bot", "text": str(found.get("text") or ""), "action": name}
    return told | ({"buttons": found["buttons"]} if found.get("buttons") else {})


def _played(node: Mapping[str, Any], words: Words) -> Iterator[dict[str, Any]]:
    for step in node["steps"]:
        if not isinstance(step, dict):
            continue
        expect = step.get("expect") if isinstance(step.get("expect"), dict) else {}
        assert isinstance(expect, dict)
        if "handed_back" in step:
            yield from _handed_back(step["handed_back"] or {}, words)
        else:
            said = {"who": "customer", "text": str(step.get("user", step.get("tap", "")))}
            if "tap" in step:
                said["note"] = words.plain("taps")
            if intent := expect.get("intent"):
                said |= {"intent": str(intent), "title": words.title(str(intent))}
            yield said
        replies = list(_expected(expect, words))
        notes = list(_notes(expect, words))
        if notes and replies:
            replies[-1]["note"] = "; ".join(notes)
        elif notes:
            replies = [{"who": "bot", "text": "", "note": "; ".join(notes)}]
        yield from replies


def _handed_back(back: Mapping[str, Any], words: Words) -> Iterator[dict[str, Any]]:
    for line in back.get("meanwhile") or []:
        for sender, text in line.items():
            yield {"who": "person" if sender == "agent" else "customer", "text": str(text)}
    following = back.get("next")
    note = words.plain("back_next", intent=words.title(str(following))) if following else words.plain("back")
    yield {"who": "person", "text": "", "note": note}


def _expected(expect: Mapping[str, Any], words: Words) -> Iterator[dict[str, Any]]:
    for wanted in expect.get("replies") or expect.get("says") or []:
        said = str(wanted)
        if said.startswith("utter_"):
            yield _response(said, words)
        elif len(said) > 1 and said.startswith("/") and said.endswith("/"):
            yield {"who": "bot", "text": "", "note": words.plain("says", text=said[1:-1])}
        else:
            yield {"who": "bot", "text": said}


def _notes(expect: Mapping[str, Any], words: Words) -> Iterator[str]:
    if expect.get("handoff"):
        yield words.plain("hands_over", reason=str(expect["handoff"]))
    elif "handoff" in expect:
        yield words.plain("hands_over_not")
    if expect.get("doubtful"):
        yield words.plain("asks_back")
    if expect.get("form"):
        yield words.plain("asks", slots=words.slots(str(expect["form"])))
    if isinstance(expect.get("buttons"), list):
        yield words.plain("offers", what=", ".join(map(str, expect["buttons"])))
    if expect.get("cards"):
        yield words.plain("shows_cards")
    for name, value in (expect.get("slots") or {}).items():
        yield words.plain("keeps", name=str(name), value="–" if value is None else str(value))
    if expect.get("never"):
        yield words.plain("never", what=", ".join(str(one).strip("/") for one in expect["never"]))


def _id(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=9).hexdigest()
