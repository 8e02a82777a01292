"""Promise 1: no font tells a letter that was removed, whatever kind of file it comes in."""

from __future__ import annotations

import io

import pikepdf
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from pikepdf import Array, Dictionary, Name

from redactor.verify import fonts
from tests.unit.redact.pdf_kit import type1_program


def cff_program(names: list[str]) -> bytes:
    builder = FontBuilder(1000, isTTF=False)
    order = [".notdef", *names]
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap({})
    strings = {}
    for name in order:
        pen = T2CharStringPen(500, None)
        pen.moveTo((0, 0))
        pen.lineTo((300, 0))
        pen.lineTo((100, 300))
        pen.closePath()
        strings[name] = pen.getCharString()
    builder.setupCFF("Tiny", {}, strings, {})
    stream = io.BytesIO()
    builder.font["CFF "].cff.compile(stream, builder.font, isCFF2=False)
    return stream.getvalue()


def page_with(kind: str, program: bytes, encoding: Dictionary | Name | None, shown: bytes) -> pikepdf.Pdf:
    """A page that shows text in a simple font with this file."""
    pdf = pikepdf.new()
    file = pdf.make_stream(program)
    if kind == "/FontFile3":
        file["/Subtype"] = Name.Type1C
    descriptor = Dictionary(Type=Name.FontDescriptor, FontName=Name.Tiny, Flags=4)
    descriptor[kind] = file
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Tiny, FontDescriptor=descriptor)
    font["/FirstChar"], font["/Widths"] = 65, Array([500 if code in shown else 0 for code in range(65, 91)])
    if encoding is not None:
        font["/Encoding"] = encoding
    resources = Dictionary(Font=Dictionary(F=pdf.make_indirect(font)))
    pdf.add_blank_page(page_size=(100, 100))
    pdf.pages[0].obj.Resources = resources
    pdf.pages[0].contents_add(b"BT /F 10 Tf (" + shown + b") Tj ET")
    return pdf


def spare(pdf: pikepdf.Pdf) -> int:
    (use,) = fonts.used(pdf).values()
    return fonts.leftovers(use)


@pytest.mark.parametrize("encoding", [Name.WinAnsiEncoding, Dictionary(Differences=Array([65, Name.A, 90, Name.Z]))])
def test_a_cff_font_may_hold_drawn_letters_only(encoding: Dictionary | Name) -> None:
    held = cff_program(["A", "Z"])
    assert spare(page_with("/FontFile3", held, encoding, b"AZ")) == 0
    assert spare(page_with("/FontFile3", held, encoding, b"A")) == 1


def test_a_type_1_font_may_hold_drawn_letters_only() -> None:
    assert spare(page_with("/FontFile", type1_program(), None, b"AZ")) == 0
    assert spare(page_with("/FontFile", type1_program(), None, b"A")) == 1


def test_a_composite_cff_font_may_hold_drawn_letters_only() -> None:
    counts = []
    for shown in (b"<00010002>", b"<0001>"):
        pdf = page_with("/FontFile3", cff_program(["A", "Z"]), None, b"A")
        simple = pdf.pages[0].obj.Resources.Font.F
        simple.FontDescriptor.FontFile3["/Subtype"] = Name.CIDFontType0C
        below = Dictionary(Type=Name.Font, Subtype=Name.CIDFontType0, FontDescriptor=simple.FontDescriptor)
        pdf.pages[0].obj.Resources.Font.F = pdf.make_indirect(
            Dictionary(Subtype=Name.Type0, Encoding=Name("/Identity-H"), DescendantFonts=Array([below]))
        )
        pdf.pages[0].obj.Contents = pdf.make_stream(b"BT /F 10 Tf " + shown + b" Tj ET")
        counts.append(spare(pdf))
    assert counts == [0, 1]
