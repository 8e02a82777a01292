"""Issue 7.3: keys can be replaced at any time, cut off at any moment, and the old ones open nothing afterwards."""

from __future__ import annotations

import shutil

import pytest
from sqlalchemy import LargeBinary, select

from redactor.app import compose
from redactor.errors import IntegrityFailure
from redactor.store import rotate
from redactor.store.database import reading
from redactor.store.keys import FileKey
from redactor.store.records import metadata, organisation_key
from tests.unit.service.conftest import PASSWORD, TEXT, House
from tests.unit.service.test_journey import ready

# Bytes that no organisation's key seals: wrapped keys and public halves.
NOT_SEALED = {
    "organisation_key.wrapped", "blob.wrapped", "audit_head.signature", "audit_head.public_key",
    "passkey.credential", "passkey.public_key",  # public by their nature: a passkey's secret never leaves its device
}  # fmt: skip


def test_no_sealed_column_is_forgotten() -> None:
    known = {f"{column.table.name}.{column.name}" for column in rotate.SEALED}
    columns = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    assert columns == known | NOT_SEALED


@pytest.mark.parametrize("deployment", ["embedded", "scaled"])
def test_after_a_rotation_all_opens_and_the_old_key_opens_nothing(house: House) -> None:
    release = ready(house)
    chair = house.people["chair"]
    link = house.service.releases.link(chair, release)
    arrival = house.service.portal.arrive(link, "192.0.2.1")
    house.service.portal.accept(link, arrival.agreement.number, "Testperson Delta", "192.0.2.1")
    with reading(house.service.base.engine) as connection:
        old = connection.execute(select(organisation_key.c.id)).scalars().all()
    assert house.service.recovery.rotate() > 10
    with reading(house.service.base.engine) as connection:
        for column in rotate.SEALED:
            for sealed in connection.execute(select(column).where(column.is_not(None))).scalars():
                assert sealed[:16].hex() not in old, column
        left = select(organisation_key.c.wrapped).where(organisation_key.c.id.in_(old))
        assert set(connection.execute(left).scalars()) == {b""}
    fresh = compose(house.settings, house.clock)
    proof = fresh.recovery.prove()
    assert proof.problems == ()
    view = fresh.releases.open(chair, release)
    assert fresh.cases.open(chair, view.case).title == "A case"
    assert fresh.portal.download(link, "192.0.2.1").content.startswith(b"%PDF")
    document = fresh.documents.list(chair, view.case)[0]
    assert fresh.documents.original(chair, document.versions[0].id) == ("Testperson Alpha.txt", TEXT.encode())
    fresh.entry.sign_in("chair", PASSWORD, "192.0.2.1")
    assert fresh.recovery.rotate() > 10
    fresh.base.engine.dispose()


def test_a_new_master_key_takes_over_and_the_old_one_opens_nothing(house: House) -> None:
    ready(house)
    path = house.settings.key_path
    shutil.copy(path, path.with_name("old.key"))
    assert rotate.rotate_master(house.service.base.engine, path) == 1
    assert path.read_bytes() != path.with_name("old.key").read_bytes()
    fresh = compose(house.settings, house.clock)
    assert fresh.recovery.prove().problems == ()
    fresh.base.engine.dispose()
    shutil.copy(path.with_name("old.key"), path)
    with pytest.raises(IntegrityFailure):
        compose(house.settings, house.clock)


@pytest.mark.parametrize("moment", ["before the records change", "after the records change"])
def test_a_master_rotation_that_was_cut_off_goes_on(house: House, moment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ready(house)
    path, engine = house.settings.key_path, house.service.base.engine

    class PowerCut(Exception):
        pass

    def cut(*given: object) -> None:
        raise PowerCut

    target = (rotate, "writing") if moment.startswith("before") else (type(path), "replace")
    with monkeypatch.context() as patch, pytest.raises(PowerCut):
        patch.setattr(*target, cut)
        rotate.rotate_master(engine, path)
    fresh = compose(house.settings, house.clock)
    assert fresh.recovery.prove().problems == ()
    fresh.base.engine.dispose()
    assert rotate.rotate_master(engine, path) == 1
    assert not FileKey.successor(path).exists()
    fresh = compose(house.settings, house.clock)
    assert fresh.recovery.prove().problems == ()
    fresh.base.engine.dispose()
