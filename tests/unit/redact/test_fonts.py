"""Promise 1: a font of a released page tells nothing about letters that went, by what it holds or in which order."""

from __future__ import annotations

import io
from pathlib import Path

import pdf_kit as kit
import pikepdf
import pypdfium2 as pdfium
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from pikepdf import Array, Dictionary, Name
from PIL import Image
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen import canvas

from redactor.redact.outlines.cff import Cff
from redactor.redact.outlines.truetype import TrueType
from redactor.redact.outlines.type1 import Type1
from redactor.redact.surgery.unsupported import Unsupported

SANS = Path("/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf")


def subset_pdf(lines: list[str]) -> bytes:
    """A PDF whose embedded font numbers its letters in the order in which the text needs them."""
    pdfmetrics.registerFont(TTFont("Sans", str(SANS)))
    file = io.BytesIO()
    paper = canvas.Canvas(file, invariant=True)
    paper.setFont("Sans", 11)
    for number, line in enumerate(lines):
        paper.drawString(60, 780 - 18 * number, line)
    paper.save()
    return file.getvalue()


def streams(pdf: bytes) -> list[bytes]:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return [item.read_bytes() for item in opened.objects if isinstance(item, pikepdf.Stream)]


@pytest.mark.parametrize("other", ["Ava", "Quizzy", "Ójké"])
def test_no_stream_of_a_copy_depends_on_the_letters_that_went(other: str) -> None:
    copies = []
    for name in ("Moe", other):
        pdf = subset_pdf([f"{name} was seen at home.", "The jury was quick; Zoe likes fox and quiz."])
        copies.append(kit.redacted(pdf, [name]).content)
    assert streams(copies[0]) == streams(copies[1])


def test_recoded_pages_read_and_look_as_before() -> None:
    pdf = subset_pdf(["Moe was seen at home.", "Zoe likes fox and quiz."])
    out = kit.redacted(pdf, ["Moe"]).content
    assert "Zoe likes fox and quiz." in kit.text_of(out)
    before, after = (picture(content) for content in (pdf, out))
    bottom = before.height * 72 // 842 + 2
    assert before.crop((0, bottom, 595, 842)).tobytes() == after.crop((0, bottom, 595, 842)).tobytes()


def picture(pdf: bytes) -> Image.Image:
    with pdfium.PdfDocument(pdf) as document:
        drawn: Image.Image = document[0].render(scale=1).to_pil()
        return drawn.convert("L")


def test_fonts_that_share_a_file_keep_their_own_letters() -> None:
    """Two dictionaries, one file: pruning for the first must not take the letters of the second."""
    pdf = pikepdf.open(io.BytesIO(subset_pdf(["abc def", "Moe ghi"])))
    page = pdf.pages[0].obj
    fonts = page["/Resources"]["/Font"]
    first = next(key for key, font in fonts.items() if font.get("/Subtype") == Name.TrueType)
    fonts["/Twin"] = pdf.make_indirect(Dictionary(dict(fonts[first].items())))
    content = page["/Contents"].read_bytes()
    head, tail = content.split(b"762", 1)
    page["/Contents"] = pdf.make_stream(head + b"762" + tail.replace(first.encode() + b" ", b"/Twin "))
    file = io.BytesIO()
    pdf.save(file)
    out = kit.redacted(file.getvalue(), ["Moe"]).content
    assert "abc def" in kit.text_of(out) and "ghi" in kit.text_of(out)


def test_a_type_1_program_loses_the_glyphs_that_nothing_draws() -> None:
    made, clear, coded = Type1(kit.type1_program()).pruned({"A"}, {65: "A"})
    again = Type1(made)
    assert again.names == {".notdef", "A"}
    assert again.encoding == {65: "A"}
    assert b"/Z" not in made[:clear] and clear + coded < len(made)


def test_a_type_1_glyph_without_a_name_hides_none_of_those_behind_it() -> None:
    """Found in a file of pdf.js: reading stopped at the glyph, and all behind it stayed."""
    program = kit.type1_program((b".notdef", b"A", b"", b"Z"))
    assert Type1(program).names == {".notdef", "A", "", "Z"}
    assert Type1(Type1(program).pruned({"A"}, {65: "A"})[0]).names == {".notdef", "A"}


