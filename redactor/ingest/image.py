"""Reads an image file (PNG, JPEG, TIFF of one or more pages) by OCR."""

from __future__ import annotations

from redactor.errors import Damaged
from redactor.formats import scans
from redactor.ingest import scan
from redactor.ingest.layout import Writer, write_page
from redactor.model import Document, Kind, Region, Upload
from redactor.ranges import ALL, PageRange


def read(upload: Upload, pages_wanted: PageRange = ALL) -> Document:
    """Read an image as a document. Must run inside the sandbox.

    Args:
        upload: the file.
        pages_wanted: read these only.

    Raises:
        Damaged, TooLarge: if the image cannot be read.
        ConverterFailed, MissingDependency: if OCR fails.
    """
    writer = Writer()
    sizes: list[tuple[float, float]] = []
    regions: list[Region] = []
    for number, picture in enumerate(scans.frames(upload.content)):
        if number not in pages_wanted:
            continue
        words = scan.words_in(picture)
        write_page(number, words, writer)
        regions += scan.regions(number, picture, words)
        sizes.append(picture.size)
    if not sizes:
        raise Damaged("The image holds no page.")
    return Document(
        Kind.IMAGE, upload.digest, writer.text(), tuple(writer.pieces), len(sizes), tuple(sizes), tuple(regions)
    )
