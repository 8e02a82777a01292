"""Strips embedded fonts of what no page needs: the makers' names and notices that every copy would carry along."""

from __future__ import annotations

import io
import re
from contextlib import suppress

import pikepdf
from fontTools.cffLib import CFFFontSet
from fontTools.ttLib import TTFont, TTLibError

_TALKING_TABLES = ("name", "DSIG", "FFTM", "meta", "PCLT")
_TALKING_ENTRIES = ("Notice", "Copyright", "FullName", "FamilyName", "version", "Weight")
_FILES = ("/FontFile", "/FontFile2", "/FontFile3")
_SUBSET = "REDACT"  # ISO 32000-2, 9.9.2: six capitals before the name of a subset
_STYLES = {"Bold": ("bold", "black", "heavy"), "Italic": ("italic", "oblique")}


def make_anonymous(pdf: pikepdf.Pdf) -> None:
    """Remove name tables and notices from every embedded font and number the fonts; outlines stay as they are.

    A font can be called as a person is (Georgia, Bookman): were its name left, nobody could tell the two apart.
    """
    names: dict[tuple[int, int], str] = {}
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == pikepdf.Name.FontDescriptor:
            if not any(isinstance(item.get(key), pikepdf.Stream) for key in _FILES):
                continue  # the reader's own program chooses the font by its name
            name = f"{_SUBSET}+F{len(names) + 1}{_style(str(item.get('/FontName', '')))}"
            names[item.objgen] = name
            item.FontName = pikepdf.Name("/" + name)
            with suppress(pikepdf.PdfError, pikepdf.DataDecodingError):  # a broken stream stays: the proof looks at it
                _strip(item, name)
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary) and "/BaseFont" in item:
            described = [item, *item.get("/DescendantFonts", [])][-1].get("/FontDescriptor")
            if isinstance(described, pikepdf.Dictionary) and described.objgen in names:
                item.BaseFont = pikepdf.Name("/" + names[described.objgen])


def _style(name: str) -> str:
    """Return what a font's name says about its style: programs that read a page aloud tell bold words by it."""
    said = [style for style, sign in _STYLES.items() if any(word in name.lower() for word in sign)]
    return "-" + "".join(said) if said else ""


def _strip(descriptor: pikepdf.Object, name: str) -> None:
    if isinstance(descriptor.get("/FontFile2"), pikepdf.Stream):
        _strip_truetype(descriptor.FontFile2)
    elif isinstance(descriptor.get("/FontFile"), pikepdf.Stream):
        _strip_type1(descriptor.FontFile, name)
    elif descriptor.FontFile3.get("/Subtype") in (pikepdf.Name("/Type1C"), pikepdf.Name("/CIDFontType0C")):
        _strip_compact(descriptor.FontFile3, name)


def _strip_type1(stream: pikepdf.Object, name: str) -> None:
    """Write the number for the names in the part of a Type 1 font that is readable (Adobe Type 1 Font Format, 2.3)."""
    content = stream.read_bytes()
    end = int(stream.get("/Length1", 0))
    if not 0 < end <= len(content):
        return
    plain = re.sub(rb"\A%!(PS-AdobeFont|FontType1)[^\r\n]*", rb"%!PS-AdobeFont-1.0: " + name.encode(), content[:end])
    plain = re.sub(rb"/FontName\s*/[^\s/]+", b"/FontName /" + name.encode(), plain)
    plain = re.sub(rb"/(FullName|FamilyName|Notice|version|Weight)\s*\((?:[^()\\]|\\.)*\)", rb"/\1 ()", plain)
    stream.write(plain + content[end:])
    stream.Length1 = len(plain)


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


def _strip_compact(stream: pikepdf.Object, name: str) -> None:
    try:
        owner = TTFont(recalcBBoxes=False)  # the library asks it whether to measure the glyphs anew
        fonts = CFFFontSet()
        fonts.decompile(io.BytesIO(stream.read_bytes()), owner)
        top = fonts[0]
        for entry in _TALKING_ENTRIES:
            top.rawDict.pop(entry, None)
        fonts.fontNames = [name]
        packed = io.BytesIO()
        fonts.compile(packed, owner)
    except Exception:  # the library has no common error; the font stays, and the proof looks at it
        return
    subtype = stream.Subtype
    stream.write(packed.getvalue())
    stream.Subtype = subtype
