"""A bot of a dozen intents that trains in seconds, for tests and benches of the runtime.

Runs in the bot's environment.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.server import DEFAULTS

HERE = Path(__file__).parent


def train(folder: Path, name: str = "small", instead: Mapping[str, str] | None = None) -> Path:
    """Train it into ``folder``; returns the archive. ``instead``: words of its files → other ones, for a
    second bot that can be told from the first."""
    os.environ.update({name: value for name, value in DEFAULTS.items() if not name.startswith("SETU_")})
    import rasa

    from bot.server import quiet

    quiet("WARNING")
    sources = folder / f"{name}-sources"
    sources.mkdir()
    for file in HERE.glob("*.yml"):
        text = file.read_text("utf-8")
        for word, other in (instead or {}).items():
            text = text.replace(word, other)
        (sources / file.name).write_text(text, "utf-8")
    result = rasa.train(
        domain=str(sources / "domain.yml"),
        config=str(sources / "config.yml"),
        training_files=[str(sources / one) for one in ("nlu.yml", "rules.yml")],
        output=str(folder),
        fixed_model_name=name,
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
