"""ASVS 5.2.4: one account fills no disk, whether its session was stolen or its program runs away."""

from __future__ import annotations

from datetime import timedelta

import pytest

from redactor.app import compose
from redactor.errors import Throttled
from redactor.limits import MEBIBYTE
from redactor.service import Service
from tests.unit.service.conftest import House


def service_with(house: House, **values: int) -> Service:
    return compose(house.settings.model_copy(update=values), house.clock)


def test_files_of_a_day_are_counted_for_each_account_and_come_free_again(house: House) -> None:
    chair, second, case = house.people["chair"], house.people["second"], house.case()
    upload = service_with(house, upload_files_per_day=2).documents.upload
    for number in range(2):
        upload(chair, case, f"{number}.txt", b"x")
    with pytest.raises(Throttled, match="2 files"):
        upload(chair, case, "3.txt", b"x")
    upload(second, case, "4.txt", b"x")
    house.clock.move(timedelta(hours=24))
    upload(chair, case, "5.txt", b"x")


def test_bytes_of_a_day_are_counted_and_nothing_is_stored_beyond_them(house: House) -> None:
    chair, case = house.people["chair"], house.case()
    service = service_with(house, upload_mebibytes_per_day=1)
    service.documents.upload(chair, case, "1.txt", bytes(MEBIBYTE - 1) + b"x")
    before = service.base.blobs.storage.list()
    with pytest.raises(Throttled, match="1 MiB"):
        service.documents.upload(chair, case, "2.txt", b"x")
    assert service.base.blobs.storage.list() == before
