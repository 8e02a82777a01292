"""Promise 1: nothing leaks: what a plan removes from a PDF is in no text, pixel or object of the result."""

from __future__ import annotations

import io

import pdf_kit as kit
import pikepdf
import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageDraw, ImageFont
from rapidfuzz import fuzz

from redactor import ingest, redact
from redactor.errors import BadArguments
from redactor.model import Action, Kind, ReasonCode, SectionDecision, Span

LINES = [
    "Minutes of the review conference",
    "Zebediah Quillfeather lives with his aunt in Budmouth.",
    "The school reports good attendance this term.",
    "CLOSED SESSION",
    "The police described an earlier incident at the house.",
    "The open session continued at noon with the health visitor.",
]


def scan() -> bytes:
    image = Image.new("L", (1654, 800), 255)
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(LINES):
        draw.text((160, 100 + 80 * number), line, fill=20, font=ImageFont.load_default(32))
    file = io.BytesIO()
    image.save(file, "PNG", dpi=(200, 200))
    return file.getvalue()


READABLE = 80.0  # of 100


def test_a_scan_loses_the_words_and_keeps_the_rest_readable() -> None:
    result = kit.redacted(scan(), ["Zebediah", "Quillfeather"], kind=Kind.IMAGE)
    text = kit.text_of(result.content)
    assert "Zeb" not in text
    assert "feather" not in text
    # Words set anew lie a chance share of a pixel off, so recognition may slip on one of them.
    assert fuzz.partial_ratio("lives with his aunt in Budmouth", " ".join(text.split())) >= READABLE
    assert "[Child A]" in text
    assert result.routes == ("raster",)
    assert result.boxes


def test_the_pixels_inside_a_box_are_uniform_or_the_token() -> None:
    result = kit.redacted(scan(), ["incident"], kind=Kind.IMAGE)
    box = result.boxes[0].box
    with pdfium.PdfDocument(result.content) as file:
        image = file[0].render(scale=200 / 72, grayscale=True).to_pil()
    left, _, right, top = (round(edge * 200 / 72) for edge in box)
    edge = image.crop((left + 4, image.height - top + 2, right - 4, image.height - top + 3))
    assert len(set(edge.tobytes())) == 1


def test_a_removed_section_goes_with_all_its_lines_and_leaves_its_placeholder() -> None:
    content = scan()
    upload = kit.upload_of(content, Kind.IMAGE)
    document = ingest.read(upload)
    start, end = document.text.index("CLOSED"), document.text.index("The open session")
    section = SectionDecision(
        Span(start, end), Action.REMOVE, ReasonCode("closed"), "Because.", "[Part of the meeting withheld]"
    )
    plan = kit.plan_for(document, [], sections=[section])
    text = " ".join(kit.text_of(redact.apply(upload, document, plan).content).split())
    assert "police" not in text
    assert "CLOSED" not in text
    assert "[Part of the meeting withheld]" in text
    assert "The open session continued at noon" in text


def test_a_plan_for_another_file_is_refused() -> None:
    upload = kit.upload_of(kit.typed_pdf([LINES]))
    document = ingest.read(upload)
    with pytest.raises(BadArguments):
        redact.apply(upload, document, kit.plan_for(document, []), widths="elastic")


def test_nothing_but_pages_is_carried_over() -> None:
    pdf = pikepdf.open(io.BytesIO(kit.typed_pdf([LINES])))
    pdf.docinfo["/Author"] = "Gwen Tallis"
    pdf.attachments["secret.txt"] = b"secret"
    file = io.BytesIO()
    pdf.save(file)
    result = kit.redacted(file.getvalue(), ["Zebediah"])
    made = pikepdf.open(io.BytesIO(result.content))
    assert set(made.Root.keys()) <= {"/Type", "/Pages", "/Lang", "/MarkInfo", "/ViewerPreferences"}
    assert "/Info" not in made.trailer
    assert set(made.pages[0].obj.keys()) <= {"/Type", "/Parent", "/MediaBox", "/Resources", "/Contents"}


@pytest.mark.parametrize("others", [("Ava", "Bartholomew", "Jó")])
def test_no_pixel_of_a_page_tells_how_long_the_removed_name_was(others: tuple[str, ...]) -> None:
    """In a picture too: the words after the name stand where they would after any other."""
    copies = []
    for name in ("Moe", *others):
        content = kit.typed_pdf([["The record", f"Then {name} was seen at home by the worker.", "And so on."]])
        copies.append(kit.redacted(content, [name], pictures=[0]))
    assert {copy.boxes for copy in copies} == {copies[0].boxes}
    assert len({pixels(copy.content) for copy in copies}) == 1
    assert not any("width" in warning for copy in copies for warning in copy.warnings)
    assert "was seen at home by the worker." in kit.text_of(copies[0].content)


def pixels(pdf: bytes) -> bytes:
    with pdfium.PdfDocument(pdf) as file:
        drawn: Image.Image = file[0].render(scale=200 / 72, grayscale=True).to_pil()
        return drawn.tobytes()


def test_layout_mode_keeps_positions_and_warns() -> None:
    content = kit.typed_pdf([["Then Moe was seen at home."]])
    upload = kit.upload_of(content)
    document = ingest.read(upload)
    made = redact.apply(upload, document, kit.plan_for(document, ["Moe"]), widths="layout")
    assert any("width" in warning for warning in made.warnings)


def test_a_skewed_scan_is_straightened_and_keeps_its_words() -> None:
    image = Image.open(io.BytesIO(scan())).convert("L").rotate(1.2, fillcolor=255, resample=Image.Resampling.BICUBIC)
    file = io.BytesIO()
    image.save(file, "PNG", dpi=(200, 200))
    result = kit.redacted(file.getvalue(), ["Quillfeather"], kind=Kind.IMAGE)
    text = " ".join(kit.text_of(result.content).split())
    assert "Quill" not in text and "feather" not in text
    assert "good attendance this term" in text and "aunt in Budmouth" in text
