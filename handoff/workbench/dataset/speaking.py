"""Findings and changes in a trainer's words."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from actions.texts import Texts
from handoff.agents.models import Agent
from handoff.errors import words
from handoff.workbench.context import Context
from handoff.workbench.dataset.findings import Finding

WRITTEN = frozenset({"response_missing", "text_missing"})  # mended by who writes what is missing
EXAMPLES = 10  # of a finding that are told
QUOTED = frozenset({"text", "other", "word"})  # a customer's words, in whatever script
# Words from right to left turn nothing around them (Unicode UAX 9: first strong isolate and its end).
ISOLATED, ENDED = "\u2068", "\u2069"


def language_of(agent: Agent, context: Context) -> str:
    """The first of the agent's that the texts have, as on the workbench's page."""
    return context.texts.first(agent.languages)


class Speech:
    def __init__(self, texts: Texts, language: str) -> None:
        self._texts = texts
        self._language = language

    def title(self, intent: str) -> str:
        """Of an intent; one without a title is its name in plain words."""
        return self._say(f"handoff.intents.{intent}") or intent.replace("_", " ")

    def entity(self, name: str) -> str:
        return self._say(f"desk.slots.{name}") or name.replace("_", " ")

    def spoken(self, language: str) -> str:
        return self._say(f"desk.languages.{language}") or language

    def say(self, key: str, **values: str) -> str:
        return self._texts.say(key, self._language, **values)

    def text(self, finding: Finding) -> str:
        """One sentence; intents and entities by their titles, languages by their names."""
        values = dict(finding.values)
        for key, of in (
            ("intent", self.title),
            ("other_intent", self.title),
            ("fits", self.title),
            ("entity", self.entity),
            ("usual", self.entity),
        ):
            if key in values:
                values[key] = of(str(values[key]))
        for key in QUOTED & values.keys():
            values[key] = f"{ISOLATED}{values[key]}{ENDED}"
        if "intents" in values:
            values["intents"] = ", ".join(self.title(one) for one in str(values["intents"]).split(", "))
        if "where" in values:
            traffic = self._texts.say("workbench.data.traffic", self._language)
            values["where"] = str(values["where"]).replace("traffic", traffic)
        if "language" in values:
            values["language"] = self.spoken(str(values["language"]))
        return self._texts.say(f"workbench.data.problems.{finding.code}", self._language, **values)

    def problem(self, finding: Finding) -> dict[str, Any]:
        """As the page of problems shows it."""
        told = [example.as_json() for example in finding.examples[:EXAMPLES]]
        text = self.text(finding)
        ids = repr((finding.code, sorted(finding.values.items(), key=str), finding.files[:3]))
        return {
            "id": hashlib.blake2b(ids.encode(), digest_size=8).hexdigest(),
            "code": finding.code,
            "severity": finding.serious,
            "text": text,
            "files": [{"file": file, "line": line} for file, line in finding.files[:EXAMPLES]],
            "examples": told,
            "fix": list(finding.fix) if finding.fix else None,
            "lacks": finding.values.get("language") if finding.code in WRITTEN else None,
        }

    def line(self, finding: Finding) -> dict[str, Any]:
        """As it stands beside a diff."""
        file, line = next(iter(finding.files), ("", 0))
        return {
            "code": finding.code,
            "severity": finding.serious,
            "file": file,
            "line": line,
            "text": self.text(finding),
        }

    def left_out(self, operation: Mapping[str, Any], why: Mapping[str, Any]) -> dict[str, Any]:
        """What could not be done, and so is not in the change."""
        reason = words(self._texts, why["code"], self._language, dict(why["values"]))
        values = {"text": operation.get("text", operation.get("name", "")), "problem": reason}
        said = self._texts.say("workbench.data.problems.left_out", self._language, **values)
        return {"code": "left_out", "severity": "warning", "file": "", "line": 0, "text": said}

    def _say(self, key: str) -> str | None:
        try:
            return self._texts.say(key, self._language)
        except KeyError:
            return None
