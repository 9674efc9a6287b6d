"""A bot of a dozen intents that trains in seconds, for tests and benches of the runtime.

Runs in the bot's environment.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from bot.server import DEFAULTS

HERE = Path(__file__).parent


def train(folder: Path) -> Path:
    """Train it into ``folder``; returns the archive."""
    os.environ.update({name: value for name, value in DEFAULTS.items() if not name.startswith("SETU_")})
    import rasa

    from bot.server import quiet

    quiet("WARNING")
    result = rasa.train(
        domain=str(HERE / "domain.yml"),
        config=str(HERE / "config.yml"),
        training_files=[str(HERE / name) for name in ("nlu.yml", "rules.yml")],
        output=str(folder),
        fixed_model_name="small",
    )
    assert result.model, "the small bot did not train"
    return Path(result.model)


def agent(model: Path, store: Any = None, actions_url: str | None = None) -> Any:
    """An agent as :mod:`bot.server` makes it, over any tracker store (Rasa's in memory by default)."""
    from rasa.core.agent import Agent
    from rasa.utils.endpoints import EndpointConfig

    from bot.action_endpoint import KeptAliveEndpoint, spare_the_schema
    from bot.locks import LineLockStore

    spare_the_schema()
    endpoint = KeptAliveEndpoint.of(EndpointConfig(f"{actions_url}/webhook", token="actions"))
    made = Agent(tracker_store=store, lock_store=LineLockStore(), action_endpoint=endpoint)
    made.load_model(model)
    return made
