"""Defends "Hostile or broken input harms nobody": files are admitted by content or refused with advice."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest

from redactor.errors import Damaged, Encrypted, Hostile, InputRefused, TooLarge, UnsupportedType
from redactor.formats import archive
from redactor.ingest import door, sniff
from redactor.model import Kind


def _docx() -> bytes:
    made, stream = docx.Document(), io.BytesIO()
    made.add_paragraph("Words")
    made.save(stream)
    return stream.getvalue()


def _zip(*members: tuple[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members:
            made.writestr(name, content)
    return stream.getvalue()


def _retyped(content: bytes, old: bytes, new: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        return _zip(*((name, source.read(name).replace(old, new)) for name in source.namelist()))


def _open(content: bytes, name: str = "file") -> Kind:
    return door.open_up(sniff.sniff(content, name), content, None).kind


def test_type_is_by_content_not_by_name() -> None:
    assert _open(_docx(), "holiday.jpg") is Kind.DOCX
    assert _open(b"From: a@example.org\nTo: b@example.org\nSubject: x\n\nHello\n", "x.bin") is Kind.EMAIL
    assert _open(b"Minutes of a meeting: all was well.\n", "x.docx") is Kind.TEXT
    assert _open("Naïve café".encode("cp1252")) is Kind.TEXT
    assert _open("Naïve café".encode("utf-16")) is Kind.TEXT


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            b"vnd.openxmlformats-officedocument.wordprocessingml.document.main",
            b"vnd.ms-word.document.macroEnabled.main",
        ),
        (b"wordprocessingml.document.main", b"wordprocessingml.template.main"),
    ],
)
def test_macro_enabled_documents_and_templates_come_in(old: bytes, new: bytes) -> None:
    assert _open(_retyped(_docx(), old, new)) is Kind.DOCX


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\x00\x01\x02\x03binary", UnsupportedType),
        (b"GIF89a......", UnsupportedType),
        (b"MZ\x90\x00program", UnsupportedType),
        (b"   \n\n", Damaged),
        (b"PK\x03\x04cut short", Damaged),
        (_docx()[:-400], Damaged),
        (_zip(("notes.txt", b"hello")), UnsupportedType),
        (_zip(("../escape.xml", b"<a/>")), Hostile),
        (_zip(("C:/escape.xml", b"<a/>")), Hostile),
        (_zip(("a.xml", b"<a/>"), ("A.xml", b"<b/>")), Hostile),
        (_zip(("bomb.xml", b" " * 65 * 1024 * 1024)), TooLarge),
        (b"%PDF-1.7\n" + _docx(), Hostile),
        (_docx().replace(b"PK\x03\x04", b"PK\x03\x04", 1)[:30] + b"%PDF-1.7" + _docx()[30:], Hostile),
    ],
)
def test_what_is_not_a_document_is_refused_with_advice(content: bytes, kind: type[InputRefused]) -> None:
    with pytest.raises(kind) as refusal:
        _open(content)
    assert refusal.value.next_step


def test_a_spreadsheet_is_refused_with_advice() -> None:
    sheet = _retyped(_docx(), b"wordprocessingml.document.main", b"spreadsheetml.sheet.main")
    sheet = _retyped(sheet, b"w:document", b"w:workbook")
    with pytest.raises(UnsupportedType) as refusal:
        _open(sheet)
    assert "spreadsheet" in refusal.value.next_step


def test_two_documents_in_one_are_refused() -> None:
    with zipfile.ZipFile(io.BytesIO(_docx())) as source:
        parts = [(name, source.read(name)) for name in source.namelist()]
    with pytest.raises(Hostile):
        _open(_zip(*parts, ("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"<a/>")))


def test_a_locked_member_is_refused() -> None:
    content = bytearray(_zip(("a.xml", b"<a/>")))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    with pytest.raises(Encrypted):
        archive.unpack(bytes(content))


def test_overlapping_members_are_refused() -> None:
    content = bytearray(_zip(("a.xml", b"<a/>" * 50), ("b.xml", b"<a/>" * 50)))
    second = content.index(b"PK\x01\x02", content.index(b"PK\x01\x02") + 4)
    content[second + 42 : second + 46] = (2).to_bytes(4, "little")
    with pytest.raises((Hostile, Damaged)):
        archive.unpack(bytes(content))


def test_entities_are_refused() -> None:
    evil = _retyped(_docx(), b"<w:document ", b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><w:document ")
    with pytest.raises(Hostile):
        _open(evil)
