"""Issue 6.7: a watched folder takes each file once, deletes it only when it is safe, and follows nothing outwards."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from redactor.cli import group
from redactor.errors import BadArguments, NotFound
from redactor.service.intake import REFUSED, SETTLED
from tests.unit.service.conftest import House


def put(folder: Path, house: House, name: str, content: bytes, *, old: bool = True) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(content)
    at = house.clock.now().timestamp() - (SETTLED.total_seconds() if old else 0)
    os.utime(path, (at, at))
    return path


def test_each_file_is_taken_once_and_deleted(house: House, tmp_path: Path) -> None:
    case, chair = house.case(), house.people["chair"]
    first = put(tmp_path / "in" / case, house, "Letter about Zebedee.txt", b"Zebedee.")
    fresh = put(tmp_path / "in" / case, house, "still written.txt", b"Zeb", old=False)
    (taken,) = house.service.intake.sweep(tmp_path / "in", "chair")
    assert not first.exists()
    assert fresh.exists()
    assert house.service.documents.original(chair, taken.version) == ("Letter about Zebedee.txt", b"Zebedee.")
    put(tmp_path / "in" / case, house, first.name, b"Zebedee.")  # as if it was cut off before the file was deleted
    (again,) = house.service.intake.sweep(tmp_path / "in", "chair")
    assert again.version == taken.version
    assert len(house.service.documents.list(chair, case)) == 1


def test_what_may_not_or_cannot_be_taken_is_put_aside_with_the_reason(house: House, tmp_path: Path) -> None:
    case, folder = house.case(of="stranger", also=()), tmp_path / "in"
    put(folder / case, house, "a.txt", b"Zebedee.")
    (taken,) = house.service.intake.sweep(folder, "chair")
    assert taken.refused == "access-refused"
    aside = folder / case / REFUSED
    assert (aside / "a.txt").read_bytes() == b"Zebedee."
    assert "There is no such case" in (aside / "a.txt.why.txt").read_text()
    own = house.case()
    put(folder / own, house, "empty.txt", b"")
    assert [each.refused for each in house.service.intake.sweep(folder, "chair")] == ["input-refused"]


def test_storage_that_is_away_leaves_the_file_where_it_is(house: House, tmp_path: Path) -> None:
    case = house.case()
    path = put(tmp_path / "in" / case, house, "a.txt", b"Zebedee.")
    house.settings.blob_folder.chmod(0)
    moved = house.settings.blob_folder.rename(house.settings.blob_folder.with_name("away"))
    house.settings.blob_folder.write_bytes(b"")
    assert house.service.intake.sweep(tmp_path / "in", "chair") == ()
    assert path.exists()
    house.settings.blob_folder.unlink()
    moved.rename(house.settings.blob_folder)
    house.settings.blob_folder.chmod(0o700)
    assert len(house.service.intake.sweep(tmp_path / "in", "chair")) == 1


def test_links_and_other_folders_are_left_alone(house: House, tmp_path: Path) -> None:
    case = house.case()
    secret = put(tmp_path / "elsewhere", house, "secret.txt", b"Zebedee.")
    place = tmp_path / "in" / case
    place.mkdir(parents=True)
    (place / "link.txt").symlink_to(secret)
    (tmp_path / "in" / ("a" * 32)).symlink_to(secret.parent)
    put(tmp_path / "in" / "not a case", house, "a.txt", b"Zebedee.")
    assert house.service.intake.sweep(tmp_path / "in", "chair") == ()
    assert secret.exists()


def test_only_an_account_that_is_set_up_takes_files(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotFound):
        house.service.intake.sweep(tmp_path, "nobody-here")
    house.service.accounts.disable(house.people["admin"], house.people["second"].account)
    with pytest.raises(BadArguments):
        house.service.intake.sweep(tmp_path, "second")
    case = house.case(also=())
    put(tmp_path / "in" / case, house, "Letter about Zebedee.txt", b"Zebedee.")
    os.utime(tmp_path / "in" / case / "Letter about Zebedee.txt", (0, 0))
    monkeypatch.setenv("REDACTOR_DATA", str(house.settings.data))
    done = CliRunner().invoke(group, ["intake", str(tmp_path / "in"), "--as", "chair", "--once"], standalone_mode=False)
    assert done.output.startswith(case)
    assert "Zebedee" not in done.output
