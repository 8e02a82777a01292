"""Looks through any PDF in the world for redactions that do not hold."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pikepdf
import pypdfium2 as pdfium

from redactor.errors import Damaged, Encrypted, TooLarge
from redactor.limits import PDF_PAGES
from redactor.model import Check
from redactor.verify import extract, hidden, structure
from redactor.verify.fold import Words
from redactor.verify.report import REVISIONS, Report, Sighting

HIDDEN, ANNOTATIONS = "hidden-text", "annotations"
_END = re.compile(rb"startxref\s+\d+\s+%%EOF\r?\n?")
_MOST_REVISIONS = 20
_WORD_LETTERS = 3
_STILL_THERE = "The file was changed after it was first saved; earlier text is still in it."


def examine(pdf: bytes, password: str | None) -> Report:
    """Look for text under boxes, redaction marks that were never applied, hidden text and earlier revisions."""
    opened, document = _open(pdf, password)
    pages = len(document)
    if pages > PDF_PAGES:
        raise TooLarge(f"The file has more than {PDF_PAGES} pages.")
    sightings: list[Sighting] = []
    glyphs = annotations = 0
    for number in range(pages):
        page = document[number]
        characters = extract.glyphs(page)
        glyphs += len(characters)
        sightings += hidden.look(page, number)
        page.close()
        marks = _annotations(opened, number)
        annotations += len(marks)
        for mark in marks:
            sightings += _unapplied(mark, number)
    earlier, revisions = _earlier(pdf, password, document)
    sightings += earlier
    kinds = {sighting.what for sighting in sightings}
    checks = (
        Check(HIDDEN, not kinds & {"text-under-box", "hidden-text", "text-off-page"}, glyphs),
        Check(ANNOTATIONS, not kinds & {"redaction-not-applied", "text-under-annotation"}, annotations),
        Check(REVISIONS, "earlier-revision" not in kinds, revisions),
    )
    return Report(checks, tuple(sightings), tuple(_also_there(opened)), pages)


def _open(pdf: bytes, password: str | None) -> tuple[pikepdf.Pdf, pdfium.PdfDocument]:
    try:
        return pikepdf.open(io.BytesIO(pdf), password=password or ""), pdfium.PdfDocument(pdf, password=password)
    except pikepdf.PasswordError as problem:
        raise Encrypted("The file is encrypted.") from problem
    except (pikepdf.PdfError, pdfium.PdfiumError) as problem:
        raise Damaged("The file cannot be opened as a PDF.") from problem


def _annotations(opened: pikepdf.Pdf, number: int) -> list[pikepdf.Object]:
    listed = opened.pages[number].obj.get("/Annots")
    if not isinstance(listed, pikepdf.Array):
        return []
    return [mark for mark in listed if isinstance(mark, pikepdf.Dictionary)]


def _unapplied(mark: pikepdf.Object, number: int) -> Iterator[Sighting]:
    """Report a redaction that was marked and never carried out."""
    if mark.get("/Subtype") == pikepdf.Name("/Redact"):
        yield Sighting("redaction-not-applied", "A redaction was marked but never applied.", number + 1, _box(mark))


def _box(mark: pikepdf.Object) -> tuple[float, float, float, float] | None:
    try:
        x1, y1, x2, y2 = (float(value) for value in mark.Rect)
    except (AttributeError, TypeError, ValueError):
        return None
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def _earlier(pdf: bytes, password: str | None, document: pdfium.PdfDocument) -> tuple[list[Sighting], int]:
    """Compare the text of earlier revisions with the last: words that went are still in the file."""
    ends = [match.end() for match in _END.finditer(pdf)][:_MOST_REVISIONS]
    now = Words(extract.by_pdfium(document)).vocabulary()
    for end in ends[:-1]:
        try:
            before = pdfium.PdfDocument(pdf[:end], password=password)
            words = Words(extract.by_pdfium(before)).vocabulary()
        except pdfium.PdfiumError:
            continue
        lost = {word for word in words - now if len(word) >= _WORD_LETTERS}
        if lost:
            letters = sum(len(word) for word in lost)
            return [Sighting("earlier-revision", _STILL_THERE, characters=letters)], len(ends)
    return [], max(len(ends), 1)


def _also_there(opened: pikepdf.Pdf) -> Iterator[str]:
    """Name what else the file carries that a reader may overlook; no fault by itself."""
    for fault in structure.beyond_allowed(opened):
        if fault.startswith(("object", "catalogue", "metadata")):
            yield f"The file also carries: {fault}."
