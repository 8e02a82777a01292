"""A page of an upload as a picture for the reviewer's screen. Must run inside the sandbox."""

from __future__ import annotations

import io
import itertools

from PIL import Image

from redactor.errors import Damaged
from redactor.formats import pages, pdf, scans
from redactor.formats.pages import Picture
from redactor.model import Kind, Upload

SCREEN_DPI = 96.0


def picture(upload: Upload, page: int) -> tuple[bytes, tuple[int, int], tuple[float, ...]]:
    """Draw one page of a PDF or image; return a PNG, its size in pixels, and how its pixels lie on the page.

    The six numbers a, b, c, d, e, f give points of the page from pixels: x = a*px + c*py + e, y = b*px + d*py + f.

    Raises:
        Damaged: if there is no such page or it cannot be drawn.
    """
    shown = _of_image(upload, page) if upload.kind is Kind.IMAGE else _of_pdf(upload, page)
    scale = min(1.0, SCREEN_DPI / shown.dpi)
    size = (max(1, round(shown.image.width * scale)), max(1, round(shown.image.height * scale)))
    written = io.BytesIO()
    shown.image.resize(size, Image.Resampling.LANCZOS).save(written, "PNG")
    across, down, at = shown.image.width / size[0], shown.image.height / size[1], shown.frame
    matrix = (at.a * across, at.b * across, at.c * down, at.d * down, at.e, at.f)
    return written.getvalue(), size, matrix


def _of_pdf(upload: Upload, page: int) -> Picture:
    source = pdf.open_untrusted(upload.content, upload.password)
    content = pdf.prepare(source).content
    source.close()
    with pages.opened(content) as document:
        return pages.render(pages.load_page(document, page), SCREEN_DPI, colour=True)


def _of_image(upload: Upload, page: int) -> Picture:
    found = next(itertools.islice(scans.frames(upload.content), page, None), None)
    if found is None:
        raise Damaged("The image has no such page.")
    return found
