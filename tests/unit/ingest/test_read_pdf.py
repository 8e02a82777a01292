"""Promise 1: nothing leaks, because nothing that a PDF says is overlooked when it is read."""

from __future__ import annotations

import io

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas

from redactor import ingest
from redactor.errors import Damaged, Encrypted
from redactor.model import Kind, OnPage, Role, Upload, digest_of


def upload_of(content: bytes, password: str | None = None) -> Upload:
    return Upload(Kind.PDF, digest_of(content), content, password)


def drawn(draw: object) -> bytes:
    file = io.BytesIO()
    paper = canvas.Canvas(file, pagesize=A4)
    draw(paper)  # type: ignore[operator]
    paper.save()
    return file.getvalue()


def minutes(paper: canvas.Canvas) -> None:
    paper.setFont("Helvetica-Bold", 16)
    paper.drawString(60, 780, "Attendance")
    paper.setFont("Helvetica", 11)
    for row, (name, role) in enumerate([("Marta Wielgosz", "Social worker"), ("Owen Pryce", "Health visitor")]):
        paper.drawString(60, 740 - 20 * row, name)
        paper.drawString(300, 740 - 20 * row, role)
    paper.drawString(60, 660, "The conference heard about Zebediah Quill-")
    paper.drawString(60, 646, "feather and his sister.")


def test_lines_cells_headings_and_line_end_hyphens_come_in_reading_order() -> None:
    document = ingest.read(upload_of(drawn(minutes)))
    assert "Marta Wielgosz\tSocial worker\nOwen Pryce\tHealth visitor\n" in document.text
    assert "Zebediah Quill-\nfeather and" in document.text
    assert document.text.startswith("Attendance\n")
    assert document.pieces[0].role is Role.HEADING
    cells = [piece.cell for piece in document.pieces if piece.role is Role.TABLE_CELL and piece.cell]
    assert {(cell.row, cell.column) for cell in cells} == {(0, 0), (0, 1), (1, 0), (1, 1)}
    assert document.pages == 1
    assert document.page_sizes[0] == pytest.approx(A4, abs=0.1)


def test_every_word_knows_its_box_and_the_edges_of_its_characters() -> None:
    document = ingest.read(upload_of(drawn(minutes)))
    for piece in document.pieces:
        text = document.text[piece.span.start : piece.span.end].rstrip()
        if not isinstance(piece.at, OnPage):
            continue
        left, bottom, right, top = piece.at.box
        assert 0 < left < right < A4[0]
        assert 0 < bottom < top < A4[1]
        assert len(piece.at.cuts) == len(text) + 1
        assert list(piece.at.cuts) == sorted(piece.at.cuts)


def test_what_stands_beside_the_pages_is_read_with_its_role() -> None:
    pdf = pikepdf.open(io.BytesIO(drawn(minutes)))
    page = pdf.pages[0]
    note = Dictionary(
        Type=Name.Annot, Subtype=Name.Text, Rect=Array([10, 10, 30, 30]), Contents="Note about Tamsin", T="Priya Nair"
    )
    link = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Link,
        Rect=Array([10, 40, 30, 60]),
        A=Dictionary(S=Name.URI, URI="mailto:tamsin@example.org"),
    )
    page.obj["/Annots"] = Array([pdf.make_indirect(note), pdf.make_indirect(link)])
    field = Dictionary(FT=Name.Tx, T="child_name", V="Ffion Harcastle", TU="Full name of the child")
    pdf.Root["/AcroForm"] = Dictionary(Fields=Array([pdf.make_indirect(field)]))
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("Evidence of Rhys", 0))
    pdf.attachments["tamsin-photo.txt"] = b"hello"
    pdf.Root["/StructTreeRoot"] = Dictionary(K=Array([Dictionary(S=Name.Figure, Alt="Portrait of Bronwen")]))
    with pdf.open_metadata() as packet:
        packet["dc:description"] = "About Caradoc"
    pdf.docinfo["/Author"] = "Gwen Tallis"
    file = io.BytesIO()
    pdf.save(file)
    document = ingest.read(upload_of(file.getvalue()))
    said = [(piece.role, document.text[piece.span.start : piece.span.end].strip()) for piece in document.pieces]
    for expected in [
        (Role.ANNOTATION, "Note about Tamsin"),
        (Role.ANNOTATION, "Priya Nair"),
        (Role.LINK, "mailto:tamsin@example.org"),
        (Role.FORM_VALUE, "Ffion Harcastle"),
        (Role.FORM_VALUE, "Full name of the child"),
        (Role.METADATA, "Gwen Tallis"),
        (Role.METADATA, "Evidence of Rhys"),
        (Role.METADATA, "About Caradoc"),
        (Role.ATTACHMENT, "tamsin-photo.txt"),
        (Role.ALT_TEXT, "Portrait of Bronwen"),
    ]:
        assert expected in said
    assert ("annotations", 2) in document.dropped
    assert ("attachments", 1) in document.dropped


def test_text_outside_the_page_is_read_as_hidden() -> None:
    def draw(paper: canvas.Canvas) -> None:
        minutes(paper)
        paper.drawString(60, 900, "Oswin")

    document = ingest.read(upload_of(drawn(draw)))
    hidden = [document.text[p.span.start : p.span.end].strip() for p in document.pieces if p.role is Role.HIDDEN]
    assert hidden == ["Oswin"]


def test_a_form_field_is_read_where_it_is_drawn() -> None:
    def draw(paper: canvas.Canvas) -> None:
        paper.drawString(60, 780, "Name of child:")
        paper.acroForm.textfield(name="child", value="Meredith", x=160, y=770, width=200, height=24)

    document = ingest.read(upload_of(drawn(draw)))
    on_page = [document.text[p.span.start : p.span.end].strip() for p in document.pieces if isinstance(p.at, OnPage)]
    assert "Meredith" in on_page


def test_a_locked_file_opens_with_its_password_only() -> None:
    pdf = pikepdf.open(io.BytesIO(drawn(minutes)))
    file = io.BytesIO()
    pdf.save(file, encryption=pikepdf.Encryption(owner="o", user="open sesame", R=6))
    with pytest.raises(Encrypted):
        ingest.read(upload_of(file.getvalue()))
    assert "Marta" in ingest.read(upload_of(file.getvalue(), "open sesame")).text


@pytest.mark.parametrize("content", [b"%PDF-1.7\nnothing", b"", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>"])
def test_a_broken_file_is_refused(content: bytes) -> None:
    with pytest.raises(Damaged):
        ingest.read(upload_of(content))
