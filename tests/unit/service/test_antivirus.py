"""Promise 4 and ASVS 5.4.3: what ClamAV knows is never stored, and without its clear answer nothing is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from redactor import antivirus
from redactor.errors import Hostile, UnsafeConfiguration
from redactor.service import assemble
from tests import servers
from tests.unit.service.conftest import House

KNOWN = b"an invented sample that one signature of our own knows"
SECONDS = 20.0


@pytest.fixture(scope="module")
def scanner() -> Iterator[tuple[str, servers.Server]]:
    with servers.clamd(KNOWN) as running:
        yield running


def scanned(house: House, address: str) -> House:
    base = replace(house.service.base, settings=house.settings.model_copy(update={"clamd": address}))
    return replace(house, service=assemble(base))


def test_a_known_file_is_refused_recorded_and_not_stored(house: House, scanner: tuple[str, servers.Server]) -> None:
    there, chair = scanned(house, scanner[0]), house.people["chair"]
    case = house.case()
    with pytest.raises(Hostile):
        there.service.documents.upload(chair, case, "a.txt", b"x" * 300_000 + KNOWN)
    assert there.service.base.blobs.storage.list() == []
    assert there.service.documents.list(chair, case) == ()
    assert there.service.trail.of_case(chair, case)[-1].action == "document.harmful"
    assert there.service.documents.upload(chair, case, "a.txt", b"harmless")


def test_without_a_clear_answer_nothing_is_stored(house: House, scanner: tuple[str, servers.Server]) -> None:
    address, server = scanner
    there, chair = scanned(house, address), house.people["chair"]
    case = house.case()
    with pytest.raises(UnsafeConfiguration):
        there.service.documents.upload(chair, case, "a.txt", b"x" * 3_000_000)  # longer than the scanner takes
    assert antivirus.ping(address, SECONDS)
    server.kill()
    assert not antivirus.ping(address, SECONDS)
    with pytest.raises(UnsafeConfiguration):
        there.service.documents.upload(chair, case, "a.txt", b"harmless")
    assert there.service.base.blobs.storage.list() == []


@pytest.mark.parametrize("address", ["nonsense", "tcp://host", "http://127.0.0.1:1"])
def test_an_address_that_is_none_refuses_everything(address: str) -> None:
    with pytest.raises(UnsafeConfiguration, match="address"):
        antivirus.scan(address, b"x", SECONDS)
