"""The words of a born-digital PDF page as PDFium sees them: text, box, edges of characters, size, weight, direction."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from redactor.model import Box

_LINE_END_HYPHEN = 0x02  # PDFium's sign for a hyphen that breaks a word at the end of a line
_UNMAPPED = "\ufffd"
_NO_CHARACTER = (0, 0xFFFE, 0xFFFF)
_LEVEL_SINE = 0.02  # about one degree
_WORD_GAP = 0.6  # of the letter's height: a wider gap ends a word even where no space is written
_LINE_JUMP = 0.6  # of the letter's height
_HIGH_SURROGATES, _LOW_SURROGATES = range(0xD800, 0xDC00), range(0xDC00, 0xE000)


@dataclass(slots=True)
class Word:
    """A word on a page, not yet placed in the text.

    Args:
        cuts: edges of the characters along the writing direction; empty where the direction is not level or upright.
        size: height of the letters in points.
        spaced: True where a space follows in the file.
        turned: True where the writing does not run level.
        line: for words from OCR, what tells lines apart; None otherwise.
    """

    text: str
    box: Box
    cuts: tuple[float, ...]
    size: float
    bold: bool = False
    spaced: bool = False
    turned: bool = False
    confidence: float | None = None
    line: tuple[int, int, int] | None = None


@dataclass(slots=True)
class _Glyph:
    text: str
    box: Box
    index: int


def on_page(page: pdfium.PdfPage) -> list[Word]:
    """Return the words in the order in which the page draws them."""
    text = page.get_textpage()
    try:
        return _words(text.raw)
    finally:
        text.close()


def _words(raw: Any) -> list[Word]:
    words: list[Word] = []
    pending: list[_Glyph] = []
    rectangle = pdfium_c.FS_RECTF()
    unicode_of, box_of = pdfium_c.FPDFText_GetUnicode, pdfium_c.FPDFText_GetLooseCharBox
    count, high = max(0, pdfium_c.FPDFText_CountChars(raw)), 0
    for index in range(count):
        code = unicode_of(raw, index)
        if code in _HIGH_SURROGATES:
            high = code
            continue
        if code in _LOW_SURROGATES:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0
        high = 0
        text = _text(code)
        if text.isspace() or (code < 32 and code != _LINE_END_HYPHEN and code != 0):
            _finish(raw, pending, words, spaced=text == " ")
            continue
        if not box_of(raw, index, rectangle):
            continue
        glyph = _Glyph(text, (rectangle.left, rectangle.bottom, rectangle.right, rectangle.top), index)
        if pending and _apart(pending[-1].box, glyph.box):
            _finish(raw, pending, words, spaced=False)
        pending.append(glyph)
        if code == _LINE_END_HYPHEN:
            _finish(raw, pending, words, spaced=False)
    _finish(raw, pending, words, spaced=False)
    return words


def _text(code: int) -> str:
    if code in _NO_CHARACTER:
        return _UNMAPPED
    if code == _LINE_END_HYPHEN:
        return "-"
    return " " if code == 0xA0 else chr(code)


def _apart(before: Box, after: Box) -> bool:
    """Say whether two neighbours in drawing order are too far from one another to be one word."""
    height = max(before[3] - before[1], after[3] - after[1], before[2] - before[0], after[2] - after[0], 0.1)
    across = max(after[0] - before[2], before[0] - after[2])
    down = max(after[1] - before[3], before[1] - after[3])
    shifted = abs((after[1] + after[3]) - (before[1] + before[3])) / 2
    sideways = abs((after[0] + after[2]) - (before[0] + before[2])) / 2
    upright = shifted > sideways
    if upright:
        return down > _WORD_GAP * height or sideways > _LINE_JUMP * height
    return across > _WORD_GAP * height or shifted > _LINE_JUMP * height


def _finish(raw: Any, pending: list[_Glyph], words: list[Word], *, spaced: bool) -> None:
    if not pending:
        if words and spaced:
            words[-1].spaced = True
        return
    first = pending[0].index
    angle = pdfium_c.FPDFText_GetCharAngle(raw, first)
    box = (
        min(glyph.box[0] for glyph in pending),
        min(glyph.box[1] for glyph in pending),
        max(glyph.box[2] for glyph in pending),
        max(glyph.box[3] for glyph in pending),
    )
    level, upright = abs(math.sin(angle)) < _LEVEL_SINE, abs(math.cos(angle)) < _LEVEL_SINE
    upright = upright or (level and len(pending) > 1 and box[3] - box[1] > len(pending) * (box[2] - box[0]) * 0.8)
    text = "".join(glyph.text for glyph in pending)
    words.append(
        Word(
            text,
            box,
            _cuts(pending, upright) if (level or upright) else (),
            (box[2] - box[0]) if upright else (box[3] - box[1]),
            bold=pdfium_c.FPDFText_GetFontWeight(raw, first) >= 600,
            spaced=spaced,
            turned=upright or not level,
        )
    )
    pending.clear()


def _cuts(glyphs: list[_Glyph], upright: bool) -> tuple[float, ...]:
    """Return the edges between characters; empty where the characters do not run in one direction."""
    low, high = (1, 3) if upright else (0, 2)
    centres = [glyph.box[low] + glyph.box[high] for glyph in glyphs]
    rising = all(a <= b for a, b in itertools.pairwise(centres))
    falling = all(a >= b for a, b in itertools.pairwise(centres))
    if any(len(glyph.text) != 1 for glyph in glyphs) or not (rising or falling):
        return ()
    near, far = (low, high) if rising else (high, low)
    edges = [glyphs[0].box[near]]
    for before, after in itertools.pairwise(glyphs):
        edges.append((before.box[far] + after.box[near]) / 2)
    edges.append(glyphs[-1].box[far])
    return tuple(round(edge, 2) for edge in edges)
