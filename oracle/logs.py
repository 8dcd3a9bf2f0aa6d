"""Structured logs: one JSON object a line on stderr, so that stdout stays free for results."""

import sys

import structlog


def log_to_stderr() -> None:
    """Configure structlog for a long-running process."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
