"""Applies a plan to a PDF, page by page."""

from __future__ import annotations

import io
from collections.abc import Iterable

import pikepdf

from redactor.errors import BadArguments
from redactor.formats import pages
from redactor.formats import pdf as opening
from redactor.formats.pages import Picture
from redactor.model import Box, Burnt, Document, Kind, OnPage, Plan, Redacted, Role, Upload
from redactor.redact import raster
from redactor.redact.places import Change, changes, union
from redactor.redact.sheets import Sheets

WIDTH_MODES = ("standard", "layout", "raster")
LAYOUT_WARNING = "Positions were kept: the width of a gap can tell which name stood there."
_RASTER = "raster"


def apply(upload: Upload, document: Document, plan: Plan, widths: str = "standard") -> Redacted:
    """Apply a plan to a PDF. Must run inside the sandbox.

    Args:
        upload: the file that the document was read from.
        document: what was read.
        plan: what to remove.
        widths: "standard" lets the width of a gap tell nothing; "layout" keeps positions and warns; "raster" makes
            every page a picture.

    Raises:
        BadArguments: if the width mode is unknown or the plan belongs to another document.
        Encrypted, Damaged, TooLarge, UnsupportedType: if the file cannot be read.
        ConverterFailed, MissingDependency: if OCR fails.
    """
    check_request(upload, document, plan, widths)
    source = opening.open_untrusted(upload.content, upload.password)
    prepared = opening.prepare(source)
    source.close()
    scanned = scanned_pages(document)
    with pages.opened(prepared.content) as file:
        pictures = ((_render(file, number), number in scanned) for number in range(len(file)))
        return rebuild(pictures, Kind.PDF, document, plan, widths)


def check_request(upload: Upload, document: Document, plan: Plan, widths: str) -> None:
    """Refuse what does not belong together.

    Raises:
        BadArguments: if the width mode is unknown or upload, document and plan are not of one file.
    """
    if widths not in WIDTH_MODES:
        raise BadArguments("The width mode is unknown.", next_step="Use standard or layout.")
    if not upload.digest == document.digest == plan.document:
        raise BadArguments("The plan belongs to another document.", next_step="Make a plan for this file.")


def rebuild(
    pictures: Iterable[tuple[Picture, bool]], kind: Kind, document: Document, plan: Plan, widths: str
) -> Redacted:
    """Build the redacted PDF from pictures of the pages, each with whether it came from paper."""
    wanted = changes(document, plan)
    kept = kept_boxes(document, wanted)
    out = pikepdf.new()
    sheets = Sheets(out)
    boxes: list[Burnt] = []
    routes: list[str] = []
    for number, (picture, scanned) in enumerate(pictures):
        burnt = raster.burn(picture, wanted.get(number, []), kept.get(number, []), scanned=scanned)
        out.pages.append(pikepdf.Page(out.make_indirect(sheets.page(burnt))))
        boxes += [Burnt(number, box) for box in burnt.boxes]
        routes.append(_RASTER)
    sheets.finish()
    written = io.BytesIO()
    out.save(written, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    warnings = (LAYOUT_WARNING,) if widths == "layout" and wanted else ()
    return Redacted(kind, written.getvalue(), plan, tuple(routes), tuple(boxes), warnings)


def scanned_pages(document: Document) -> frozenset[int]:
    """Return the pages on which any word was read by OCR."""
    return frozenset(p.at.page for p in document.pieces if p.role is Role.OCR and isinstance(p.at, OnPage))


def kept_boxes(document: Document, wanted: dict[int, list[Change]]) -> dict[int, list[Box]]:
    """Return the boxes of the words that stay, on pages from which something goes."""
    found: dict[int, list[Box]] = {}
    for piece in document.pieces:
        at = piece.at
        if isinstance(at, OnPage) and at.page in wanted and piece.role is not Role.HIDDEN:
            covered = any(_covers(change.box, at.box) for change in wanted[at.page])
            if not covered:
                found.setdefault(at.page, []).append(at.box)
    return found


def _covers(change: Box, box: Box) -> bool:
    return union(change, box) == change or (
        change[0] <= (box[0] + box[2]) / 2 <= change[2] and change[1] <= (box[1] + box[3]) / 2 <= change[3]
    )


def _render(file: object, number: int) -> Picture:
    page = pages.load_page(file, number)
    try:
        return pages.render(page, raster.RASTER_DPI)
    finally:
        page.close()
