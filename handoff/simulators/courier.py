"""Brings webhooks to the business: in order for each customer, again until it answers 2xx.

What does not go well comes from the dice: duplicates, and webhooks that others overtake. While the
platform is dark nothing is brought.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import aiohttp

from handoff.simulators.accounts import Account
from handoff.simulators.clock import Clock
from handoff.simulators.events import Event, Telling, wanted, written
from handoff.simulators.faults import Dice, Faults

log = logging.getLogger(__name__)

# Seconds before each new attempt: quick ones first, then ever slower; the last one repeats.
PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
GIVE_UP = 24 * 3600.0  # seconds
PATIENCE = 20.0  # seconds that the business has to answer
AT_ONCE = 8  # requests to one account's webhook

Post = Callable[[str, bytes, Mapping[str, str]], Awaitable[int]]
"""Address, body, headers → the status; raises ``OSError`` or ``TimeoutError`` when there is none."""


@dataclass
class Round:
    """An account's events on their way: a lane for each customer."""

    account: Account
    telling: Telling
    lanes: dict[str, deque[Event]] = field(default_factory=dict)
    ready: deque[str] = field(default_factory=deque)  # lanes with something in them, nobody at work
    workers: int = 0


class Courier:
    def __init__(
        self,
        clock: Clock,
        dice: Dice,
        faults: Callable[[], Faults],
        post: Post | None = None,
        troubled: Callable[[], None] = lambda: None,
    ) -> None:
        """``troubled`` is called when the business has not taken something."""
        self._troubled = troubled
        self._clock, self._dice, self._faults = clock, dice, faults
        self._post = post or self._post_by_http
        self._http: aiohttp.ClientSession | None = None
        self._rounds: dict[str, Round] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._open = 0  # events that were not brought yet
        self._quiet = asyncio.Event()
        self._quiet.set()
        self.lit = asyncio.Event()
        self.lit.set()
        self.stats: Counter[str] = Counter()

    def put(self, account: Account, telling: Telling, events: list[Event]) -> None:
        """Bring these; what the business has not subscribed to is left out."""
        for event in events:
            if not wanted(account, event):
                self.stats["not subscribed"] += 1
                continue
            self._count(1)
            if held := self._dice.held(self._faults()):
                self.stats["reordered"] += 1
                asyncio.get_running_loop().call_later(held, self._lay, account, telling, event)
            else:
                self._lay(account, telling, event)

    async def settled(self) -> None:
        """Until all that was put has been answered, or given up."""
        await self._quiet.wait()

    def waiting(self, account: Account) -> int:
        known = self._rounds.get(account.token)
        return sum(map(len, known.lanes.values())) if known else 0

    async def close(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._http:
            await self._http.close()

    def _count(self, by: int) -> None:
        self._open += by
        if self._open:
            self._quiet.clear()
        else:
            self._quiet.set()

    def _lay(self, account: Account, telling: Telling, event: Event) -> None:
        known = self._rounds.setdefault(account.token, Round(account, telling))
        if event.contact not in known.lanes:
            known.lanes[event.contact] = deque()
            known.ready.append(event.contact)
        known.lanes[event.contact].append(event)
        if known.ready and known.workers < AT_ONCE:
            known.workers += 1
            self._spawn(self._work(known))

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, known: Round) -> None:
        """Take what is ready, as much as one request may hold, and bring it; until nothing is ready."""
        try:
            while known.ready:
                await self.lit.wait()
                taken = self._take(known)
                if not taken:
                    break  # others took it all while it was dark
                await self._bring(known, [event for events in taken.values() for event in events])
                for contact, events in taken.items():
                    lane = known.lanes[contact]
                    for _ in events:
                        lane.popleft()
                    if lane:
                        known.ready.append(contact)
                    else:
                        del known.lanes[contact]
        finally:
            known.workers -= 1

    @staticmethod
    def _take(known: Round) -> dict[str, list[Event]]:
        taken: dict[str, list[Event]] = {}
        room = known.telling.batch
        while known.ready and room:
            contact = known.ready.popleft()
            taken[contact] = list(known.lanes[contact])[:room]
            room -= len(taken[contact])
        return taken

    async def _bring(self, known: Round, events: list[Event]) -> None:
        account = known.account
        envelope = known.telling.envelope(account, events, self._clock.now())
        meta = account.platform != "telegram"
        body = written(envelope) if meta else json.dumps(envelope, ensure_ascii=False).encode()
        again = self._dice.duplicated(self._faults())
        if again is not None:
            self.stats["duplicated"] += len(events)
            self._count(1)
            self._spawn(self._repeat(known, body, again))
        since = asyncio.get_running_loop().time()
        attempt = 0
        while not await self._attempt(known, body):
            if asyncio.get_running_loop().time() - since > GIVE_UP:
                self.stats["given up"] += len(events)
                break
            self.stats["retried"] += 1
            await asyncio.sleep(self._dice.jitter(PAUSES[min(attempt, len(PAUSES) - 1)]))
            attempt += 1
        self._count(-len(events))

    async def _repeat(self, known: Round, body: bytes, after: float) -> None:
        try:
            await asyncio.sleep(after)
            await self._attempt(known, body)
        finally:
            self._count(-1)

    async def _attempt(self, known: Round, body: bytes) -> bool:
        await self.lit.wait()
        account = known.account
        hook = account.webhook
        if hook is None:
            return True  # nobody wants it any more
        self.stats["webhooks"] += 1
        headers = {"Content-Type": "application/json", **known.telling.headers(account, body)}
        try:
            status = await self._post(hook.url, body, headers)
        except (OSError, TimeoutError, aiohttp.ClientError) as lost:
            hook.last_error = f"Connection failed: {type(lost).__name__}"
        else:
            if 200 <= status < 300:
                return True
            hook.last_error = f"Wrong response from the webhook: {status}"
        hook.last_error_at = self._clock.now()
        self._troubled()
        log.info("webhook of %s: %s", account.name, hook.last_error)
        return False

    async def _post_by_http(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        if self._http is None:
            limits = aiohttp.TCPConnector(limit=0, limit_per_host=32)
            timeout = aiohttp.ClientTimeout(total=PATIENCE)
            self._http = aiohttp.ClientSession(connector=limits, timeout=timeout, trust_env=False)
        async with self._http.post(url, data=body, headers=headers, allow_redirects=False) as answer:
            await answer.read()
            return int(answer.status)
