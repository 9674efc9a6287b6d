"""The platforms put together: accounts, customers, calls, webhooks, faults. See the package's docstring."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from handoff.simulators.accounts import Account, made
from handoff.simulators.clock import Clock
from handoff.simulators.courier import Courier, Post
from handoff.simulators.events import Event, Telling
from handoff.simulators.faults import Dice, Faults
from handoff.simulators.files import Files
from handoff.simulators.page_events import PageEvents
from handoff.simulators.rates import Bucket
from handoff.simulators.telegram_events import TelegramEvents
from handoff.simulators.whatsapp_events import WhatsAppEvents
from handoff.simulators.world import Content, Ids, Platform, Said, Shown, Thread

if TYPE_CHECKING:
    from handoff.simulators.customers import Customer

# Towards one person: WhatsApp's pair rate (6 s a message, bursts of 45), Telegram's "about one a second".
PAIRS: dict[Platform, tuple[float, float]] = {"whatsapp": (1 / 6, 45), "telegram": (1, 20)}


class Simulator:
    """``post``: how webhooks are sent, for tests without a network. ``limited``: rates are kept.

    Ids come from the seed: two simulators that tell one business things need two seeds, and the later
    one ``counted`` beyond what Telegram's numbers of the earlier one reached.
    """

    def __init__(
        self,
        seed: int = 1,
        *,
        clock: Clock | None = None,
        post: Post | None = None,
        limited: bool = True,
        counted: int = 0,
    ) -> None:
        self.seed, self.limited = seed, limited
        self.clock = clock or Clock()
        self.faults = Faults()
        self.ids = Ids(seed, counted)
        self.dice = Dice(seed)
        self.files = Files(self.ids, self.clock)
        self.courier = Courier(self.clock, self.dice, lambda: self.faults, post, self.touch)
        self.accounts: list[Account] = []
        self.tellings: dict[Platform, Telling] = {
            "messenger": PageEvents(instagram=False),
            "instagram": PageEvents(instagram=True),
            "whatsapp": WhatsAppEvents(),
            "telegram": TelegramEvents(self.ids),
        }
        self.api_url = ""
        self.revision = 0
        self.journal: deque[dict[str, Any]] = deque(maxlen=20)  # what was refused, for the page
        self._relight: asyncio.TimerHandle | None = None
        self._listeners: set[Callable[[], None]] = set()

    @property
    def stats(self) -> Counter[str]:
        return self.courier.stats

    @asynccontextmanager
    async def serving(self, port: int = 0, host: str = "127.0.0.1") -> AsyncIterator[str]:
        """The HTTP side, in this loop; yields its address, and ends what is under way at the end."""
        from handoff.simulators.serving import serving

        async with serving(self, port, host) as url:
            yield url

    def account(self, platform: Platform, name: str = "Setu Shop") -> Account:
        return self.add(made(platform, name, self.ids, self.clock.now()))

    def add(self, account: Account) -> Account:
        self.accounts.append(account)
        return account

    def customer(
        self, account: Account, name: str = "Ann Reader", *, contact: str = "", language: str = "en"
    ) -> Customer:
        """Somebody who may write to the account; the same ``contact`` is the same one."""
        from handoff.simulators.customers import Customer

        contact = contact or self._contact(account.platform)
        if contact not in account.threads:
            account.threads[contact] = Thread(contact, name, language)
        return Customer(self, account, account.threads[contact])

    def _contact(self, platform: Platform) -> str:
        size, start = {
            "messenger": (16, "7"),
            "instagram": (16, "5"),
            "whatsapp": (12, "43660"),
            "telegram": (9, "5"),
        }[platform]
        return self.ids.digits(size, start)

    # -- what goes wrong

    @property
    def dark(self) -> bool:
        return not self.courier.lit.is_set()

    def go_dark(self, seconds: float | None = None) -> None:
        """The API refuses and webhooks are held back, for so long in real seconds."""
        self.stats["dark"] += 1
        self.courier.lit.clear()
        if self._relight:
            self._relight.cancel()
        loop = asyncio.get_running_loop()
        self._relight = loop.call_later(seconds, self.light) if seconds is not None else None
        self.touch()

    def light(self) -> None:
        self.courier.lit.set()
        self.touch()

    async def settled(self) -> None:
        await self.courier.settled()

    async def close(self) -> None:
        if self._relight:
            self._relight.cancel()
        await self.courier.close()

    # -- both directions

    def tell(self, account: Account, events: list[Event]) -> None:
        self.courier.put(account, self.tellings[account.platform], events)
        self.touch()

    def next_id(self, account: Account, thread: Thread) -> str:
        if account.platform == "telegram":
            return str(self.ids.message())
        if account.platform == "whatsapp":
            return self.ids.wamid(thread.contact)
        return self.ids.mid() if account.platform == "messenger" else self.ids.instagram_mid()

    def moment(self, thread: Thread) -> float:
        """Now, and later than anything in this talk: the platforms' milliseconds keep the order."""
        thread.last_sent_at = max(self.clock.now(), thread.last_sent_at + 0.001)
        return thread.last_sent_at

    def show(self, account: Account, thread: Thread, content: Content, **rest: object) -> Shown:
        """Deliver a message of the business to the customer, and tell of it."""
        shown = Shown(
            number=len(thread.entries) + 1,
            id=self.next_id(account, thread),
            at=self.moment(thread),
            content=content,
        )
        shown = replace(shown, **rest)  # type: ignore[arg-type]
        thread.entries.append(shown)
        thread.typing_until = 0.0
        telling = self.tellings[account.platform]
        events = telling.sent(account, thread, shown)
        if thread.online:
            shown.state = "delivered"
            events += telling.delivered(account, thread, shown)
        self.tell(account, events)
        return shown

    def hear(self, account: Account, thread: Thread, said: Said) -> Said:
        """A customer wrote or tapped."""
        thread.entries.append(said)
        thread.last_wrote_at = said.at
        self.tell(account, self.tellings[account.platform].wrote(account, thread, said))
        return said

    def throttle(self, account: Account, thread: Thread) -> tuple[float, bool]:
        """How long to wait before this call may be made, and whether for this person's sake."""
        if not self.limited:
            return 0.0, False
        if account.platform in PAIRS:
            pair = account.pair_rates.setdefault(thread.contact, Bucket(*PAIRS[account.platform]))
            if wait := pair.take(self.clock.now()):
                return wait, True
        return account.rate.take(self.clock.now()), False

    # -- for those who look on

    def note(self, what: str, detail: str) -> None:
        """``what``: refused (a call), cut (an answer was lost)."""
        self.journal.append({"at": self.clock.now(), "what": what, "detail": detail[:300]})
        self.touch()

    def touch(self) -> None:
        """Something can be seen that could not be seen before."""
        self.revision += 1
        for wake in tuple(self._listeners):
            wake()

    async def until(self, true: Callable[[], object], seconds: float = 30.0) -> None:
        """Until ``true()``; looked at after everything that happens. Raises ``TimeoutError``."""
        changed = asyncio.Event()
        self._listeners.add(changed.set)
        try:
            async with asyncio.timeout(seconds):
                while not true():
                    await changed.wait()
                    changed.clear()
        finally:
            self._listeners.discard(changed.set)
