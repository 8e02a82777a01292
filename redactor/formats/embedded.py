"""Which pictures inside a Word document are read by OCR; ingest and redact must agree, so one function decides."""

from __future__ import annotations

import io
import warnings

from PIL import Image

from redactor.formats.layout import Layout
from redactor.formats.package import Package
from redactor.limits import IMAGE_PIXELS

READABLE = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")
_LEAST_PIXELS = 12  # of the shorter side: no letter of less can be read
_MOST_PICTURES, _MOST_PIXELS = 40, 24_000_000  # together; about a minute of reading


def to_read(package: Package, layout: Layout) -> tuple[list[str], set[str]]:
    """Return the picture parts to read, in order, and those that are beyond what is read and so must not be kept."""
    wanted: list[str] = []
    unread: set[str] = set()
    pixels = 0
    for part in dict.fromkeys(layout.pictures.values()):
        size = _size(package.parts.get(part, b""))
        if size is None or min(size) < _LEAST_PIXELS:
            continue
        pixels += size[0] * size[1]
        if len(wanted) < _MOST_PICTURES and pixels <= _MOST_PIXELS:
            wanted.append(part)
        else:
            unread.add(part)
    return wanted, unread


def opened(untrusted: bytes) -> Image.Image | None:
    """Return a picture decoded as RGB on white, or None where it cannot be."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            picture: Image.Image = Image.open(io.BytesIO(untrusted), formats=READABLE)
            if picture.width * picture.height > IMAGE_PIXELS:
                return None
            layered = picture.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Warning):
        return None
    paper = Image.new("RGBA", layered.size, "white")
    return Image.alpha_composite(paper, layered).convert("RGB")


def _size(untrusted: bytes) -> tuple[int, int] | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(untrusted), formats=READABLE) as picture:
                return picture.width, picture.height
    except (OSError, ValueError, SyntaxError, Warning):
        return None
