"""Opens the records: SQLite beside the service by default, PostgreSQL for many hosts; the statements are the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from redactor.errors import UnsafeConfiguration

BUSY_SECONDS = 30
_READ_ONLY = "redactor_read_only"


def open_database(address: str) -> Engine:
    """Return the engine for an SQLAlchemy address.

    SQLite runs in WAL mode with ``synchronous=FULL``: a commit that was acknowledged survives a power cut.

    Raises:
        UnsafeConfiguration: if the address is not one that the service supports.
    """
    try:
        url = make_url(address)
    except ArgumentError:
        raise UnsafeConfiguration("REDACTOR_DATABASE_URL is not a database address.") from None
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if url.get_backend_name() == "postgresql":
        return create_engine(url, pool_pre_ping=True)
    raise UnsafeConfiguration(
        "The service keeps its records in SQLite or PostgreSQL only.",
        next_step="Set REDACTOR_DATABASE_URL to sqlite:///... or postgresql+psycopg://...",
    )


def _prepare_sqlite(connection: Any, record: Any) -> None:
    del record
    connection.isolation_level = None  # we say BEGIN ourselves; the driver's own rules would begin too late
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes the lock at once, so it never fails half way; readers do not wait for it.
    read_only = connection.get_execution_options().get(_READ_ONLY, False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Open one transaction that may write: all of it happens, or nothing."""
    with engine.begin() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open one transaction that only reads, and does not hold up writers."""
    with engine.connect().execution_options(**{_READ_ONLY: True}) as connection:
        yield connection


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that sees the records as they are at its first statement, however long it lasts."""
    level = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with engine.connect().execution_options(**{_READ_ONLY: True}, **level) as connection:
        yield connection
