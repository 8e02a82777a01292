"""Opens a PDF that nobody has checked, and brings it into the one form that reading and redacting share.

In that form annotations and form fields are drawn into the page, so that what they show is page content like any other
and is found, decided on and removed like any other. Nothing else is changed.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name

from redactor.errors import Damaged, Encrypted, TooLarge, UnsupportedType
from redactor.limits import PDF_PAGES

_PRINT_ADVICE = "Open it in Adobe Reader, print it to PDF, and upload that."
_DEEPEST_PAGE_TREE = 64


@dataclass(frozen=True, slots=True)
class Prepared:
    """A PDF in the shared form.

    Args:
        content: the whole file, not encrypted.
        dropped: counts of things that no copy keeps, by plain name.
    """

    content: bytes
    dropped: tuple[tuple[str, int], ...]


def open_untrusted(content: bytes, password: str | None = None) -> pikepdf.Pdf:
    """Open a PDF, repairing what can be repaired.

    Raises:
        Encrypted: if it needs a password that was not given or is wrong.
        Damaged: if it cannot be read or has no pages.
        TooLarge: if it has too many pages.
        UnsupportedType: if its pages exist only inside an XFA form.
    """
    try:
        pdf = pikepdf.open(io.BytesIO(content), password=password or "", suppress_warnings=True)
        pages = len(pdf.pages)
    except pikepdf.PasswordError:
        raise Encrypted("The PDF is encrypted.") from None
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError):
        raise Damaged("The PDF cannot be read.") from None
    if not pages:
        raise Damaged("The PDF has no pages.")
    if pages > PDF_PAGES:
        raise TooLarge(f"The PDF has more than {PDF_PAGES} pages.")
    if _is_true(pdf.Root.get("/NeedsRendering")):
        raise UnsupportedType("The PDF is an XFA form without pages of its own.", next_step=_PRINT_ADVICE)
    return pdf


def prepare(pdf: pikepdf.Pdf) -> Prepared:
    """Draw annotations and form fields into their pages and return the file in the shared form.

    Raises:
        Damaged: if the file cannot be written again.
    """
    dropped = _count(pdf)
    try:
        if any("/Annots" in page.obj for page in pdf.pages):
            _flatten(pdf)
        written = io.BytesIO()
        pdf.save(
            written,
            encryption=False,
            compress_streams=True,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
            fix_metadata_version=False,  # no copy keeps the metadata
        )
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError):
        raise Damaged("The PDF contradicts itself.") from None
    return Prepared(written.getvalue(), tuple((name, count) for name, count in dropped if count))


def inherited(page: pikepdf.Object, key: str) -> pikepdf.Object | None:
    """Return a page attribute from the page or the nearest ancestor that has it."""
    node: pikepdf.Object | None = page
    steps = 0
    while node is not None and steps < _DEEPEST_PAGE_TREE:
        if key in node:
            return node[key]
        node, steps = node.get("/Parent"), steps + 1
    return None


def _is_true(value: object) -> bool:
    return value is True


def _flatten(pdf: pikepdf.Pdf) -> None:
    """Draw what annotations show; what they hide has been read before and goes with them."""
    form = pdf.Root.get("/AcroForm")
    if isinstance(form, Dictionary) and _is_true(form.get("/NeedAppearances")):
        pdf.generate_appearance_streams()
    for page in pdf.pages:
        _drop_broken_annotations(page.obj)
    pdf.flatten_annotations("all")
    for page in pdf.pages:
        if "/Annots" in page.obj:
            del page.obj["/Annots"]


def _drop_broken_annotations(page: pikepdf.Object) -> None:
    """Leave out entries that are no annotation, and pop-up windows, which show a note twice."""
    entries = page.get("/Annots")
    if not isinstance(entries, Array):
        if entries is not None:
            del page["/Annots"]
        return
    kept = [entry for entry in entries if isinstance(entry, Dictionary) and entry.get("/Subtype") != Name.Popup]
    page["/Annots"] = Array(kept)


def _count(pdf: pikepdf.Pdf) -> list[tuple[str, int]]:
    """Count what no copy keeps."""
    root = pdf.Root
    form = root.get("/AcroForm")
    names = root.get("/Names")
    fields = form.get("/Fields") if isinstance(form, Dictionary) else None
    signatures = sum(
        isinstance(field, Dictionary) and field.get("/FT") == Name.Sig and "/V" in field
        for field in (fields if isinstance(fields, Array) else ())
    )
    return [
        ("annotations", sum(len(e) for p in pdf.pages if isinstance(e := p.obj.get("/Annots"), Array))),
        ("attachments", len(pdf.attachments)),
        ("digital signatures", signatures),
        ("scripts", sum(key in root for key in ("/OpenAction", "/AA")) + _has(names, "/JavaScript")),
        ("XFA forms", _has(form, "/XFA")),
    ]


def _has(holder: pikepdf.Object | None, key: str) -> int:
    return int(isinstance(holder, Dictionary) and key in holder)
