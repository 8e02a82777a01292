"""Promise 1: nothing leaks, because what only the pixels of a page show is read too, or reported as not readable."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from redactor import ingest
from redactor.model import Kind, OnPage, Role, Upload, digest_of

LINES = [
    "Dear Mrs Ainsworth,",
    "We met Zebediah Quillfeather at Budmouth Primary School on Tuesday.",
    "His sister Tamsin was present and spoke about the summer holidays.",
    "The health visitor will call again in two weeks at the usual address.",
]


def letter(angle: float = 0.0, noise: float = 0.0) -> Image.Image:
    image = Image.new("L", (1654, 1100), 255)
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(32)
    for number, line in enumerate(LINES):
        draw.text((160, 160 + 70 * number), line, fill=20, font=font)
    image = image.rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor=255)
    if noise:
        grain = np.random.default_rng(7).normal(0, noise, (image.height, image.width))
        image = Image.fromarray(np.clip(np.asarray(image) + grain, 0, 255).astype(np.uint8))
    return image


def saved(image: Image.Image, form: str, dpi: int = 200) -> bytes:
    file = io.BytesIO()
    image.save(file, form, dpi=(dpi, dpi), resolution=dpi)
    return file.getvalue()


def test_a_noisy_tilted_photograph_of_a_letter_is_read_with_boxes_in_place() -> None:
    content = saved(letter(1.4, 18), "PNG")
    document = ingest.read(Upload(Kind.IMAGE, digest_of(content), content))
    assert "Zebediah Quillfeather" in document.text
    assert document.page_sizes[0][0] == pytest.approx(1654 * 72 / 200, abs=0.1)
    piece = next(p for p in document.pieces if document.text[p.span.start : p.span.end].startswith("Quillfeather"))
    assert piece.role is Role.OCR
    assert isinstance(piece.at, OnPage)
    assert piece.at.confidence is not None
    left, bottom, right, top = (edge * 200 / 72 for edge in piece.at.box)
    pixels = np.asarray(letter(1.4))[int(1100 - top) : int(1100 - bottom), int(left) : int(right)]
    assert (pixels < 128).mean() > 0.05  # the box holds the word's ink, not paper beside it


def test_a_scanned_pdf_is_read_by_ocr() -> None:
    content = saved(letter(), "PDF")
    document = ingest.read(Upload(Kind.PDF, digest_of(content), content))
    assert "Tamsin" in document.text
    assert {piece.role for piece in document.pieces if isinstance(piece.at, OnPage)} == {Role.OCR}


def test_a_page_of_scrawl_is_reported_as_unreadable() -> None:
    image = Image.new("L", (1654, 1100), 255)
    draw = ImageDraw.Draw(image)
    points = [(200 + 60 * i, 500 + (140 if i % 2 else -140)) for i in range(18)]
    draw.line(points, fill=0, width=14)
    content = saved(image, "PNG")
    document = ingest.read(Upload(Kind.IMAGE, digest_of(content), content))
    assert [region.what for region in document.regions] == ["unreadable"]
