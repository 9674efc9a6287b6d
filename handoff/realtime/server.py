"""The Socket.IO server: in process, or over Redis when several gateways share the sockets."""

from __future__ import annotations

from socketio import AsyncManager, AsyncRedisManager, AsyncServer

PING_EVERY = 20  # seconds
PING_TIMEOUT = 20
LARGEST = 256 * 1024  # bytes of one event


def make_server(redis_url: str | None = None) -> AsyncServer:
    """A server without namespaces yet.

    Any origin may open a connection, without credentials: which page may speak in which
    namespace is decided there, when it connects.
    """
    return AsyncServer(
        async_mode="asgi",
        client_manager=AsyncRedisManager(redis_url, channel="setu") if redis_url else AsyncManager(),
        cors_allowed_origins="*",
        cors_credentials=False,
        ping_interval=PING_EVERY,
        ping_timeout=PING_TIMEOUT,
        max_http_buffer_size=LARGEST,
        namespaces=[],
        logger=False,
        engineio_logger=False,
    )
