"""Some pages of a PDF as a file of their own. Must run inside the sandbox."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pikepdf

from redactor.errors import Damaged
from redactor.formats import pdf
from redactor.model import Upload


def extract(upload: Upload, pages: Sequence[int]) -> bytes:
    """Return a PDF of these pages, in this order; what the file holds beside its pages is left behind.

    Args:
        pages: 0-based.

    Raises:
        Damaged: if there is no such page.
    """
    written = io.BytesIO()
    with pdf.open_untrusted(upload.content, upload.password) as source, pikepdf.new() as made:
        if not pages or not all(0 <= page < len(source.pages) for page in pages):
            raise Damaged("The file has no such page.")
        for page in pages:
            made.pages.append(source.pages[page])
        made.save(written)
    return written.getvalue()
