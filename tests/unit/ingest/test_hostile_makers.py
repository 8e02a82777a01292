"""Defends "Hostile or broken input harms nobody": what an attacker would build ends in a typed refusal with advice.

Each file goes the whole way through the door and the reader behind the wall, as an upload would.
"""

from __future__ import annotations

import io
import os
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import docx
import pikepdf
import pytest
from PIL import Image

from redactor import ingest
from redactor.errors import InputRefused
from redactor.limits import XML_DEPTH

PAPER = (0, 0, 595, 842)
LAUGHS = b"<!DOCTYPE w:document [" + b"".join(
    b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10 if n else b"ha") for n in range(10)
)


def _docx() -> dict[str, bytes]:
    made, stream = docx.Document(), io.BytesIO()
    made.add_paragraph("Words of a record")
    made.save(stream)
    with zipfile.ZipFile(stream) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _packed(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def _document(change: Callable[[bytes], bytes]) -> bytes:
    parts = _docx()
    parts["word/document.xml"] = change(parts["word/document.xml"])
    return _packed(parts)


def _billion_laughs() -> bytes:
    return _document(lambda xml: xml.replace(b"<w:document", LAUGHS + b"]><w:document", 1).replace(b"Words", b"&l9;"))


def _outside_entity() -> bytes:
    entity = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    return _document(lambda xml: xml.replace(b"<w:document", entity + b"<w:document", 1).replace(b"Words", b"&x;"))


def _deep() -> bytes:
    deep = XML_DEPTH * 40
    return _document(lambda xml: xml.replace(b"<w:body>", b"<w:body>" + b"<w:sdt><w:sdtContent>" * deep, 1).replace(
        b"</w:body>", b"</w:sdtContent></w:sdt>" * deep + b"</w:body>"))  # fmt: skip


def _swelling() -> bytes:
    return _packed(
        {**_docx(), "word/media/image1.png": b"\0" * 63 * 1024 * 1024, "word/media/b.png": b"\0" * 63 * 1024**2}
    )


def _many_parts() -> bytes:
    return _packed({**_docx(), **{f"word/media/{n}.png": b"" for n in range(6000)}})


def _escaping() -> bytes:
    return _packed({**_docx(), "../../../tmp/planted.xml": b"<a/>"})


def _lying_size() -> bytes:
    """The directory says that a part is empty; what is packed there is not."""
    content = bytearray(_packed(_docx()))
    entry = content.rindex(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = struct.pack("<I", 5)
    return bytes(content)


def _two_at_once() -> bytes:
    return b"%PDF-1.7\n" + _packed(_docx())


def _picture_bomb() -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * 60_001 * 100)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def _pdf(change: Callable[[pikepdf.Pdf], None]) -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    change(pdf)
    stream = io.BytesIO()
    pdf.save(stream, compress_streams=False)
    return stream.getvalue()


def _endless_pages() -> bytes:
    """A page tree whose node is its own child."""

    def loop(pdf: pikepdf.Pdf) -> None:
        pages = pdf.Root.Pages
        pages.Kids = pikepdf.Array([pages, pages])
        pages.Count = 2

    return _pdf(loop)


def _huge_page_count() -> bytes:
    def claim(pdf: pikepdf.Pdf) -> None:
        pdf.Root.Pages.Kids = pikepdf.Array([pdf.pages[0].obj] * 2500)
        pdf.Root.Pages.Count = 2500

    return _pdf(claim)


def _nested_mail() -> bytes:
    depth = 600
    opened = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(depth))
    return b"From: a@example.org\r\nTo: b@example.org\r\nSubject: x\r\nMIME-Version: 1.0\r\n" + opened + b"\r\nx"


def _frames() -> bytes:
    pages, stream = [Image.new("1", (1, 1)) for _ in range(600)], io.BytesIO()
    pages[0].save(stream, "TIFF", save_all=True, append_images=pages[1:])
    return stream.getvalue()


MAKERS = [
    _billion_laughs, _outside_entity, _deep, _swelling, _many_parts, _escaping, _lying_size, _two_at_once,
    _picture_bomb, _endless_pages, _huge_page_count, _nested_mail, _frames,
]  # fmt: skip


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__.strip("_"))
def test_it_is_refused_with_a_type_and_advice(make: Callable[[], bytes]) -> None:
    before = set(Path("/proc/self/task").joinpath(str(os.getpid()), "children").read_text().split())
    with pytest.raises(InputRefused) as refusal:
        ingest.read(ingest.admit(make(), "minutes.docx"))
    assert refusal.value.next_step
    assert not Path("/tmp/planted.xml").exists()
    assert set(Path("/proc/self/task").joinpath(str(os.getpid()), "children").read_text().split()) <= before
