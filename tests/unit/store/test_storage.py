"""Promise 4: sealed bytes are kept and found again, whole, wherever they lie: a folder or a bucket."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from obstore.exceptions import BaseError

from redactor.app import open_storage
from redactor.errors import UnsafeConfiguration
from redactor.settings import Settings
from redactor.store.blobs import Storage
from tests import servers
from tests.proxy import Fault, proxy


@pytest.fixture(params=["folder", "bucket"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "folder":
        return open_storage(Settings(data=tmp_path))
    server, name = request.getfixturevalue("bucket"), uuid4().hex
    server.add(name)
    return open_storage(Settings(data=tmp_path, **server.settings(bucket=name)))


class TestEveryStorage:
    def test_what_was_put_is_found(self, storage: Storage) -> None:
        content = bytes(range(256)) * 4096
        storage.put("o/ab/abcd", content)
        storage.put("o/ef/efgh", b"")
        assert storage.get("o/ab/abcd") == content
        assert storage.get("o/ef/efgh") == b""
        listed = dict(storage.list())
        assert set(listed) == {"o/ab/abcd", "o/ef/efgh"}
        assert abs(listed["o/ab/abcd"] - datetime.now(UTC)) < timedelta(minutes=5)

    def test_what_was_deleted_is_gone(self, storage: Storage) -> None:
        storage.put("o/ab/abcd", b"x")
        storage.delete("o/ab/abcd")
        storage.delete("o/ab/abcd")
        assert storage.list() == []
        with pytest.raises(FileNotFoundError):
            storage.get("o/ab/abcd")


@pytest.fixture
def faulty(bucket: servers.Bucket, tmp_path: Path) -> Iterator[tuple[Storage, Fault]]:
    name = uuid4().hex
    bucket.add(name)
    with proxy(bucket.port) as fault:
        settings = Settings(data=tmp_path, storage_seconds=3.0, **bucket.settings(fault.address, name))
        yield open_storage(settings), fault


@pytest.mark.parametrize("how", ["refuse", "drop answer", "cut answer", "error"])
def test_a_bucket_that_fails_now_and_then_is_asked_again(faulty: tuple[Storage, Fault], how: str) -> None:
    storage, fault = faulty
    content = b"sealed" * 20_000
    fault.next(how)
    storage.put("o/ab/abcd", content)
    fault.next(how)
    assert storage.get("o/ab/abcd") == content
    assert fault.used == 2


def test_a_bucket_that_is_gone_is_said_to_be_in_time(faulty: tuple[Storage, Fault]) -> None:
    storage, fault = faulty
    fault.always("refuse")
    with pytest.raises(BaseError):
        storage.put("o/ab/abcd", b"x")
    fault.heal()
    storage.put("o/ab/abcd", b"x")
    assert storage.get("o/ab/abcd") == b"x"


def test_an_address_that_is_no_bucket_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsafeConfiguration):
        open_storage(Settings(data=tmp_path, storage_url="ftp://sealed"))
