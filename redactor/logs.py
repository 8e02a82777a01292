"""Logs through an allow-list: a key that is not named here is dropped, so a name cannot leak by accident (ASVS
16.2.5)."""

from __future__ import annotations

import logging
import re
import sys
import threading
from collections.abc import Mapping, MutableMapping
from typing import Any, TextIO

import structlog

ALLOWED_KEYS = frozenset(
    {
        "event", "level", "timestamp", "organisation", "account", "case", "document", "version", "review", "release",
        "job", "kind", "state", "attempt", "stage", "slug", "route", "method", "status", "seconds", "count", "pages",
        "bytes", "worker", "error_type", "number", "port", "deployment", "library",
    }
)  # fmt: skip
_PLAIN = re.compile(r"[\w .:,/+\-']{0,200}\Z")


def _only_allowed(logger: Any, method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Keep named keys with plain short values; count what was dropped, never show it."""
    del logger, method
    kept = {key: value for key, value in event.items() if key in ALLOWED_KEYS and _plain(value)}
    if dropped := len(event) - len(kept):
        kept["dropped"] = dropped
    return kept


def _plain(value: object) -> bool:
    if isinstance(value, bool | int | float) or value is None:
        return True
    return isinstance(value, str) and _PLAIN.match(value) is not None


class _Libraries(logging.Handler):
    """Says that a library spoke, never what: its words may quote the document."""

    def emit(self, record: logging.LogRecord) -> None:
        """Log the library's name and the kind of error."""
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        logger().warning("a library logged", library=record.name, error_type=kind)


def _untold(kind: type[BaseException], problem: BaseException | None, trace: object) -> None:
    """Say what kind of error nobody caught; its text and its lines of code stay untold."""
    del problem, trace
    logger().error("error that nobody caught", error_type=kind.__name__)


def configure(stream: TextIO | None = None) -> None:
    """Send the service's logs as JSON lines to a stream (standard error by default).

    What libraries log, warn of, or raise without being caught comes out as its kind alone.
    """
    logging.basicConfig(level=logging.WARNING, handlers=[_Libraries()], force=True)
    logging.captureWarnings(True)
    sys.excepthook = _untold
    threading.excepthook = lambda args: _untold(args.exc_type, None, None)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _only_allowed,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        logger_factory=structlog.PrintLoggerFactory(file=stream or sys.stderr),
        cache_logger_on_first_use=False,
    )


def logger() -> Any:
    """Return the logger. Events are fixed sentences; what varies goes into allowed keys."""
    return structlog.get_logger()
