"""Reads plain text: one piece a line; runs behind the wall only."""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from dataclasses import dataclass

from redactor.errors import Damaged
from redactor.formats.characters import visible
from redactor.limits import TEXT_CHARACTERS
from redactor.model import Cell, Document, InText, Piece, Role, Span, Upload

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_FALLBACK = "cp1252"


@dataclass(frozen=True, slots=True)
class Line:
    """A line on its way into a document.

    Args:
        text: what it says, with the line end or tab that closes it.
        role: what it is in the file.
        part: the header, body or attachment that it stands in.
        level: 1 to 9 for headings.
        cell: of the table that it stands in.
        goes_on: True where it belongs to the same paragraph or row as the line before.
    """

    text: str
    role: Role
    part: str = ""
    level: int = 0
    cell: Cell | None = None
    goes_on: bool = False


def read(upload: Upload) -> Document:
    """Return the text's lines as pieces."""
    return document_of(upload, [Line(line + "\n", Role.BODY) for line in lines_of(decoded(upload.content))])


def decoded(untrusted: bytes) -> str:
    """Return bytes as text: by their mark, else UTF-8, else Windows' Western code page.

    Raises:
        Damaged: if they are not text in any of these.
    """
    named = next((name for mark, name in _MARKS if untrusted.startswith(mark)), None)
    try:
        return untrusted.decode(named or "utf-8")
    except UnicodeDecodeError:
        if named:
            raise Damaged("The text is not in the encoding that it says.") from None
        return untrusted.decode(_FALLBACK, errors="replace")


def lines_of(text: str) -> list[str]:
    """Split at every kind of line end and drop what cannot be seen."""
    return [visible(line.replace("\t", " ")) for line in text.splitlines()]


def document_of(upload: Upload, lines: Iterable[Line], dropped: tuple[tuple[str, int], ...] = ()) -> Document:
    """Build a document from lines; those of one paragraph share its number."""
    chunks: list[str] = []
    pieces: list[Piece] = []
    position, number = 0, -1
    for line in lines:
        number += 0 if line.goes_on and pieces else 1
        span = Span(position, position + len(line.text))
        pieces.append(Piece(span, line.role, InText(number, line.part), line.cell, line.level))
        chunks.append(line.text)
        position = span.end
        if position > TEXT_CHARACTERS:
            raise Damaged("The text is too long.")
    return Document(upload.kind, upload.digest, "".join(chunks), tuple(pieces), dropped=dropped)
