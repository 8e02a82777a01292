"""Promise 4: migrations make the tables that the code uses, and rows survive the way there and back."""

from __future__ import annotations

from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Boolean, Engine, LargeBinary, MetaData, Table, insert, inspect, select

from redactor.store import migrate
from redactor.store.database import open_database
from redactor.store.migrate import downgrade, newest_revision, present_revision, upgrade
from redactor.store.records import metadata

REVISIONS = [step.revision for step in reversed([*ScriptDirectory(str(migrate._SCRIPTS)).walk_revisions()])]


def test_an_empty_database_grows_into_the_tables_of_the_code(database: str) -> None:
    engine = open_database(database)
    upgrade(engine)
    upgrade(engine)  # a second start changes nothing
    assert present_revision(engine) == newest_revision()
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, metadata) == []
    assert set(inspect(engine).get_table_names()) == {*metadata.tables, "alembic_version"}
    downgrade(engine, "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    engine.dispose()


def tables(engine: Engine) -> dict[str, Table]:
    found = MetaData()
    found.reflect(engine)
    return {table.name: table for table in found.sorted_tables if table.name != "alembic_version"}


def sample(table: Table) -> dict[str, Any]:
    """One row that fits the table: the same identifier everywhere, so that every reference holds."""
    row: dict[str, Any] = {}
    for column in table.columns:
        if isinstance(column.type, Boolean):
            row[column.name] = True
        elif isinstance(column.type, LargeBinary):
            row[column.name] = bytes(range(256))
        elif column.type.python_type is str:
            row[column.name] = "0" * 32 if (column.type.length or 0) >= 32 else "x"  # type: ignore[attr-defined]
        else:
            row[column.name] = 1_795_000_000_000_000 if str(column.type) == "BIGINT" else 7
    return row


def rows(engine: Engine, columns: dict[str, set[str]]) -> dict[str, list[dict[str, Any]]]:
    found = tables(engine)
    with engine.connect() as connection:
        return {
            name: [
                {key: value for key, value in row._mapping.items() if key in columns[name]}
                for row in connection.execute(select(table))
            ]
            for name, table in found.items()
            if name in columns
        }


@pytest.mark.parametrize("start", REVISIONS)
def test_rows_survive_the_way_up_and_back(database: str, start: str) -> None:
    engine = open_database(database)
    upgrade(engine, start)
    found = tables(engine)
    with engine.begin() as connection:
        for table in found.values():
            connection.execute(insert(table).values(sample(table)))
    columns = {name: set(table.c.keys()) for name, table in tables(engine).items()}
    before = rows(engine, columns)
    assert all(len(found) == 1 for found in before.values())
    upgrade(engine)
    assert rows(engine, columns) == before
    downgrade(engine, start)
    assert rows(engine, columns) == before
    assert {name: set(table.c.keys()) for name, table in tables(engine).items()} == columns
    engine.dispose()


def test_every_table_names_its_organisation() -> None:
    # Throttles and challenges hold digests only, before anybody is known.
    shared = {"organisation", "throttle", "passkey_challenge"}
    assert {name for name, table in metadata.tables.items() if "organisation" not in table.c} == shared
