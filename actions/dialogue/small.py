"""The small moves of a talk: greeting, yes and no to what was offered, dropping it, saying it again."""

from __future__ import annotations

from actions.customers import profiles
from actions.dialogue.answers import picked, said_any
from actions.dialogue.handoff import hand_over
from actions.dialogue.order import number_in
from actions.dialogue.simple import Simple
from actions.dialogue.talk import Talk
from actions.dialogue.tastes import read_wish, refines


class Greet(Simple):
    action = "action_greet"

    async def answer(self, talk: Talk) -> None:
        profile = None
        if talk.customer_id:
            async with talk.read() as session:
                profile = await profiles.get(session, talk.customer_id)
        if profile and profile.given_name:
            talk.say("utter_greet_known", name=profile.given_name)
        else:
            talk.say("utter_greet")


class Goodbye(Simple):
    action = "action_goodbye"

    async def answer(self, talk: Talk) -> None:
        talk.leave_form()
        talk.forget("proposed")
        talk.say("utter_goodbye")


class Affirm(Simple):
    """A yes to what was offered; to nothing in particular it is answered with a question."""

    action = "action_affirm"

    async def answer(self, talk: Talk) -> None:
        proposed = talk.proposed()
        talk.forget("proposed")
        if proposed:
            talk.go_on(proposed)
        else:
            talk.say("utter_what_else")


class Deny(Simple):
    """A no to what was offered. To the readings of a doubtful message it means: none of these."""

    action = "action_deny"

    async def answer(self, talk: Talk) -> None:
        offered = talk.proposed() is not None
        talk.forget("proposed")
        if talk.just_said("utter_which_reading", "utter_not_understood"):
            hand_over(talk, "doubt")
        elif talk.get("last_task") in SHOWING and refines(talk):
            talk.go_on("find_product", with_text=True)  # "not these, something in beige"
        else:
            talk.say("utter_all_right" if offered else "utter_denied")


class NeverMind(Simple):
    action = "action_never_mind"

    async def answer(self, talk: Talk) -> None:
        talk.say("utter_dropped" if talk.form else "utter_all_right")
        talk.leave_form()
        talk.forget("proposed")


class Repeat(Simple):
    """The last answer once more, word by word."""

    action = "action_repeat"

    async def answer(self, talk: Talk) -> None:
        answers = [event for event in talk.last_answers() if event.get("text")]
        if not answers:
            talk.say("utter_nothing_to_repeat")
        elif not talk.form:  # a form asks its question again by itself
            for event in answers:
                talk.say("utter_text", (event.get("data") or {}).get("buttons") or (), text=event["text"])


class Inform(Simple):
    """A fact out of the blue: an order number is looked up, a card picked, the last search refined."""

    action = "action_inform"

    async def answer(self, talk: Talk) -> None:
        last, number = talk.get("last_task"), number_in(talk)
        cards: list[str] = (talk.get("search") or {}).get("cards", []) if last in SHOWING else []
        card = picked(talk, len(cards))
        if number:
            talk.go_on(last if last in ABOUT_ORDERS else "track_order", {"order_number": number})
        elif card is not None:
            talk.go_on("check_stock", {"product": cards[card]})
        elif last == "track_order" and any(said_any(talk, key) for key in POINTING):
            talk.go_on("track_order", with_text=True)
        elif read_wish(talk) or (last in SHOWING and refines(talk)):
            talk.go_on("find_product", with_text=True)
        else:
            talk.say("utter_what_about_it")


POINTING = ("other", "first", "second", "last", "latest")
SHOWING = frozenset({"find_product", "recommend", "check_stock"})
ABOUT_ORDERS = frozenset(
    {"track_order", "get_invoice", "refund_status", "late_parcel", "lost_parcel"}
    | {"return_item", "exchange_item", "damaged_item", "wrong_item", "cancel_order"}
)
