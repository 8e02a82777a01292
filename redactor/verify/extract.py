"""Reads the text of a finished PDF with three unrelated programs: what one overlooks another may show."""

from __future__ import annotations

import ctypes
import io
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from math import floor
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LAParams, LTChar, LTContainer, LTTextContainer
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFStream, stream_value

from redactor.errors import Damaged
from redactor.sandbox import run_program
from redactor.verify.outlines import without_outlines

SECONDS_EACH_PAGE = 2.0
_SPACES = frozenset({0, 9, 10, 13, 32, 0xA0})
_LOWEST = 0.5  # points
# What is left of a drawing without its outline: state and colour between q and Q, which Q undoes.
_DRAWING = re.compile(
    rb"(?<!\S)q\s+(?:(?:[-+.0-9]+\s+){6}cm\s+)+(?:/\w+\s+gs\s+|[-+.0-9]+\s+g\s+|(?:[-+.0-9]+\s+){6}cm\s+)*(?:f\s+)?Q(?!\S)"
)
_SHADOW_SHARE = 0.08  # of a character's size


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character as drawn: what it means and where it stands, in points of the page's user space.

    ``invisible`` is its render mode 3, as recognised text over a scan has.
    """

    text: str
    left: float
    bottom: float
    right: float
    top: float
    invisible: bool = False

    @property
    def centre(self) -> tuple[float, float]:
        """Middle of the box."""
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2


def by_pdfium(document: pdfium.PdfDocument) -> list[str]:
    """Return each page's text as PDFium reads it."""
    texts = []
    for number in range(len(document)):
        page = document[number]
        text_page = page.get_textpage()
        texts.append(str(text_page.get_text_range()))
        text_page.close()
        page.close()
    return texts


def by_pdfminer(pdf: bytes) -> list[str]:
    """Return each page's text as pdfminer.six reads it, forms included."""
    texts = []
    manager = PDFResourceManager()
    device = _Aggregator(manager, laparams=LAParams(all_texts=True, boxes_flow=None))
    interpreter = _TextInterpreter(manager, device)
    try:
        for page in PDFPage.get_pages(io.BytesIO(pdf)):
            interpreter.process_page(page)
            texts.append(_miner_text(device.get_result()))
    except Exception as problem:  # whatever a parser raises on a finished copy, the copy is not sound
        raise Damaged("The finished copy could not be read by the second extractor.") from problem
    return texts


class _Aggregator(PDFPageAggregator):
    """Takes a character that is drawn twice at one place, as shadows and bold letters are made, for the one it is."""

    def begin_page(self, page: PDFPage, ctm: Any) -> None:
        """Start a page."""
        self._seen: dict[tuple[str, float, int, int], tuple[float, float]] = {}
        super().begin_page(page, ctm)

    def render_char(self, *args: Any, **kwargs: Any) -> float:
        """Place one character and return its advance."""
        advance = super().render_char(*args, **kwargs)
        drawn = self.cur_item._objs  # the library has no other way to take back what was placed
        if isinstance(drawn[-1], LTChar) and self._is_shadow(drawn[-1]):
            drawn.pop()
        return float(advance)

    def _is_shadow(self, char: LTChar) -> bool:
        """Say whether a character lies on the same one, moved by no more than a shadow is; if not, remember it."""
        reach, size = max(_SHADOW_SHARE * char.size, _LOWEST), round(char.size, 1)
        cell = floor(char.x0 / reach), floor(char.y0 / reach)
        for across in (-1, 0, 1):
            for down in (-1, 0, 1):
                place = self._seen.get((char.get_text(), size, cell[0] + across, cell[1] + down))
                if place and abs(place[0] - char.x0) <= reach and abs(place[1] - char.y0) <= reach:
                    return True
        self._seen[(char.get_text(), size, *cell)] = char.x0, char.y0
        return False


class _TextInterpreter(PDFPageInterpreter):
    """Leaves long outlines out before they are read: they show no text, and a watermark has thousands of them."""

    def execute(self, streams: Sequence[object]) -> None:
        """Run content streams without their outlines."""
        super().execute([_without_outlines(stream) for stream in streams])


def _without_outlines(stream: object) -> object:
    whole = stream_value(stream)
    if whole.objid is None or whole.genno is None:
        return stream  # an inline image, which the library does not run either
    reduced = PDFStream({}, _DRAWING.sub(b" ", without_outlines(whole.get_data())))
    reduced.set_objid(whole.objid, whole.genno)
    return reduced


def _miner_text(item: LTContainer[Any]) -> str:
    parts: list[str] = []
    for inner in item:
        if isinstance(inner, LTTextContainer | LTChar):
            parts.append(inner.get_text())
        elif isinstance(inner, LTContainer):
            parts.append(_miner_text(inner))
    return "".join(parts)


def by_poppler(pdf: bytes, pages: int) -> list[str]:
    """Return each page's text as pdftotext reads it."""
    with tempfile.TemporaryDirectory() as folder:
        printed = run_program(
            ["pdftotext", "-enc", "UTF-8", "-", "-"],
            seconds=30 + SECONDS_EACH_PAGE * pages,
            folder=Path(folder),
            stdin=pdf,
        )
    texts = printed.decode("utf-8", "replace").split("\f")
    return (texts + [""] * pages)[:pages]


def glyphs(page: pdfium.PdfPage) -> list[Glyph]:
    """Return every visible or invisible character of a page that has a place, spaces left out."""
    text_page = page.get_textpage()
    found = []
    left, right = ctypes.c_double(), ctypes.c_double()
    bottom, top = ctypes.c_double(), ctypes.c_double()
    loose = raw.FS_RECTF()
    for index in range(text_page.count_chars()):
        code = raw.FPDFText_GetUnicode(text_page, index)
        if code in _SPACES or raw.FPDFText_IsGenerated(text_page, index) == 1:
            continue
        if not raw.FPDFText_GetCharBox(text_page, index, left, right, bottom, top):
            continue
        box = left.value, bottom.value, right.value, top.value
        if box[3] - box[1] < _LOWEST and raw.FPDFText_GetLooseCharBox(text_page, index, loose):
            box = loose.left, loose.bottom, loose.right, loose.top  # fonts without outlines have no tight box
        mode = raw.FPDFTextObj_GetTextRenderMode(raw.FPDFText_GetTextObject(text_page, index))
        text = chr(code) if code < 0x110000 else "\ufffd"
        found.append(Glyph(text, *box, invisible=mode == raw.FPDF_TEXTRENDERMODE_INVISIBLE))
    text_page.close()
    return found
