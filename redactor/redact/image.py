"""Applies a plan to an image file; the result is a PDF of burnt pages."""

from __future__ import annotations

from collections.abc import Collection

from redactor.formats import scans
from redactor.model import Document, Plan, Redacted, Upload
from redactor.redact.pdf import check_request, rebuild


def apply(
    upload: Upload, document: Document, plan: Plan, widths: str = "standard", pictures: Collection[int] = ()
) -> Redacted:
    """Apply a plan to an image. Must run inside the sandbox.

    Args:
        upload: the file that the document was read from.
        document: what was read.
        plan: what to remove.
        widths: "standard" lets the width of a gap tell nothing; "layout" keeps positions.
        pictures: pages that a proof found fault with, which are looked at more closely.

    Raises:
        BadArguments: if the width mode is unknown or the plan belongs to another document.
        Damaged, TooLarge: if the image cannot be read.
        ConverterFailed, MissingDependency: if OCR fails.
    """
    check_request(upload, document, plan, widths)
    return rebuild(scans.frames(upload.content), document, plan, widths, pictures)
