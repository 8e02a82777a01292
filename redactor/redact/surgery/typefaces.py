"""What surgery needs to know of a font: how a string is cut into glyphs, how wide each is, and how tall the line is."""

from __future__ import annotations

import re
from typing import NamedTuple

import pikepdf
from pdfminer.encodingdb import EncodingDB, name2unicode
from pdfminer.fontmetrics import FONT_METRICS
from pikepdf import Array, Dictionary, Name, Object, Stream

from redactor.redact.surgery.cmaps import CMap, cmap_of
from redactor.redact.surgery.lexer import string
from redactor.redact.surgery.unsupported import Unsupported

_THOUSANDTH = 0.001
_ALIASES = {
    "Arial": "Helvetica",
    "ArialMT": "Helvetica",
    "Arial-Bold": "Helvetica-Bold",
    "Arial-BoldMT": "Helvetica-Bold",
    "Arial-Italic": "Helvetica-Oblique",
    "Arial-ItalicMT": "Helvetica-Oblique",
    "Arial-BoldItalic": "Helvetica-BoldOblique",
    "Arial-BoldItalicMT": "Helvetica-BoldOblique",
    "TimesNewRoman": "Times-Roman",
    "TimesNewRomanPSMT": "Times-Roman",
    "TimesNewRoman-Bold": "Times-Bold",
    "TimesNewRomanPS-BoldMT": "Times-Bold",
    "TimesNewRoman-Italic": "Times-Italic",
    "TimesNewRomanPS-ItalicMT": "Times-Italic",
    "CourierNew": "Courier",
    "CourierNewPSMT": "Courier",
    "CourierNew-Bold": "Courier-Bold",
}
_DEFAULT_WIDTH = 250.0  # of a standard font's glyph that its metrics do not name
_ASCENT, _DESCENT = (0.7, 1.2), (-0.5, -0.15)  # believable limits, in ems
_TYPE3_HEIGHT = (1.0, -0.3)
_MOST_CIDS = 70_000
_SPACE_CODE = 32
_SPACE_MEANING = re.compile(rb"<([0-9A-Fa-f]+)>\s*<00[2aA]0>")
_CHARACTER_BLOCKS = re.compile(rb"beginbfchar(.*?)endbfchar", re.S)
_RANGE_BLOCKS = re.compile(rb"beginbfrange(.*?)endbfrange", re.S)
_SPACE_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]{4})>")


class Sign(NamedTuple):
    """One code of a string.

    Args:
        code: its bytes.
        width: in text space for a font size of 1.
        spacing: True for the single byte 32, to which word spacing applies.
        blank: True for a space.
    """

    code: bytes
    width: float
    spacing: bool
    blank: bool


class Typeface:
    """A font as text showing needs it.

    Raises:
        Unsupported: if its codes or widths cannot be known.
    """

    def __init__(self, font: Object) -> None:
        self.font = font
        subtype = font.get("/Subtype")
        self.composite = subtype == Name.Type0
        self.type3 = subtype == Name.Type3
        self._unit = _THOUSANDTH
        self._signs: dict[bytes, Sign] = {}
        self._measured: dict[bytes, tuple[float, int, int]] = {}
        self._cmap: CMap | None = None
        if self.composite:
            descendants = font.get("/DescendantFonts")
            if not isinstance(descendants, Array) or not len(descendants):
                raise Unsupported("composite font without descendant")
            self._holder: Object = descendants[0]
            self._cmap = cmap_of(font.get("/Encoding"))
            self._widths, self._default = _cid_widths(self._holder)
            self._blanks = _blank_codes(font)
        else:
            self._holder = font
            if self.type3:
                self._unit = abs(float(_numbers(font.get("/FontMatrix"), 6)[0])) or _THOUSANDTH
            self._widths, self._default = _simple_widths(font)
            self._blanks = _blank_codes(font) or {b" "}
        self.vertical = self._cmap is not None and self._cmap.vertical
        self.ascent, self.descent = self._height()

    def signs(self, text: bytes) -> list[Sign]:
        """Cut a string into its glyphs.

        Raises:
            Unsupported: if the string does not fit the font's code space.
        """
        if self._cmap is not None:
            known, made = self._signs, []
            for code, cid in self._cmap.split(text):
                sign = known.get(code)
                if sign is None:
                    width = self._widths.get(cid, self._default) * self._unit
                    sign = known[code] = Sign(code, width, code == b" ", code in self._blanks)
                made.append(sign)
            return made
        return [self._sign(text[i : i + 1]) for i in range(len(text))]

    def measured(self, token: bytes) -> tuple[float, int, int]:
        """Return the width of a string operand at size 1, its number of glyphs, and of those that word spacing widens.

        Raises:
            Unsupported: if it does not fit the font's code space.
        """
        known = self._measured.get(token)
        if known is None:
            signs = self.signs(string(token))
            known = sum(sign.width for sign in signs), len(signs), sum(sign.spacing for sign in signs)
            self._measured[token] = known
        return known

    def codes(self, text: bytes) -> list[bytes]:
        """Cut a string into its codes.

        Raises:
            Unsupported: if the string does not fit the font's code space.
        """
        if self._cmap is None:
            return [text[i : i + 1] for i in range(len(text))]
        return [code for code, _ in self._cmap.split(text)]

    def listed(self) -> list[int]:
        """Return the codes (of composite fonts: the CIDs) for which the font lists a width."""
        return [code for code, width in self._widths.items() if width]

    def cid(self, code: bytes) -> int:
        """Return the CID of a code of a composite font."""
        assert self._cmap is not None
        ((_, cid),) = self._cmap.split(code)
        return cid

    def cid_width(self, cid: int) -> float | None:
        """Return the width that the font lists for a CID, in thousandths."""
        return self._widths.get(cid)

    def _sign(self, code: bytes) -> Sign:
        sign = self._signs.get(code)
        if sign is None:
            width = self._widths.get(code[0], self._default) * self._unit
            sign = self._signs[code] = Sign(code, width, code[0] == _SPACE_CODE, code in self._blanks)
        return sign

    def _height(self) -> tuple[float, float]:
        """Return ascent and descent in ems, within believable limits."""
        if self.type3:
            box = _numbers(self.font.get("/FontBBox"), 4)
            scale = _numbers(self.font.get("/FontMatrix"), 6)[3]
            low, high = sorted((box[1] * scale, box[3] * scale))
            return (high, low) if high > low else _TYPE3_HEIGHT
        descriptor = self._holder.get("/FontDescriptor")
        ascent = descent = 0.0
        if isinstance(descriptor, Dictionary):
            ascent = _number(descriptor.get("/Ascent"), 900.0) * _THOUSANDTH
            descent = _number(descriptor.get("/Descent"), -300.0) * _THOUSANDTH
        else:
            ascent, descent = 0.9, -0.25
        return min(max(ascent, _ASCENT[0]), _ASCENT[1]), max(min(descent, _DESCENT[1]), _DESCENT[0])


