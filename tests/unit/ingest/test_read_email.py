"""Promises 1 and 4: an e-mail is read with all that is attached, and what cannot be read is said, never passed over."""

from __future__ import annotations

import io
from email.message import EmailMessage

import docx
import pytest
from docx.table import Table
from reportlab.lib.pagesizes import A5
from reportlab.pdfgen import canvas

from redactor import ingest, redact
from redactor.limits import ATTACHED_DEPTH, ATTACHED_FILES
from redactor.model import Document, Kind, Plan, ProfileRef, Role, Upload, digest_of

WORD = "vnd.openxmlformats-officedocument.wordprocessingml.document"


def letter(subject: str = "School place", said: str = "Hello Tom,\nsee what I attach.\n") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "hope@school.example", "tom@council.example", subject
    message.set_content(said)
    return message


def word() -> bytes:
    made, stream = docx.Document(), io.BytesIO()
    made.add_heading("Chronology", 1)
    made.add_paragraph("Dougal came late.")
    table = made.add_table(2, 2)
    for cell, said in zip(
        (*table.rows[0].cells, *table.rows[1].cells), ("When", "What", "4 May", "Zebedee rang"), strict=True
    ):
        cell.text = said
    made.add_comment(made.paragraphs[1].runs, "Ask Florence", author="Brian")
    made.save(stream)
    return stream.getvalue()


def pdf(pages: int = 1) -> bytes:
    written = io.BytesIO()
    paper = canvas.Canvas(written, pagesize=A5)
    for _ in range(pages):
        paper.drawString(60, 500, "Ermintrude lives beside the roundabout and asks that")
        paper.drawString(60, 486, "nobody tells the father where that is, she said.")
        paper.showPage()
    paper.save()
    return written.getvalue()


def read(message: EmailMessage) -> tuple[Upload, Document]:
    upload = ingest.admit(message.as_bytes(), "letter.eml")
    assert upload.kind is Kind.EMAIL
    return upload, ingest.read(upload)


def copy_of(upload: Upload, document: Document) -> list[str]:
    """Return the paragraphs and rows of a copy from which nothing is taken out."""
    nothing = Plan(document.digest, ProfileRef("any", 1, digest_of(b"any")), "", "", ())
    made = docx.Document(io.BytesIO(redact.apply(upload, document, nothing).content))
    said: list[str] = []
    for block in made.iter_inner_content():
        if isinstance(block, Table):
            said += ["\t".join(cell.text for cell in row.cells) for row in block.rows]
        elif block.text:
            said.append(block.text)
    return said


def test_documents_that_are_attached_become_part_of_the_text_and_of_the_copy() -> None:
    message = letter()
    message.add_attachment(word(), "application", WORD, filename="Dougal Spring chronology.docx")
    message.add_attachment(pdf(), "application", "pdf", filename="note.pdf")
    message.add_attachment("Mr Rusty has a key.\n", filename="note.txt")
    upload, document = read(message)
    by_role = {
        role: [document.text[p.span.start : p.span.end].strip() for p in document.pieces if p.role is role]
        for role in Role
    }
    assert by_role[Role.COMMENT] == ["Ask Florence"]
    assert "Dougal Spring chronology.docx" in by_role[Role.ATTACHMENT]
    said = copy_of(upload, document)
    assert said[3:] == [
        "Hello Tom,",
        "see what I attach.",
        "Attachment 1 (Word document)",
        "Chronology",
        "Dougal came late.",
        "When\tWhat",
        "4 May\tZebedee rang",
        "Attachment 2 (PDF)",
        "Ermintrude lives beside the roundabout and asks that nobody tells the father where that is, she said.",
        "Attachment 3 (text)",
        "Mr Rusty has a key.",
    ]


def test_a_forwarded_message_brings_its_own_headers_and_attachments() -> None:
    inner = letter("About Dougal", "He was seen alone.\n")
    inner.add_attachment(pdf(), "application", "pdf", filename="note.pdf")
    message = letter("Fwd: About Dougal")
    message.add_attachment(inner)
    message.add_attachment(
        letter("Later", "He came back.\n").as_bytes(), "application", "octet-stream", filename="l.eml"
    )
    upload, document = read(message)
    said = "\n".join(copy_of(upload, document))
    assert said.index("Attachment 1 (e-mail)") < said.index("Subject: About Dougal") < said.index("He was seen alone.")
    assert said.index("He was seen alone.") < said.index("Attachment 2 (PDF)") < said.index("Ermintrude")
    assert said.index("Attachment 3 (e-mail)") < said.index("He came back.")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"MZ\x90\x00" + bytes(200), "its type cannot be read"),
        (b"%PDF-1.7\nnothing of one", "it is damaged"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "it is damaged"),
    ],
)
def test_the_copy_says_what_was_attached_and_could_not_be_read(content: bytes, why: str) -> None:
    message = letter()
    message.add_attachment(content, "application", "octet-stream", filename="Dougal Spring.bin")
    message.add_attachment("The end.\n", filename="end.txt")
    upload, document = read(message)
    said = copy_of(upload, document)
    assert f"[attachment left out: {why}]" in said
    assert said[-1] == "The end."
    assert "Dougal" not in "".join(said)
    assert dict(document.dropped)["attachments"] == 1


def test_attachments_end_where_one_copy_can_hold_no_more() -> None:
    message = letter()
    for number in range(ATTACHED_FILES + 2):
        message.add_attachment(f"Note {number}.\n", filename=f"{number}.txt")
    _, document = read(message)
    assert f"Note {ATTACHED_FILES - 1}." in document.text
    assert f"Note {ATTACHED_FILES}." not in document.text
    assert dict(document.dropped)["attachments"] == 2


def test_messages_within_messages_end() -> None:
    message = letter("Innermost", "Too deep to read.\n")
    for _ in range(ATTACHED_DEPTH + 1):
        outer = letter("Outer", "See below.\n")
        outer.add_attachment(message)
        message = outer
    _, document = read(message)
    assert "Too deep" not in document.text
    assert "too large to be part of this copy" in document.text


def test_time_is_allowed_for_the_pages_that_are_attached() -> None:
    message = letter()
    message.add_attachment(pdf(7), "application", "pdf", filename="note.pdf")
    upload, _ = read(message)
    assert upload.pages == 8


def test_a_picture_within_the_letter_is_no_attachment() -> None:
    message = letter()
    message.add_related(b"\x89PNG\r\n\x1a\n" + bytes(40), "image", "png", cid="<logo>")
    _, document = read(message)
    assert "Attachment" not in document.text
    assert dict(document.dropped) == {"pictures in an e-mail": 1}
