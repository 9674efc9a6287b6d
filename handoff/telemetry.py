"""What the operator sees: JSON logs without personal data, trace ids, and metrics."""

from __future__ import annotations

import logging
import sys

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from structlog.types import Processor

TURN_BUCKETS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 4, 8)


def log_json(level: str) -> None:
    """Send every log line, the libraries' too, to stderr as one JSON object."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    logging.getLogger("uvicorn.access").disabled = True  # paths and addresses are personal data
    logging.getLogger("httpx").setLevel(logging.WARNING)


class Metrics:
    """The gateway's metrics, in a registry of their own so that two gateways fit in one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.received = Counter(
            "setu_messages_received", "Messages of customers", ["channel"], registry=self.registry
        )
        self.turns = Histogram(
            "setu_turn_seconds", "Turns of the bot", registry=self.registry, buckets=TURN_BUCKETS
        )
        self.failures = Counter(
            "setu_bot_failures", "Turns the bot did not answer", ["kind"], registry=self.registry
        )
        self.escalations = Counter(
            "setu_escalations", "Conversations given to people", ["reason"], registry=self.registry
        )
        self.dropped = Counter(
            "setu_replies_dropped", "Replies of the bot that came too late", registry=self.registry
        )
        self.unknown = Counter(
            "setu_events_unknown",
            "Events of platforms that we do not know",
            ["channel"],
            registry=self.registry,
        )
        self.deliveries = Counter("setu_deliveries", "Pushes to channels", ["state"], registry=self.registry)

    def text(self) -> bytes:
        return generate_latest(self.registry)
