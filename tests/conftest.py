"""What all tests share: no socket leaves this machine, and where the shared evidence lies, if it is there."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, delete

from redactor.store.database import open_database, writing
from redactor.store.records import metadata
from tests import servers

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("REDACTOR_SHARED", ROOT.parent / "shared"))
_LOOPBACK = ("127.", "::1", "localhost")

_connect = socket.socket.connect


def _guarded(self: socket.socket, address: Any) -> None:
    if self.family != socket.AF_UNIX and not str(address[0]).startswith(_LOOPBACK):
        raise AssertionError("a test tried to reach the network")
    _connect(self, address)


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Any:
    socket.socket.connect = _guarded  # type: ignore[method-assign]
    yield
    socket.socket.connect = _connect  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared evidence folder; tests that need it are skipped by name where it is not there."""
    if not SHARED.is_dir():
        pytest.skip("the shared evidence folder is not there")
    return SHARED


@pytest.fixture(scope="session")
def postgres() -> Iterator[servers.Postgres]:
    """A PostgreSQL cluster that all tests of this process share, a database each."""
    with servers.postgres() as running:
        yield running


@pytest.fixture(scope="session")
def bucket() -> Iterator[servers.Bucket]:
    """An S3-compatible server that all tests of this process share, a bucket each."""
    with servers.bucket() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of an empty database, of both kinds: the same tests hold on both."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'records.sqlite'}"
        return
    server, name = request.getfixturevalue("postgres"), uuid4().hex
    yield server.create(name)
    server.drop(name)


@pytest.fixture(scope="session")
def _postgres_records(postgres: servers.Postgres) -> Iterator[Engine]:
    engine = open_database(postgres.create(uuid4().hex))
    metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def records(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of each kind with all tables, empty."""
    if request.param == "sqlite":
        engine = open_database(f"sqlite:///{tmp_path / 'records.sqlite'}")
        metadata.create_all(engine)
        yield engine
        engine.dispose()
        return
    engine = request.getfixturevalue("_postgres_records")
    yield engine
    with writing(engine) as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(delete(table))