def test_a_type_1_program_that_is_not_understood_to_its_end_is_refused() -> None:
    with pytest.raises(Unsupported):
        Type1(kit.type1_program((b".notdef", b"A", b"<odd>", b"Z")))


def test_a_cff_program_loses_glyphs_names_and_subroutines() -> None:
    builder = FontBuilder(1000, isTTF=False)
    names = [".notdef", "A", "Zsecret", "B"]
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({65: "A", 66: "B"})
    pens = {}
    for name in names:
        pen = T2CharStringPen(500, None)
        pen.moveTo((0, 0))
        pen.lineTo((len(name) * 100, 0))
        pen.lineTo((100, 300))
        pen.closePath()
        pens[name] = pen.getCharString()
    builder.setupCFF("Tiny", {"FullName": "Tiny"}, pens, {})
    builder.setupHorizontalMetrics(dict.fromkeys(names, (500, 0)))
    builder.setupHorizontalHeader()
    builder.setupPost()
    file = io.BytesIO()
    builder.save(file)
    from redactor.redact.outlines.truetype import table

    program = table(file.getvalue(), b"CFF ")
    assert program is not None
    made = Cff(program).pruned([3, 1])
    assert Cff(made).names == [".notdef", "B", "A"]
    assert b"Zsecret" not in made


def test_a_truetype_program_keeps_the_parts_of_composite_glyphs() -> None:
    from fontTools.ttLib import TTFont as Reader

    content = SANS.read_bytes()
    reader = Reader(io.BytesIO(content))
    accented = reader.getGlyphID("eacute")
    made, numbers = TrueType(content).pruned([accented])
    again = Reader(io.BytesIO(made))
    glyph = again["glyf"][again.getGlyphOrder()[numbers[accented]]]
    parts = [again.getGlyphID(part.glyphName) for part in glyph.components]
    assert parts and all(again["glyf"][again.getGlyphOrder()[part]].numberOfContours > 0 for part in parts)
    assert len(again.getGlyphOrder()) == 1 + 1 + len(parts)


@pytest.mark.parametrize("cut", [0, 3, 11, 60, 400])
def test_a_font_file_that_is_cut_short_is_refused(cut: int) -> None:
    content = SANS.read_bytes()
    with pytest.raises(Unsupported):
        TrueType(content[:cut]).pruned([5])
    with pytest.raises(Unsupported):
        Type1(kit.type1_program()[: min(cut, 150)])
    with pytest.raises(Unsupported):
        Cff(content[:cut])


def test_a_type_3_font_keeps_no_procedure_of_a_removed_letter() -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(300, 200))
    procedures = Dictionary()
    for letter in "abMoe":
        drawn = b"600 0 0 0 500 500 d1 0 0 %d 400 re f" % (ord(letter) * 4)
        procedures["/" + letter] = pdf.make_stream(drawn)
    listed = Array([97, Name("/a"), Name("/b"), 101, Name("/e"), 111, Name("/o"), 77, Name("/M")])
    known = "\n".join(f"<{ord(c):02X}> <{ord(c):04X}>" for c in "abMoe").encode()
    font = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type3,
        FontBBox=Array([0, 0, 600, 600]),
        FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]),
        CharProcs=procedures,
        Encoding=Dictionary(Type=Name.Encoding, Differences=listed),
        FirstChar=0,
        LastChar=127,
        Widths=Array([600] * 128),
        Resources=Dictionary(),
        ToUnicode=pdf.make_stream(b"5 beginbfchar\n" + known + b"\nendbfchar"),
    )
    page = pdf.pages[0].obj
    page["/Resources"] = Dictionary(Font=Dictionary(F=pdf.make_indirect(font)))
    page["/Contents"] = pdf.make_stream(b"BT /F 20 Tf 40 100 Td (abab) Tj ET BT /F 20 Tf 40 140 Td (Moe) Tj ET")
    file = io.BytesIO()
    pdf.save(file)
    out = kit.redacted(file.getvalue(), ["Moe"])
    assert out.routes == ("surgery",)
    with pikepdf.open(io.BytesIO(out.content)) as opened:
        kept = [item for item in opened.objects if isinstance(item, Dictionary) and item.get("/Subtype") == Name.Type3]
        assert len(kept[0]["/CharProcs"].keys()) == 2
