"""Reads a PDF: the words that its pages carry, the words that only their pixels show, and all it says beside its pages.

A page is read by OCR where its text layer is missing, invisible (laid over a scan by another program) or has no
meaning; patches of ink that no word explains are read on their own. What OCR cannot read is reported as a region.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from redactor.errors import TooLarge
from redactor.formats import pages, pdf
from redactor.formats.pages import Picture
from redactor.ingest import beside, ink, scan, words
from redactor.ingest.layout import Writer, write_page
from redactor.ingest.words import Word
from redactor.limits import TEXT_CHARACTERS
from redactor.model import Box, Document, Kind, Region, Upload
from redactor.ranges import ALL, PageRange

SCAN_DPI = 200.0
_MEANINGLESS_SHARE = 0.2  # of characters without Unicode value: the font's map is broken, the pixels are not
_INVISIBLE_SHARE = 0.5  # of sampled words
_INVISIBLE_SAMPLE = 40
_SCANNED_SHARE = 0.3  # of the page's area covered by unexplained ink: read it whole
_PATCH_SHARE = 0.0015  # smaller patches hold no word
_MOST_PATCHES = 12
_PRIVATE_USE = range(0xE000, 0xF900)


@dataclass(slots=True)
class _Read:
    words: list[Word]
    hidden: list[Word]
    regions: list[Region]


def read(upload: Upload, pages_wanted: PageRange = ALL) -> Document:
    """Read a PDF as a document. Must run inside the sandbox.

    Args:
        upload: the file, with its password where it has one.
        pages_wanted: read these only; what the file says beside its pages comes with the last range.

    Raises:
        Encrypted, Damaged, TooLarge, UnsupportedType: if the file cannot be read.
        ConverterFailed, MissingDependency: if OCR is needed and fails.
    """
    source = pdf.open_untrusted(upload.content, upload.password)
    writer, regions = Writer(), []
    aside = Writer()
    if pages_wanted.last:
        beside.write(source, aside)
    prepared = pdf.prepare(source)
    source.close()
    sizes: list[tuple[float, float]] = []
    with pages.opened(prepared.content) as document:
        for number in filter(pages_wanted.__contains__, range(len(document))):
            page = pages.load_page(document, number)
            found = _read_page(page, number)
            sizes.append(page.get_size())
            write_page(number, found.words, writer, seen=_visible(page))
            write_page(number, found.hidden, writer, seen=(0.0, 0.0, 0.0, 0.0))
            regions += found.regions
            page.close()
            if writer.length > TEXT_CHARACTERS:
                raise TooLarge("The PDF holds too much text.")
    writer.append(aside)
    return Document(
        Kind.PDF,
        upload.digest,
        writer.text(),
        tuple(writer.pieces),
        len(sizes),
        tuple(sizes),
        tuple(regions),
        prepared.dropped,
    )


def _visible(page: pdfium.PdfPage) -> Box:
    left, bottom, right, top = page.get_bbox()
    return float(left), float(bottom), float(right), float(top)


def _read_page(page: pdfium.PdfPage, number: int) -> _Read:
    carried = words.on_page(page)
    picture = pages.render(page, ink.LOOKING_DPI)
    patches = ink.unexplained(picture, [word.box for word in carried])
    if _is_invisible(page, carried) or _is_meaningless(carried) or sum(p.share for p in patches) > _SCANNED_SHARE:
        return _read_whole(page, number, carried)
    if not carried and patches:
        return _read_whole(page, number, carried)
    found = _read_patches(page, picture, patches)
    everything = carried + found
    left = ink.unexplained(picture, [word.box for word in everything]) if found else patches
    return _Read(everything, [], scan.regions(number, picture, everything, left))


def _read_whole(page: pdfium.PdfPage, number: int, carried: Sequence[Word]) -> _Read:
    """Read the page's pixels; words of its text layer that OCR did not see are kept as hidden text."""
    picture = pages.render(page, SCAN_DPI)
    seen = scan.words_in(picture)
    known = {word.text.casefold() for word in seen}
    hidden = [word for word in carried if word.text.casefold() not in known]
    return _Read(seen, hidden, scan.regions(number, picture, seen))


def _read_patches(page: pdfium.PdfPage, looked: Picture, patches: Sequence[ink.Patch]) -> list[Word]:
    large = sorted((p for p in patches if p.share >= _PATCH_SHARE), key=lambda p: -p.share)[:_MOST_PATCHES]
    if not large:
        return []
    picture = pages.render(page, SCAN_DPI)
    factor = picture.dpi / looked.dpi
    found: list[Word] = []
    for number, patch in enumerate(large):
        left, top, right, bottom = (round(edge * factor) for edge in patch.pixels)
        found += scan.words_in_patch(picture, (left, top, right, bottom), number)
    return found


def _is_meaningless(carried: Sequence[Word]) -> bool:
    text = "".join(word.text for word in carried)
    unknown = sum(c == "\ufffd" or ord(c) in _PRIVATE_USE for c in text)
    return unknown > _MEANINGLESS_SHARE * len(text)


def _is_invisible(page: pdfium.PdfPage, carried: Sequence[Word]) -> bool:
    """Say whether most words are drawn invisibly, as a text layer over a scan is."""
    if not carried:
        return False
    modes = []
    for item in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_TEXT], max_depth=3):
        modes.append(pdfium_c.FPDFTextObj_GetTextRenderMode(item.raw))
        if len(modes) >= _INVISIBLE_SAMPLE:
            break
    invisible = sum(mode == pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE for mode in modes)
    return bool(invisible > _INVISIBLE_SHARE * len(modes))
