"""The font in which replacements are written: a standard one that every reader has, so no letters tell anything."""

from __future__ import annotations

from functools import cache

from pdfminer.fontmetrics import FONT_METRICS
from pikepdf import Dictionary, Name

RESOURCE = "/RedactorToken"
_BASE = "Helvetica"
_CODEC = "cp1252"
_DEFAULT_WIDTH = 556


@cache
def width_of(text: str) -> float:
    """Return the width of a text at size 1."""
    widths = FONT_METRICS[_BASE][1]
    return sum(float(widths.get(c, _DEFAULT_WIDTH)) for c in text) / 1000


def encoded(text: str) -> bytes:
    """Return the text as a hexadecimal PDF string in the font's encoding."""
    return b"<" + text.encode(_CODEC, "replace").hex().encode("ascii") + b">"


def font() -> Dictionary:
    """Return the font's dictionary."""
    return Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name("/" + _BASE), Encoding=Name.WinAnsiEncoding)
