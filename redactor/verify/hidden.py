"""Finds text that a page carries but does not show: under boxes, under pictures, in the paper's colour, off the page.

A page is drawn twice, once as it is and once with its text objects switched off. A character whose place looks the same
both times is not what the reader sees there. Where there is no ink at its place either, or a painted shape lies over
it, whoever copies the text reads what was meant to be hidden. Recognised text under a scanned page shows its ink
through the scan and is sound.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from numpy.typing import NDArray

from redactor.model import Box
from redactor.verify.extract import Glyph, glyphs
from redactor.verify.pixels import POINTS, Frame
from redactor.verify.report import Sighting

_DPI = 110
_CHANGE = 6  # grey levels by which a drawn character must differ from the page without it
_SPREAD = 40  # grey levels inside a place that holds ink
_DARK = 110
_SMALLEST_SIDE = 4.0  # points: thinner shapes are rules and frames, not boxes
_COVERED = 0.8
_CHARACTERS = 2  # single characters under a rule are accidents of layout
_WORD = 3
_LINE_GAP = 3.0
_DEPTH = 12

Colours = NDArray[np.uint8]

# Words that people type under or on a box to say that it is one, and dates on stamps: nothing was meant to be hidden.
_SAYS_REDACTED = ("redactedandpubliclyfiled", "nameredacted", "privileged", "confidential", "sealed", "withheld")
_ONLY_DATE = re.compile(r"[\d/.\-]{3,10}")


@dataclass(frozen=True, slots=True)
class _Shape:
    """A painted, opaque shape or a picture, with its place in the drawing order."""

    box: Box
    order: int
    picture: bool


def look(page: pdfium.PdfPage, number: int) -> list[Sighting]:
    """Return what one page hides.

    Args:
        page: the page; its text objects are switched off and on again on the way.
        number: 0-based page number for the report.
    """
    characters = glyphs(page)
    if not characters:
        return []
    outside = [g for g in characters if _outside(g, page.get_cropbox())]
    inside = [g for g in characters if not _outside(g, page.get_cropbox())]
    shown = _draw(page)
    texts, shapes = _inventory(page)
    _switch(texts, visible=False)
    bare = _draw(page)
    _switch(texts, visible=True)
    frame = Frame(page, shown.shape)
    silent = [g for g in inside if not _contributes(g, shown, bare, frame)]
    veiled = _veiled(page, silent, texts, frame)
    silent = [g for g in silent if g not in veiled]
    covered = [g for g in silent if not g.invisible and _is_covered(g, shapes)]
    blank = [g for g in silent if g not in covered and not _has_ink(g, shown, frame)]
    found = list(_sightings(covered, characters, number, "text-under-box", "Text can be read under a painted shape."))
    found += _sightings(
        veiled, characters, number, "text-under-annotation", "Text can be read under a mark laid over the page."
    )
    found += _blank_sightings(blank, characters, shown, frame, number)
    found += _sightings(outside, characters, number, "text-off-page", "Text stands outside the visible page.")
    return found


def _veiled(
    page: pdfium.PdfPage, silent: Sequence[Glyph], texts: Sequence[tuple[pdfium.PdfObject, int]], frame: Frame
) -> list[Glyph]:
    """Return the characters that only an annotation hides: they show as soon as annotations are not drawn."""
    if not silent or raw.FPDFPage_GetAnnotCount(page) == 0:
        return []
    shown = _draw(page, annotations=False)
    _switch(texts, visible=False)
    bare = _draw(page, annotations=False)
    _switch(texts, visible=True)
    return [glyph for glyph in silent if _contributes(glyph, shown, bare, frame)]


def _outside(glyph: Glyph, crop: tuple[float, float, float, float]) -> bool:
    x, y = glyph.centre
    return not (crop[0] <= x <= crop[2] and crop[1] <= y <= crop[3])


def _draw(page: pdfium.PdfPage, *, annotations: bool = True) -> Colours:
    bitmap = page.render(scale=_DPI / POINTS, may_draw_forms=annotations, draw_annots=annotations)
    pixels: Colours = np.asarray(bitmap.to_numpy(), dtype=np.uint8)[:, :, :3].copy()
    return pixels


def _inventory(page: pdfium.PdfPage) -> tuple[list[tuple[pdfium.PdfObject, int]], list[_Shape]]:
    """Return the text objects with their render modes, and the opaque shapes, in drawing order."""
    texts: list[tuple[pdfium.PdfObject, int]] = []
    shapes: list[_Shape] = []
    for order, item in enumerate(page.get_objects(max_depth=_DEPTH)):
        if item.type == raw.FPDF_PAGEOBJ_TEXT:
            texts.append((item, raw.FPDFTextObj_GetTextRenderMode(item)))
        elif item.type == raw.FPDF_PAGEOBJ_PATH and _is_filled(item):
            shapes.append(_Shape(item.get_bounds(), order, picture=False))
        elif item.type == raw.FPDF_PAGEOBJ_IMAGE:
            shapes.append(_Shape(item.get_bounds(), order, picture=True))
    return texts, shapes


def _is_filled(item: pdfium.PdfObject) -> bool:
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    if not raw.FPDFPath_GetDrawMode(item, mode, stroke) or mode.value == raw.FPDF_FILLMODE_NONE:
        return False
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    return bool(raw.FPDFPageObj_GetFillColor(item, red, green, blue, alpha)) and alpha.value == 255


def _switch(texts: Sequence[tuple[pdfium.PdfObject, int]], *, visible: bool) -> None:
    for item, mode in texts:
        raw.FPDFTextObj_SetTextRenderMode(item, mode if visible else raw.FPDF_TEXTRENDERMODE_INVISIBLE)


def _place(glyph: Glyph, frame: Frame) -> tuple[int, int, int, int]:
    return frame.pixels((glyph.left, glyph.bottom, glyph.right, glyph.top))


def _contributes(glyph: Glyph, shown: Colours, bare: Colours, frame: Frame) -> bool:
    """Say whether the page looks different at this place because of its text."""
    left, top, right, bottom = _place(glyph, frame)
    difference = np.abs(shown[top:bottom, left:right].astype(np.int16) - bare[top:bottom, left:right])
    return bool(difference.size and difference.max() > _CHANGE)


def _has_ink(glyph: Glyph, shown: Colours, frame: Frame) -> bool:
    left, top, right, bottom = _place(glyph, frame)
    place = shown[max(top - 1, 0) : bottom + 1, max(left - 1, 0) : right + 1]
    return bool(place.size and int(place.max()) - int(place.min()) > _SPREAD)


def _is_covered(glyph: Glyph, shapes: Sequence[_Shape]) -> bool:
    """Say whether a painted shape of a box's size lies over most of the character."""
    area = max((glyph.right - glyph.left) * (glyph.top - glyph.bottom), 1e-6)
    for shape in shapes:
        left, bottom, right, top = shape.box
        if shape.picture or right - left < _SMALLEST_SIDE or top - bottom < _SMALLEST_SIDE:
            continue
        width = min(right, glyph.right) - max(left, glyph.left)
        height = min(top, glyph.top) - max(bottom, glyph.bottom)
        if width > 0 and height > 0 and width * height / area >= _COVERED:
            return True
    return False


