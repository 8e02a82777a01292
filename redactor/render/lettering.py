"""Letters for what the service draws on pages: a small embedded font of exactly the glyphs used, or plain outlines."""

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import pikepdf
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name

from redactor.errors import MissingDependency

# In order of preference; the second knows letters that the first lacks. Packages fonts-liberation, fonts-dejavu-core.
_FONT_FILES = (
    "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
    "/usr/share/fonts/truetype/liberation2/LiberationSans-Regular.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
)
_THOUSAND = 1000.0
_MISSING = "?"
_SUBSET_TAG = "REDACT+"
_KEPT_TABLES = ("glyf", "head", "hhea", "hmtx", "loca", "maxp", "cvt ", "fpgm", "prep")


@lru_cache(maxsize=len(_FONT_FILES))
def _font(path: str) -> Any:
    return TTFont(path, lazy=True)


@lru_cache(maxsize=1)
def _present() -> tuple[str, ...]:
    present = tuple(path for path in _FONT_FILES if Path(path).is_file())
    if not present:
        raise MissingDependency(
            "No font to mark the pages with is installed.", next_step="Install fonts-liberation and fonts-dejavu-core."
        )
    return present


def _able(path: str, text: Iterable[str]) -> bool:
    table = _font(path).getBestCmap()
    return all(ord(letter) in table for letter in text)


def face_for(text: str) -> str:
    """Return the file of the first font that has every letter of the text, or the last one."""
    return next((path for path in _present() if _able(path, text)), _present()[-1])


def drawable(text: str, face: str) -> str:
    """Return the text with letters that the font lacks replaced."""
    table = _font(face).getBestCmap()
    return "".join(letter if ord(letter) in table else _MISSING for letter in text)


class Lettering:
    """One font, subset to what is set in it, for text that stays text."""

    def __init__(self, texts: Iterable[str]) -> None:
        everything = "".join(texts)
        self._face = face_for(everything)
        source = _font(self._face)
        self._letters = sorted(set(drawable(everything, self._face)))
        self._units = float(source["head"].unitsPerEm)
        table = source.getBestCmap()
        self._advances: dict[str, float] = {
            letter: source["hmtx"][table[ord(letter)]][0] / self._units for letter in self._letters
        }
        self._subset = self._cut()
        subset_table = self._subset.getBestCmap()
        self._codes = {letter: self._subset.getGlyphID(subset_table[ord(letter)]) for letter in self._letters}

    def _cut(self) -> Any:
        font = TTFont(self._face)
        options = Options(hinting=False, notdef_outline=False, glyph_names=False, legacy_kern=False)
        options.layout_features = []
        options.drop_tables = [*options.drop_tables, "FFTM"]
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=[ord(letter) for letter in self._letters])
        subsetter.subset(font)
        return font

    def width(self, text: str, size: float) -> float:
        """Return the width of a text in points."""
        return sum(self._advances[letter] for letter in drawable(text, self._face)) * size

    def encoded(self, text: str) -> str:
        """Return the text as a hexadecimal string operand of this font."""
        return "<" + "".join(f"{self._codes[letter]:04X}" for letter in drawable(text, self._face)) + ">"

    def embed(self, pdf: pikepdf.Pdf) -> pikepdf.Object:
        """Add the font to a PDF and return its dictionary."""
        source, scale = _font(self._face), _THOUSAND / self._units
        name = Name("/" + _SUBSET_TAG + Path(self._face).stem)
        head, across = source["head"], source["hhea"]
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=name,
            Flags=4,
            FontBBox=Array([round(v * scale) for v in (head.xMin, head.yMin, head.xMax, head.yMax)]),
            ItalicAngle=0,
            Ascent=round(across.ascent * scale),
            Descent=round(across.descent * scale),
            CapHeight=round(across.ascent * scale),
            StemV=80,
            FontFile2=self._program(pdf),
        )
        by_code = sorted((code, letter) for letter, code in self._codes.items())
        widths = Array()
        for code, letter in by_code:
            widths.append(code)
            widths.append(Array([round(self._advances[letter] * _THOUSAND)]))
        descendant = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=name,
            CIDSystemInfo=Dictionary(
                Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0
            ),
            FontDescriptor=pdf.make_indirect(descriptor),
            W=widths,
            CIDToGIDMap=Name.Identity,
        )
        font = Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=name,
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(descendant)]),
            ToUnicode=pdf.make_stream(_unicode_map(by_code)),
        )
        return pdf.make_indirect(font)

    def _program(self, pdf: pikepdf.Pdf) -> pikepdf.Object:
        for table in [tag for tag in self._subset.keys() if tag not in (*_KEPT_TABLES, "GlyphOrder")]:  # noqa: SIM118
            del self._subset[table]
        packed = io.BytesIO()
        self._subset.save(packed)
        stream = pdf.make_stream(packed.getvalue())
        stream.Length1 = len(packed.getvalue())
        return stream


def _unicode_map(by_code: list[tuple[int, str]]) -> bytes:
    blocks = []
    for at in range(0, len(by_code), 100):
        rows = [f"<{code:04X}> <{letter.encode('utf-16-be').hex().upper()}>" for code, letter in by_code[at : at + 100]]
        blocks.append(f"{len(rows)} beginbfchar\n" + "\n".join(rows) + "\nendbfchar\n")
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        + "".join(blocks)
        + "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    ).encode("ascii")


def outlines(text: str, size: float) -> tuple[list[str], float]:
    """Return a drawing of each letter as path operators, set on one line from the origin, and the line's width."""
    face = face_for(text)
    font = _font(face)
    glyphs, table, scale = font.getGlyphSet(), font.getBestCmap(), size / font["head"].unitsPerEm
    drawn, x = [], 0.0
    for letter in drawable(text, face):
        name = table[ord(letter)]
        pen = DecomposingRecordingPen(glyphs)
        glyphs[name].draw(TransformPen(pen, (scale, 0, 0, scale, x, 0)))
        if pen.value:
            drawn.append(_path(pen.value))
        x += font["hmtx"][name][0] * scale
    return drawn, x


def _path(recorded: list[tuple[str, tuple[Any, ...]]]) -> str:
    """Write a recorded outline as path operators; quadratic curves become cubic ones."""
    operators: list[str] = []
    here = (0.0, 0.0)
    for verb, points in recorded:
        if verb == "moveTo":
            here = points[0]
            operators.append(f"{here[0]:.2f} {here[1]:.2f} m")
        elif verb == "lineTo":
            here = points[0]
            operators.append(f"{here[0]:.2f} {here[1]:.2f} l")
        elif verb == "qCurveTo":
            here = _quadratic(here, points, operators)
        elif verb == "closePath":
            operators.append("h")
    return " ".join(operators)


def _quadratic(here: tuple[float, float], points: tuple[Any, ...], operators: list[str]) -> tuple[float, float]:
    controls, end = list(points[:-1]), points[-1]
    if end is None:
        return here
    for number, control in enumerate(controls):
        last = number == len(controls) - 1
        following = controls[number + 1] if not last else end
        to = end if last else ((control[0] + following[0]) / 2, (control[1] + following[1]) / 2)
        first = [here[i] + 2 / 3 * (control[i] - here[i]) for i in (0, 1)]
        second = [to[i] + 2 / 3 * (control[i] - to[i]) for i in (0, 1)]
        operators.append(f"{first[0]:.2f} {first[1]:.2f} {second[0]:.2f} {second[1]:.2f} {to[0]:.2f} {to[1]:.2f} c")
        here = to
    return here
