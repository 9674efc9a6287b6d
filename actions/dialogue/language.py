"""Changing the language of the talk."""

from __future__ import annotations

from actions.dialogue.simple import Simple
from actions.dialogue.talk import Talk
from bot.reading.grammar import find, plain_words


class ChangeLanguage(Simple):
    """To one that there are texts for; else say which there are."""

    action = "action_change_language"

    async def answer(self, talk: Talk) -> None:
        spoken = talk.tools.texts.languages
        names = {code: talk.word(f"actions.language.{code}") for code in spoken}
        wanted = self._wanted(talk)
        if wanted in spoken:
            talk.put(language=wanted)
            talk.say("utter_language_changed", language=talk.word(f"actions.language.{wanted}"))
        else:
            talk.say("utter_languages", languages=talk.listed(names.values()))

    def _wanted(self, talk: Talk) -> str | None:
        known: dict[str, list[str]] = talk.tools.texts.section("actions", talk.language)["language_words"]
        said = talk.grammar.forms(talk.text)
        named = (
            code
            for code, words in known.items()
            if any(find(said, plain_words(word)) is not None for word in words)
        )
        return next(named, None) or talk.reference.language_words.one(talk.text)
