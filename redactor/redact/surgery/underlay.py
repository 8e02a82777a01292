"""Looks at the part of a picture that lies under removed text: a plain part tells nothing and may stay."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pikepdf
from pikepdf import Object, Stream

from redactor.limits import IMAGE_PIXELS
from redactor.model import Box
from redactor.redact.surgery.matrix import Matrix

_SPREAD = 24  # grey levels between the lightest and the darkest pixel of a plain part
_PAD = 1.5  # points around what was removed
_MASKS = ("/SMask", "/Mask")


def is_plain_under(image: Object, ctm: Matrix, places: Sequence[Box]) -> bool:
    """Say whether nothing can be made out in a picture, or in its mask, under any of these places.

    Args:
        image: the picture.
        ctm: its matrix on the page; only upright pictures can be plain.
        places: boxes in page space.
    """
    a, b, c, d, e, f = ctm
    if b or c or not a or not d:
        return False
    parts = [image, *(image[key] for key in _MASKS if isinstance(image.get(key), Stream))]
    shares = [((x0 - e) / a, 1 - (y1 - f) / d, (x1 - e) / a, 1 - (y0 - f) / d) for x0, y0, x1, y1 in _padded(places)]
    return all(_is_plain(part, shares) for part in parts)


def _padded(places: Sequence[Box]) -> list[Box]:
    return [(x0 - _PAD, y0 - _PAD, x1 + _PAD, y1 + _PAD) for x0, y0, x1, y1 in places]


def _is_plain(image: Object, shares: Sequence[Box]) -> bool:
    if not isinstance(image, Stream):
        return False
    try:
        if int(image.get("/Width", 0)) * int(image.get("/Height", 0)) > IMAGE_PIXELS:
            return False
        pixels = np.asarray(pikepdf.PdfImage(image).as_pil_image().convert("RGB"), dtype=np.int16)
    except Exception:  # a picture that cannot be decoded cannot be judged, whatever was raised
        return False
    height, width = pixels.shape[:2]
    for left, top, right, bottom in shares:
        across = sorted((left * width, right * width))
        down = sorted((top * height, bottom * height))
        part = pixels[
            max(int(down[0]), 0) : max(int(down[1]) + 1, 0), max(int(across[0]), 0) : max(int(across[1]) + 1, 0)
        ]
        if part.size and int((part.max(axis=(0, 1)) - part.min(axis=(0, 1))).max()) > _SPREAD:
            return False
    return True
