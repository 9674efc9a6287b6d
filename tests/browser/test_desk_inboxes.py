"""The page of inboxes in a browser at the real gateway: made, tested, watched; by mouse, keyboard, phone."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect
from sqlalchemy import select, update

from handoff.channels.base import Health, SendFailed
from handoff.channels.kinds import kinds
from handoff.channels.models import Inbox
from handoff.channels.registry import Channels
from handoff.conversations.inbound import Inbound
from handoff.delivery.models import Delivery
from tests.browser.visit import PHONE
from tests.support.browser import fresh_tab, seen
from tests.support.databases import create_tables
from tests.support.fake_platform import FILLED, SECRETS, Pigeons
from tests.support.gateway import PASSWORD, Gateway, gateway

pytestmark = pytest.mark.asyncio(loop_scope="session")

CREDENTIALS = {name: value for name, value in FILLED.items() if value in SECRETS}


@pytest.fixture
def pigeons() -> Pigeons:
    return Pigeons(health=Health(token_expires_at=datetime.now(UTC) + timedelta(days=300)))


@pytest_asyncio.fixture(loop_scope="session")
async def running(tmp_path: Path, pigeons: Pigeons) -> AsyncIterator[Gateway]:
    url = f"sqlite+aiosqlite:///{tmp_path}/setu.db"
    await create_tables(url)
    refusing = httpx.MockTransport(lambda _request: httpx.Response(401, json={"ok": False}))
    async with httpx.AsyncClient(transport=refusing) as client:
        channels = Channels(kinds(client, client) | {"pigeons": pigeons})
        async with gateway(url, channels=channels) as made:
            yield made


@asynccontextmanager
async def visit(
    browser: Browser, running: Gateway, role: str = "supervisor", languages: str = "en", **options: Any
) -> AsyncIterator[Page]:
    async with fresh_tab(browser, **options) as (page, console):
        await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        agent = await running.hire(f"Farah{role}{languages}", role, languages=[languages])
        await page.goto(f"{running.url}/desk#/inboxes")
        await page.locator("input[type=email]").fill(agent.email)
        await page.locator("input[type=password]").fill(PASSWORD)
        await page.keyboard.press("Enter")
        await page.locator(".rail").wait_for(state="attached")
        yield page
        assert console.errors == []


async def several(running: Gateway) -> dict[str, str]:
    """Inboxes as they may be: well, soon to expire, refused, out of service."""
    at = datetime.now(UTC)
    states: dict[str, dict[str, Any]] = {
        "Pigeons of the shop": {"last_webhook_at": at, "checked_at": at},
        "Pigeons of the branch": {"last_webhook_at": at, "token_expires_at": at + timedelta(days=5)},
        "Pigeons that went astray": {"problem": "(#190) The session has been invalidated.", "refused": 7},
        "Pigeons at rest": {"disabled": True},
    }
    made = {}
    for name, values in states.items():
        inbox = (
            await running.inboxes.create("pigeons", name, {"loft": "North"}, credentials=CREDENTIALS)
        ).inbox
        async with running.database.write() as session:
            await session.execute(update(Inbox).where(Inbox.id == inbox.id).values(**values))
        made[name] = inbox.id
    return made


async def test_a_telegram_bot_is_joined_by_keyboard_alone(browser: Browser, running: Gateway) -> None:
    async with visit(browser, running) as page:
        await expect(page.get_by_text("No inboxes yet")).to_be_visible()
        await page.get_by_role("link", name="New inbox").focus()
        await page.keyboard.press("Enter")
        choice = page.get_by_role("link", name=re.compile("Telegram"))
        await expect(choice).to_be_visible()
        await seen(page, "channels")
        await choice.focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="New inbox: Telegram")).to_be_focused()
        await expect(page.get_by_text("write /newbot to @BotFather")).to_be_visible()
        await seen(page, "form")
        await page.get_by_label("Name").fill("Our bot")
        await page.get_by_label("Bot token").fill("123456789:AAF-made-up-token")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="Our bot")).to_be_focused()
        await expect(
            page.get_by_role("main").get_by_text("The platform reports a problem").first
        ).to_be_visible()
        await expect(page.get_by_role("textbox", name="Webhook address")).to_have_value(
            re.compile("https://chat.example/webhooks/")
        )
        await expect(page.get_by_text("It is not shown again")).to_be_visible()
        await seen(page, "made")
        assert "AAF-made-up-token" not in await page.content()
        secret = await page.get_by_label("Webhook secret", exact=True).input_value()
        await page.reload()
        await expect(page.get_by_role("heading", name="Our bot")).to_be_visible()
        assert secret not in await page.content()
        kept = (await running.inboxes.get(page.url.rsplit("/", 1)[-1])).credentials
        assert kept == {"bot_token": "123456789:AAF-made-up-token", "webhook_secret": secret}


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_health_is_seen_at_a_glance_and_explained(
    browser: Browser, running: Gateway, scheme: Any
) -> None:
    await several(running)
    async with visit(browser, running, color_scheme=scheme) as page:
        row = page.locator(".inbox-row")
        await expect(row).to_have_count(4)
        await expect(row.nth(0)).to_contain_text("All is well")
        await expect(row.nth(1)).to_contain_text("Access expires soon")
        await expect(row.nth(2)).to_contain_text("The platform reports a problem")
        await expect(row.nth(3)).to_contain_text("Out of service")
        await row.nth(2).click()
        await expect(page.get_by_role("main").locator("blockquote").first).to_have_text(
            "(#190) The session has been invalidated."
        )
        await expect(page.get_by_role("main")).to_contain_text("Calls with a wrong signature: 7")
        await seen(page, f"problem-{scheme}")
        await row.nth(1).click()
        await expect(page.get_by_role("heading", name="Pigeons of the branch")).to_be_focused()
        await seen(page, f"well-{scheme}")


async def test_a_check_says_what_the_platform_says(
    browser: Browser, running: Gateway, pigeons: Pigeons
) -> None:
    made = await several(running)
    async with visit(browser, running) as page:
        await page.goto(f"{running.url}/desk#/inboxes/{made['Pigeons of the shop']}")
        await page.get_by_role("button", name="Check now").click()
        await expect(page.get_by_text("The platform says that all is well.")).to_be_visible()
        pigeons.health = Health(problem="<b>The loft is on fire</b>")
        await page.get_by_role("button", name="Check now").click()
        await expect(page.locator("blockquote")).to_have_text("<b>The loft is on fire</b>")


async def test_a_test_is_sent_to_who_wrote_last_and_its_fate_shown_live(
    browser: Browser, running: Gateway, pigeons: Pigeons
) -> None:
    made = await several(running)
    inbox = await running.inboxes.get(made["Pigeons of the shop"])
    await running.conversations.receive(
        inbox, Inbound(contact="4711", text="hello", name="Ann", external_id="1")
    )
    async with visit(browser, running) as page:
        await page.goto(f"{running.url}/desk#/inboxes/{inbox.id}")
        await expect(page.get_by_role("radio", name="Ann")).to_be_checked()
        await page.get_by_role("button", name="Send the test").click()
        outcome = page.locator(".outcome")
        await expect(outcome).to_contain_text("On its way to Ann")
        await settle(running, state="sent", mark="sent")
        await expect(outcome).to_contain_text("The platform has taken it for Ann")
        await settle(running, state="sent", mark="read")
        await expect(outcome).to_contain_text("Ann has read it")
        await page.get_by_role("radio", name="Somebody else").check()
        await page.get_by_label("Their id on the channel").fill("4712")
        await page.get_by_role("button", name="Send the test").click()
        await expect(outcome).to_contain_text("On its way to 4712")
        await settle(running, state="dead", error=f"{SECRETS[0]} may not write to 4712")
        await expect(outcome).to_contain_text("It could not be sent")
        await expect(outcome.locator("blockquote")).to_have_text("••• may not write to 4712")
        await seen(page, "tested")


async def settle(running: Gateway, **values: Any) -> None:
    async with running.database.write() as session:
        newest = await session.scalar(select(Delivery.id).order_by(Delivery.created_at.desc()).limit(1))
        await session.execute(update(Delivery).where(Delivery.id == newest).values(**values))


async def test_one_secret_is_changed_and_none_is_ever_shown(
    browser: Browser, running: Gateway, pigeons: Pigeons
) -> None:
    made = await several(running)
    inbox_id = made["Pigeons that went astray"]
    async with visit(browser, running) as page:
        await page.goto(f"{running.url}/desk#/inboxes/{inbox_id}")
        token = page.get_by_label("access token")
        await expect(token).to_have_value("")
        await expect(token).to_have_attribute("placeholder", "Set, and not shown")
        await token.fill("a-new-access-token")
        await page.get_by_role("button", name="Save").click()
        await expect(page.get_by_text("Saved", exact=True)).to_be_visible()
        await expect(token).to_have_value("")
        for secret in (*SECRETS, "a-new-access-token"):
            assert secret not in await page.content()
        kept = (await running.inboxes.get(inbox_id)).credentials
        assert (kept["access_token"], kept["app_secret"]) == ("a-new-access-token", SECRETS[1])
        pigeons.failure = SendFailed("no such loft")
        await page.get_by_label("loft").fill("South")
        await page.get_by_role("button", name="Save").click()
        await expect(page.locator("blockquote")).to_have_text("no such loft")


async def test_out_of_service_and_back_after_a_question(browser: Browser, running: Gateway) -> None:
    made = await several(running)
    inbox_id = made["Pigeons of the shop"]
    async with visit(browser, running) as page:
        await page.goto(f"{running.url}/desk#/inboxes/{inbox_id}")
        await page.get_by_role("button", name="Take out of service").click()
        await seen(page, "question")
        await page.keyboard.press("Escape")
        assert not (await running.inboxes.get(inbox_id)).disabled
        await page.get_by_role("button", name="Take out of service").click()
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="Put into service").click()
        await expect(page.get_by_role("button", name="Take out of service")).to_be_visible()
        await expect(page.get_by_text("The inbox is in service.")).to_be_visible()


async def test_a_renewed_token_can_be_copied_once(browser: Browser, running: Gateway) -> None:
    inbox = (await running.inboxes.create("rest", "Our programme")).inbox
    async with visit(browser, running) as page:
        await page.goto(f"{running.url}/desk#/inboxes/{inbox.id}")
        await page.get_by_role("button", name="Make a new one Access token").click()
        await page.get_by_role("dialog").get_by_role("button", name="Make a new one").click()
        field = page.get_by_label("Access token", exact=True)
        token = await field.input_value()
        await page.get_by_role("button", name="Copy: Access token").click()
        assert await page.evaluate("navigator.clipboard.readText()") == token
        assert (await running.inboxes.authenticated(inbox.id, token, "rest")).id == inbox.id
        await seen(page, "renewed")


async def test_an_agent_is_led_to_the_talks(browser: Browser, running: Gateway) -> None:
    await several(running)
    async with visit(browser, running, role="agent") as page:
        await expect(page).to_have_url(re.compile("#/queue$"))
        await expect(page.get_by_role("link", name="Inboxes")).to_have_count(0)
        await page.goto(f"{running.url}/desk#/inboxes")
        await expect(page.locator(".inbox-row")).to_have_count(0)


async def test_keys_of_the_desk_do_no_harm_on_the_page(browser: Browser, running: Gateway) -> None:
    await several(running)
    async with visit(browser, running) as page:
        await page.locator(".inbox-row").nth(1).click()
        await expect(page.get_by_role("heading", name="Pigeons of the branch")).to_be_focused()
        for key in "jkcrnbestiu":
            await page.keyboard.press(key)
        await expect(page).to_have_url(re.compile("#/inboxes/"))
        await page.keyboard.press("1")
        await expect(page.get_by_role("heading", name="Queue")).to_be_visible()
        await page.keyboard.press("Control+k")
        await page.keyboard.type("inboxes")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="Inboxes")).to_be_visible()


@pytest.mark.parametrize("language", ["fa", "hi", "bn", "el"])
async def test_it_speaks_the_languages_of_the_house(
    browser: Browser, running: Gateway, language: str
) -> None:
    made = await several(running)
    async with visit(browser, running, languages=language) as page:
        await page.goto(f"{running.url}/desk#/inboxes/{made['Pigeons that went astray']}")
        await expect(page.locator(".signs li")).to_have_count(2)
        await expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "fa" else "ltr")
        await seen(page, f"problem-{language}")
        await page.goto(f"{running.url}/desk#/inboxes/new-whatsapp")
        await expect(page.locator(".inbox-form .setting")).to_have_count(6)
        await seen(page, f"form-{language}")


async def test_on_a_phone_one_thing_at_a_time(browser: Browser, running: Gateway) -> None:
    await several(running)
    async with visit(browser, running, **PHONE) as page:
        await expect(page.locator(".inbox-row")).to_have_count(4)
        await seen(page, "phone-list")
        await page.locator(".inbox-row").nth(2).click()
        await expect(page.locator(".inbox-row").first).to_be_hidden()
        await expect(page.get_by_role("main").locator("blockquote").first).to_be_visible()
        await seen(page, "phone-one")
        await page.get_by_role("link", name="Back to the inboxes").click()
        await expect(page.locator(".inbox-row").first).to_be_visible()
