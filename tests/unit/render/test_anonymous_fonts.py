"""Promise 1: nothing leaks. A font's own name is left in no copy, for a person may bear it."""

from __future__ import annotations

import io

import pikepdf
import pytest
from fontTools.cffLib import CFFFontSet
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.ttLib import TTFont
from pikepdf import Dictionary, Name

from redactor.render.fontfiles import make_anonymous

TYPE1 = b"""%!FontType1-1.0: GeorgiaMayBold 001.003
11 dict begin
/FontName /GeorgiaMayBold def
/FontInfo 2 dict dup begin
 /FullName (Georgia May) readonly def
 /FamilyName (Georgia May) readonly def
end readonly def
currentfile eexec
"""
SECRET_PART = b"\x8f\x01\x02coded"


def _compact() -> bytes:
    builder = FontBuilder(1000, isTTF=False)
    builder.setupGlyphOrder([".notdef", "a"])
    pen = T2CharStringPen(500, None)
    pen.moveTo((0, 0))
    pen.lineTo((100, 0))
    pen.lineTo((100, 100))
    pen.closePath()
    drawn = pen.getCharString()
    builder.setupCFF("GeorgiaMay", {"FullName": "Georgia May", "Weight": "Georgia"}, {".notdef": drawn, "a": drawn}, {})
    builder.setupHorizontalMetrics({".notdef": (500, 0), "a": (500, 0)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupCharacterMap({97: "a"})
    builder.setupOS2()
    builder.setupPost()
    stream = io.BytesIO()
    builder.font.save(stream)
    table: bytes = TTFont(io.BytesIO(stream.getvalue())).getTableData("CFF ")
    return table


def _anonymous(key: str, content: bytes, **extra: object) -> tuple[bytes, pikepdf.Pdf]:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    file = pdf.make_stream(content, **extra)
    descriptor = pdf.make_indirect(
        Dictionary({"/Type": Name.FontDescriptor, "/FontName": Name("/ABCDEF+GeorgiaMay-Bold"), key: file})
    )
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=descriptor.FontName, FontDescriptor=descriptor)
    pdf.pages[0].obj.Resources = Dictionary(Font=Dictionary(F=pdf.make_indirect(font)))
    make_anonymous(pdf)
    stream = io.BytesIO()
    pdf.save(stream, stream_decode_level=pikepdf.StreamDecodeLevel.all, compress_streams=False)
    return stream.getvalue(), pdf


@pytest.mark.parametrize(
    ("key", "content", "extra"),
    [
        ("/FontFile", TYPE1 + SECRET_PART, {"Length1": len(TYPE1), "Length2": len(SECRET_PART)}),
        ("/FontFile3", _compact(), {"Subtype": Name("/Type1C")}),
    ],
)
def test_the_name_of_a_font_is_nowhere_and_its_style_is(key: str, content: bytes, extra: dict[str, object]) -> None:
    saved, pdf = _anonymous(key, content, **extra)
    font = pdf.pages[0].obj.Resources.Font.F
    assert b"georgia" not in saved.lower()
    assert str(font.BaseFont) == str(font.FontDescriptor.FontName) == "/REDACT+F1-Bold"


def test_what_is_drawn_stays() -> None:
    _, pdf = _anonymous("/FontFile", TYPE1 + SECRET_PART, Length1=len(TYPE1), Length2=len(SECRET_PART))
    file = pdf.pages[0].obj.Resources.Font.F.FontDescriptor.FontFile
    assert file.read_bytes()[int(file.Length1) :] == SECRET_PART
    _, pdf = _anonymous("/FontFile3", _compact(), Subtype=Name("/Type1C"))
    fonts = CFFFontSet()
    fonts.decompile(io.BytesIO(pdf.pages[0].obj.Resources.Font.F.FontDescriptor.FontFile3.read_bytes()), None)
    assert list(fonts[0].CharStrings.keys()) == [".notdef", "a"]


def test_a_font_that_the_reader_has_to_find_keeps_its_name() -> None:
    pdf = pikepdf.new()
    descriptor = pdf.make_indirect(Dictionary(Type=Name.FontDescriptor, FontName=Name.Georgia))
    font = pdf.make_indirect(Dictionary(Type=Name.Font, BaseFont=Name.Georgia, FontDescriptor=descriptor))
    make_anonymous(pdf)
    assert font.BaseFont == Name.Georgia
