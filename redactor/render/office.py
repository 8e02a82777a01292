"""DOCX to tagged PDF: a fresh LibreOffice with a throw-away profile for each document, behind the wall."""

from __future__ import annotations

import json
from collections.abc import Mapping

from redactor import sandbox
from redactor.limits import Limits

_DOCX, _PDF = "docx", "pdf"
_OPTIONS = {  # LibreOffice's PDF export filter (its help, "PDF Export Command Line Parameters")
    "UseTaggedPDF": True,
    "PDFUACompliance": True,
    "ExportBookmarks": True,
    "ExportNotes": False,
    "ExportFormFields": False,
    "EmbedStandardFonts": True,
    "UseLosslessCompression": True,
    "ReduceImageResolution": False,
}
SECONDS = 120.0


def to_pdf(docx: bytes, limits: Limits | None = None) -> bytes:
    """Return the document laid out as a tagged PDF.

    Raises:
        ConverterFailed: if LibreOffice does not finish.
        TooLarge: if it goes beyond the limits.
    """
    bounds = limits or Limits(seconds=SECONDS)
    return sandbox.call("redactor.render.office:convert", b"{}", {_DOCX: docx}, bounds).files[_PDF]


def convert(request: bytes, files: Mapping[str, bytes]) -> tuple[bytes, Mapping[str, bytes]]:
    """Convert inside the sandbox."""
    from redactor.formats import office

    del request
    options = {name: {"type": "boolean", "value": str(value).lower()} for name, value in _OPTIONS.items()}
    target = "pdf:writer_pdf_Export:" + json.dumps(options, separators=(",", ":"))
    return b"{}", {_PDF: office.convert(files[_DOCX], ".docx", target, ".pdf")}
