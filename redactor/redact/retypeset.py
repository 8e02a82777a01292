"""Types plain text and e-mail anew as a Word document with the plan applied; runs behind the wall only."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import docx
from docx.shared import Pt

from redactor.model import Document, InText, Kind, Plan, Redacted, Role, Upload
from redactor.redact.edits import Edits

_SHOWN = {Role.BODY, Role.QUOTED, Role.EMAIL_HEADER}
_FONT, _POINTS = "Arial", 12
_CONSTANT_TIME = datetime(2000, 1, 1, tzinfo=UTC)


def apply(upload: Upload, document: Document, plan: Plan, widths: str = "standard") -> Redacted:
    """Return a new Word document that holds the lines a reader may see, changed as the plan says."""
    del upload, widths
    edits = Edits(plan)
    made = docx.Document()
    style = made.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(_POINTS)
    placed: set[int] = set()
    for piece in document.pieces:
        if piece.role not in _SHOWN:
            continue
        section = edits.section_holding(piece.span.start, piece.span.end)
        if section is not None:
            if section.placeholder and section.span.start not in placed:
                placed.add(section.span.start)
                made.add_paragraph(section.placeholder)
            continue
        line = document.text[piece.span.start : piece.span.end].rstrip("\n")
        paragraph = made.add_paragraph()
        said = edits.text_of(line, piece.span.start)
        if piece.role is Role.EMAIL_HEADER and isinstance(piece.at, InText):
            label, _, said = said.partition(":")
            paragraph.add_run(label + ":").bold = True
        paragraph.add_run(said).italic = piece.role is Role.QUOTED
    _say_nothing(made)
    stream = io.BytesIO()
    made.save(stream)
    dropped = tuple(f"Left out because it cannot be kept safely: {what} ({count})." for what, count in document.dropped)
    return Redacted(Kind.DOCX, stream.getvalue(), plan, warnings=dropped)


def _say_nothing(made: docx.document.Document) -> None:
    """Leave no author, title or time behind."""
    about = made.core_properties
    about.author = about.last_modified_by = about.title = about.comments = about.keywords = about.subject = ""
    about.created = about.modified = _CONSTANT_TIME
