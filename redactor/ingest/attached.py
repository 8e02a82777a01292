"""Opens what is attached to an e-mail and turns it into lines of the e-mail's own text; runs behind the wall only."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from redactor.errors import Damaged, Encrypted, Hostile, InputRefused, TooLarge, UnsupportedType
from redactor.formats.characters import PICTURE
from redactor.ingest import door, sniff
from redactor.ingest.text import Line
from redactor.limits import ATTACHED_FILES, ATTACHED_PAGES
from redactor.model import Cell, Document, Kind, Role, Upload, digest_of

PART = "attachment"

_READERS = {
    Kind.DOCX: "redactor.ingest.docx",
    Kind.PDF: "redactor.ingest.pdf",
    Kind.IMAGE: "redactor.ingest.image",
    Kind.TEXT: "redactor.ingest.text",
}
_CALLED = {
    Kind.DOCX: "Word document",
    Kind.PDF: "PDF",
    Kind.IMAGE: "picture",
    Kind.TEXT: "text",
    Kind.EMAIL: "e-mail",
}
_WHY: dict[type[InputRefused], str] = {  # the first that fits is said in the attachment's place
    Encrypted: "it is locked with a password",
    TooLarge: "it is too large to be part of this copy",
    Hostile: "it is not safe to open",
    UnsupportedType: "its type cannot be read",
    Damaged: "it is damaged",
    InputRefused: "it cannot be read",
}
_PAGED = (sniff.Sniffed.PDF, sniff.Sniffed.IMAGE)


@dataclass(slots=True)
class Allowance:
    """What all attachments of one e-mail may still take, those of forwarded e-mails included."""

    files: int = ATTACHED_FILES
    pages: int = ATTACHED_PAGES
    read: int = 0

    def take(self, pages: int) -> None:
        """Count one more file.

        Raises:
            TooLarge: if the e-mail brings more than one copy can hold.
        """
        if self.files <= 0 or pages > self.pages:
            raise TooLarge("The e-mail has more attached than one copy can hold.")
        self.files -= 1
        self.pages -= pages


def opened(content: bytes, name: str, allowance: Allowance) -> Upload:
    """Let one attachment in, as the door lets in what is uploaded.

    Raises:
        InputRefused: if it cannot be read.
    """
    found = door.open_up(sniff.sniff(content, name), content, None)
    allowance.take(found.pages)
    known = content if found.changed is None else found.changed
    return Upload(found.kind, digest_of(known), known, pages=found.pages)


def pages(content: bytes, name: str) -> int:
    """Return how many pages an attachment has, as far as it says so before it is read: its time depends on it."""
    try:
        promised = sniff.sniff(content, name)
        return door.open_up(promised, content, None).pages if promised in _PAGED else 1
    except InputRefused:
        return 0


def heading(number: int, kind: Kind | None) -> Line:
    """Return the line under which an attachment stands; its name may say too much and stays out."""
    called = f" ({_CALLED[kind]})" if kind else ""
    return Line(f"Attachment {number}{called}\n", Role.HEADING, PART, level=1)


def left_out(reason: InputRefused) -> Line:
    """Return the line that stands in place of an attachment that cannot be read."""
    why = next(said for kind, said in _WHY.items() if isinstance(reason, kind))
    return Line(f"[attachment left out: {why}]\n", Role.BODY, PART)


def document(upload: Upload) -> Document:
    """Read an attached document with the reader of its kind.

    Raises:
        InputRefused: if it turns out to be broken.
    """
    read: Document = importlib.import_module(_READERS[upload.kind]).read(upload)
    return read


def lines(document: Document, tables: int) -> Iterator[Line]:
    """Yield the lines of an attached document: what it says is kept letter for letter, its layout is not.

    Args:
        document: what was attached.
        tables: how many tables the e-mail's text has had so far.
    """
    line: Line | None = None
    for piece in document.pieces:
        said = document.text[piece.span.start : piece.span.end].replace(PICTURE, "")
        if not said:
            continue
        cell = Cell(piece.cell.table + tables, piece.cell.row, piece.cell.column) if piece.cell else None
        alike = line is not None and (line.role, line.level, line.cell) == (piece.role, piece.level, cell)
        if line is not None and alike and not line.text.endswith("\n"):
            line = replace(line, text=line.text + said)
            continue
        goes_on = line is not None and _same_paragraph(document.kind, line, piece.role, cell, alike=alike)
        if line is not None:
            yield line
        line = Line(said, piece.role, PART, piece.level, cell, goes_on)
    if line is not None:
        yield line if line.text.endswith("\n") else replace(line, text=line.text + "\n")


def _same_paragraph(kind: Kind, before: Line, role: Role, cell: Cell | None, *, alike: bool) -> bool:
    """Say whether what follows a line is of its paragraph or row: on pages a paragraph is known by what parts it."""
    if before.cell is not None and cell is not None:
        return before.role is role and (before.cell.table, before.cell.row) == (cell.table, cell.row)
    return kind in (Kind.PDF, Kind.IMAGE) and alike and not before.text.endswith("\n\n")
