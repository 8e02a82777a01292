"""Reads a Word document into its canonical text; runs behind the wall only."""

from __future__ import annotations

from redactor.formats.document import lay_out
from redactor.formats.package import Package
from redactor.model import Document, Kind, Upload


def read(upload: Upload) -> Document:
    """Read an admitted DOCX: every part, every branch, what shows and what does not.

    Raises:
        InputRefused: if the package breaks a rule.
    """
    layout = lay_out(Package.open(upload.content)).layout
    dropped = tuple(sorted(layout.dropped.items()))
    return Document(Kind.DOCX, upload.digest, layout.text, tuple(layout.pieces), dropped=dropped)
