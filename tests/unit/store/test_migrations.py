"""Promise 4: the tables that migrations make are the tables that the code uses, and the way back works."""

from __future__ import annotations

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from redactor.store.database import open_database
from redactor.store.migrate import downgrade, upgrade
from redactor.store.records import metadata


def test_an_empty_database_grows_into_the_tables_of_the_code(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'r.sqlite'}")
    upgrade(engine)
    upgrade(engine)  # a second start changes nothing
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, metadata) == []
    assert set(inspect(engine).get_table_names()) == {*metadata.tables, "alembic_version"}
    downgrade(engine, "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    engine.dispose()


def test_every_table_names_its_organisation() -> None:
    shared = {"organisation", "throttle"}  # throttles hold digests only, before anybody is known
    assert {name for name, table in metadata.tables.items() if "organisation" not in table.c} == shared
