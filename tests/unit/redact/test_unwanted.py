"""Promise 1: nothing leaks. What a second reading of a poor scan finds of a removed word is wiped from the picture."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from redactor.formats import ocr
from redactor.formats.pages import Frame, Picture
from redactor.model import OnPage
from redactor.redact import raster, residue
from tests.unit.verify import copies


@pytest.fixture(autouse=True)
def _inside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDACTOR_CONTAINED", "1")


def _page() -> Picture:
    image = Image.new("L", (1000, 400), 255)
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(("The boy lives with his aunt", "and Quillfeather visits often")):
        draw.text((60, 80 + 90 * number), line, fill=0, font=ImageFont.load_default(40))
    scale = 72 / 200
    return Picture(image, 200.0, (1000 * scale, 400 * scale), Frame(scale, 0.0, 0.0, -scale, 0.0, 400 * scale))


def test_a_word_that_the_first_reading_overlooked_is_wiped() -> None:
    burnt = raster.burn(_page(), [], [], scanned=True, unwanted=frozenset({("quillfeather",), ("his", "aunt")}))
    read = [word.text for word in ocr.read(burnt.image, 200, scanned=True)]
    assert "visits" in read
    assert not any("feather" in word.lower() for word in (*read, *(word.text for word in burnt.words)))
    assert "lives" in read
    assert "aunt" not in read
    assert len(burnt.boxes) == 3


def test_without_such_a_word_nothing_is_touched() -> None:
    page = _page()
    burnt = raster.burn(page, [], [], scanned=True, unwanted=frozenset({("nandakumar",), ("his", "visits")}))
    assert np.array_equal(np.asarray(burnt.image), np.asarray(page.image))


def test_only_words_that_stand_in_nothing_kept_are_unwanted() -> None:
    found = residue.unwanted(*_document())
    assert {("zebediah",), ("quillfeather",), ("fennimore",), ("14", "fennimore", "terrace")} <= found
    assert ("terrace",) not in found


def _document() -> tuple[copies.Document, copies.Plan]:
    made = copies.made((*copies.LINES, "The Terrace is a street."))
    pieces = tuple(replace(piece, at=OnPage(0, (0.0, 0.0, 1.0, 1.0), (0.0, 1.0))) for piece in made.document.pieces)
    return replace(made.document, pieces=pieces), made.plan
