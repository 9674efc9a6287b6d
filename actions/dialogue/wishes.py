"""Preferences: told, shown, corrected, forgotten."""

from __future__ import annotations

from typing import Any

from actions.customers import preferences
from actions.dialogue.answers import Choice, Sure, said_any, yes_and_no
from actions.dialogue.simple import Simple
from actions.dialogue.talk import Talk
from actions.dialogue.task import Task
from actions.dialogue.tastes import adopt, known_tastes, read_wish, remember
from actions.errors import Invalid, ShopError

EVERYTHING = "everything"
TOPICS = (*preferences.NAMES, EVERYTHING)


def shown(talk: Talk, name: str, value: Any) -> str:
    """A stored preference in words."""
    if name == "sizes":
        parts = [
            talk.word("shop.preference_value.size", where=_sized(talk, group), size=talk.size(size))
            for group, size in value.items()
        ]
        return talk.listed(parts)
    if name == "budget":
        return talk.word(
            "shop.preference_value.budget", amount=talk.money(value["amount"], value["currency"])
        )
    if name == "categories":
        return talk.listed(talk.category(path) for path in value)
    if name == "colours":
        return talk.listed(talk.colour(colour) for colour in value)
    if name == "contact_hours":
        return talk.word("shop.preference_value.hours", start=value[0], end=value[1])
    if name == "language":
        return talk.word(f"actions.language.{value}")
    if name == "contact_channel":
        return talk.word(f"shop.channel.{value}")
    return talk.listed(value) if isinstance(value, list) else str(value)


def _line(talk: Talk, name: str, value: Any) -> str:
    return talk.word(
        "actions.named", name=talk.word(f"shop.preference.{name}"), value=shown(talk, name, value)
    )


def _sized(talk: Talk, where: str) -> str:
    """What a size is of: a group of sizes, or a category with a size of its own."""
    if where in talk.reference.size_groups:
        return talk.word(f"shop.size_group.{where}")
    return talk.category(where)


def said_preferences(talk: Talk) -> dict[str, Any]:
    """What the message tells of tastes, by name, as :func:`preferences.normalise` takes it."""
    wish, reference = read_wish(talk), talk.reference
    said: dict[str, Any] = {}
    if wish.size:
        sized = [path for path in wish.categories if reference.size_group(path)]
        groups = reference.groups_of_size(wish.size)
        if sized:
            said["sizes"] = {reference.size_group(sized[0]): wish.size}
        elif len(groups) == 1 or "clothes" in groups:
            said["sizes"] = {"clothes" if "clothes" in groups else next(iter(groups)): wish.size}
    elif wish.categories and not said_any(talk, "avoid"):
        said["categories"] = talk.text
    if wish.avoid_brands:
        said["avoid_brands"] = list(wish.avoid_brands)
    if wish.colours and not said_any(talk, "avoid"):
        said["colours"] = list(wish.colours)
    if wish.budget:
        said["budget"] = {"amount": wish.budget[0], "currency": wish.budget[1]}
    if said_any(talk, "contact"):
        for name in ("contact_channel", "contact_hours"):
            try:
                said[name] = preferences.normalise(name, talk.text, reference)
            except Invalid:
                continue
    return said


class SetPreference(Simple):
    action = "action_set_preference"

    async def answer(self, talk: Talk) -> None:
        await adopt(talk)
        said = said_preferences(talk)
        if not said:
            talk.say("utter_preference_which")
            return
        noted = []
        for name, value in said.items():
            try:
                await remember(talk, name, value, add=not said_any(talk, "not_any_more"))
            except Invalid as error:
                talk.say("utter_refused", reason=talk.word(error.key, **error.values))
                continue
            noted.append(_line(talk, name, preferences.normalise(name, value, talk.reference)))
        if noted:
            response = "utter_preference_noted" if talk.customer_id else "utter_preference_noted_here"
            talk.say(response, what=" · ".join(noted))


class ShowPreferences(Simple):
    action = "action_show_preferences"

    async def answer(self, talk: Talk) -> None:
        await adopt(talk)
        known = await known_tastes(talk)
        if not known:
            talk.say("utter_preferences_none")
            return
        lines = [_line(talk, name, v) for name, v in known.items()]
        talk.say(
            "utter_preferences",
            [talk.button("actions.reading.forget_preferences", "forget_preferences")],
            preferences="\n".join(lines),
        )


class ForgetPreferences(Task):
    """One by name at once; everything after a question."""

    name = "forget_preferences"

    def __init__(self) -> None:
        self.questions = (Choice("topic", "utter_forget_what", TOPICS), _SureOfAll(self.name, self._ask_sure))

    async def possible(self, talk: Talk) -> bool:
        known = await known_tastes(talk)
        if not known:
            talk.say("utter_preferences_none")
        return bool(known)

    async def _ask_sure(self, talk: Talk) -> None:
        talk.say("utter_forget_sure", yes_and_no(talk))

    async def do(self, talk: Talk) -> None:
        topic = str(talk.get("topic"))
        if topic == EVERYTHING and not talk.get("confirmed"):
            talk.say("utter_forget_kept")
            return
        names = None if topic == EVERYTHING else [topic]
        known = await known_tastes(talk)
        wish = read_wish(talk)
        brands = [brand for brand in wish.brands + wish.avoid_brands if brand in known.get(topic, ())]
        part = brands[0] if topic == "avoid_brands" and brands else None
        try:
            await self._forget(talk, names, part)
        except ShopError:
            talk.say("utter_preferences_none")
            return
        talk.forget("pref_sizes", "pref_budget", "pref_avoid_brands")
        what = part or talk.word(f"actions.topic.{topic}")
        talk.say("utter_forgotten_all" if names is None else "utter_forgotten", what=what)

    async def _forget(self, talk: Talk, names: list[str] | None, part: str | None) -> None:
        if talk.customer_id:
            async with talk.write() as session:
                await preferences.forget(session, talk.customer_id, names, part)
            return
        told: dict[str, Any] = talk.get("preferences") or {}
        known = {name: value for name, value in told.items() if names is not None and name not in names}
        if part:
            rest = [brand for brand in told["avoid_brands"] if brand != part]
            known |= {"avoid_brands": rest} if rest else {}
        talk.put(preferences=known or None)


class _SureOfAll(Sure):
    async def needed(self, talk: Talk) -> bool:
        return bool(talk.get("topic") == EVERYTHING)
