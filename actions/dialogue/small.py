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
    """A fact out of the blue: it goes with what was talked about, or begins a search."""

    action = "action_inform"

    async def answer(self, talk: Talk) -> None:
        if follow_up(talk):
            return
        if read_wish(talk):
            talk.go_on("find_product", with_text=True)
        else:
            talk.say("utter_what_about_it")


def follow_up(talk: Talk) -> bool:
    """Whether the message only makes sense with what was asked before ("and the other one?", "and to
    Dhaka?", "what about red"): then that is asked once more, with this message."""
    last, number = talk.get("last_task"), number_in(talk)
    cards: list[str] = (talk.get("search") or {}).get("cards", []) if last in SHOWING else []
    card = picked(talk, len(cards))
    earlier = next((i for i in reversed(talk.earlier_intents()) if talk.can_go_on(i)), None)
    if number:
        meant = _about_order(talk) or (last if last in ABOUT_ORDERS else "track_order")
        talk.go_on(meant, {"order_number": number})
    elif card is not None:
        talk.go_on("check_stock", {"product": cards[card]})
    elif last in ABOUT_ORDERS and _points(talk):
        talk.go_on(last, with_text=True)
    elif earlier and _place_or_day(talk, earlier):
        talk.go_on(earlier, with_text=True)
    elif last in SHOWING and refines(talk):
        talk.go_on("find_product", with_text=True)
    else:
        return False
    return True


def _place_or_day(talk: Talk, earlier: str) -> bool:
    place = earlier in ABOUT_PLACES and talk.reference.place(talk.text) is not None
    return place or (earlier == "opening_hours" and talk.entity("date") is not None)


def _about_order(talk: Talk) -> str | None:
    """The likeliest reading, if it is about an order and no less likely than all others together."""
    ranking = talk.said.get("intent_ranking") or [{}]
    name, confidence = ranking[0].get("name"), float(ranking[0].get("confidence") or 0.0)
    likely = talk.intent == "nlu_fallback" and confidence >= LIKELY
    return str(name) if likely and name in ABOUT_ORDERS | {"change_order", "change_address"} else None


def _points(talk: Talk) -> bool:
    return len(talk.text.split()) <= POINTED and any(said_any(talk, key) for key in POINTING)


LIKELY = 0.5
POINTED = 7  # words: a longer message has more to say than which one
POINTING = ("other", "first", "second", "last", "latest")
SHOWING = frozenset({"find_product", "recommend", "check_stock"})
ABOUT_PLACES = frozenset({"delivery_time", "delivery_options", "store_locations", "opening_hours"})
ABOUT_ORDERS = frozenset(
    {"track_order", "get_invoice", "refund_status", "late_parcel", "lost_parcel"}
    | {"return_item", "exchange_item", "damaged_item", "wrong_item", "cancel_order"}
)
