"""Promise 1: nothing leaks from a page operated on: in no kind of text, in no width of a gap, in no font."""

from __future__ import annotations

import io
import re

import pdf_kit as kit
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from redactor import ingest, redact
from redactor.redact.surgery.lexer import elements, instructions, string
from redactor.redact.surgery.matrix import multiply, unapply_vector
from redactor.redact.surgery.unsupported import Unsupported
from redactor.verify import fonts as font_check

SECRET = "Zebediah"


def torture() -> bytes:
    """A page with the secret in many kinds of text and in many objects beside the page."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    page = pdf.pages[0].obj
    helvetica = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    font = pdf.make_indirect(helvetica)
    fonts = Dictionary(F=font)

    def form(content: bytes, inner: Dictionary | None = None) -> pikepdf.Object:
        stream = pdf.make_stream(content)
        stream["/Type"], stream["/Subtype"] = Name.XObject, Name.Form
        stream["/BBox"] = Array([0, 0, 595, 842])
        stream["/Resources"] = Dictionary(Font=fonts) if inner is None else inner
        stream["/PieceInfo"] = Dictionary(App=Dictionary(Private=f"{SECRET} in history"))
        return stream

    deep = form(b"BT /F 11 Tf 60 400 Td (Deep form Zebediah stays) Tj ET")
    outer = form(b"/Deep Do", Dictionary(XObject=Dictionary(Deep=deep), Font=fonts))
    plain = form(b"BT /F 11 Tf 60 430 Td (In a form Zebediah stays) Tj ET")
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=f"Layer {SECRET}"))
    pdf.Root["/OCProperties"] = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer]), Order=Array([layer])))
    page["/Resources"] = Dictionary(
        Font=fonts, XObject=Dictionary(Plain=plain, Outer=outer), Properties=Dictionary(L=layer)
    )
    content = b"""
    BT /F 11 Tf 60 780 Td (Simple Zebediah stays) Tj ET
    BT /F 11 Tf 60 760 Td [(Spl) 20 (it Ze) -30 (bed) 15 (iah st) 4 (ays)] TJ ET
    BT /F 11 Tf 14 TL 60 740 Td (first line stays) Tj (Quoted Zebediah stays) ' 1 0.2 (Both Zebediah stays) " ET
    BT /F 11 Tf 3 Tr 60 690 Td (Invisible Zebediah stays) Tj 0 Tr ET
    BT 1 g /F 11 Tf 60 670 Td (White Zebediah stays) Tj 0 g ET
    BT /F 11 Tf 60 650 Td (Bold Zebediah stays) Tj ET BT /F 11 Tf 60.2 650 Td (Bold Zebediah stays) Tj ET
    BT /F 11 Tf 60 630 Td (Shown Zebediah stays) Tj ET 0.8 g 60 600 100 20 re f 0 g
    BT /F 11 Tf 80 Tz 2 Tc 60 605 Td (Stretched Zebediah stays) Tj 100 Tz 0 Tc ET
    /Span <</ActualText (Zebediah) /MCID 0>> BDC BT /F 11 Tf 60 580 Td (Replaced Zebediah stays) Tj ET EMC
    /OC /L BDC BT /F 11 Tf 60 560 Td (Layered Zebediah) Tj ET EMC
    BT /F 11 Tf 60 900 Td (Outside Zebediah) Tj ET
    q 0.5 0 0 0.5 30 260 cm BT /F 22 Tf 60 560 Td (Scaled Zebediah stays) Tj ET Q
    BT /F 11 Tf 0 1 -1 0 500 300 Tm (Upright Zebediah stays) Tj ET
    BT /F 11 Tf 60 500 Td <4865782054203a205a656265646961682073746179> Tj ET
    BT /F 11 Tf 60 480 Td (Escaped \\132ebediah stays) Tj ET
    BT /F 11 Tf 7 Ts 60 455 Td (Raised Zebediah stays) Tj 0 Ts ET
    /Plain Do /Outer Do
    """
    page["/Contents"] = pdf.make_stream(content)
    note = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=Array([1, 1, 9, 9]), Contents=f"Note on {SECRET}")
    link = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Link,
        Rect=Array([1, 1, 9, 9]),
        A=Dictionary(S=Name.URI, URI=f"https://example.org/{SECRET}"),
    )
    page["/Annots"] = Array([pdf.make_indirect(note), pdf.make_indirect(link)])
    page["/PieceInfo"] = Dictionary(App=Dictionary(Private=SECRET))
    page["/Metadata"] = pdf.make_stream(SECRET.encode())
    pdf.Root["/AcroForm"] = Dictionary(Fields=Array([pdf.make_indirect(Dictionary(FT=Name.Tx, T="c", V=SECRET))]))
    pdf.Root["/StructTreeRoot"] = Dictionary(K=Array([Dictionary(S=Name.Figure, Alt=SECRET)]))
    pdf.Root["/PageLabels"] = Dictionary(Nums=Array([0, Dictionary(P=SECRET)]))
    pdf.Root["/Dests"] = Dictionary({f"/{SECRET}": Array([page, Name.Fit])})
    pdf.Root["/OpenAction"] = Dictionary(S=Name.JavaScript, JS=f"app.alert('{SECRET}')")
    pdf.attachments[f"{SECRET}.txt"] = SECRET.encode()
    pdf.docinfo["/Title"] = f"About {SECRET}"
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(SECRET, 0))
    file = io.BytesIO()
    pdf.save(file)
    return file.getvalue()


def everything(pdf: bytes) -> str:
    """All strings, names and decoded streams of a file, text strings of its pages joined."""
    found = []
    with pikepdf.open(io.BytesIO(pdf)) as file:
        found.append(str(file.trailer))
        for item in file.objects:
            found.append(repr(item))
            if isinstance(item, pikepdf.Stream):
                raw = item.read_bytes() if item.get("/Subtype") != Name.Image else item.read_raw_bytes()
                found.append(raw.decode("latin-1"))
                if "/Subtype" not in item or item.get("/Subtype") == Name.Form:
                    found.append("".join(_shown(raw)))
    return "\n".join(found)


def _shown(raw: bytes) -> list[str]:
    try:
        steps = instructions(raw)
    except Unsupported:
        return []
    tokens = [t for s in steps if s.operator in (b"Tj", b"TJ", b"'", b'"') for t in s.operands if t[:1] in (b"(", b"<")]
    return [string(token).decode("latin-1") for token in tokens]


def test_the_secret_is_seen_before_and_in_no_object_after() -> None:
    content = torture()
    assert everything(content).count(SECRET) >= 17
    result = kit.redacted(content, [SECRET])
    assert result.routes == ("surgery",)
    assert SECRET not in everything(result.content)
    text = kit.text_of(result.content)
    assert SECRET not in text
    for word in ["Simple", "Split", "Quoted", "Both", "Stretched", "Scaled", "Escaped", "Raised", "Deep form"]:
        assert word in text
    assert text.count("stays") >= 14
    assert text.count("[Child A]") >= 12


@pytest.mark.parametrize("name", ["Jo", "Zebediah", "Bartholomew-Quillfeather"])
def test_a_line_says_nothing_of_how_long_the_name_was(name: str) -> None:
    def content(inside: str) -> bytes:
        lines = ["Present at the conference:", f"Mother: {inside} Ainsworth, who agreed.", "The chair closed."]
        return kit.redacted(kit.typed_pdf([lines]), [inside]).content

    with pikepdf.open(io.BytesIO(content(name))) as one, pikepdf.open(io.BytesIO(content("Tamsin"))) as other:
        assert one.pages[0].Contents.read_bytes() == other.pages[0].Contents.read_bytes()


def test_layout_mode_keeps_positions_and_warns() -> None:
    content = kit.typed_pdf([["Mother: Zebediah Ainsworth, who agreed."]])
    result = kit.redacted(content, [SECRET], widths="layout")
    assert any("width of a gap" in warning for warning in result.warnings)
    assert SECRET not in everything(result.content)
    assert result.boxes


def test_an_underline_follows_its_words() -> None:
    pdf = pikepdf.open(io.BytesIO(kit.typed_pdf([["Mother: Zebediah Ainsworth, who agreed."], ["x"]])))
    page = pdf.pages[0]
    page.contents_add(b"q 103 777 120 0.6 re f Q")
    file = io.BytesIO()
    pdf.save(file)
    made = pikepdf.open(io.BytesIO(kit.redacted(file.getvalue(), [SECRET, "Ainsworth"]).content))
    drawn = re.findall(rb"([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re", made.pages[0].Contents.read_bytes())
    assert drawn
    assert all(float(width) != 120 for _, _, width, _ in drawn)


def test_fonts_keep_no_letter_that_no_page_draws() -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen import canvas

    pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))
    file = io.BytesIO()
    paper = canvas.Canvas(file)
    paper.setFont("Vera", 12)
    paper.drawString(60, 700, "Present: Quixzy Bjork and the health visitor")
    paper.save()
    result = kit.redacted(file.getvalue(), ["Quixzy"])
    assert result.routes == ("surgery",)
    with pikepdf.open(io.BytesIO(result.content)) as made:
        for use in font_check.used(made).values():
            letters = set("".join(font_check.meanings(use.font).values()))
            assert not letters & set("Qxz")


def test_a_page_of_unknown_operators_goes_as_a_picture_and_says_why() -> None:
    pdf = pikepdf.open(io.BytesIO(kit.typed_pdf([["Mother: Zebediah Ainsworth, who agreed."]])))
    pdf.pages[0].contents_add(b"q 1 2 frobnicate Q")
    file = io.BytesIO()
    pdf.save(file)
    result = kit.redacted(file.getvalue(), [SECRET])
    assert result.routes == ("raster",)
    assert any("unknown operator" in warning for warning in result.warnings)
    assert SECRET not in kit.text_of(result.content)


def test_a_page_that_breaks_the_writing_of_the_file_goes_as_a_picture_and_no_other_does() -> None:
    """A form whose resources are a stream stops the library that writes the file, long after the page was read."""
    pdf = pikepdf.open(io.BytesIO(kit.typed_pdf([["Mother: Zebediah Ainsworth"], ["Father: Zebediah Ainsworth"]])))
    odd = pdf.make_stream(b"", Font=pikepdf.Dictionary())
    form = pdf.make_stream(b"q Q", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, Resources=odd)
    form["/BBox"] = pikepdf.Array([0, 0, 10, 10])
    pdf.pages[0].obj.Resources["/XObject"] = pikepdf.Dictionary(Odd=form)
    pdf.pages[0].contents_add(b"/Odd Do")
    file = io.BytesIO()
    pdf.save(file)
    result = kit.redacted(file.getvalue(), [SECRET])
    assert result.routes == ("raster", "surgery")
    assert SECRET not in kit.text_of(result.content)


def test_only_the_pages_asked_for_go_as_pictures() -> None:
    result = kit.redacted(kit.typed_pdf([["Zebediah"], ["Zebediah"], ["Nobody"]]), ["Zebediah"], pictures=[1])
    assert result.routes == ("surgery", "raster", "surgery")


def test_pages_without_changes_lose_what_stands_beside_them() -> None:
    upload = kit.upload_of(torture())
    document = ingest.read(upload)
    result = redact.apply(upload, document, kit.plan_for(document, []))
    with pikepdf.open(io.BytesIO(result.content)) as made:
        assert "Layered" not in everything(result.content)
        assert "Outside" not in everything(result.content)
        assert set(made.Root.keys()) <= {"/Type", "/Pages"}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (b"(a(b)c) Tj", b"a(b)c"),
        (rb"(a\(b\)\101\n) Tj", b"a(b)A\n"),
        (b"<41 4> Tj", b"A@"),
        (b"(line\\\r\nend) Tj", b"lineend"),
    ],
)
def test_strings_are_read_as_the_format_says(source: bytes, expected: bytes) -> None:
    (step,) = instructions(source)
    assert string(step.operands[0]) == expected


@pytest.mark.parametrize("source", [b"(open Tj", b"1 2 } re", b"<4x> Tj", b") Tj"])
def test_broken_content_is_refused(source: bytes) -> None:
    with pytest.raises(Unsupported):
        instructions(source)


def test_vectors_come_back_through_a_matrix() -> None:
    matrix = multiply((2.0, 0.0, 0.5, 3.0, 7.0, 9.0), (0.0, 1.0, -1.0, 0.0, 4.0, 4.0))
    x, y = unapply_vector(matrix, 5.0, -2.0)
    a, b, c, d, _, _ = matrix
    assert (a * x + c * y, b * x + d * y) == pytest.approx((5.0, -2.0))
    with pytest.raises(Unsupported):
        unapply_vector((1.0, 1.0, 1.0, 1.0, 0.0, 0.0), 1.0, 0.0)


@pytest.mark.parametrize("array", [b"[(ab)-20<63>]", b"[(ab)%no\n-20<63>]", b"[ (ab) -20 <63> ]", b"[(a(b)\\))<>]"])
def test_arrays_come_apart_the_same_however_they_are_spaced(array: bytes) -> None:
    (step,) = instructions(array + b" TJ")
    shown = b"".join(string(token) for token in elements(step.operands) if token[:1] in (b"(", b"<"))
    assert shown in (b"abc", b"a(b))")
    assert step.operator == b"TJ"
