"""The bot's process: ``python -m bot.server [--model FILE_OR_FOLDER] [--port PORT]``.

Rasa's own server with our channel, tracker store and action endpoint, on this machine's loopback
only. ``GET /health`` answers 200 once the model is loaded; before that nobody listens, and 503 if
it is ever lost. Rasa's HTTP API (swap a model by ``PUT /model``, ``/model/parse``) is behind the
same token as ``?token=``. Several bots: several processes, each on its own port.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rasa.core.agent import Agent
    from sanic import Sanic

HERE = Path(__file__).parent
DEFAULTS = {
    "SETU_TRACKER_URL": "sqlite:///var/trackers.db",
    "SETU_ACTIONS_URL": "http://127.0.0.1:5055",
    "SETU_LOG_LEVEL": "INFO",
    # Rasa sends nothing home, and TensorFlow, which it imports, keeps quiet and to one thread.
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "CUDA_VISIBLE_DEVICES": "-1",
    "SANIC_WORKERS": "1",
}
SECRETS = ("SETU_BOT_TOKEN", "SETU_ACTIONS_TOKEN")


class CannotStart(Exception):
    """Why the bot does not start, as a sentence for whoever runs it."""


def prepare(env: MutableMapping[str, str]) -> None:
    """Fill in the defaults and check the secrets; must run before Rasa is imported."""
    for name, value in DEFAULTS.items():
        env[name] = env.get(name) or value
    missing = [name for name in SECRETS if not env.get(name)]
    if missing:
        raise CannotStart(f"{' and '.join(missing)} must be set (./setu writes them to var/setu.env)")


def load(model: Path) -> Agent:
    """The agent with its model; :class:`CannotStart` says what is wrong with it."""
    from rasa.core.agent import Agent
    from rasa.core.tracker_store import TrackerStore
    from rasa.core.utils import AvailableEndpoints
    from rasa.model import get_latest_model

    from bot.action_endpoint import KeptAliveEndpoint, spare_the_schema
    from bot.locks import LineLockStore

    spare_the_schema()
    found = get_latest_model(model) if model.is_dir() else str(model) if model.is_file() else None
    if found is None:
        raise CannotStart(f"there is no model at {model}; ./setu train makes one")
    endpoints = AvailableEndpoints.read_endpoints(str(HERE / "endpoints.yml"))
    try:
        store = TrackerStore.create(endpoints.tracker_store)
    except Exception as error:
        raise CannotStart(f"the tracker store (SETU_TRACKER_URL) cannot be opened: {error}") from error
    agent = Agent(
        tracker_store=store,
        lock_store=LineLockStore(),
        action_endpoint=KeptAliveEndpoint.of(endpoints.action),
    )
    try:
        agent.load_model(found)
    except Exception as error:
        raise CannotStart(f"the model {found} cannot be loaded: {error}") from error
    return agent


def quiet(level: str) -> None:
    """Log our own words at ``level``, Rasa's only from warnings on: its debug lines hold what
    customers said."""
    from rasa.utils.common import configure_logging_and_warnings
    from rasa.utils.log_utils import configure_structlog

    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    rasas = max(logging.WARNING, logging.getLogger().level)
    configure_logging_and_warnings(rasas, filter_repeated_logs=False)
    configure_structlog(rasas)


def create_app(agent: Agent) -> Sanic:
    """Rasa's server around the agent; a swapped model keeps its stores and its endpoint."""
    from rasa.core.run import close_resources, configure_app, create_http_input_channels
    from rasa.core.utils import AvailableEndpoints
    from sanic.response import json as answer

    channels = create_http_input_channels(None, str(HERE / "credentials.yml"))
    endpoints = AvailableEndpoints(
        action=agent.action_endpoint,
        tracker_store=agent.tracker_store._tracker_store,
        lock_store=agent.lock_store,
    )
    app = configure_app(channels, auth_token=os.environ["SETU_BOT_TOKEN"], endpoints=endpoints)
    app.config.REQUEST_MAX_SIZE = 100_000_000  # a trainer's PUT; turns have their own bound
    app.ctx.agent = agent

    @app.get("/health")  # type: ignore[untyped-decorator]
    async def health(_request: Any) -> Any:
        ready = app.ctx.agent is not None and app.ctx.agent.is_ready()
        return answer({"status": "ok" if ready else "no model"}, 200 if ready else 503)

    async def close_actions(*_: Any) -> None:
        await agent.action_endpoint.close()

    app.register_listener(close_resources, "after_server_stop")
    app.register_listener(close_actions, "after_server_stop")
    return app


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bot.server", description="Setu's bot")
    parser.add_argument("--model", type=Path, default=Path("models"), help="an archive or their folder")
    parser.add_argument("--port", type=int, default=5005)
    arguments = parser.parse_args()
    try:
        prepare(os.environ)
        quiet(os.environ["SETU_LOG_LEVEL"].upper())
        app = create_app(load(arguments.model))
    except CannotStart as reason:
        sys.exit(f"The bot cannot start: {reason}.")
    app.run(host="127.0.0.1", port=arguments.port, access_log=False, motd=False)


if __name__ == "__main__":
    main()