def _number(value: object, default: float) -> float:
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return default


def _numbers(value: Object | None, count: int) -> list[float]:
    default = [_THOUSANDTH, 0.0, 0.0, _THOUSANDTH, 0.0, 0.0][:count] if count == 6 else [0.0] * count
    if not isinstance(value, Array) or len(value) != count:
        return default
    return [_number(item, 0.0) for item in value]


def _cid_widths(descendant: Object) -> tuple[dict[int, float], float]:
    widths: dict[int, float] = {}
    listed = descendant.get("/W")
    entries = list(listed) if isinstance(listed, Array) else []
    at = 0
    try:
        while at + 1 < len(entries):
            first, second = int(entries[at]), entries[at + 1]
            if isinstance(second, Array):
                widths.update((first + step, float(width)) for step, width in enumerate(second))
                at += 2
            else:
                width = float(entries[at + 2])
                last = min(int(second), first + _MOST_CIDS)
                widths.update((cid, width) for cid in range(first, last + 1))
                at += 3
    except (TypeError, ValueError, IndexError):
        raise Unsupported("broken widths") from None
    return widths, _number(descendant.get("/DW"), 1000.0)


def _simple_widths(font: Object) -> tuple[dict[int, float], float]:
    listed = font.get("/Widths")
    if isinstance(listed, Array):
        first = int(_number(font.get("/FirstChar"), 0.0))
        descriptor = font.get("/FontDescriptor")
        missing = _number(descriptor.get("/MissingWidth"), 0.0) if isinstance(descriptor, Dictionary) else 0.0
        return {first + step: _number(width, missing) for step, width in enumerate(listed)}, missing
    return _standard_widths(font)


def _standard_widths(font: Object) -> tuple[dict[int, float], float]:
    """Return widths of a standard font from its published metrics."""
    base = str(font.get("/BaseFont", "/"))[1:].split("+")[-1].replace(",", "-")
    metrics = FONT_METRICS.get(_ALIASES.get(base, base))
    if metrics is None:
        raise Unsupported("font without widths")
    encoding = font.get("/Encoding")
    named, differences = "StandardEncoding", []
    if isinstance(encoding, Name):
        named = str(encoding)[1:]
    elif isinstance(encoding, Dictionary):
        named = str(encoding.get("/BaseEncoding", "/StandardEncoding"))[1:]
        found = encoding.get("/Differences")
        differences = list(found) if isinstance(found, Array) else []
    characters = dict(EncodingDB.get_encoding(named))
    code = 0
    for entry in differences:
        if isinstance(entry, Name):
            try:
                characters[code] = name2unicode(str(entry)[1:])
            except (KeyError, ValueError):
                characters.pop(code, None)
            code += 1
        else:
            code = int(entry)
    known = metrics[1]
    return {c: float(known.get(text, _DEFAULT_WIDTH)) for c, text in characters.items()}, _DEFAULT_WIDTH


def _blank_codes(font: Object) -> set[bytes]:
    """Return the codes that the font's own map calls a space."""
    stream = font.get("/ToUnicode")
    if not isinstance(stream, Stream):
        return set()
    try:
        source = stream.read_bytes()
    except pikepdf.PdfError:
        return set()
    listed = b"".join(_CHARACTER_BLOCKS.findall(source))
    found = {bytes.fromhex(code.decode()) for code in _SPACE_MEANING.findall(listed) if len(code) % 2 == 0}
    for low, high, start in _SPACE_RANGE.findall(b"".join(_RANGE_BLOCKS.findall(source))):
        offset = 0x20 - int(start, 16)
        if 0 <= offset <= int(high, 16) - int(low, 16) and len(low) % 2 == 0:
            found.add((int(low, 16) + offset).to_bytes(len(low) // 2, "big"))
    return found
