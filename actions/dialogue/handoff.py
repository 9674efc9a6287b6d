"""Giving the talk to a person, and taking it back."""

from __future__ import annotations

from actions.dialogue.simple import Simple
from actions.dialogue.talk import Talk


def hand_over(talk: Talk, reason: str, note: str = "") -> None:
    """Tell the customer, and tell the gateway why: asked doubt complaint cannot."""
    talk.say(f"utter_handoff_{reason}")
    talk.send(handoff={"reason": reason, "note": note})


class Handoff(Simple):
    action = "action_handoff"

    async def answer(self, talk: Talk) -> None:
        hand_over(talk, "asked")
        talk.leave_form()


class HandedBack(Simple):
    """The person is done: the bot says so and goes on with what the person left it to do."""

    action = "action_handed_back"

    async def answer(self, talk: Talk) -> None:
        talk.leave_form()
        talk.forget("proposed")
        following = talk.entity("next")
        if following and talk.can_go_on(following):
            talk.say("utter_back_and_on")
            talk.go_on(following)
        else:
            talk.say("utter_back")


class SentFile(Simple):
    """A picture or file without words: it is kept, and a person can look at it. A task goes on."""

    action = "action_sent_file"

    async def answer(self, talk: Talk) -> None:
        said = {"image": "utter_got_picture", "audio": "utter_got_voice"}
        talk.say(
            said.get(talk.entity("file_kind") or "", "utter_got_file"),
            [talk.button("actions.reading.contact_human", "contact_human")],
        )


class Complaint(Simple):
    """Take it seriously, say so, and offer a person; a second complaint brings one unasked."""

    action = "action_complaint"

    async def answer(self, talk: Talk) -> None:
        if "complaint" in talk.earlier_intents():
            hand_over(talk, "complaint", note=talk.text[:300])
            talk.leave_form()
        else:
            talk.leave_form()  # nobody who is upset wants to be asked for a size
            talk.say("utter_complaint")
            talk.propose("contact_human")
