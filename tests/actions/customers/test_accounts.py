from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from actions.customers import accounts, consents, profiles
from actions.customers.models import AccountRequest, Address, Consent
from actions.errors import Invalid, NotFound, Refused
from tests.actions.world import DAY, NOW, World


async def test_an_account_is_opened_with_the_country_of_its_locale(world: World) -> None:
    async with world.database.write() as session:
        made = await accounts.create(
            session,
            name=" Ελένη  Παππά ",
            email=" Eleni@Mail.Example ",
            locale="el-GR",
            now=NOW,
            phone="+30 691 234-5678",
        )
    assert (made.name, made.given_name, made.email) == ("Ελένη Παππά", "Ελένη", "eleni@mail.example")
    assert (made.country, made.time_zone, made.phone) == ("GR", "Europe/Athens", "+306912345678")


async def test_an_email_has_one_account(world: World) -> None:
    first, second = await world.customer(), await world.customer()
    async with world.database.write() as session:
        with pytest.raises(Refused, match="email_taken"):
            await accounts.create(session, name="A B", email=first.email.upper(), locale="en-IN", now=NOW)
        with pytest.raises(Refused, match="email_taken"):
            await accounts.edit(session, second.id, email=first.email)
        # The transaction goes on after the refusal.
        await accounts.edit(session, second.id, name="New Name")
    async with world.database.read() as session:
        kept = await profiles.get(session, second.id)
        assert kept is not None
        assert (kept.name, kept.email) == ("New Name", second.email)


async def test_an_account_is_edited_in_what_is_given(world: World) -> None:
    customer = await world.customer()
    async with world.database.write() as session:
        changed = await accounts.edit(session, customer.id, phone="০১৭১২৩৪৫৬৭৮", locale="bn-BD")
    assert (changed.phone, changed.locale, changed.name) == ("01712345678", "bn-BD", customer.name)
    async with world.database.write() as session:
        with pytest.raises(NotFound):
            await accounts.edit(session, "nobody", name="X")


@pytest.mark.parametrize(
    "email", ["", "a", "a@b", "a b@c.de", "a@@c.de", "<a@c.de>", "a@c..de", "a@" + "x" * 300 + ".de"]
)
def test_what_is_no_email_is_refused(email: str) -> None:
    with pytest.raises(Invalid, match="email_invalid"):
        accounts.clean_email(email)


@pytest.mark.parametrize("phone", ["", "123", "+", "call me", "+1234567890123456"])
def test_what_is_no_phone_number_is_refused(phone: str) -> None:
    with pytest.raises(Invalid, match="phone_invalid"):
        accounts.clean_phone(phone)


@given(st.text(max_size=150))
def test_any_name_is_cleaned_or_refused(name: str) -> None:
    try:
        clean = accounts.clean_name(name)
    except Invalid:
        return
    assert clean.isprintable()
    assert clean == accounts.clean_name(clean)


@given(st.text(max_size=40), st.sampled_from(["email", "phone"]))
def test_any_text_is_an_answer_or_a_clear_refusal(text: str, kind: str) -> None:
    clean = {"email": accounts.clean_email, "phone": accounts.clean_phone}[kind]
    try:
        once = clean(text)
    except Invalid as refusal:
        once = refusal.code
        clean = {f"{kind}_invalid": str}[refusal.code]
    assert clean(once) == once


async def test_the_same_request_is_made_once_while_it_is_open(world: World) -> None:
    customer = await world.customer()
    async with world.database.write() as session:
        first = await accounts.request(session, customer.id, "password_reset", NOW)
        second = await accounts.request(session, customer.id, "password_reset", NOW)
        assert first.id == second.id
        first.done_at = NOW
        third = await accounts.request(session, customer.id, "password_reset", NOW)
        assert third.id != first.id
        with pytest.raises(Invalid):
            await accounts.request(session, customer.id, "pizza", NOW)
        with pytest.raises(NotFound):
            await accounts.request(session, "nobody", "password_reset", NOW)
        assert await session.scalar(select(func.count()).select_from(AccountRequest)) == 2


async def test_the_newest_word_on_a_consent_holds_and_the_old_ones_are_kept(world: World) -> None:
    customer = (await world.customer()).id
    async with world.database.write() as session:
        assert await consents.of(session, customer) == dict.fromkeys(consents.PURPOSES, False)
        assert not await consents.withdraw(session, customer, "newsletter", now=NOW)
        assert await consents.grant(session, customer, "newsletter", now=NOW)
        assert not await consents.grant(session, customer, "newsletter", now=NOW)
        # Another machine's clock runs behind: the later word holds all the same.
        assert await consents.withdraw(session, customer, "newsletter", now=NOW - DAY)
        with pytest.raises(Invalid):
            await consents.grant(session, customer, "telepathy", now=NOW)
        with pytest.raises(NotFound):
            await consents.grant(session, "nobody", "sms", now=NOW)
    async with world.database.read() as session:
        assert (await consents.of(session, customer))["newsletter"] is False
        assert await session.scalar(select(func.count()).select_from(Consent)) == 2


async def test_a_profile_has_everything_in_one(world: World) -> None:
    customer = await world.customer(country="BD", locale="bn-BD")
    for label, default in (("work", False), ("home", True)):
        await world.add(
            Address(
                customer_id=customer.id, label=label, line="1 Lake Road", city="Dhaka", postcode="1212",
                country="BD", is_default=default,
            )
        )  # fmt: skip
    async with world.database.read() as session:
        profile = await profiles.profile(session, customer.id, now=NOW)
        assert profile is not None
        assert (profile.currency, profile.tier, profile.points) == ("BDT", "silver", 0)
        assert [address.label for address in profile.addresses] == ["home", "work"]
        found = await profiles.by_email(session, f" {customer.email.upper()} ")
        assert found is not None
        assert found.id == customer.id
        assert await profiles.profile(session, "nobody") is None
        assert await profiles.by_email(session, "%") is None
