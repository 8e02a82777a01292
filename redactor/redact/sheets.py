"""Builds a new PDF whose pages are pictures with an invisible text layer; nothing is inherited from any other file."""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import cache

import pikepdf
from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib.tables._g_l_y_f import Glyph
from pikepdf import Array, Dictionary, Name
from PIL import Image

from redactor.formats.pages import POINTS_PER_INCH
from redactor.redact.raster import BurntPage, Written, is_photographic

_JPEG_QUALITY = 65
_BLACK_AND_WHITE_LEVEL = 168  # of 255: light grey print must not vanish
_LETTER_WIDTH = 500  # of 1000: each letter of the invisible font
_UNITS = 1000
_CODES = 0x10000
_STRIP_OFFSETS, _STRIP_BYTES, _PHOTOMETRIC, _ROWS_PER_STRIP = 273, 279, 262, 278
_INVISIBLE = 3
_BASELINE = 0.2  # of the word's height above its lower edge
_CMAP_BLOCK = 100
_EPOCH = 0x7C259DC0  # 1 January 1970 in a font file's own count


class Sheets:
    """Adds picture pages to a PDF; the invisible font is shared and ends up listing only the characters used."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._pdf = pdf
        self._used: set[str] = set()
        self._font: pikepdf.Object | None = None

    def page(self, burnt: BurntPage) -> Dictionary:
        """Return a page dictionary for a burnt page."""
        width, height = burnt.size
        resources = Dictionary(XObject=Dictionary(Picture=_picture(self._pdf, burnt.image)))
        content = [f"q {width:.3f} 0 0 {height:.3f} 0 0 cm /Picture Do Q"]
        if burnt.words:
            resources["/Font"] = Dictionary(Reading=self._reading_font())
            content.append(f"BT {_INVISIBLE} Tr")
            content += [line for word in burnt.words if (line := self._line(word, burnt))]
            content.append("ET")
        return Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, round(width, 3), round(height, 3)]),
            Resources=resources,
            Contents=self._pdf.make_stream("\n".join(content).encode("ascii")),
        )

    def finish(self) -> None:
        """Write the list of characters into the font; call once, after the last page."""
        if self._font is not None:
            used = {ord(c).to_bytes(2, "big"): c for c in sorted(self._used)}
            self._font["/ToUnicode"] = self._pdf.make_stream(to_unicode(used))

    def _line(self, word: Written, burnt: BurntPage) -> str:
        text = "".join(c for c in word.text if ord(c) < _CODES and c.isprintable())
        scale = POINTS_PER_INCH / burnt.dpi
        left, top, right, bottom = (edge * scale for edge in word.box)
        size, width = max(bottom - top, 1.0), right - left
        if not text or width <= 0:
            return ""
        self._used.update(text, " ")
        stretch = 100 * width / (size * len(text) * _LETTER_WIDTH / _UNITS)
        # The space tells programs that the word ends, however near the next one stands.
        codes = "".join(f"{ord(c):04X}" for c in f"{text} ")
        baseline = burnt.size[1] - bottom + _BASELINE * size
        return f"/Reading {size:.2f} Tf {stretch:.2f} Tz 1 0 0 1 {left:.2f} {baseline:.2f} Tm <{codes}> Tj"

    def _reading_font(self) -> pikepdf.Object:
        if self._font is None:
            self._font = self._pdf.make_indirect(_invisible_font(self._pdf))
        return self._font


def _picture(pdf: pikepdf.Pdf, image: Image.Image) -> pikepdf.Object:
    """Encode black and white as CCITT group 4, anything else as JPEG; neither keeps any metadata."""
    stream = pdf.make_stream(b"")
    if is_photographic(image):
        encoded = io.BytesIO()
        image.save(encoded, "JPEG", quality=_JPEG_QUALITY, optimize=True)
        space = Name.DeviceGray if image.mode == "L" else Name.DeviceRGB
        stream.write(encoded.getvalue(), filter=Name.DCTDecode)
        form = Dictionary(ColorSpace=space, BitsPerComponent=8)
    else:
        data, black_is_one = _group4(image)
        parameters = Dictionary(K=-1, Columns=image.width, Rows=image.height, BlackIs1=black_is_one)
        stream.write(data, filter=Name.CCITTFaxDecode, decode_parms=parameters)
        form = Dictionary(ColorSpace=Name.DeviceGray, BitsPerComponent=1)
    stream["/Type"], stream["/Subtype"] = Name.XObject, Name.Image
    stream["/Width"], stream["/Height"] = image.width, image.height
    for key, value in form.items():
        stream[key] = value
    return stream


def _group4(image: Image.Image) -> tuple[bytes, bool]:
    """Encode with libtiff through Pillow and take the one strip out of the file."""
    grey = image.convert("L")
    two_level = grey.point([0] * _BLACK_AND_WHITE_LEVEL + [255] * (256 - _BLACK_AND_WHITE_LEVEL)).convert("1")
    file = io.BytesIO()
    two_level.save(file, "TIFF", compression="group4", tiffinfo={_ROWS_PER_STRIP: image.height})
    with Image.open(file) as written:
        tags = written.tag_v2  # type: ignore[attr-defined]
        (offset,), (length,), photometric = tags[_STRIP_OFFSETS], tags[_STRIP_BYTES], tags[_PHOTOMETRIC]
    return file.getvalue()[offset : offset + length], bool(photometric)


@cache
def _empty_font_file() -> bytes:
    """Make a TrueType font of one empty glyph."""
    builder = FontBuilder(_UNITS, isTTF=True)
    builder.setupGlyphOrder([".notdef"])
    builder.setupCharacterMap({})
    empty = Glyph()
    empty.numberOfContours = 0
    builder.setupGlyf({".notdef": empty})
    builder.setupHorizontalMetrics({".notdef": (_LETTER_WIDTH, 0)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupPost(keepGlyphNames=False)
    file = io.BytesIO()
    builder.font.recalcTimestamp = False
    builder.font["head"].created = builder.font["head"].modified = _EPOCH
    builder.save(file)
    return file.getvalue()


def _invisible_font(pdf: pikepdf.Pdf) -> Dictionary:
    """Return a font whose codes are the characters themselves and whose glyphs are all empty."""
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name("/Reading"),
        Flags=4,
        FontBBox=Array([0, -200, _LETTER_WIDTH, 800]),
        ItalicAngle=0,
        Ascent=800,
        Descent=-200,
        CapHeight=700,
        StemV=80,
        FontFile2=pdf.make_stream(_empty_font_file()),
    )
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name("/Reading"),
        CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
        DW=_LETTER_WIDTH,
        FontDescriptor=pdf.make_indirect(descriptor),
        CIDToGIDMap=pdf.make_stream(bytes(2 * _CODES)),
    )
    return Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=Name("/Reading"),
        Encoding=Name("/Identity-H"),
        DescendantFonts=Array([pdf.make_indirect(descendant)]),
    )


def to_unicode(characters: Mapping[bytes, str]) -> bytes:
    """Return a map from codes, all of one length, to the characters that they mean."""
    size = max((len(code) for code in characters), default=1)
    lines = [
        f"<{code.hex().upper()}> <{text.encode('utf-16-be', 'surrogatepass').hex().upper()}>"
        for code, text in sorted(characters.items())
    ]
    blocks = [lines[i : i + _CMAP_BLOCK] for i in range(0, len(lines), _CMAP_BLOCK)]
    body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapName /Reading def\n/CMapType 2 def\n"
        f"1 begincodespacerange\n<{'00' * size}> <{'FF' * size}>\nendcodespacerange\n"
        f"{body}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    ).encode("ascii")
