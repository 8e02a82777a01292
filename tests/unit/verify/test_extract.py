"""Promise 1: what is left out to read a copy faster shows no text, so nothing that can be read goes unread."""

from __future__ import annotations

import io

from hypothesis import example, given, settings
from hypothesis import strategies as st
from pdfminer.high_level import extract_text
from reportlab.pdfgen import canvas

from redactor.verify import extract
from redactor.verify.outlines import without_outlines

WORDS = st.text(st.sampled_from("abc 12.3mlchvy()\\-+"), min_size=1, max_size=60)


def drawn(lines: list[str], segments: int) -> bytes:
    """Text with a long outline before, between and after its lines."""
    file = io.BytesIO()
    paper = canvas.Canvas(file, pageCompression=0)
    for number, line in enumerate(lines):
        outline = paper.beginPath()
        outline.moveTo(10, 10)
        for place in range(segments):
            outline.curveTo(place, 1.5, -2, place, 3, 4) if place % 2 else outline.lineTo(place, number)
        outline.close()
        paper.drawPath(outline, fill=1)
        paper.drawString(40, 700 - 40 * number, line)
    paper.save()
    return file.getvalue()


@given(st.lists(WORDS, min_size=1, max_size=4), st.integers(0, 30))
@settings(deadline=None, max_examples=60)
@example(["10 20 m 30 40 l 50 60 l (h) 1 2 3 4 5 6 c"], 12)
def test_text_between_outlines_is_read_as_without_them(lines: list[str], segments: int) -> None:
    plain, long = drawn(lines, 0), drawn(lines, segments)
    assert extract.by_pdfminer(long)[0].split() == extract.by_pdfminer(plain)[0].split()
    assert extract_text(io.BytesIO(long)).split() == extract_text(io.BytesIO(plain)).split()  # the library's own way


def test_outlines_are_left_out() -> None:
    content = b"q 0 0 m " + b"1 2 l 3 4 5 6 7.5 -8 c 1 1 1 1 v h " * 9 + b"f Q BT (kept 1 2 l) Tj ET"
    assert without_outlines(content).split() == b"q f Q BT (kept 1 2 l) Tj ET".split()


def test_drawings_without_outlines_are_left_out_and_text_with_its_state_stays() -> None:
    empty, full = b"q 1 0 0 1 0 0 cm /G gs 0.87 g 1 0 0 1 5 5 cm f Q\n", b"q 1 0 0 1 0 0 cm BT (a) Tj ET Q"
    assert extract._DRAWING.sub(b"", empty * 3 + full + b" " + empty).strip() == full


def test_narrow_letters_side_by_side_are_no_shadows() -> None:
    assert "".join(extract.by_pdfminer(drawn(["Illingworth fulfilled Iiii"], 0))).split() == [
        "Illingworth",
        "fulfilled",
        "Iiii",
    ]
