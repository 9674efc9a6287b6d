"""Ways to pay, and payments that went wrong."""

from __future__ import annotations

from actions.dialogue.answers import Choice
from actions.dialogue.articles import Informed
from actions.dialogue.handoff import hand_over
from actions.dialogue.talk import Talk
from actions.dialogue.task import Task

PROBLEMS = ("declined", "charged_twice", "paid_no_order", "wrong_amount", "other")


class PaymentMethods(Informed):
    action = "action_payment_methods"

    async def facts(self, talk: Talk) -> None:
        methods = talk.reference.payment_methods(talk.country)
        talk.say(
            "utter_payment_methods", methods=talk.listed(talk.word(f"shop.payment.{m}") for m in methods)
        )


class PaymentProblem(Task):
    """A declined card can be tried again; where money is at stake a person looks."""

    name = "payment_problem"

    def __init__(self) -> None:
        self.questions = (Choice("problem", "utter_payment_what", PROBLEMS),)

    async def do(self, talk: Talk) -> None:
        problem = str(talk.get("problem"))
        if problem == "declined":
            talk.say(
                "utter_payment_declined", [talk.button("actions.reading.payment_methods", "payment_methods")]
            )
            talk.propose("contact_human")
        else:
            hand_over(talk, "payment", note=talk.word(f"actions.problem.{problem}"))
