"""The bot's process: ``python -m bot.server [--model FILE_OR_FOLDER] [--port PORT]``.

Rasa's own server with our channel, tracker store and action endpoint, on this machine's loopback
only. ``GET /health`` answers 200 once the model is loaded; before that nobody listens, and 503 if
it is ever lost. Rasa's HTTP API (``/model/parse``) is behind the same token as ``?token=``; the model is
changed by :mod:`bot.model_routes` alone. Several bots: several processes, each on its own port.
"""

from __future__ import annotations

import argparse
import gc
import logging
import os
import sys
from collections.abc import MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rasa.core.agent import Agent
    from sanic import Sanic

    from bot.models import Models

log = logging.getLogger(__name__)

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


def load(model: Path, shelf: Path) -> tuple[Agent, Models]:
    """The agent with its models; :class:`CannotStart` says what is wrong with them.

    ``shelf``: the folder where archives that the gateway sends are kept. The last one that went live here
    is started with, as long as ``model`` is what it was sent instead of.
    """
    from rasa.core.agent import Agent
    from rasa.core.tracker_store import TrackerStore
    from rasa.core.utils import AvailableEndpoints
    from rasa.model import get_latest_model

    from bot.action_endpoint import KeptAliveEndpoint, spare_the_schema
    from bot.archives import Envelope, Shelf, sha256_of
    from bot.loading import CannotLoad, Surroundings
    from bot.locks import LineLockStore
    from bot.models import Models
    from bot.models import load as ready
    from bot.processor import SUFFIX

    spare_the_schema()
    found = get_latest_model(model) if model.is_dir() else str(model) if model.is_file() else None
    if found is None:
        raise CannotStart(f"there is no model at {model}; ./setu train makes one")
    endpoints = AvailableEndpoints.read_endpoints(str(HERE / "endpoints.yml"))
    try:
        store = TrackerStore.create(endpoints.tracker_store)
    except Exception as error:
        raise CannotStart(f"the tracker store (SETU_TRACKER_URL) cannot be opened: {error}") from error
    around = Surroundings(store, LineLockStore(), KeptAliveEndpoint.of(endpoints.action))
    kept = Shelf(shelf, os.environ["SETU_BOT_TOKEN"].encode())
    asked = sha256_of(Path(found))
    live = None
    spare_the_collector()
    if (sent := kept.remembered(asked)) is not None:
        try:
            live = ready(sent[1], sent[0], around)
        except CannotLoad as error:
            log.warning("%s, which was live here, cannot be loaded any more: %s", sent[0].name, error)
    if live is None:
        kept.forget()
        envelope = Envelope(Path(found).name.removesuffix(SUFFIX), asked, "")
        try:
            live = ready(Path(found), envelope, around)
        except CannotLoad as error:
            raise CannotStart(f"the model {found} cannot be loaded: {error}") from error
    agent = Agent(tracker_store=store, lock_store=around.locks, action_endpoint=around.actions)
    return agent, Models(agent, live, around, kept, asked)


def spare_the_collector() -> None:
    """What the imports made stays for good: Python need not look through it for rubbish again and again,
    a quarter of a second each time in which no turn goes on."""
    gc.collect()
    gc.freeze()


def quiet(level: str) -> None:
    """Log our own words at ``level``, Rasa's only from warnings on: its debug lines hold what
    customers said."""
    from rasa.utils.common import configure_logging_and_warnings
    from rasa.utils.log_utils import configure_structlog

    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    rasas = max(logging.WARNING, logging.getLogger().level)
    configure_logging_and_warnings(rasas, filter_repeated_logs=False)
    configure_structlog(rasas)


def create_app(agent: Agent, models: Models) -> Sanic:
    """Rasa's server around the agent, without its own ways to change the model: they would stall every
    turn, and take any file."""
    from rasa.core.run import close_resources, configure_app, create_http_input_channels
    from rasa.core.utils import AvailableEndpoints
    from sanic.response import json as answer

    channels = create_http_input_channels(None, str(HERE / "credentials.yml"))
    endpoints = AvailableEndpoints(
        action=agent.action_endpoint,
        tracker_store=agent.tracker_store,
        lock_store=agent.lock_store,
    )
    app = configure_app(channels, auth_token=os.environ["SETU_BOT_TOKEN"], endpoints=endpoints)
    app.config.REQUEST_MAX_SIZE = 10_000_000  # turns have a narrower bound, archives a wider one
    app.config.REQUEST_TIMEOUT = 600  # seconds: an archive takes its time
    app.ctx.agent = agent
    app.ctx.models = models

    @app.middleware("request")  # type: ignore[untyped-decorator]
    async def only_by_our_door(request: Any) -> Any:
        if request.path.startswith("/model") and request.path not in ("/model/parse", "/model/predict"):
            message = "PUT /webhooks/setu/model changes the model"
            return answer({"error": {"code": "gone", "message": message}}, 410)
        return None

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
        shelf = Path(os.environ.get("SETU_HOME") or "var") / f"bot-{arguments.port}"
        app = create_app(*load(arguments.model, shelf))
    except CannotStart as reason:
        sys.exit(f"The bot cannot start: {reason}.")
    app.run(host="127.0.0.1", port=arguments.port, access_log=False, motd=False)


if __name__ == "__main__":
    main()
