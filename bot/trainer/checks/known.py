"""What the domain and the answers name, each with its place. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from yaml.nodes import Node

from bot.trainer.checks.source import Source, get, items, names

#: Rasa's own, known without being named.
INTENTS = frozenset(
    {"nlu_fallback", "restart", "back", "session_start", "out_of_scope", "action_deactivate_loop"}
)
ACTIONS = frozenset(
    {
        "action_listen",
        "action_restart",
        "action_session_start",
        "action_default_fallback",
        "action_deactivate_loop",
        "action_revert_fallback_events",
        "action_default_ask_affirmation",
        "action_default_ask_rephrase",
        "action_two_stage_fallback",
        "action_unlikely_intent",
        "action_back",
        "action_extract_slots",
        "action_send_text",
    }
)
SLOTS = frozenset({"requested_slot", "session_started_metadata"})

Named = dict[str, tuple[Source, Node]]


@dataclass(slots=True)
class Known:
    """``responses``: of the domain and English; ``translated``: by language."""

    intents: Named = field(default_factory=dict)
    entities: Named = field(default_factory=dict)
    slots: Named = field(default_factory=dict)
    forms: Named = field(default_factory=dict)
    actions: Named = field(default_factory=dict)
    responses: Named = field(default_factory=dict)
    translated: dict[str, Named] = field(default_factory=dict)
    twice: list[tuple[str, Source, Node]] = field(default_factory=list)

    @classmethod
    def of(cls, domain: Source, answers: Mapping[str, Source]) -> Known:
        known = cls()
        for section in ("intents", "entities", "actions"):
            for name, where in names(get(domain.root, section)):
                if name in getattr(known, section):
                    known.twice.append((name, domain, where))
                getattr(known, section)[name] = (domain, where)
        for section in ("slots", "forms", "responses"):
            for name, where, _ in items(get(domain.root, section)):
                getattr(known, section)[name] = (domain, where)
        for language, source in answers.items():
            found = {name: (source, where) for name, where, _ in items(get(source.root, "responses"))}
            known.translated[language] = found
            if language == "en":
                known.responses |= found
        return known

    def is_action(self, name: str) -> bool:
        return any(name in some for some in (ACTIONS, self.actions, self.forms, self.responses))
