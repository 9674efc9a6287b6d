"""The domain, the answers and the code behind the actions: whether they fit together. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from yaml.nodes import Node

from bot.trainer.checks.known import SLOTS, Known
from bot.trainer.checks.source import Problem, Source, entries, get, items, scalar

_ASKS = re.compile(r"(utter_ask|action_ask)_.+")


def look(domain: Source, known: Known, coded: Collection[str] | None) -> Iterator[Problem]:
    """``coded``: names of actions that there is code for; None where the code is not at hand."""
    for name, source, where in known.twice:
        yield source.problem(where, "error", "name_twice", name=name)
    for form, _, settings in items(get(domain.root, "forms")):
        for wanted in entries(get(settings, "required_slots")):
            needed = scalar(wanted)
            if needed and needed not in known.slots:
                yield domain.problem(wanted, "error", "form_slot_unknown", form=form, slot=needed)
    for slot, _, settings in items(get(domain.root, "slots")):
        yield from _mappings(domain, slot, settings, known)
    if coded is not None:
        for action, (source, where) in known.actions.items():
            if not action.startswith("utter_") and action not in coded:
                yield source.problem(where, "error", "action_without_code", name=action)


def _mappings(domain: Source, slot: str, settings: Node, known: Known) -> Iterator[Problem]:
    if get(settings, "mappings") is None and slot not in SLOTS:
        yield domain.problem(settings, "error", "slot_without_mapping", slot=slot)
    for mapping in entries(get(settings, "mappings")):
        entity = get(mapping, "entity")
        if entity is not None and scalar(entity) not in known.entities:
            yield domain.problem(entity, "error", "entity_unknown", entity=scalar(entity))
        intent = get(mapping, "intent")
        if intent is not None and scalar(intent) is not None and scalar(intent) not in known.intents:
            yield domain.problem(intent, "error", "intent_unknown", intent=scalar(intent))


def answers(known: Known, sources: Collection[Source]) -> Iterator[Problem]:
    """Each has words, and words in English."""
    for language, found in known.translated.items():
        for name, (source, where) in found.items():
            if language != "en" and name not in known.responses:
                yield source.problem(where, "error", "response_without_english", name=name)
    for source in sources:
        if source.root is not None and get(source.root, "responses") is None:
            yield source.problem(source.root, "error", "responses_missing")
        for name, where, variations in items(get(source.root, "responses")):
            if not entries(variations):
                yield source.problem(where, "error", "response_empty", name=name)
            for one in entries(variations):
                if not {key for key, _, _ in items(one)} & {
                    "text",
                    "custom",
                    "image",
                    "attachment",
                    "buttons",
                }:
                    yield source.problem(one, "error", "response_empty", name=name)


def unused(known: Known, used: Collection[str], learnt: Collection[str]) -> Iterator[Problem]:
    """Intents that have neither examples nor a rule, and those that are learnt for nothing."""
    for intent, (source, where) in known.intents.items():
        if intent not in used:
            code = "intent_unanswered" if intent in learnt else "intent_unused"
            yield source.problem(where, "warning", code, intent=intent)
