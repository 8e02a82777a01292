"""Reads a Word document into its canonical text; runs behind the wall only."""

from __future__ import annotations

from redactor.formats import embedded, ocr
from redactor.formats.characters import visible
from redactor.formats.document import lay_out
from redactor.formats.layout import Layout
from redactor.formats.package import Package
from redactor.model import Document, InPackage, Kind, Piece, Role, Span, Upload

_DPI = 96.0  # Office's own resolution, where a picture tells none


def read(upload: Upload) -> Document:
    """Read an admitted DOCX: every part, every branch, what shows and what does not, and the words in its pictures.

    Raises:
        InputRefused: if the package breaks a rule.
        ConverterFailed, MissingDependency: if a picture cannot be read.
    """
    package = Package.open(upload.content)
    layout = lay_out(package).layout
    written, pieces = _in_pictures(package, layout)
    dropped = tuple(sorted(layout.dropped.items()))
    return Document(Kind.DOCX, upload.digest, layout.text + written, (*layout.pieces, *pieces), dropped=dropped)


def _in_pictures(package: Package, layout: Layout) -> tuple[str, list[Piece]]:
    """Read the words in pictures, a piece for each line, after all that the document itself says."""
    chunks: list[str] = []
    pieces: list[Piece] = []
    position = layout.length
    wanted, unread = embedded.to_read(package, layout)
    if unread:
        layout.dropped["pictures too many to read"] += len(unread)
    for part in wanted:
        picture = embedded.opened(package.parts[part])
        lines: dict[tuple[int, int, int], list[str]] = {}
        for word in ocr.read(picture, _DPI, scanned=False) if picture else ():
            lines.setdefault(word.line, []).append(visible(word.text))
        for number, words in enumerate(lines.values()):
            text = " ".join(words) + "\n"
            pieces.append(Piece(Span(position, position + len(text)), Role.OCR, InPackage(part, number)))
            chunks.append(text)
            position += len(text)
    return "".join(chunks), pieces
