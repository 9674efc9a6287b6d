"""Accounts: opening, changing, deleting, passwords, the newsletter, one's own data."""

from __future__ import annotations

import re

import regex

from actions.customers import accounts, privacy, profiles
from actions.dialogue.answers import Choice, Email, Sure, email_in, plain, yes_and_no
from actions.dialogue.order import own_orders
from actions.dialogue.refusal import refused
from actions.dialogue.talk import Talk
from actions.dialogue.task import Task
from actions.errors import ShopError
from actions.shop import orders
from bot.reading.fold import digits

_PHONE = re.compile(r"\+?\d(?:[\s().-]{0,2}\d){6,14}")

_SURE = 0.9

FIELDS = ("name", "email", "phone")

# Letters with their marks, which \w of re leaves out: Indic vowels are marks.
_NAME = regex.compile(r"\p{L}[\p{L}\p{M} .'’\u200c\u200d-]{1,79}")


class Name:
    """How the customer is called."""

    slot = "name"

    async def needed(self, talk: Talk) -> bool:
        return True

    async def take(self, talk: Talk, asked: bool) -> bool:
        # Names look like nothing the classifier knows: only a sure other wish is none.
        bare = asked and (talk.intent in ("inform", "nlu_fallback") or talk.confidence < _SURE)
        said = talk.entity("person") or (self._bare(talk) if bare else None)
        if said:
            talk.put(name=plain(said))
        return bool(said)

    def _bare(self, talk: Talk) -> str | None:
        name = talk.text
        found = talk.found("person")
        if found:
            return found.value
        for lead in talk.words("name_is"):
            if name.casefold().startswith(f"{lead} "):
                name = name[len(lead) :].strip()
        return name if _NAME.fullmatch(name) and len(name.split()) <= 5 else None

    async def ask(self, talk: Talk) -> None:
        talk.say("utter_which_name")


class CreateAccount(Task):
    """The answer is the same whether the address has an account already: that is nobody's business."""

    name = "create_account"

    def __init__(self) -> None:
        email = Email("utter_account_email", always=True)
        self.questions = (Name(), email, Sure(self.name, self._ask_sure))

    async def possible(self, talk: Talk) -> bool:
        if talk.customer_id:
            talk.say("utter_account_exists")
        return talk.customer_id is None

    async def _ask_sure(self, talk: Talk) -> None:
        talk.say("utter_account_sure", yes_and_no(talk), name=talk.get("name"), email=talk.get("email"))

    async def do(self, talk: Talk) -> None:
        if not talk.get("confirmed"):
            talk.say("utter_all_right")
            return
        email = str(talk.get("email"))
        tag = str(talk.get("locale") or talk.language)
        try:
            async with talk.write() as session:
                known = await profiles.by_email(session, email)
                if known is None:
                    known = await accounts.create(
                        session,
                        name=str(talk.get("name")),
                        email=email,
                        locale=tag,
                        now=talk.now(),
                    )
                await accounts.request(session, known.id, "password_reset", now=talk.now())
        except ShopError as error:
            refused(talk, error)
            return
        talk.say("utter_account_created", email=email)


class EditAccount(Task):
    name = "edit_account"

    def __init__(self) -> None:
        self.questions = (
            Choice("field", "utter_account_which", FIELDS),
            _NewValue(),
            Sure(self.name, self._ask_sure),
        )

    async def possible(self, talk: Talk) -> bool:
        if talk.customer_id is None:
            talk.say("utter_sign_in_first")
        return talk.customer_id is not None

    async def _ask_sure(self, talk: Talk) -> None:
        talk.say(
            "utter_account_change_sure",
            yes_and_no(talk),
            field=talk.word(f"actions.field.{talk.get('field')}"),
            value=talk.get("value"),
        )

    async def do(self, talk: Talk) -> None:
        if not talk.get("confirmed"):
            talk.say("utter_account_kept")
            return
        try:
            async with talk.write() as session:
                await accounts.edit(session, str(talk.customer_id), **{talk.get("field"): talk.get("value")})
        except ShopError as error:
            refused(talk, error)
            return
        talk.say("utter_account_changed", field=talk.word(f"actions.field.{talk.get('field')}"))


def _phone_in(text: str) -> str | None:
    found = _PHONE.search(digits(text))
    return found[0].strip() if found else None


class _NewValue:
    """The new name, address or number; one found in the message is taken unasked."""

    slot = "value"

    async def needed(self, talk: Talk) -> bool:
        return True

    async def take(self, talk: Talk, asked: bool) -> bool:
        found = {"email": email_in(talk.text), "phone": _phone_in(talk.text), "name": talk.entity("person")}
        field = talk.get("field") or next((name for name, value in found.items() if value), None)
        value = found.get(field or "")
        if not value and asked and field == "name" and talk.intent in ("inform", "nlu_fallback"):
            value = talk.text
        if value:
            talk.put(field=field, value=plain(value))
            talk.forget("confirmed")
        return bool(value)

    async def ask(self, talk: Talk) -> None:
        talk.say(f"utter_account_new_{talk.get('field')}")


class DeleteAccount(Task):
    name = "delete_account"

    def __init__(self) -> None:
        self.questions = (Sure(self.name, self._ask_sure),)

    async def possible(self, talk: Talk) -> bool:
        if talk.customer_id is None:
            talk.say("utter_sign_in_first")
            return False
        underway = [order for order in await own_orders(talk) if order.status in orders.UNDERWAY]
        if underway:
            talk.say("utter_delete_underway", number=underway[0].number)
        return not underway

    async def _ask_sure(self, talk: Talk) -> None:
        talk.say("utter_delete_sure", yes_and_no(talk))

    async def do(self, talk: Talk) -> None:
        if not talk.get("confirmed"):
            talk.say("utter_delete_kept")
            return
        async with talk.write() as session:
            await privacy.erase(session, str(talk.customer_id))
        talk.say("utter_deleted")
