"""DOCX to tagged PDF: a fresh LibreOffice with a throw-away profile for each document, behind the wall."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from redactor import sandbox
from redactor.formats import office
from redactor.limits import Limits

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
_AROUND_SECONDS = 10.0  # what the child needs besides LibreOffice


def to_pdf(docx: bytes, limits: Limits | None = None) -> bytes:
    """Return one document laid out as a tagged PDF; see ``all_to_pdf``."""
    return all_to_pdf([docx], limits=limits)[0]


def all_to_pdf(documents: Sequence[bytes], pages: int = 0, *, limits: Limits | None = None) -> list[bytes]:
    """Return the documents of one copy laid out as tagged PDF, by one process that nobody else's copy shares.

    Args:
        documents: the documents.
        pages: about how many they will fill; decides how long it may take.
        limits: instead of these.

    Raises:
        ConverterFailed: if LibreOffice does not finish.
        TooLarge: if it goes beyond the limits.
    """
    bounds = limits or Limits(seconds=office.SECONDS + _AROUND_SECONDS).for_pages(pages)
    named = {f"{number:06}": content for number, content in enumerate(documents)}
    request = json.dumps({"seconds": bounds.seconds - _AROUND_SECONDS}).encode()
    made = sandbox.call("redactor.render.office:convert", request, named, bounds).files
    return [made[name] for name in named]


def convert(request: bytes, files: Mapping[str, bytes]) -> tuple[bytes, Mapping[str, bytes]]:
    """Convert inside the sandbox."""
    seconds = float(json.loads(request)["seconds"])
    options = {name: {"type": "boolean", "value": str(value).lower()} for name, value in _OPTIONS.items()}
    target = "pdf:writer_pdf_Export:" + json.dumps(options, separators=(",", ":"))
    made = office.convert_all(list(files.values()), ".docx", target, ".pdf", seconds)
    return b"{}", dict(zip(files, made, strict=True))
