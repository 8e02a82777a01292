"""Opens an image file as the pages that it holds; reading and redacting must see the same pages."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator

from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from redactor.errors import Damaged, TooLarge
from redactor.formats.pages import POINTS_PER_INCH, Frame, Picture
from redactor.limits import IMAGE_PIXELS, PDF_PAGES

_FORMATS = ("PNG", "JPEG", "TIFF", "WEBP", "BMP", "MPO")  # what the door lets in
_BELIEVABLE_DPI = (70.0, 1300.0)
_LONGEST_SIDE = 842.0  # points: where a file does not say its resolution, its longer side is taken for A4's
_LARGEST_SIDE = 1700.0  # points: no resolution is believed that makes a page larger than A2


def frames(content: bytes) -> Iterator[Picture]:
    """Give each page of an image file, upright, in RGB or grey.

    Raises:
        Damaged: if the image cannot be read.
        TooLarge: if it has too many pixels or pages.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=_FORMATS) as file:
                for number, frame in enumerate(ImageSequence.Iterator(file)):
                    if number >= PDF_PAGES:
                        raise TooLarge(f"The image has more than {PDF_PAGES} pages.")
                    if frame.width * frame.height > IMAGE_PIXELS:
                        raise TooLarge("The image has too many pixels.", next_step="Scan it at 300 dots per inch.")
                    yield _picture(frame)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, KeyError, Image.DecompressionBombError):
        raise Damaged("The image cannot be read.") from None


def _picture(frame: Image.Image) -> Picture:
    upright = ImageOps.exif_transpose(frame.copy())
    image = _flat(upright)
    dpi = _resolution(frame, image)
    scale = POINTS_PER_INCH / dpi
    size = (image.width * scale, image.height * scale)
    return Picture(image, dpi, size, Frame(scale, 0.0, 0.0, -scale, 0.0, size[1]))


def _flat(image: Image.Image) -> Image.Image:
    """Put transparency on white and reduce to RGB or grey."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layered = image.convert("RGBA")
        paper = Image.new("RGBA", layered.size, "white")
        return Image.alpha_composite(paper, layered).convert("RGB")
    if image.mode in ("1", "L"):
        return image.convert("L")
    if image.mode.startswith("I"):  # 16 bits a pixel
        return image.point(lambda value: value / 256).convert("L")
    return image.convert("RGB")


def _resolution(frame: Image.Image, image: Image.Image) -> float:
    """Return dots per inch: what the file says if that is believable, else what makes the page A4."""
    said = frame.info.get("dpi", (0, 0))
    try:
        dpi = float(said[0])
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        dpi = 0.0
    longer = max(image.size)
    if _BELIEVABLE_DPI[0] < dpi < _BELIEVABLE_DPI[1] and longer * POINTS_PER_INCH / dpi <= _LARGEST_SIDE:
        return dpi
    return max(longer * POINTS_PER_INCH / _LONGEST_SIDE, 1.0)
