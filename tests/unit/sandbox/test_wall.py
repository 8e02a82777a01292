"""Promise 4: hostile or broken input harms nobody. A child sees nothing, reaches nothing, outlives no limit."""

from __future__ import annotations

import io
import json
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import docx
import pikepdf
import pytest
from PIL import Image, ImageDraw

from redactor import ingest, sandbox
from redactor.errors import Damaged, TooLarge
from redactor.limits import MEBIBYTE, Limits
from redactor.render import office
from redactor.sandbox import containment
from redactor.sandbox.containment import Bubblewrap, Landlock

WALLS = [pytest.param(wall, id=wall.name) for wall in (Bubblewrap(), Landlock())]


@pytest.fixture(autouse=True, params=WALLS)
def wall(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[containment.Containment]:
    """Every promise of the wall, held by each kind of wall."""
    if not request.param.works():
        pytest.skip(f"{request.param.name} is not available on this host")
    monkeypatch.setenv(containment.SETTING, request.param.name)
    containment.active.cache_clear()
    yield request.param
    containment.active.cache_clear()


def test_a_child_reaches_no_network_no_program_and_no_files(tmp_path: Path, wall: containment.Containment) -> None:
    secret, stream, datagram = (tmp_path / name for name in ("other-case.txt", "database", "log"))
    secret.write_text("another case")
    out_of_bounds = [str(secret), "/root/.ssh", "/home", "/etc/shadow", f"/proc/{os.getpid()}/environ"]
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.socket(socket.AF_UNIX) as database,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as log,
    ):
        database.bind(str(stream))
        database.listen()
        log.bind(str(datagram))
        asked = {
            "look_at": out_of_bounds,
            "address": server.getsockname(),
            "stream": str(stream),
            "datagram": str(datagram),
        }
        answer = sandbox.call("redactor.sandbox.probe:report", json.dumps(asked).encode(), {"a": b"1", "b": b""})
    seen = json.loads(answer.value)
    assert seen["visible"] == []
    assert seen["reached"] == []
    assert not (tmp_path / "planted").exists()
    assert seen["processes"] <= 3 or wall.name == "landlock"  # Landlock hides no processes
    assert dict(answer.files) == {"a": b"1", "b": b""}


def test_a_word_document_is_laid_out_behind_the_wall() -> None:
    """LibreOffice wants a profile, a socket and fonts; a wall that it cannot work behind refuses every Word file."""
    made, stream = docx.Document(), io.BytesIO()
    made.add_paragraph("The meeting began at ten.")
    made.save(stream)
    (laid_out,) = office.all_to_pdf([stream.getvalue()])
    with pikepdf.open(io.BytesIO(laid_out)) as pdf:
        assert len(pdf.pages) == 1
    assert not [left for left in Path(containment.MEMORY).glob("redactor-*") if left.stat().st_ctime > time.time() - 1]


def test_a_picture_is_read_behind_the_wall() -> None:
    """tesseract and its language data are there."""
    picture, stream = Image.new("L", (900, 160), "white"), io.BytesIO()
    ImageDraw.Draw(picture).text((30, 40), "The meeting began at ten", fill=0, font_size=60)
    picture.save(stream, "PNG")
    assert "meeting" in ingest.read(ingest.admit(stream.getvalue(), "scan.png")).text


def test_a_hanging_child_is_killed() -> None:
    begun = time.monotonic()
    with pytest.raises(TooLarge):
        sandbox.call("redactor.sandbox.probe:hang", b'{"seconds": 600}', {}, Limits(seconds=1))
    assert time.monotonic() - begun < 30


def test_a_swelling_child_is_killed() -> None:
    with pytest.raises(TooLarge):
        sandbox.call("redactor.sandbox.probe:swell", b'{"mebibytes": 400}', {}, Limits(memory_bytes=100 * MEBIBYTE))


def test_a_flood_of_output_is_refused() -> None:
    with pytest.raises(TooLarge):
        sandbox.call("redactor.sandbox.probe:flood", b'{"bytes": 3000000}', {}, Limits(output_bytes=MEBIBYTE))


@pytest.mark.parametrize("function", ["os:system", "redactor.sandbox.probe:missing"])
def test_only_functions_of_the_package_are_called(function: str) -> None:
    with pytest.raises(Damaged):
        sandbox.call(function, b"{}", {})
