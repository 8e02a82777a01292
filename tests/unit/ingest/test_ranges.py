"""Promise 4: who reads which pages of a large file, and how many do, changes nothing in what is read."""

from __future__ import annotations

import io
from dataclasses import replace

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import A5
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from redactor import ingest
from redactor.errors import Damaged
from redactor.model import Kind, Upload, digest_of
from redactor.ranges import cut, join

PAGES = 7


def file() -> Upload:
    """Tables on several pages, one page that only its pixels show, and an attachment beside them."""
    written = io.BytesIO()
    paper = canvas.Canvas(written, pagesize=A5)
    for number in range(PAGES):
        if number == 4:
            paper.drawImage(ImageReader(scanned()), 0, 0, *A5)
        else:
            paper.drawString(60, 500, f"Zebedee met Ermintrude for the {number}th time.")
            for row in range(number % 3):
                paper.drawString(60, 440 - 20 * row, f"Name {row}")
                paper.drawString(260, 440 - 20 * row, f"Role {number}")
        paper.showPage()
    paper.save()
    with pikepdf.open(written) as pdf:
        pdf.attachments["note.txt"] = pikepdf.AttachedFileSpec(pdf, b"Brian is the snail.", filename="note.txt")
        pdf.docinfo["/Title"] = "About Dougal"
        made = io.BytesIO()
        pdf.save(made)
    return Upload(Kind.PDF, digest_of(made.getvalue()), made.getvalue(), pages=PAGES)


def scanned() -> Image.Image:
    image = Image.new("L", (1166, 1654), 255)
    text = "Florence stamped this\nwith her own hand."
    ImageDraw.Draw(image).text((120, 300), text, fill=0, font=ImageFont.load_default(48))
    return image


@pytest.fixture(scope="module")
def upload() -> Upload:
    return file()


def test_a_file_read_in_ranges_is_the_same_document(upload: Upload) -> None:
    whole = ingest.read(upload)
    assert "Florence" in whole.text
    assert "About Dougal" in whole.text
    assert len({piece.cell.table for piece in whole.pieces if piece.cell}) > 1
    for each in (1, 3):
        parts = [ingest.read(upload, wanted=wanted) for wanted in cut(0, PAGES, each)]
        assert len(parts) == -(-PAGES // each)
        assert join(parts) == whole
    assert ingest.read(upload, hands=2) == whole


def test_pages_that_the_door_did_not_count_are_read(upload: Upload) -> None:
    assert ingest.read(replace(upload, pages=5), hands=2) == ingest.read(upload)


@settings(deadline=None)
@given(st.integers(0, 50), st.integers(0, 2000), st.integers(1, 300))
def test_every_page_is_in_one_range(first: int, pages: int, each: int) -> None:
    ranges = cut(first, first + pages, each)
    found = [page for wanted in ranges for page in range(wanted.first, wanted.end)]
    assert found == list(range(first, first + pages))
    assert [wanted.last for wanted in ranges] == [False] * (len(ranges) - 1) + [True] * bool(ranges)


def test_parts_of_two_files_are_not_put_together(upload: Upload) -> None:
    part = ingest.read(upload, wanted=cut(0, PAGES, 1)[0])
    with pytest.raises(Damaged):
        join([part, replace(part, digest=digest_of(b"other"))])
    with pytest.raises(Damaged):
        join([])
