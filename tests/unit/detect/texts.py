"""Documents made of plain lines and tables, for the tests of detection, linking and sections."""

from __future__ import annotations

from collections.abc import Sequence

from redactor.model import Cell, Digest, Document, InText, Kind, Piece, Role, Span, digest_of


def document(*lines: str | tuple[Role, str] | Sequence[Sequence[str]], kind: Kind = Kind.DOCX) -> Document:
    """Build a document: a string is a paragraph, a pair is a paragraph with its role, a list of lists is a table."""
    text = ""
    pieces: list[Piece] = []
    tables = -1

    def put(words: str, role: Role, cell: Cell | None = None) -> None:
        nonlocal text
        start = len(text)
        text += words
        level = 1 if role is Role.HEADING else 0
        pieces.append(Piece(Span(start, len(text)), role, InText(len(pieces)), cell, level))

    for line in lines:
        if isinstance(line, str):
            put(line + "\n", Role.BODY)
        elif isinstance(line, tuple) and isinstance(line[0], Role):
            put(str(line[1]) + "\n", line[0])
        else:
            tables += 1
            for row_number, row in enumerate(line):
                for column, cell in enumerate(row):
                    end = "\t" if column + 1 < len(row) else "\n"
                    put(cell + end, Role.TABLE_CELL, Cell(tables, row_number, column))
    return Document(kind, Digest(digest_of(text.encode())), text, tuple(pieces))
