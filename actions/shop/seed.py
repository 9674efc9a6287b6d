"""``python -m actions.shop.seed``: fill an empty, migrated database with the demo shop, once."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.exc import OperationalError, ProgrammingError

from actions.customers import models as _customers  # noqa: F401  (its tables)
from actions.db import Base, Database, now
from actions.shop.demo import SEED, generate
from actions.shop.models import SeedMark

BATCH = 2000
Say = Callable[[str], None]


async def seed(database: Database, clock: datetime, seed: int = SEED, say: Say = lambda _: None) -> bool:
    """Put the demo in, all or nothing; False if it (or any other seed) is there already."""
    async with database.write() as session:
        if await session.scalar(select(SeedMark.seed).where(SeedMark.name == "demo")) is not None:
            return False
        for what, tables in generate(clock, seed):
            for table, rows in tables.items():
                for start in range(0, len(rows), BATCH):
                    await session.execute(insert(Base.metadata.tables[table]), rows[start : start + BATCH])
            say(f"{what}: {sum(map(len, tables.values()))} rows")
        session.add(SeedMark(name="demo", seed=seed, clock=clock))
    return True


async def _run(url: str, clock: datetime, number: int) -> int:
    database = Database(url)
    try:
        done = await seed(database, clock, number, lambda line: print(f"  {line}", flush=True))  # noqa: T201
    except (OperationalError, ProgrammingError) as error:
        reason = f"The database has no tables yet or cannot be used: migrate first.\n{error.orig}"
        print(reason, file=sys.stderr)  # noqa: T201
        return 1
    finally:
        await database.close()
    print("The demo shop is ready." if done else "The demo shop was there already.")  # noqa: T201
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m actions.shop.seed", description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    arguments = parser.parse_args()
    url = os.environ.get("SETU_DATABASE_URL") or "sqlite+aiosqlite:///var/setu.db"
    frozen = os.environ.get("SETU_SHOP_CLOCK")
    clock = datetime.fromisoformat(frozen) if frozen else now()
    return asyncio.run(_run(url, clock, arguments.seed))


if __name__ == "__main__":
    sys.exit(main())
