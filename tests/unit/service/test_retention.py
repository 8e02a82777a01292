"""Promise 4 and ASVS 14.2.7: what is due ends with its keys and a certificate; what is held, or not yet due, stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from redactor.errors import BadArguments, NotCleared, NotFound
from redactor.policy.retention import load_retention
from redactor.service.states import ReleaseState
from redactor.store.audit import Certificate
from redactor.store.database import reading
from redactor.store.records import blob
from tests.unit.service.conftest import House
from tests.unit.service.test_journey import proposed, ready

both = pytest.mark.parametrize("deployment", ["embedded", "scaled"])


@both
def test_a_closed_case_ends_on_its_day_and_not_before(house: House) -> None:
    case, version, _ = proposed(house)
    chair, retention = house.people["chair"], house.service.retention
    house.service.cases.close(chair, case)
    days = load_retention().classes["standard"].case_closed
    house.clock.move(timedelta(days=days) - timedelta(seconds=1))
    assert retention.sweep().destroyed == ()
    house.clock.move(timedelta(seconds=1))
    assert [(item.what, item.rule) for item in retention.due()] == [("case", "standard.case_closed")]
    swept = retention.sweep()
    assert len(swept.destroyed) == swept.certified == 1
    assert swept.removed >= 3
    with pytest.raises(NotFound):
        house.service.documents.original(chair, version)
    view = house.service.cases.open(chair, case)
    assert view.title == "Destroyed"
    assert view.file.people == ()
    with reading(house.service.base.engine) as connection:
        assert not connection.execute(select(blob.c.wrapped).where(blob.c.case_id == case)).scalars().first()
    assert house.service.base.blobs.storage.list() == []
    assert retention.sweep().destroyed == ()


def test_a_copy_ends_some_time_after_its_links(house: House) -> None:
    release = ready(house)
    chair = house.people["chair"]
    expires = house.service.releases.open(chair, release).expires_at
    days = load_retention().classes["standard"].link_ended
    house.clock.move(expires + timedelta(days=days) - house.clock.now())
    assert [item.what for item in house.service.retention.sweep().destroyed] == ["copy"]
    assert house.service.releases.open(chair, release).state is ReleaseState.REVOKED


def test_a_failed_upload_ends(house: House) -> None:
    case, chair = house.case(), house.people["chair"]
    house.machine.problem = NotFound("Not there.")
    house.service.documents.upload(chair, case, "a.txt", b"x")
    house.run()
    house.clock.move(timedelta(days=load_retention().classes["standard"].upload_failed))
    assert [item.what for item in house.service.retention.sweep().destroyed] == ["upload"]


def test_a_hold_stops_the_sweep_and_the_hand(house: House) -> None:
    case, _, _ = proposed(house)
    chair, retention = house.people["chair"], house.service.retention
    house.service.cases.close(chair, case)
    retention.hold(chair, case, True)
    house.clock.move(timedelta(days=4000))
    assert retention.sweep().destroyed == ()
    document = house.service.documents.list(chair, case)[0]
    with pytest.raises(NotCleared):
        retention.destroy_document(chair, document.id)
    retention.hold_by_order(case, False)
    assert len(retention.sweep().destroyed) == 1


def test_a_case_follows_its_own_class(house: House) -> None:
    case, _, _ = proposed(house)
    chair, retention = house.people["chair"], house.service.retention
    retention.set_class(chair, case, "court")
    house.service.cases.close(chair, case)
    house.clock.move(timedelta(days=load_retention().classes["standard"].case_closed))
    assert retention.due() == ()
    with pytest.raises(BadArguments):
        retention.set_class(chair, case, "for ever")


def test_each_destruction_is_certified_once_and_the_certificate_cannot_be_changed(house: House) -> None:
    case, _, _ = proposed(house)
    chair = house.people["chair"]
    document = house.service.documents.list(chair, case)[0]
    house.service.retention.destroy_document(chair, document.id)
    assert house.service.retention.write_register() == 1
    assert house.service.retention.write_register() == 0
    line = house.settings.destroyed_file.read_text().strip()
    certificate = Certificate.from_json(line)
    assert certificate.genuine()
    assert certificate.fields["subject"] == document.id
    assert not Certificate.from_json(line.replace(document.id, "f" * 32)).genuine()


def test_no_reading_outlives_its_document(house: House) -> None:
    case, version, review = proposed(house)
    chair = house.people["chair"]
    view = house.service.cases.open(chair, case)
    house.service.cases.rename(chair, case, view.version, "Another title", "DC-2")
    house.service.reviews.propose_again(chair, review)
    house.run()
    document = house.service.documents.list(chair, case)[0]
    house.service.retention.destroy_document(chair, document.id)
    with reading(house.service.base.engine) as connection:
        left = select(blob.c.purpose).where(blob.c.case_id == case, blob.c.wrapped.is_not(None))
        assert connection.execute(left).scalars().all() == []
    with pytest.raises(NotFound):
        house.service.documents.original(chair, version)
