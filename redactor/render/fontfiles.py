"""Strips embedded fonts of what no page needs: the makers' names and notices that every copy would carry along."""

from __future__ import annotations

import io

import pikepdf
from fontTools.cffLib import CFFFontSet
from fontTools.ttLib import TTFont, TTLibError

_TALKING_TABLES = ("name", "DSIG", "FFTM", "meta", "PCLT")
_TALKING_ENTRIES = ("Notice", "Copyright", "FullName", "FamilyName", "version")


def strip_notices(pdf: pikepdf.Pdf) -> None:
    """Remove name tables and notices from every embedded TrueType and compact font; outlines stay as they are."""
    for item in pdf.objects:
        if not isinstance(item, pikepdf.Dictionary) or item.get("/Type") != pikepdf.Name.FontDescriptor:
            continue
        if isinstance(item.get("/FontFile2"), pikepdf.Stream):
            _strip_truetype(item.FontFile2)
        elif isinstance(item.get("/FontFile3"), pikepdf.Stream) and item.FontFile3.get("/Subtype") in (
            pikepdf.Name("/Type1C"),
            pikepdf.Name("/CIDFontType0C"),
        ):
            _strip_compact(item.FontFile3)


def _strip_truetype(stream: pikepdf.Object) -> None:
    try:
        font = TTFont(io.BytesIO(stream.read_bytes()), lazy=True, recalcTimestamp=False, recalcBBoxes=False)
        present = [table for table in _TALKING_TABLES if table in font]
        for table in present:
            del font[table]
        packed = io.BytesIO()
        font.save(packed, reorderTables=None)
    except (TTLibError, AssertionError, KeyError, ValueError, EOFError):
        return  # a font that cannot be rewritten stays, and the proof looks at it
    if present:
        stream.write(packed.getvalue())
        stream.Length1 = len(packed.getvalue())


def _strip_compact(stream: pikepdf.Object) -> None:
    try:
        fonts = CFFFontSet()
        fonts.decompile(io.BytesIO(stream.read_bytes()), None)
        top = fonts[0]
        present = [entry for entry in _TALKING_ENTRIES if entry in top.rawDict]
        for entry in present:
            del top.rawDict[entry]
        packed = io.BytesIO()
        fonts.compile(packed, None)
    except Exception:  # the library has no common error; the font stays, and the proof looks at it
        return
    if present:
        subtype = stream.Subtype
        stream.write(packed.getvalue())
        stream.Subtype = subtype
