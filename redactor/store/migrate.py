"""Brings the tables to the present shape with Alembic; the same code for the service, the command line and the
tests."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

_SCRIPTS = Path(__file__).resolve().parent / "migrations"


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Take the tables to a revision, by default the newest. Runs in one transaction where the database allows it."""
    with engine.begin() as connection:
        command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the tables back to an earlier revision."""
    with engine.begin() as connection:
        command.downgrade(_config(connection), revision)


def present_revision(engine: Engine) -> str | None:
    """Return the revision of the tables as they are; None where there are none."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str:
    """Return the revision that this release works with."""
    return str(ScriptDirectory.from_config(_config(None)).get_current_head())


def _config(connection: object) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
