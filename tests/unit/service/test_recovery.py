"""Promise 4: a backup of the running service restores into an empty place, where all of it opens and proves whole."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from redactor.app import compose, open_storage
from redactor.cli import group
from redactor.errors import BadArguments, IntegrityFailure, NotFound, SignInNeeded, SignInRefused
from redactor.service import Service
from redactor.service.states import ReleaseState
from redactor.settings import Settings
from redactor.store import backup
from redactor.store.database import open_database, reading
from redactor.store.migrate import downgrade
from redactor.store.records import blob, job, metadata
from tests import servers
from tests.unit.service.conftest import PASSWORD, TEXT, House
from tests.unit.service.test_journey import proposed, ready

both = pytest.mark.parametrize("deployment", ["embedded", "scaled"])
EARLIER = "0012"  # the newest revision of the release before
SECRET, PUBLIC = backup.new_identity()


def written(house: House, *recipients: str) -> bytes:
    base, out = house.service.base, io.BytesIO()
    base_storage = base.blobs.storage
    backup.write_backup(base.engine, base_storage, base.settings.files, recipients or (PUBLIC,), out, base.clock.now())
    return out.getvalue()


def restored(house: House, content: bytes, place: Path, secret: str = SECRET) -> Service:
    settings = Settings(data=place)
    settings.make_folders()
    engine = open_database(settings.database)
    try:
        backup.restore(engine, open_storage(settings), settings.files, [secret], io.BytesIO(content))
    finally:
        engine.dispose()
    return compose(settings, house.clock)


def rows(service: Service) -> dict[str, list[tuple[object, ...]]]:
    with reading(service.base.engine) as connection:
        return {
            name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for name, table in metadata.tables.items()
        }


@both
def test_the_drill(house: House, tmp_path: Path) -> None:
    release = ready(house)
    house.service.trail.keep_heads()
    case = house.service.releases.open(house.people["chair"], release).case
    content, before = written(house), rows(house.service)
    there = restored(house, content, tmp_path / "there")
    after = rows(there)
    closed = {"session", "invite", "release_link"}
    assert {name: after[name] for name in after if name not in closed} == {
        name: before[name] for name in before if name not in closed
    }
    assert after["session"] == []
    there.recovery.note_restore()
    proof = there.recovery.prove()
    with reading(house.service.base.engine) as connection:
        blobs = connection.execute(select(func.count()).select_from(blob)).scalar_one()
    assert proof.problems == ()
    assert proof.opened == blobs >= 5
    assert proof.events > 20
    there.entry.sign_in("chair", PASSWORD, "192.0.2.1")
    document = there.documents.list(house.people["chair"], case)[0]
    assert there.documents.original(house.people["chair"], document.versions[0].id)[1] == TEXT.encode()
    there.base.engine.dispose()


@both
def test_a_job_that_was_in_hand_goes_on_after_the_restore(house: House, tmp_path: Path) -> None:
    case = house.case()
    house.service.documents.upload(house.people["chair"], case, "a.txt", TEXT.encode())
    assert house.service.base.jobs.claim("lost with its machine") is not None
    there = restored(house, written(house), tmp_path / "there")
    house.clock.move(there.base.jobs.lease)
    claim = there.base.jobs.claim("new")
    assert claim is not None
    there.processing.run(claim, house.machine)
    with reading(there.base.engine) as connection:
        assert connection.execute(select(job.c.state)).scalars().all() == ["done"]
    there.base.engine.dispose()


@both
def test_a_backup_of_an_earlier_release_is_restored_into_this_one_and_work_goes_on(
    house: House, tmp_path: Path
) -> None:
    release = ready(house)
    case = house.service.releases.open(house.people["chair"], release).case
    downgrade(house.service.base.engine, EARLIER)  # the tables as that release had them, with this house's rows
    there = restored(house, written(house), tmp_path / "there")
    assert there.recovery.prove().problems == ()
    chair = house.people["chair"]
    assert there.releases.open(chair, release).state is ReleaseState.READY
    there.documents.upload(chair, case, "later.txt", TEXT.encode())
    claim = there.base.jobs.claim("new")
    assert claim is not None
    there.processing.run(claim, house.machine)
    assert {version.state.value for each in there.documents.list(chair, case) for version in each.versions} == {"read"}
    there.base.engine.dispose()


def test_doors_that_stood_open_then_stay_closed(house: House, tmp_path: Path) -> None:
    release = ready(house)
    link = house.service.releases.link(house.people["chair"], release)
    invitation = house.service.accounts.reset(house.people["admin"], house.people["stranger"].account)
    challenge = house.service.entry.sign_in("chair", PASSWORD, "192.0.2.1")
    there = restored(house, written(house), tmp_path / "there")
    for attempt in (
        lambda: there.portal.arrive(link, "192.0.2.1"),
        lambda: there.enrolments.enrolment(invitation),
        lambda: there.entry.second_factor(challenge, "000000", "192.0.2.1"),
    ):
        with pytest.raises((SignInRefused, SignInNeeded)):
            attempt()
    there.base.engine.dispose()


def test_what_was_destroyed_since_is_destroyed_again(house: House, tmp_path: Path) -> None:
    case, version, _ = proposed(house)
    content, chair = written(house), house.people["chair"]
    document = house.service.documents.list(chair, case)[0]
    house.service.retention.destroy_document(chair, document.id)
    house.service.retention.sweep()
    register = house.settings.destroyed_file.read_text()
    there = restored(house, content, tmp_path / "there")
    assert there.documents.original(chair, version)[1] == TEXT.encode(), "the backup still holds it"
    assert there.retention.destroy_again(register) == 1
    with pytest.raises(NotFound):
        there.documents.original(chair, version)
    assert there.retention.destroy_again(register) == 0
    forged = register.replace('"case_id": "', '"case_id": "f', 1)
    with pytest.raises(BadArguments):
        there.retention.destroy_again(forged)
    there.base.engine.dispose()


def test_nothing_in_the_backup_stands_in_clear(house: House) -> None:
    ready(house)
    content = written(house)
    master = house.settings.key_path.read_bytes().strip()
    for planted in (b"Zebedee", b"Testperson", b"manifest.json", b"RDCTBLOB", master, PASSWORD.encode()):
        assert planted not in content


@pytest.mark.parametrize("damage", ["cut", "flipped", "other key", "appended"])
def test_a_damaged_backup_restores_nothing(house: House, tmp_path: Path, damage: str) -> None:
    proposed(house)
    content, secret = written(house), SECRET
    match damage:
        case "cut":
            content = content[:-20]
        case "flipped":
            content = (
                content[: len(content) // 2]
                + bytes([content[len(content) // 2] ^ 1])
                + content[len(content) // 2 + 1 :]
            )
        case "appended":
            content += b"x" * 40
        case _:
            secret = backup.new_identity()[0]
    with pytest.raises(IntegrityFailure):
        restored(house, content, tmp_path / "there", secret)
    engine = open_database(Settings(data=tmp_path / "there").database)
    with reading(engine) as connection:
        if engine.dialect.has_table(connection, "organisation"):
            assert connection.exec_driver_sql("select count(*) from organisation").scalar_one() == 0
    engine.dispose()


def test_a_place_that_is_not_empty_is_left_alone(house: House) -> None:
    base = house.service.base
    with pytest.raises(BadArguments, match="empty"):
        backup.restore(base.engine, base.blobs.storage, base.settings.files, [SECRET], io.BytesIO(written(house)))


@both
def test_the_command_line_walks_the_drill(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From either deployment into the embedded one: the way between one machine and many."""
    ready(house)
    key, file, place = tmp_path / "offline.txt", tmp_path / "backups" / "one.age", tmp_path / "there"
    monkeypatch.setenv("REDACTOR_DATA", str(house.settings.data))  # and is put back afterwards
    given = {
        "DATABASE_URL": house.settings.database,
        "STORAGE_URL": house.settings.storage_url,
        "STORAGE_ENDPOINT": house.settings.storage_endpoint,
        "STORAGE_ACCESS_KEY": servers.S3_KEY,
        "STORAGE_SECRET_KEY": servers.S3_SECRET,
    }
    if house.settings.storage_url:
        for name, value in given.items():
            monkeypatch.setenv(f"REDACTOR_{name}", str(value))

    def run(*line: object) -> str:
        done = CliRunner().invoke(group, [str(word) for word in line], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    public = run("keys", "offline", "--out", key).strip()
    assert "sealed files are in the backup" in run(
        "backup", "--out", file, "--recipient", public, "--data", house.settings.data
    )
    for name in given:
        monkeypatch.delenv(f"REDACTOR_{name}", raising=False)
    assert "are whole" in run("restore", file, "--identity", key, "--data", place)
    assert "whole" in run("audit", "verify", "--data", place)
