from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from sqlalchemy import func, select

from actions.customers.models import Customer
from actions.db import Database
from actions.shop import orders
from actions.shop.demo import demo_customers
from actions.shop.models import Order, Product
from actions.shop.seed import seed
from tests.actions.world import NOW


async def test_seeding_twice_is_seeding_once(database: Database) -> None:
    said: list[str] = []
    assert await seed(database, NOW, say=said.append)
    assert not await seed(database, NOW, say=said.append)
    assert [line.split(":")[0] for line in said] == ["products", "stores", "customers", "orders"]
    async with database.read() as session:
        for model, least in ((Product, 300), (Customer, 500), (Order, 3000)):
            assert (await session.scalar(select(func.count()).select_from(model)) or 0) >= least
        order = await orders.find(session, demo_customers()[0].id, "SO-100123")
    assert len(order.lines) == 2


def test_without_tables_the_command_says_what_to_do(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}"
    done = subprocess.run(
        [sys.executable, "-m", "actions.shop.seed"], capture_output=True, text=True,
        env={**os.environ, "SETU_DATABASE_URL": url},
    )  # fmt: skip
    assert done.returncode == 1
    assert "migrate first" in done.stderr
    assert "Traceback" not in done.stderr
