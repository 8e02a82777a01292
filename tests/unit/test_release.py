"""Issue 7.4: whoever installs a release can tell that it is exactly what the maintainers signed."""

from __future__ import annotations

import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import release
from tests.conftest import ROOT

PASSPHRASE = b"a passphrase of the tests"


@pytest.fixture
def made(tmp_path: Path) -> tuple[Path, Path]:
    """A small signed release and the public key."""
    folder = tmp_path / "release"
    folder.mkdir()
    for name in ("redactor-1.whl", "redactor-1.tar.gz"):
        (folder / name).write_bytes(name.encode())
    listed = "".join(f"{digest}  {name}\n" for name, digest in release.digests(folder).items())
    (folder / release.SUMS).write_text(listed)
    release.make_key(tmp_path / "key", tmp_path / "key.pub", PASSPHRASE)
    release.sign(folder, tmp_path / "key", PASSPHRASE)
    return folder, tmp_path / "key.pub"


def test_a_release_is_verified_here_and_by_openssl_and_sha256sum(made: tuple[Path, Path]) -> None:
    folder, public = made
    assert release.verify(folder, public) == 2
    line = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", str(public), "-rawin"]
    line += ["-in", release.SUMS, "-sigfile", release.SIGNATURE]
    assert b"Success" in subprocess.run(line, cwd=folder, check=True, capture_output=True).stdout
    subprocess.run(["sha256sum", "--check", "--strict", release.SUMS], cwd=folder, check=True, capture_output=True)
    assert (public.parent / "key").stat().st_mode & 0o777 == release.PRIVATE_MODE


HARM: dict[str, Callable[[Path], object]] = {
    "altered": lambda folder: (folder / "redactor-1.whl").write_bytes(b"other"),
    "added": lambda folder: (folder / "install.sh").write_bytes(b"other"),
    "taken away": lambda folder: (folder / "redactor-1.whl").unlink(),
    "list altered": lambda folder: (folder / release.SUMS).write_text(""),
    "unsigned": lambda folder: (folder / release.SIGNATURE).unlink(),
}


@pytest.mark.parametrize("harm", HARM)
def test_a_release_that_is_not_as_signed_is_refused(made: tuple[Path, Path], harm: str) -> None:
    HARM[harm](made[0])
    with pytest.raises(release.NotAsSigned):
        release.verify(*made)


def test_another_key_is_refused(made: tuple[Path, Path], tmp_path: Path) -> None:
    release.make_key(tmp_path / "other", tmp_path / "other.pub", PASSPHRASE)
    with pytest.raises(release.NotAsSigned):
        release.verify(made[0], tmp_path / "other.pub")


@pytest.mark.slow
def test_the_same_commit_gives_the_same_wheel_with_all_that_it_needs(tmp_path: Path) -> None:
    for name in ("one", "two"):
        release.build(tmp_path / name)
    assert release.digests(tmp_path / "one") == release.digests(tmp_path / "two")
    wheel = next((tmp_path / "one").glob("*.whl"))
    inside = set(zipfile.ZipFile(wheel).namelist())
    wanted = ["redactor/pipeline.py", "redactor/_data/templates/reasons.yaml"]
    wanted += [
        f"redactor/{path.relative_to(ROOT / 'redactor')}"
        for path in (ROOT / "redactor" / "web" / "static" / "vendor").rglob("*")
        if path.is_file()
    ]
    wanted += [
        f"redactor/_data/{path.relative_to(ROOT)}"
        for path in (ROOT / "models" / "en_safeguarding").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    assert set(wanted) <= inside
