"""A message the bot is unsure about: asked about once, then a person takes over."""

from __future__ import annotations

from actions.dialogue.articles import answer_in_doubt
from actions.dialogue.handoff import hand_over
from actions.dialogue.simple import Simple
from actions.dialogue.small import follow_up
from actions.dialogue.talk import Button, Talk

READINGS = 3
LEAST = 0.05  # readings less probable than that are no help


class AskReading(Simple):
    action = "action_ask_reading"

    async def answer(self, talk: Talk) -> None:
        if follow_up(talk):  # "what about red": a fact says enough without an intent
            return
        if await answer_in_doubt(talk):
            return
        if talk.just_said("utter_which_reading", "utter_not_understood"):
            hand_over(talk, "doubt")
            return
        readings = self._readings(talk)
        none = talk.button("actions.button.none_of_these", "deny")
        if readings:
            talk.say("utter_which_reading", [*readings, none])
        else:
            talk.say("utter_not_understood")

    def _readings(self, talk: Talk) -> list[Button]:
        ranking = talk.said.get("intent_ranking") or []
        likely = [
            str(reading["name"])
            for reading in ranking
            if float(reading["confidence"]) >= LEAST and talk.can_go_on(str(reading["name"]))
        ]
        return [talk.button(f"actions.reading.{name}", name) for name in likely[:READINGS]]
