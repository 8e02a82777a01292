"""Promises 1 and 2: the assembled copy carries nothing but pages, and every page names its reader."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from redactor import wire
from redactor.errors import IntegrityFailure
from redactor.model import CopyMark, Digest, Kind, Plan, ProfileRef, Redacted, Rendered
from redactor.render import joining, watermark
from redactor.render.assemble import assemble

MARK = CopyMark("Mária Wójcik-Łoś ỳ", "2 of 4", "2026-11-24", "OFFICIAL-SENSITIVE", "DC-2024-0117", draft=False)
PLAN = Plan(Digest("sha256:0"), ProfileRef("family_copy", 1, Digest("")), "DC-2024-0117", "r1", ())


def body(pages: int = 2, rotate: int = 0) -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4)
    canvas.setTitle("Secret title")
    for number in range(pages):
        for line in range(30):
            canvas.drawString(60, 760 - 20 * line, f"Body line {line} of page {number} reads on without a break")
        canvas.showPage()
    canvas.save()
    pdf = pikepdf.open(io.BytesIO(stream.getvalue()))
    for page in pdf.pages:
        if rotate:
            page.obj.Rotate = rotate
    pdf.trailer["/DocChecksum"] = pikepdf.Name("/ABCDEF")
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    pdf.Root.PageLabels = pikepdf.Dictionary(Nums=pikepdf.Array([0, pikepdf.Dictionary(P="Secret ")]))
    pdf.pages[0].obj.PieceInfo = pikepdf.Dictionary(X=pikepdf.Dictionary(Private="secret"))
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def joined(mark: CopyMark = MARK, **files: bytes) -> tuple[bytes, bytes]:
    answer, made = joining.run(wire.dump(mark), {"body": body(), **files})
    return answer, made["pdf"]


def text_of(pdf: bytes) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pdfium.PdfDocument(pdf)]


def test_every_page_names_classification_copy_reader_date_and_number() -> None:
    _, pdf = joined(cover=body(1), schedule=body(1))
    texts = text_of(pdf)
    assert len(texts) == 4
    for number, text in enumerate(texts):
        assert text.count("OFFICIAL-SENSITIVE") == 2
        assert f"Copy 2 of 4 – Mária Wójcik-Łoś ỳ – 2026-11-24 – Page {number + 1} of 4" in text
        assert "DRAFT" not in text


def test_the_bodys_words_keep_their_order_and_are_not_broken() -> None:
    _, pdf = joined()
    before, after = text_of(body()), text_of(pdf)
    for old, new in zip(before, after, strict=True):
        assert old.replace("\r\n", "\n").strip() in new.replace("\r\n", "\n")


def test_a_draft_says_so_on_every_page() -> None:
    _, pdf = joined(replace(MARK, draft=True))
    assert all(watermark.DRAFT_WORDS in text for text in text_of(pdf))


def test_a_public_copy_names_nobody() -> None:
    answer, pdf = joined(replace(MARK, watermark=False))
    assert all("Mária" not in text and "Copy 2" not in text for text in text_of(pdf))
    assert "Mária".encode() not in answer


def test_nothing_is_carried_over_but_pages() -> None:
    _, pdf = joined()
    opened = pikepdf.open(io.BytesIO(pdf))
    assert set(opened.Root.keys()) <= {"/Type", "/Pages", "/Lang", "/ViewerPreferences", "/Metadata"}
    assert set(opened.trailer.keys()) & {"/DocChecksum"} == set()
    assert str(opened.trailer.Info.Title) == "Redacted copy – DC-2024-0117"
    assert b"ecret" not in b"".join(o.read_bytes() for o in opened.objects if isinstance(o, pikepdf.Stream))
    assert pdf.count(b"%%EOF") == 1


def test_the_mark_is_woven_into_the_page_and_no_single_object_holds_it() -> None:
    _, pdf = joined()
    opened = pikepdf.open(io.BytesIO(pdf))
    page = opened.pages[0]
    assert "/XObject" not in page.obj.Resources
    operators = [str(o.operator) for o in pikepdf.parse_content_stream(page)]
    marks = [n for n, o in enumerate(operators) if o == "BMC"]
    texts = [n for n, o in enumerate(operators) if o == "Tj"]
    assert sum(1 for a, b in pairwise(marks) if any(a < t < b for t in texts)) >= 10


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_the_mark_stands_upright_on_turned_pages(rotate: int) -> None:
    _, made = joining.run(wire.dump(MARK), {"body": body(1, rotate)})
    page = pdfium.PdfDocument(made["pdf"])[0]
    picture = page.render(scale=1, grayscale=True).to_numpy()
    height = picture.shape[0]
    assert (picture[:24] < 128).any()
    assert (picture[height - 24 :] < 128).any()
    across = picture[:, :, 0] if picture.ndim == 3 else picture
    assert np.count_nonzero((across > 200) & (across < 250)) > 1000


def test_the_body_must_belong_to_the_plan() -> None:
    other = replace(PLAN, reader="r2")
    with pytest.raises(IntegrityFailure):
        assemble(Redacted(Kind.PDF, body(), other), PLAN, MARK)
    with pytest.raises(IntegrityFailure):
        assemble(Redacted(Kind.DOCX, body(), PLAN), PLAN, MARK)


def test_the_sandboxed_face_moves_boxes_behind_the_cover() -> None:
    rendered = assemble(Redacted(Kind.PDF, body(), PLAN, routes=("raster", "raster")), PLAN, MARK, body(1), None)
    assert isinstance(rendered, Rendered)
    assert rendered.body_pages == (1, 3)
    assert any("Page 3 of 3" in line for line in rendered.furniture)


def flat(level: int, heading: str) -> bytes:
    spaces = "office:1.0", "text:1.0"
    names = " ".join(f'xmlns:{s.split(":")[0]}="urn:oasis:names:tc:opendocument:xmlns:{s}"' for s in spaces)
    return (
        f'<?xml version="1.0"?><office:document {names} office:version="1.2"'
        ' office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text>'
        f'<text:h text:outline-level="{level}">{heading}</text:h><text:p>They met once.</text:p>'
        "</office:text></office:body></office:document>"
    ).encode()


@pytest.mark.slow
def test_tags_of_all_parts_are_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    from redactor.formats import office

    monkeypatch.setenv("REDACTOR_CONTAINED", "1")
    options = 'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"}}'
    body_pdf = office.convert(flat(1, "Minutes"), ".fodt", options, ".pdf")
    cover_pdf = office.convert(flat(2, "Cover"), ".fodt", options, ".pdf")
    _, made = joining.run(wire.dump(MARK), {"body": body_pdf, "cover": cover_pdf})
    opened = pikepdf.open(io.BytesIO(made["pdf"]))
    root = opened.Root.StructTreeRoot
    keys = [int(k) for k in list(root.ParentTree.Nums)[::2]]
    assert keys == sorted(set(keys))
    assert len({int(page.obj.StructParents) for page in opened.pages}) == 2
    assert {int(page.obj.StructParents) for page in opened.pages} <= set(keys)
    pages = {page.obj.objgen for page in opened.pages}
    kinds = []
    waiting = list(root.K)
    while waiting:
        element = waiting.pop()
        if isinstance(element, pikepdf.Dictionary) and "/S" in element:
            kinds.append(str(element.S))
            assert "/Pg" not in element or element.Pg.objgen in pages
            kids = element.get("/K", [])
            waiting.extend(kids if isinstance(kids, pikepdf.Array) else [kids])
    assert {"/H1", "/H2"} <= set(kinds)
    assert opened.Root.MarkInfo.Marked
    assert str(opened.Root.Lang) == "en-GB"


def test_embedded_fonts_keep_their_outlines_and_lose_their_makers_notices(monkeypatch: pytest.MonkeyPatch) -> None:
    from redactor.formats import office

    monkeypatch.setenv("REDACTOR_CONTAINED", "1")
    options = 'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"}}'
    laid = office.convert(flat(1, "Minutes"), ".fodt", options, ".pdf")
    _, made = joining.run(wire.dump(MARK), {"body": laid})
    before, after = pdfium.PdfDocument(laid)[0], pdfium.PdfDocument(made["pdf"])[0]
    assert "They met once." in after.get_textpage().get_text_range()
    shown = [
        page.render(scale=2, grayscale=True).to_numpy().reshape(-1)[: 2 * 595 * 300] < 100 for page in (before, after)
    ]
    assert np.count_nonzero(shown[0]) > 100
    opened = pikepdf.open(io.BytesIO(made["pdf"]))
    programs = [
        o.FontFile2.read_bytes() for o in opened.objects if isinstance(o, pikepdf.Dictionary) and "/FontFile2" in o
    ]
    assert len(programs) >= 2
    assert all(b"opyright" not in p.replace(b"\0", b"") for p in programs)
