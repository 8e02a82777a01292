"""Looks at the rendered pages: boxes must be plain, and ink that the text layer does not explain is read by OCR."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray
from PIL import Image

from redactor.model import Box
from redactor.sandbox import run_program
from redactor.verify.extract import Glyph

Grey = NDArray[np.uint8]

POINTS = 72.0
LOOK_DPI = 100
READ_DPI = 200
_OCR_SECONDS = 60.0
_INK = 128  # darker than this is ink that a person can read
_PLAIN_SPREAD = 48  # grey levels between the lightest and darkest pixel of a plain box
_EDGE_PIXELS = 2
_TEXT_HEIGHT = (4, 60)  # pixels at LOOK_DPI: from small print to a headline
_TEXT_WIDTH = 80
_BLOBS = 6  # so many letter-sized shapes without a text layer may be writing
_TOKEN_SHAPES = 2
_UNBROKEN = 0.98  # of a row's pixels: ends of a rule may be softened
_GAP = 16  # pixels between boxes that are read together
_GLYPH_MARGIN = 2.0  # points


def render(page: pdfium.PdfPage, dpi: int) -> Grey:
    """Return a page as grey pixels, as a printer would show it, annotations included."""
    bitmap = page.render(scale=dpi / POINTS, grayscale=True, may_draw_forms=True)
    pixels: Grey = np.asarray(bitmap.to_numpy(), dtype=np.uint8)
    if pixels.ndim == 3:
        pixels = pixels[:, :, 0]
    return pixels.copy()


class Frame:
    """Turns boxes of a page's user space into pixel boxes of its rendering."""

    def __init__(self, page: pdfium.PdfPage, shape: tuple[int, ...]) -> None:
        self._left, self._bottom, self._right, self._top = page.get_cropbox()
        self._rotation = page.get_rotation() % 360
        self._height, self._width = shape[0], shape[1]

    def pixels(self, box: Box) -> tuple[int, int, int, int]:
        """Return left, top, right, bottom in pixels, clipped to the picture."""
        width = max(self._right - self._left, 1e-6)
        height = max(self._top - self._bottom, 1e-6)
        corners = [
            ((x - self._left) / width, (self._top - y) / height) for x in (box[0], box[2]) for y in (box[1], box[3])
        ]
        turned = [self._turn(x, y) for x, y in corners]
        across = [x * self._width for x, _ in turned]
        down = [y * self._height for _, y in turned]
        return (
            max(int(min(across)), 0),
            max(int(min(down)), 0),
            min(int(max(across)) + 1, self._width),
            min(int(max(down)) + 1, self._height),
        )

    def _turn(self, x: float, y: float) -> tuple[float, float]:
        if self._rotation == 90:
            return 1 - y, x
        if self._rotation == 180:
            return 1 - x, 1 - y
        if self._rotation == 270:
            return y, 1 - x
        return x, y


def is_plain(picture: Grey, place: tuple[int, int, int, int]) -> bool:
    """Say whether nothing can be seen inside a box, its own edge left aside."""
    left, top, right, bottom = place
    inner = picture[top + _EDGE_PIXELS : bottom - _EDGE_PIXELS, left + _EDGE_PIXELS : right - _EDGE_PIXELS]
    return inner.size == 0 or int(inner.max()) - int(inner.min()) <= _PLAIN_SPREAD


def unexplained(picture: Grey, frame: Frame, explained: Sequence[Glyph]) -> int:
    """Return how many letter-sized dark shapes no glyph of the text layer accounts for."""
    dark = picture < _INK
    for glyph in explained:
        box = (
            glyph.left - _GLYPH_MARGIN,
            glyph.bottom - _GLYPH_MARGIN,
            glyph.right + _GLYPH_MARGIN,
            glyph.top + _GLYPH_MARGIN,
        )
        left, top, right, bottom = frame.pixels(box)
        dark[top:bottom, left:right] = False
    return sum(
        1 for height, width in _shapes(dark) if _TEXT_HEIGHT[0] <= height <= _TEXT_HEIGHT[1] and width <= _TEXT_WIDTH
    )


def _shapes(dark: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return height and width of each stretch of ink, found line band by line band."""
    shapes: list[tuple[int, int]] = []
    for top, bottom in _runs(dark.any(axis=1)):
        band = dark[top:bottom]
        for left, right in _runs(band.any(axis=0)):
            rows = np.flatnonzero(band[:, left:right].any(axis=1))
            shapes.append((int(rows[-1] - rows[0]) + 1, right - left))
    return shapes


def _runs(line: Any) -> list[tuple[int, int]]:
    """Return the half-open stretches where a line of flags is set."""
    padded = np.concatenate(([False], line, [False])).astype(np.int8)
    steps = np.diff(padded)
    return list(zip(np.flatnonzero(steps == 1).tolist(), np.flatnonzero(steps == -1).tolist(), strict=True))


def needs_reading(shapes: int) -> bool:
    """Say whether so many unexplained shapes may be writing."""
    return shapes >= _BLOBS


def insides(picture: Grey, places: Sequence[tuple[int, int, int, int]]) -> list[Grey]:
    """Return the contents of boxes, their edges left aside, dark on white."""
    crops: list[Grey] = []
    for left, top, right, bottom in places:
        crop = picture[top + _EDGE_PIXELS : bottom - _EDGE_PIXELS, left + _EDGE_PIXELS : right - _EDGE_PIXELS]
        if crop.size:
            crops.append((255 - crop if float(np.median(crop)) < _INK else crop).astype(np.uint8))
    return crops


def is_lettering(crop: Grey) -> bool:
    """Say whether the ink in a box stands as a set token does: separate shapes, clear of the upper and lower edge.

    The rule of a table or a form that runs along an edge from side to side is no lettering and hides none.
    """
    dark = _without_rules(crop < _INK)
    if not dark.any():
        return True
    clear = not dark[0].any() and not dark[-1].any()
    return clear and len(_runs(dark.any(axis=0))) >= _TOKEN_SHAPES


def _without_rules(dark: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Leave out unbroken rows of ink at the upper and lower edge."""
    broken = np.flatnonzero(dark.mean(axis=1) < _UNBROKEN) if dark.size else np.array([])
    return dark[broken[0] : broken[-1] + 1] if broken.size else dark[:0]


def stacked(crops: Sequence[Grey]) -> Grey:
    """Return the contents of boxes one below the other, ready to be read in one go."""
    if not crops:
        return np.full((_GAP, _GAP), 255, dtype=np.uint8)
    sheet = np.full(
        (sum(len(c) + _GAP for c in crops) + _GAP, max(c.shape[1] for c in crops) + 2 * _GAP), 255, np.uint8
    )
    y = _GAP
    for crop in crops:
        sheet[y : y + crop.shape[0], _GAP : _GAP + crop.shape[1]] = crop
        y += crop.shape[0] + _GAP
    return sheet


def recognise(picture: Image.Image | Grey, *, lines: bool = False) -> str:
    """Return the text that tesseract reads in a picture.

    Args:
        picture: grey picture at about 200 dots per inch.
        lines: the picture is a plain column of lines, not a page.
    """
    image = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
    encoded = io.BytesIO()
    image.convert("L").save(encoded, "PNG", compress_level=1)
    with tempfile.TemporaryDirectory() as folder:
        printed = run_program(
            ["tesseract", "-", "-", "-l", "eng", "--psm", "6" if lines else "3"],
            seconds=_OCR_SECONDS,
            folder=Path(folder),
            stdin=encoded.getvalue(),
        )
    return printed.decode("utf-8", "replace")
