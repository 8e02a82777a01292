"""Types a document anew as a Word document with the plan applied; runs behind the wall only.

The way for what has no form of its own (plain text, e-mail), and for a PDF or scan whose copy is asked for in a form
that flows: text stays, page pictures do not.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby

import docx

from redactor.model import Document, InText, Kind, Piece, Plan, Redacted, Role, Upload
from redactor.redact.edits import Edits

_SHOWN = {
    Role.BODY,
    Role.QUOTED,
    Role.EMAIL_HEADER,
    Role.HEADING,
    Role.LIST_ITEM,
    Role.TABLE_CELL,
    Role.FOOTNOTE,
    Role.ENDNOTE,
    Role.TEXT_BOX,
    Role.OCR,
}  # fmt: skip; headers and footers would come again with every page
_FONT, _POINTS = "Arial", 12
_LOWEST_HEADING = 6
_ON_PAGE = -1
_MOST_COLUMNS = 63  # ECMA-376 part 1, 17.4.48, as Word implements it
_CONSTANT_TIME = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class _Line:
    """Pieces that make one paragraph, or one row of a table; ``number`` is its own in a text."""

    role: Role
    level: int
    row: tuple[int, int] | None
    number: int
    pieces: list[Piece] = field(default_factory=list)


def apply(upload: Upload, document: Document, plan: Plan, widths: str = "standard") -> Redacted:
    """Return a new Word document that holds the lines a reader may see, changed as the plan says."""
    del upload, widths
    edits = Edits(plan)
    made = docx.Document()
    style = made.styles["Normal"]
    style.font.name, style.font.size = _FONT, docx.shared.Pt(_POINTS)
    placed: set[int] = set()
    for table, lines in groupby(_lines(document), key=lambda line: line.row and line.row[0]):
        spoken = [(line, said) for line in lines if (said := list(_said(line, document.text, edits, placed)))]
        if table is None:
            for line, said in spoken:
                _write(made, line, "".join(words for _, words in said))
        elif spoken:
            _write_table(made, [said for _, said in spoken])
    _say_nothing(made)
    stream = io.BytesIO()
    made.save(stream)
    dropped = tuple(f"Left out because it cannot be kept safely: {what} ({count})." for what, count in document.dropped)
    return Redacted(Kind.DOCX, stream.getvalue(), plan, warnings=dropped)


def _lines(document: Document) -> Iterator[_Line]:
    """Join pieces into paragraphs: in a text by their number, on pages up to an empty line or another role."""
    line: _Line | None = None
    for piece in document.pieces:
        if piece.role not in _SHOWN:
            continue
        row = (piece.cell.table, piece.cell.row) if piece.cell else None
        number = piece.at.line if isinstance(piece.at, InText) else _ON_PAGE
        if line is None or (line.role, line.level, line.row, line.number) != (piece.role, piece.level, row, number):
            if line is not None:
                yield line
            line = _Line(piece.role, piece.level, row, number)
        line.pieces.append(piece)
        if document.text[piece.span.start : piece.span.end].endswith("\n\n"):
            yield line
            line = None
    if line is not None:
        yield line


def _said(line: _Line, text: str, edits: Edits, placed: set[int]) -> Iterator[tuple[int, str]]:
    """Give what the pieces of a line say after the plan, each with its column; one placeholder stands for a section."""
    for piece in line.pieces:
        column = piece.cell.column if piece.cell else 0
        section = edits.section_holding(piece.span.start, piece.span.end)
        if section is None:
            said = edits.text_of(text[piece.span.start : piece.span.end], piece.span.start).replace("\n", " ")
            yield column, said.removesuffix("\t") if piece.cell else said
        elif section.placeholder and section.span.start not in placed:
            placed.add(section.span.start)
            yield column, section.placeholder


def _write_table(made: docx.document.Document, rows: Sequence[Sequence[tuple[int, str]]]) -> None:
    """Write rows as a table; what stands beyond the widest table that Word knows joins the last column."""
    width = min(1 + max(column for row in rows for column, _ in row), _MOST_COLUMNS)
    table = made.add_table(0, width, style="Table Grid")
    for row in rows:
        cells = [""] * width
        for column, words in row:
            cells[min(column, width - 1)] += words
        for cell, words in zip(table.add_row().cells, cells, strict=True):
            cell.text = words.strip()
    made.add_paragraph()


def _write(made: docx.document.Document, line: _Line, said: str) -> None:
    words = said.rstrip()
    if line.role is Role.HEADING and line.level:
        made.add_heading(words, min(line.level, _LOWEST_HEADING))
        return
    paragraph = made.add_paragraph()
    if line.role is Role.EMAIL_HEADER and isinstance(line.pieces[0].at, InText):
        label, _, words = words.partition(":")
        paragraph.add_run(label + ":").bold = True
    paragraph.add_run(words).italic = line.role is Role.QUOTED


def _say_nothing(made: docx.document.Document) -> None:
    """Leave no author, title or time behind."""
    about = made.core_properties
    about.author = about.last_modified_by = about.title = about.comments = about.keywords = about.subject = ""
    about.created = about.modified = _CONSTANT_TIME
