"""A new password, the newsletter, and the data there are: what a customer may have of us."""

from __future__ import annotations

from actions.customers import accounts, consents, profiles
from actions.dialogue.answers import Email
from actions.dialogue.order import own_orders
from actions.dialogue.simple import Simple
from actions.dialogue.talk import Talk
from actions.dialogue.task import Task


class RecoverPassword(Task):
    """A link goes to the mailbox. A password is never asked for, nor believed to be one."""

    name = "recover_password"

    def __init__(self) -> None:
        self.questions = (Email("utter_password_email"),)

    async def do(self, talk: Talk) -> None:
        async with talk.write() as session:
            customer = talk.customer_id
            if customer is None:
                known = await profiles.by_email(session, str(talk.get("email")))
                customer = known.id if known else None
            if customer:
                await accounts.request(session, customer, "password_reset", now=talk.now())
        talk.say("utter_password_link")


class Newsletter(Simple):
    wanted: bool

    async def answer(self, talk: Talk) -> None:
        if talk.customer_id is None:
            talk.say("utter_newsletter_sign_in" if self.wanted else "utter_newsletter_footer")
            return
        change = consents.grant if self.wanted else consents.withdraw
        async with talk.write() as session:
            changed = await change(session, talk.customer_id, "newsletter", now=talk.now())
        state = "on" if self.wanted else "off"
        talk.say(f"utter_newsletter_{state}" if changed else f"utter_newsletter_{state}_already")


class NewsletterSubscribe(Newsletter):
    action = "action_newsletter_subscribe"
    wanted = True


class NewsletterUnsubscribe(Newsletter):
    action = "action_newsletter_unsubscribe"
    wanted = False


class MyData(Simple):
    action = "action_my_data"

    async def answer(self, talk: Talk) -> None:
        if talk.customer_id is None:
            talk.say("utter_my_data_anonymous")
            return
        async with talk.read() as session:
            profile = await profiles.profile(session, talk.customer_id, talk.reference, talk.now())
        if profile is None:
            talk.say("utter_my_data_none")
            return
        talk.say(
            "utter_my_data",
            [
                talk.button("actions.reading.show_preferences", "show_preferences"),
                talk.button("actions.reading.list_orders", "list_orders"),
                talk.button("actions.reading.edit_account", "edit_account"),
            ],
            name=profile.name,
            email=profile.email,
            phone=profile.phone or talk.word("actions.none_yet"),
            since=talk.day(profile.since),
            orders=len(await own_orders(talk)),
            points=profile.points,
        )
