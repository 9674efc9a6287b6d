"""The adapters against platforms that somebody else built from the same documents."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
import pytest

from handoff.channels.base import Button, Card, Outbound, Part, RawRequest, SendFailed, SentFile, Template
from handoff.channels.instagram import Instagram
from handoff.channels.messenger import Messenger
from handoff.channels.whatsapp import WhatsApp
from handoff.conversations.inbound import Control, Deleted, Echo, Edited, Inbound, Incoming, Progress, Reacted
from handoff.conversations.views import InboxView, MessageView
from handoff.simulators import Customer, Simulator
from handoff.simulators.world import Platform
from tests.support.simulated import inbox_of

PLATFORMS: tuple[Platform, ...] = ("messenger", "instagram", "whatsapp")
KINDS = {"messenger": Messenger, "instagram": Instagram, "whatsapp": WhatsApp}
PIXEL = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
YES, NO = Button("Yes", "/affirm"), Button("No", "/deny")


@dataclass
class Line:
    """One inbox at a simulated platform, with one customer. ``heard``: all that its webhooks told."""

    simulator: Simulator
    channel: Messenger | WhatsApp
    inbox: InboxView
    ann: Customer
    client: httpx.AsyncClient
    heard: list[Incoming] = field(default_factory=list)
    _sent: int = 0

    async def told(self) -> list[Incoming]:
        await self.simulator.settled()
        told, self.heard[:] = list(self.heard), []
        return told

    async def send(self, part: Part, *, sender: str = "bot", late: bool = False) -> str | None:
        self._sent += 1
        message = MessageView(f"m{self._sent}", "c1", self._sent, sender, part.text, datetime.now(UTC))
        return await self.channel.send(
            Outbound(f"d{self._sent}", self.inbox, self.ann.id, message, part, 0, late)
        )


@asynccontextmanager
async def line(platform: Platform) -> AsyncIterator[Line]:
    lines: list[Line] = []

    async def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
        raw = RawRequest(body, {name.lower(): value for name, value in headers.items()})
        lines[0].channel.verify(lines[0].inbox, raw)
        lines[0].heard.extend(lines[0].channel.parse(lines[0].inbox, raw))
        return 200

    simulator = Simulator(7, post=post)
    async with simulator.serving() as api_url, httpx.AsyncClient() as client:
        account = simulator.account(platform)
        channel, options, credentials = inbox_of(account, api_url)
        inbox = InboxView("inbox1", channel, "Shop", options, credentials=credentials)
        lines.append(Line(simulator, KINDS[platform](client), inbox, simulator.customer(account), client))
        account.point("http://setu/webhooks/inbox1", account.verify_token)
        yield lines[0]


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_what_a_customer_does_is_heard(platform: Platform) -> None:
    async with line(platform) as there:
        said = there.ann.say("Where is my order? 📦")
        (message,) = await there.told()
        assert isinstance(message, Inbound)
        assert (message.contact, message.text, message.external_id) == (
            there.ann.id,
            "Where is my order? 📦",
            said,
        )
        assert message.sent_at is not None
        there.ann.send_location(48.2, 16.37, "Wien")
        (place,) = await there.told()
        assert isinstance(place, Inbound)
        assert place.location is not None
        assert (place.location.latitude, place.location.longitude) == (48.2, 16.37)


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_a_file_is_heard_of_and_can_be_fetched(platform: Platform) -> None:
    async with line(platform) as there:
        there.ann.send_file(PIXEL, "me.png", "image/png")
        (message,) = await there.told()
        assert isinstance(message, Inbound)
        (file,) = message.files
        assert file.kind == "image"
        assert file.ref
        source = await there.channel.locate(there.inbox, file.ref)
        assert source.own
        answer = await there.client.get(source.url, headers=dict(source.headers))
        assert answer.content == PIXEL


PARTS = {
    "text": Part("On its way."),
    "buttons": Part("Is it?", buttons=(YES, NO)),
    "choices": Part("Which?", choices=tuple(Button(f"Order {n}", f"/o{n}") for n in range(10))),
    "image": Part(file=SentFile("image", "https://shop.example/a.png", "a.png", "image/png", 50)),
}


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_buttons_and_choices_are_shown_and_come_back(platform: Platform) -> None:
    async with line(platform) as there:
        there.ann.say("hi")
        for name, title, payload in (("buttons", "No", "/deny"), ("choices", "Order 7", "/o7")):
            await there.send(PARTS[name])
            await there.told()
            there.ann.tap(title)
            tapped = [event for event in await there.told() if isinstance(event, Inbound)]
            assert [(event.payload, event.title) for event in tapped] == [(payload, title)]


@pytest.mark.parametrize("platform", ["messenger", "instagram"])
async def test_cards_are_shown(platform: Platform) -> None:
    async with line(platform) as there:
        there.ann.say("tents?")
        await there.send(Part(cards=(Card("Tent", "€ 89", "", (YES,)), Card("Tarp"))))
        assert [card.title for card in there.ann.seen[-1].cards] == ["Tent", "Tarp"]


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_we_hear_of_what_we_sent(platform: Platform) -> None:
    """By our ref, or else by the id that sending answered."""
    async with line(platform) as there:
        there.ann.say("hi")
        await there.told()
        sent = await there.send(Part("On its way."))
        there.ann.read()
        told = await there.told()
        found = {event.external_id for event in told if isinstance(event, Echo | Progress)}
        assert sent in found
        refs = {event.ref for event in told if isinstance(event, Echo | Progress)}
        assert ("d1.0" in refs) == there.channel.capabilities.evidence
        assert "read" in {event.state for event in told if isinstance(event, Progress)}


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_a_person_elsewhere_is_heard_and_is_not_us(platform: Platform) -> None:
    async with line(platform) as there:
        there.ann.say("hi")
        await there.told()
        there.ann.answered_elsewhere("Joe here")
        echoes = [event for event in await there.told() if isinstance(event, Echo)]
        assert [(echo.text, echo.ours, echo.ref) for echo in echoes] == [("Joe here", False, None)]


async def test_edits_deletions_and_reactions_are_heard_as_far_as_platforms_tell() -> None:
    for platform in PLATFORMS:
        async with line(platform) as there:
            said = there.ann.say("helo")
            await there.told()
            there.ann.edit(said, "hello")
            there.ann.react(said, "❤")
            there.ann.unsend(said)
            kinds = [type(event) for event in await there.told()]
            assert (
                kinds
                == {
                    "messenger": [Edited, Reacted],
                    "instagram": [Reacted, Deleted],
                    "whatsapp": [Edited, Reacted, Deleted],
                }[platform]
            )


@pytest.mark.parametrize("platform", ["messenger", "instagram"])
async def test_after_a_day_only_people_are_heard_and_after_a_week_nobody(platform: Platform) -> None:
    async with line(platform) as there:
        there.ann.say("hi")
        there.simulator.clock.forward(25 * 3600)
        with pytest.raises(SendFailed) as failed:
            await there.send(Part("still there?"))
        assert (failed.value.code, failed.value.final) == ("window_closed", True)
        await there.send(Part("Sorry, it took a while."), sender="agent", late=True)
        assert there.ann.seen[-1].tag == "HUMAN_AGENT"
        there.simulator.clock.forward(7 * 24 * 3600)
        with pytest.raises(SendFailed) as failed:
            await there.send(Part("hello?"), sender="agent", late=True)
        assert failed.value.code == "window_closed"


async def test_on_whatsapp_only_a_template_goes_out_after_a_day() -> None:
    async with line("whatsapp") as there:
        there.ann.say("hi")
        there.simulator.clock.forward(25 * 3600)
        await there.send(Part("still there?"))  # it is taken, and then fails
        (refused,) = [event for event in await there.told() if isinstance(event, Progress)]
        assert (refused.state, refused.code) == ("failed", "window_closed")
        assert isinstance(there.channel, WhatsApp)
        known = await there.channel.templates(there.inbox)
        update = next(t for t in known if (t["name"], t["language"]) == ("order_update", "hi"))
        assert update["variables"] == 2
        assert all(template["name"] != "summer_sale" for template in known)  # not approved yet
        await there.send(Part("…", template=Template("order_update", "hi", ("आशा", "SO-100123"))))
        assert "आशा" in there.ann.texts()[-1]
        with pytest.raises(SendFailed) as failed:
            await there.send(Part("…", template=Template("order_update", "hi", ("आशा",))))
        assert (failed.value.code, failed.value.final) == ("bad_content", True)


@pytest.mark.parametrize("platform", ["messenger", "instagram"])
async def test_a_conversation_that_was_taken_is_taken_back_by_people_only(platform: Platform) -> None:
    async with line(platform) as there:
        there.ann.say("hi")
        await there.told()
        there.ann.moved(to_page_inbox=True)
        there.ann.say("is anybody there?")
        told = await there.told()
        assert [event.ours for event in told if isinstance(event, Control)][:1] == [False]
        assert [event.text for event in told if isinstance(event, Inbound)] == ["is anybody there?"]
        with pytest.raises(SendFailed) as failed:
            await there.send(Part("I am a bot"))
        assert failed.value.code == "elsewhere"
        await there.send(Part("Maria here"), sender="agent")
        assert there.ann.texts() == ["Maria here"]


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_typing_and_read_marks_are_seen(platform: Platform) -> None:
    async with line(platform) as there:
        said = there.ann.say("hi")
        await there.channel.signal(there.inbox, there.ann.id, "read", said)
        await there.channel.signal(there.inbox, there.ann.id, "typing", said)
        assert {sign for sign, _ in there.ann.signals} == {"read", "typing"}


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_a_blocked_business_and_a_dark_platform_are_told_apart(platform: Platform) -> None:
    async with line(platform) as there:
        there.ann.say("hi")
        there.simulator.go_dark()
        with pytest.raises(SendFailed) as failed:
            await there.send(Part("hello"))
        assert (failed.value.final, failed.value.code) == (False, "unreachable")
        there.simulator.light()
        there.ann.block()
        if platform == "whatsapp":
            await there.send(Part("hello"))
            (refused,) = [e for e in await there.told() if isinstance(e, Progress) and e.state == "failed"]
            assert refused.code == "blocked"
        else:
            with pytest.raises(SendFailed) as failed:
                await there.send(Part("hello"))
            assert (failed.value.final, failed.value.code) == (True, "blocked")


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_health_is_asked_and_an_ended_token_is_found(platform: Platform) -> None:
    async with line(platform) as there:
        health = await there.channel.check(there.inbox)
        assert health.problem == ""
        assert health.account.startswith("Setu Shop")
        assert health.token_expires_at is not None
        there.simulator.clock.forward(400 * 24 * 3600)
        assert (await there.channel.check(there.inbox)).problem
        there.ann.say("hi")
        with pytest.raises(SendFailed) as failed:
            await there.send(Part("hello"))
        assert (failed.value.code, failed.value.final) == ("token_expired", True)
