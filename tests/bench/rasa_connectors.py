"""Rasa's own Facebook and Telegram connectors behind their own routes, as a process of the bot's environment.

``python -m tests.bench.rasa_connectors PORT``. They are registered as ``rasa run`` does it
(``/webhooks/facebook/webhook``, ``/webhooks/telegram/webhook``) and speak to a platform in this process
instead of the real ones. In the bot's place stands :class:`Recorder`. One thing is mended, see
:func:`towards`: as shipped, the Telegram connector answers 500 to everything.

``GET /handled`` lists what reached the bot, ``POST /forget`` empties it.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiogram import Bot
from aiogram.bot.api import TelegramAPIServer
from fbmessenger import MessengerClient
from rasa.core.channels import facebook, telegram
from rasa.core.channels.channel import UserMessage, register
from sanic import Sanic, response

SECRET = "the app secret of the bench"
BOT_NAME = "bench_bot"
SLOW = "slow"  # a message with this word starts an action that takes
SLOW_SECONDS = 2.0


class Recorder:
    """Takes what Rasa's agent would take: notes the message, and lets a slow action be slow."""

    def __init__(self) -> None:
        self.handled: list[dict[str, Any]] = []

    async def handle_message(self, message: UserMessage) -> None:
        self.handled.append({"sender": message.sender_id, "text": message.text})
        if SLOW in str(message.text):
            await asyncio.sleep(SLOW_SECONDS)


class Platform(BaseHTTPRequestHandler):
    """Says yes to all that a connector asks of Telegram or Facebook."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        me = {"id": 1, "is_bot": True, "first_name": "Bench", "username": BOT_NAME}
        content = json.dumps({"ok": True, "result": me if self.path.lower().endswith("getme") else True})
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content.encode())

    def log_message(self, *_: Any) -> None:
        """Nothing."""


def platform() -> str:
    """A platform on a free port; its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Platform)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}"


def towards(url: str) -> None:
    """Let both connectors speak to ``url``: neither has a setting for it.

    The Telegram connector (Rasa 3.6.21, aiogram 2.15) opens its connections in a loop that is closed
    before the server runs (``asyncio.run(set_webhook)``) and then fails on them ("Event loop is closed").
    Here it gets fresh ones, so that what is compared is how it handles messages.
    """

    class Messenger(MessengerClient):  # type: ignore[misc]
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            self.graph_url = url

    class Output(telegram.TelegramOutput):  # type: ignore[misc]
        def __init__(self, access_token: str) -> None:
            Bot.__init__(self, access_token, server=TelegramAPIServer.from_base(url))

        @property
        def session(self) -> Any:
            if self._session is not None and self._session.loop.is_closed():
                self._session = None
            return super().session

    facebook.MessengerClient = Messenger
    telegram.TelegramOutput = Output


def application() -> Sanic:
    app = Sanic("bench_connectors", configure_logging=False)
    app.ctx.agent = Recorder()
    towards(platform())
    credentials = {
        "facebook": {"verify": "v", "secret": SECRET, "page-access-token": "t"},
        "telegram": {"access_token": "1:t", "verify": BOT_NAME, "webhook_url": "https://shop.example/t"},
    }
    register(
        [
            facebook.FacebookInput.from_credentials(credentials["facebook"]),
            telegram.TelegramInput.from_credentials(credentials["telegram"]),
        ],
        app,
        route="/webhooks/",
    )

    @app.get("/handled")
    async def handled(_: Any) -> Any:
        return response.json({"handled": app.ctx.agent.handled})

    @app.post("/forget")
    async def forget(_: Any) -> Any:
        app.ctx.agent.handled.clear()
        return response.json({})

    return app


if __name__ == "__main__":
    application().run(host="127.0.0.1", port=int(sys.argv[1]), access_log=False, motd=False)
