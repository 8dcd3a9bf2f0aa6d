"""Structured logs: one JSON object a line on stderr, with whatever could be a secret or a person left out."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

WITHHELD = frozenset(
    {
        "authorization",
        "body",
        "challenge",
        "features",
        "key",
        "packet",
        "personal",
        "private_key",
        "raw",
        "salt",
        "secret",
        "signature",
        "token",
    }
)


def withhold(_logger: object, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace the value of every field whose name is in `WITHHELD`."""
    return {name: "withheld" if name in WITHHELD else value for name, value in entry.items()}


def configure_logs() -> None:
    """Send structured logs to stderr; libraries speak only from WARNING upwards."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            withhold,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def log(room: str) -> Any:
    """A logger that names the part of the facade that speaks."""
    return structlog.get_logger(room=room)
