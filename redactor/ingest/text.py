"""Reads plain text: one piece a line; runs behind the wall only."""

from __future__ import annotations

import codecs

from redactor.errors import Damaged
from redactor.formats.characters import visible
from redactor.limits import TEXT_CHARACTERS
from redactor.model import Document, InText, Piece, Role, Span, Upload

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_FALLBACK = "cp1252"


def read(upload: Upload) -> Document:
    """Return the text's lines as pieces."""
    return document_of(upload, [(line, Role.BODY, "") for line in lines_of(decoded(upload.content))])


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


def document_of(
    upload: Upload, lines: list[tuple[str, Role, str]], dropped: tuple[tuple[str, int], ...] = ()
) -> Document:
    """Build a document from lines, each with its role and the part of the file it stands in."""
    chunks, pieces, position = [], [], 0
    for number, (line, role, part) in enumerate(lines):
        text = line + "\n"
        pieces.append(Piece(Span(position, position + len(text)), role, InText(number, part)))
        chunks.append(text)
        position += len(text)
        if position > TEXT_CHARACTERS:
            raise Damaged("The text is too long.")
    return Document(upload.kind, upload.digest, "".join(chunks), tuple(pieces), dropped=dropped)
