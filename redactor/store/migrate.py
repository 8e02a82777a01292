"""Brings the tables to the present shape with Alembic; the same code for the service, the command line and the
tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from redactor.errors import IntegrityFailure
from redactor.store.database import reading

_ONE_AT_A_TIME = 0x7EDAC7  # any fixed number
_SCRIPTS = Path(__file__).resolve().parent / "migrations"


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Take the tables to a revision, by default the newest; all of it happens, or nothing."""
    with _changing(engine) as connection:
        command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the tables back to an earlier revision."""
    with _changing(engine) as connection:
        command.downgrade(_config(connection), revision)


def present_revision(engine: Engine) -> str | None:
    """Return the revision of the tables as they are; None where there are none."""
    with reading(engine) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str:
    """Return the revision that this release works with."""
    return str(ScriptDirectory.from_config(_config(None)).get_current_head())


@contextmanager
def _changing(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that may change tables which others refer to.

    SQLite cannot alter a table in place: it is copied, dropped and renamed, which foreign keys would forbid. They are
    off for so long and checked before the commit (sqlite.org/lang_altertable.html, section 7).
    """
    if engine.dialect.name != "sqlite":
        with engine.begin() as connection:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})")  # many hosts start at once
            yield connection
        return
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA foreign_keys=OFF")  # without effect once a transaction has begun
        try:
            with connection.begin():
                yield connection
                if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                    raise IntegrityFailure("The change of the tables would break a reference; nothing was changed.")
        finally:
            driver.execute("PRAGMA foreign_keys=ON")


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
