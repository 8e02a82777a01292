"""Promise 1: nothing leaks. Redactions that do not hold are found in any PDF, and sound ones are left in peace."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from redactor import verify
from redactor.errors import Damaged, Encrypted
from redactor.verify import examination
from tests.unit.verify import copies

BAD = {
    "bad_cross_hatched_redactions",
    "hidden_text_on_visible_text",
    "rectangles_yes",
    "rectangles_yes_2",
}  # the project's own tests say so; the second is one that it cannot find itself


def kinds(pdf: bytes) -> set[str]:
    return {sighting.what for sighting in examination.examine(pdf, None).findings}


def edited(edit: object, lines: tuple[str, ...] = copies.LINES) -> bytes:
    pdf = pikepdf.open(io.BytesIO(copies.lay_out(lines)))
    edit(pdf)  # type: ignore[operator]
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


@pytest.mark.shared
def test_every_known_bad_redaction_is_found_and_no_sound_one_flagged(shared: Path) -> None:
    files = sorted((shared / "corpus" / "pdf").glob("xray__tests__assets__*.pdf"))
    assert len(files) == 25
    for file in files:
        name = file.stem.removeprefix("xray__tests__assets__")
        report = examination.examine(file.read_bytes(), None)
        assert report.passed == (name not in BAD), name
        assert all(file.stem not in sighting.sentence for sighting in report.findings)


def test_a_plain_page_passes() -> None:
    report = examination.examine(copies.lay_out(copies.LINES), None)
    assert report.passed
    assert report.checks[0].looked_at > 300


def test_text_under_a_black_box_is_found_with_its_place() -> None:
    def cover(canvas: object) -> None:
        canvas.rect(copies.LEFT - 2, copies.TOP - 2 * copies.LINE_HEIGHT - 50, 400, 60, stroke=0, fill=1)  # type: ignore[attr-defined]

    report = examination.examine(copies.lay_out(copies.LINES, draw=cover), None)
    assert not report.passed
    assert all(s.what == "text-under-box" and s.page == 1 and s.box for s in report.findings)
    assert sum(s.characters for s in report.findings) > 30


def test_text_in_the_papers_colour_is_found() -> None:
    def whisper(canvas: object) -> None:
        canvas.setFillGray(1)  # type: ignore[attr-defined]
        canvas.drawString(60, 200, "Zebediah was here")  # type: ignore[attr-defined]

    assert kinds(copies.lay_out(copies.LINES, draw=whisper, more="Zebediah was here")) == {"hidden-text"}


def test_white_letters_on_a_dark_band_are_seen_and_sound() -> None:
    def band(canvas: object) -> None:
        canvas.rect(50, 190, 400, 30, stroke=0, fill=1)  # type: ignore[attr-defined]
        canvas.setFillGray(1)  # type: ignore[attr-defined]
        canvas.drawString(60, 200, "Minutes of the conference")  # type: ignore[attr-defined]

    assert examination.examine(copies.lay_out(copies.LINES, draw=band), None).passed


def test_a_redaction_that_was_only_marked_is_found() -> None:
    def mark(pdf: pikepdf.Pdf) -> None:
        box = Dictionary(Type=Name.Annot, Subtype=Name("/Redact"), Rect=Array([60, 700, 300, 720]))
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(box)])

    assert kinds(edited(mark)) == {"redaction-not-applied"}


def test_text_under_an_opaque_note_is_found_and_under_a_highlight_is_not() -> None:
    def cover(kind: str, appearance: bytes) -> bytes:
        def put(pdf: pikepdf.Pdf) -> None:
            form = pdf.make_stream(appearance, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 500, 20]))
            form.Resources = Dictionary(ExtGState=Dictionary(M=Dictionary(BM=Name.Multiply)))
            box = Dictionary(Type=Name.Annot, Subtype=Name(kind), Rect=Array([55, 725, 555, 745]), F=4)
            box.AP = Dictionary(N=form)
            pdf.pages[0].obj.Annots = Array([pdf.make_indirect(box)])

        return edited(put)

    assert kinds(cover("/Square", b"0 g 0 0 500 20 re f")) == {"text-under-annotation"}
    assert kinds(cover("/Highlight", b"/M gs 1 1 0 rg 0 0 500 20 re f")) == set()


def test_words_of_an_earlier_revision_are_found() -> None:
    from pyhanko.pdf_utils.generic import StreamObject, pdf_name
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(copies.lay_out(copies.LINES)))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    page[pdf_name("/Contents")] = writer.add_object(StreamObject(stream_data=b"BT ET"))
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    assert kinds(out.getvalue()) == {"earlier-revision"}


def test_text_off_the_page_is_found() -> None:
    def away(canvas: object) -> None:
        canvas.drawString(60, -300, "Zebediah was here")  # type: ignore[attr-defined]

    assert kinds(copies.lay_out(copies.LINES, draw=away, more="Zebediah was here")) == {"text-off-page"}


def test_what_cannot_be_opened_is_refused_with_advice() -> None:
    with pytest.raises(Damaged):
        verify.examine(b"%PDF-1.7 nothing more")
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(copies.lay_out(copies.LINES))) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="a", user="b"))
    with pytest.raises(Encrypted):
        verify.examine(locked.getvalue())
    assert verify.examine(locked.getvalue(), "b").passed
