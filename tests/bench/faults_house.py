"""What ``bench faults`` runs: simulated platforms, a gateway, a bot, and customers who talk."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field

from sqlalchemy import func, select

from actions.db import Database
from handoff import migrations
from handoff.channels.models import Arrival
from handoff.channels.registry import Inboxes
from handoff.channels.vault import Vault
from handoff.conversations.models import Message
from handoff.delivery.models import Delivery
from handoff.demo.simulated import CREDENTIALS, OPTIONS, UPDATES
from handoff.simulators import Account, Simulator
from handoff.simulators.world import Platform
from tests.bench.history_rows import Witness
from tests.support.processes import Process, running
from tests.support.servers import PYTHON, ROOT, Place, Server, action_server, bot_server, gateway, healthy

PLATFORMS: tuple[Platform, ...] = ("messenger", "instagram", "whatsapp", "telegram")
BURSTS = (1, 1, 1, 1, 1, 2, 2, 3)  # messages that are written one after the other
BETWEEN = (0.1, 1.5)  # seconds between those
ELSEWHERE = 0.005  # share of bursts before which a person answers with the platform's own tool
FIXED = (
    "thank you so much",
    "are you a robot?",
    "what can you do for me?",
    "thanks a lot",
)  # for the real bot


@dataclass
class House:
    simulator: Simulator
    database: Database
    gateway: Server
    bot: Process
    bot_url: str
    witnesses: list[Witness] = field(default_factory=list)

    async def kill_gateway(self, away: float) -> None:
        self.gateway.process.kill()
        await asyncio.sleep(away)
        await asyncio.to_thread(self.gateway.restart)

    async def kill_bot(self, away: float) -> None:
        self.bot.kill()
        await asyncio.sleep(away)
        self.bot.restart()
        await asyncio.to_thread(self.bot.wait_until, lambda: healthy(self.bot_url), 120)

    async def open(self) -> dict[str, int]:
        """What is still to be done."""
        wanted = {
            "arrivals": select(func.count()).where(Arrival.handled_at.is_(None)),
            "unanswered": select(func.count()).where(
                Message.handled_at.is_(None), Message.sender == "customer"
            ),
            "unsent": select(func.count()).where(Delivery.state.in_(("due", "sending", "unsure"))),
        }
        async with self.database.read() as session:
            return {name: await session.scalar(statement) or 0 for name, statement in wanted.items()}

    async def drained(self, seconds: float) -> dict[str, int]:
        """Wait until nothing is left to do, and for the platforms' last news; what is left all the same."""
        deadline = asyncio.get_running_loop().time() + seconds
        while asyncio.get_running_loop().time() < deadline:
            await asyncio.wait_for(self.simulator.settled(), seconds)
            if not any((await self.open()).values()):
                return {}
            await asyncio.sleep(0.5)
        return {name: count for name, count in (await self.open()).items() if count}


@contextmanager
def bot_of(place: Place, real: bool) -> Iterator[tuple[Process, str]]:
    """The bot's process and address."""
    url = place.env["SETU_BOT_URLS"]
    with ExitStack() as stack:
        if real:
            stack.enter_context(action_server(place))
            yield stack.enter_context(bot_server(place)).process, url
            return
        command = [str(PYTHON), "-m", "tests.support.fake_bot", url.rpartition(":")[2]]
        log = place.folder / "bot.log"
        yield stack.enter_context(running(command, log, lambda: healthy(url), cwd=ROOT)), url


@asynccontextmanager
async def house(place: Place, seed: int, customers: int, real: bool) -> AsyncIterator[House]:
    """Everything runs; ``customers`` of each platform are known."""
    simulator = Simulator(seed=seed)
    with ExitStack() as stack:
        async with simulator.serving() as api_url:
            await migrations.upgrade(place.env["SETU_DATABASE_URL"])
            database = Database(place.env["SETU_DATABASE_URL"])
            inboxes = Inboxes(database, Vault(place.env["SETU_SECRET_KEY"]))
            bot, bot_url = await asyncio.to_thread(stack.enter_context, bot_of(place, real))
            server = await asyncio.to_thread(stack.enter_context, gateway(place))
            made = House(simulator, database, server, bot, bot_url)
            for platform in PLATFORMS:
                account = simulator.account(platform)
                inbox = await _inbox(inboxes, account, api_url)
                account.point(f"{server.url}/webhooks/{inbox}", account.verify_token, tuple(UPDATES))
                made.witnesses += [
                    Witness(inbox, simulator.customer(account, f"Customer {number}"))
                    for number in range(customers)
                ]
            try:
                yield made
            finally:
                await database.close()


async def _inbox(inboxes: Inboxes, account: Account, api_url: str) -> str:
    options = {name: getattr(account, kept) for name, kept in OPTIONS[account.platform].items()}
    credentials = {name: getattr(account, kept) for name, kept in CREDENTIALS[account.platform].items()}
    made = await inboxes.create(
        account.platform,
        account.platform.title(),
        {**options, "api_url": api_url, "simulated": True},
        credentials=credentials,
    )
    return made.inbox.id


class Crowd:
    """Customers who write in bursts, at random, ``rate`` messages a second all together."""

    def __init__(self, house: House, messages: int, rate: float, seed: int, real: bool) -> None:
        self._house, self._rate, self._real = house, rate, real
        self._chance = random.Random(seed)
        self._left = messages
        self.said = 0

    async def talk(self) -> None:
        talking: set[asyncio.Task[None]] = set()
        while self._left > 0:
            count = min(self._chance.choice(BURSTS), self._left)
            self._left -= count
            task = asyncio.create_task(self._burst(self._chance.choice(self._house.witnesses), count))
            talking.add(task)
            task.add_done_callback(talking.discard)
            await asyncio.sleep(self._chance.expovariate(self._rate / count))
        await asyncio.gather(*talking)

    async def _burst(self, witness: Witness, count: int) -> None:
        if witness.customer.account.platform != "telegram" and self._chance.random() < ELSEWHERE:
            witness.customer.answered_elsewhere(f"A person elsewhere [{self.said}]")
        for number in range(count):
            if number:
                await asyncio.sleep(self._chance.uniform(*BETWEEN))
            self.said += 1
            words = self._chance.choice(FIXED) if self._real else "Any news of my parcel?"
            witness.customer.say(f"{words} [{self.said}]")
