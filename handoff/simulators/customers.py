"""A customer with a phone: what tests, benches and the page do on a platform's other side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from handoff.simulators.accounts import PAGE_INBOX, Account
from handoff.simulators.events import Event, Telling
from handoff.simulators.page_events import PageEvents
from handoff.simulators.simulator import Simulator
from handoff.simulators.world import Content, Said, Shown, Tap, Thread


class NotPossible(Exception):
    """The platform has no such thing, or there is nothing to do it to."""


class Customer:
    """All calls take effect at once; the business hears of them by webhook."""

    def __init__(self, simulator: Simulator, account: Account, thread: Thread) -> None:
        self._simulator, self.account, self.thread = simulator, account, thread

    @property
    def id(self) -> str:
        """PSID, IGSID, wa_id or chat id."""
        return self.thread.contact

    @property
    def seen(self) -> list[Shown]:
        """Everything delivered to them, in the order of delivery."""
        return self.thread.seen

    @property
    def said(self) -> list[Said]:
        return self.thread.said

    @property
    def signals(self) -> list[tuple[Literal["typing", "read"], float]]:
        return self.thread.signals

    def texts(self) -> list[str]:
        """The words of what they see, without what was taken back."""
        return [shown.text for shown in self.seen if shown.deleted_at is None]

    async def until(self, true: Callable[[], object], seconds: float = 30.0) -> None:
        await self._simulator.until(true, seconds)

    def say(self, text: str, reply_to: str | None = None) -> str:
        return self._do(text=text, reply_to=reply_to)

    def tap(self, title: str) -> str:
        """The newest thing with that title."""
        for shown in reversed(self.seen):
            for tap in shown.taps:
                if tap.title == title and shown.deleted_at is None:
                    return self.tap_on(shown, tap)
        raise NotPossible(f"nothing to tap says {title!r}")

    def tap_on(self, shown: Shown, tap: Tap) -> str:
        """Opening a page tells the business nothing; a key of a reply keyboard writes its words."""
        if tap.how == "url":
            return ""
        if tap.how == "choice" and self.account.platform == "telegram":
            return self.say(tap.title)
        context = (
            None if tap.how == "choice" or self.account.platform in ("messenger", "instagram") else shown.id
        )
        return self._do(text=tap.title, payload=tap.payload, how=tap.how, reply_to=context)

    def tap_payload(self, payload: str, title: str = "") -> str:
        """A button that was never shown (an old one, or a forger's)."""
        return self._do(text=title or payload, payload=payload, how="button")

    def send_file(
        self, data: bytes, name: str = "photo.jpg", media_type: str = "image/jpeg", caption: str = ""
    ) -> str:
        file = self._simulator.files.keep(data, name, media_type, self._simulator.api_url)
        caption = "" if self.account.platform in ("messenger", "instagram") else caption
        return self._do(file=file, text=caption)

    def send_location(self, latitude: float, longitude: float, name: str = "") -> str:
        return self._do(location=(latitude, longitude, name))

    def edit(self, message: str, text: str) -> None:
        said = self._own(message)
        said.text, said.edited_at, said.edits = text, self._now(), said.edits + 1
        self._tell(self._telling.edited(self.account, self.thread, said))

    def unsend(self, message: str) -> None:
        said = self._own(message)
        said.deleted_at = self._now()
        self._tell(self._telling.unsent(self.account, self.thread, said))

    def react(self, message: str, emoji: str) -> None:
        """An empty one takes it back."""
        entry = self.thread.find(message)
        if entry is None:
            raise NotPossible(f"there is no message {message}")
        before, entry.reaction = entry.reaction, emoji
        self._now()
        self._tell(self._telling.reacted(self.account, self.thread, entry, before))

    def read(self) -> None:
        """Open the talk: all of it is seen."""
        unread = [shown for shown in self.seen if shown.state in ("sent", "delivered")]
        if unread:
            self._tell(self._telling.read(self.account, self.thread, self._now()))
            for shown in unread:
                shown.state = "read"

    def block(self, on: bool = True) -> None:
        self.thread.blocked = on
        self._tell(self._telling.blocked(self.account, self.thread, self._now()))

    def go_offline(self) -> None:
        """What is sent stays undelivered until they are back."""
        self.thread.online = False

    def come_back(self) -> None:
        self.thread.online = True
        for shown in self.seen:
            if shown.state == "sent":
                shown.state = "delivered"
                self._tell(self._telling.delivered(self.account, self.thread, shown))

    def answered_elsewhere(self, text: str) -> str:
        """A person answers from the platform's own inbox (on WhatsApp: from the business's phone)."""
        if self.account.platform == "telegram":
            raise NotPossible("a bot of Telegram has no inbox for people")
        return self._simulator.show(self.account, self.thread, Content(text=text), by="person").id

    def moved(self, to_page_inbox: bool) -> None:
        """The platform's inbox takes the thread, or passes it to the app (Messenger and Instagram)."""
        telling, account = self._telling, self.account
        if not isinstance(telling, PageEvents):
            raise NotPossible("this platform has no control of threads")
        inbox, before = PAGE_INBOX[account.platform], self.thread.owner
        what, new = (
            ("take_thread_control", inbox) if to_page_inbox else ("pass_thread_control", account.app_id)
        )
        self.thread.owner = new
        told = telling.controlled(account, self.thread, what, before or account.app_id, new, "", self._now())
        self._tell(told)

    def _do(self, text: str = "", **rest: object) -> str:
        simulator = self._simulator
        said = Said(
            number=len(self.thread.entries) + 1,
            id=simulator.next_id(self.account, self.thread),
            at=self._now(),
            text=text,
            **rest,  # type: ignore[arg-type]
        )
        return simulator.hear(self.account, self.thread, said).id

    def _own(self, message: str) -> Said:
        said = self.thread.find(message)
        if not isinstance(said, Said) or said.how or said.deleted_at:
            raise NotPossible(f"{message} is no message of theirs")
        return said

    def _now(self) -> float:
        return self._simulator.moment(self.thread)

    @property
    def _telling(self) -> Telling:
        return self._simulator.tellings[self.account.platform]

    def _tell(self, events: list[Event]) -> None:
        self._simulator.tell(self.account, events)
