"""Takes every embedded picture out of a PDF and reads it on its own, where no page hides any part of it."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator

import numpy as np
import pikepdf
from PIL import Image

from redactor.limits import IMAGE_PIXELS
from redactor.verify.pixels import recognise

_SMALLEST = (24, 8)  # pixels: narrower or lower pictures hold no word
_READ_PIXELS = 8_000_000  # larger pictures are scaled down to this before OCR
_PLAIN_SPREAD = 24


def embedded(items: Iterable[pikepdf.Object]) -> Iterator[Image.Image | None]:
    """Yield every picture and mask among some objects, shown on a page or not; None where it cannot be decoded."""
    Image.MAX_IMAGE_PIXELS = IMAGE_PIXELS
    for item in items:
        if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == pikepdf.Name.Image:
            width, height = int(item.get("/Width", 0)), int(item.get("/Height", 0))
            if width < _SMALLEST[0] or height < _SMALLEST[1]:
                continue
            if width * height > IMAGE_PIXELS:
                yield None
                continue
            yield _decoded(item)


def _decoded(item: pikepdf.Stream) -> Image.Image | None:
    try:
        return pikepdf.PdfImage(item).as_pil_image().convert("L")
    except Exception:  # a picture that no decoder understands is reported, whatever was raised
        return _by_raw_decoder(item)


def _by_raw_decoder(item: pikepdf.Stream) -> Image.Image | None:
    try:
        return Image.open(io.BytesIO(item.read_raw_bytes())).convert("L")
    except Exception:
        return None


def text_of(picture: Image.Image) -> str:
    """Return what can be read in a picture, nothing where it is plain."""
    pixels = np.asarray(picture)
    if int(pixels.max()) - int(pixels.min()) <= _PLAIN_SPREAD:
        return ""
    if picture.width * picture.height > _READ_PIXELS:
        share = (_READ_PIXELS / (picture.width * picture.height)) ** 0.5
        picture = picture.resize((int(picture.width * share), int(picture.height * share)))
    return recognise(picture)
