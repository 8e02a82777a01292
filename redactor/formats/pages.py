"""Renders PDF pages, and converts between the pixels of a picture and the points of its page."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image

from redactor.errors import Damaged
from redactor.model import Box

POINTS_PER_INCH = 72
_MOST_PIXELS = 16_000_000  # of one rendered page: A3 at 300 dots per inch fits
_FEWEST_DPI = 8.0


@dataclass(frozen=True, slots=True)
class Frame:
    """An affine map from pixels (origin top left) to page points (origin bottom left): x = a*px + c*py + e, y alike."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def to_points(self, left: float, top: float, right: float, bottom: float) -> Box:
        """Return the box in points that encloses a box in pixels."""
        return _enclose([self._point(x, y) for x in (left, right) for y in (top, bottom)])

    def to_pixels(self, box: Box) -> Box:
        """Return left, top, right, bottom in pixels of a box in points."""
        whole = self.a * self.d - self.b * self.c
        corners = []
        for x in (box[0], box[2]):
            for y in (box[1], box[3]):
                dx, dy = x - self.e, y - self.f
                corners.append(((self.d * dx - self.c * dy) / whole, (self.a * dy - self.b * dx) / whole))
        return _enclose(corners)

    def _point(self, x: float, y: float) -> tuple[float, float]:
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f


def _enclose(corners: list[tuple[float, float]]) -> Box:
    across, down = [x for x, _ in corners], [y for _, y in corners]
    return min(across), min(down), max(across), max(down)


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as pixels: the image, its resolution, its size as displayed in points, and where its pixels lie."""

    image: Image.Image
    dpi: float
    size: tuple[float, float]
    frame: Frame


@contextmanager
def opened(content: bytes) -> Iterator[pdfium.PdfDocument]:
    """Open a PDF in PDFium and close it again.

    Raises:
        Damaged: if PDFium cannot read it.
    """
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError:
        raise Damaged("The PDF cannot be read.") from None
    try:
        yield document
    finally:
        document.close()


def load_page(document: pdfium.PdfDocument, number: int) -> pdfium.PdfPage:
    """Return one page.

    Raises:
        Damaged: if the page cannot be loaded.
    """
    try:
        return document[number]
    except (pdfium.PdfiumError, IndexError):
        raise Damaged("A page of the PDF cannot be read.") from None


def render(page: pdfium.PdfPage, dpi: float, *, colour: bool = False) -> Picture:
    """Render a page as a reader would see it, at this resolution or the highest that fits the limit of pixels.

    Raises:
        Damaged: if the page has no area or cannot be rendered.
    """
    width, height = page.get_size()
    if not (width > 0 and height > 0):
        raise Damaged("A page of the PDF has no area.")
    inches = width * height / POINTS_PER_INCH**2
    fitted = max(min(dpi, (_MOST_PIXELS / inches) ** 0.5), _FEWEST_DPI)
    try:
        bitmap = page.render(
            scale=fitted / POINTS_PER_INCH, grayscale=not colour, draw_annots=False, may_draw_forms=False
        )
        image = bitmap.to_pil().convert("RGB" if colour else "L")
        bitmap.close()
    except (pdfium.PdfiumError, ValueError, MemoryError):
        raise Damaged("A page of the PDF cannot be drawn.") from None
    return Picture(image, fitted, (width, height), _frame(page, image.width, image.height))


def render_part(page: pdfium.PdfPage, dpi: float, left: float, top: float, width: int, height: int) -> Image.Image:
    """Render a part of a page in grey; the part may begin anywhere between two pixels of the whole page's picture.

    Args:
        page: the page.
        dpi: resolution of the picture that the other numbers are pixels of.
        left: where the part begins.
        top: where it begins, from above.
        width: of the part.
        height: of the part.

    Raises:
        Damaged: if the page cannot be drawn.
    """
    scale = dpi / POINTS_PER_INCH
    try:
        bitmap = pdfium.PdfBitmap.new_native(width, height, pdfium_c.FPDFBitmap_Gray)
        bitmap.fill_rect((255, 255, 255, 255), 0, 0, width, height)
        matrix = pdfium_c.FS_MATRIX(scale, 0, 0, scale, -left, -top)
        clip = pdfium_c.FS_RECTF(0, 0, width, height)
        pdfium_c.FPDF_RenderPageBitmapWithMatrix(bitmap.raw, page.raw, matrix, clip, pdfium_c.FPDF_GRAYSCALE)
        image: Image.Image = bitmap.to_pil().convert("L")
        bitmap.close()
    except (pdfium.PdfiumError, ValueError, MemoryError):
        raise Damaged("A page of the PDF cannot be drawn.") from None
    return image


def _frame(page: Any, width: int, height: int) -> Frame:
    """Ask PDFium where three corners lie; this takes /Rotate and /CropBox into account."""

    def at(x: int, y: int) -> tuple[float, float]:
        px, py = ctypes.c_double(), ctypes.c_double()
        pdfium_c.FPDF_DeviceToPage(page.raw, 0, 0, width, height, 0, x, y, px, py)
        return px.value, py.value

    (e, f), (x1, y1), (x2, y2) = at(0, 0), at(width, 0), at(0, height)
    return Frame((x1 - e) / width, (y1 - f) / width, (x2 - e) / height, (y2 - f) / height, e, f)