def _blank_sightings(
    blank: Sequence[Glyph], characters: Sequence[Glyph], shown: Colours, frame: Frame, number: int
) -> Iterator[Sighting]:
    """Tell text in the dark of a picture from text in the paper's colour."""
    dark: list[Glyph] = []
    pale: list[Glyph] = []
    for glyph in blank:
        left, top, right, bottom = _place(glyph, frame)
        place = shown[top:bottom, left:right]
        (dark if place.size and float(place.mean()) < _DARK else pale).append(glyph)
    yield from _sightings(dark, characters, number, "text-under-box", "Text can be read under a dark area.")
    yield from _sightings(pale, characters, number, "hidden-text", "Text can be copied that cannot be seen.")


def _sightings(
    found: Sequence[Glyph], characters: Sequence[Glyph], number: int, what: str, sentence: str
) -> Iterator[Sighting]:
    order = {id(glyph): place for place, glyph in enumerate(characters)}
    for line in _lines(found):
        # Letters in between that happen to touch the edge of a box belong to the same word.
        text = "".join(glyph.text for glyph in characters[order[id(line[0])] : order[id(line[-1])] + 1])
        telling = re.sub(r"[\W_\ufffd]", "", text)
        if len(telling) < _CHARACTERS or _says_nothing(text, telling.lower()):
            continue
        box = (
            min(g.left for g in line),
            min(g.bottom for g in line),
            max(g.right for g in line),
            max(g.top for g in line),
        )
        yield Sighting(what, sentence, number + 1, box, len(telling))


def _says_nothing(text: str, telling: str) -> bool:
    """Say whether the text is a stamp's date, one letter over and over, or a word that only says 'redacted'."""
    if _ONLY_DATE.fullmatch(text) or len(set(telling)) == 1:
        return True
    return len(telling) >= _WORD and any(telling in words for words in _SAYS_REDACTED)


def _lines(found: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    """Group characters that stand beside one another, in the order of the text layer."""
    line: list[Glyph] = []
    for glyph in found:
        if line:
            height = max(line[-1].top - line[-1].bottom, glyph.top - glyph.bottom, 1.0)
            near = -height < glyph.left - line[-1].right < _LINE_GAP * height
            level = abs(glyph.centre[1] - line[-1].centre[1]) < height
            if not (near and level):
                yield line
                line = []
        line.append(glyph)
    if line:
        yield line
