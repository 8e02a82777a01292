"""Promise 2: what stays is readable. A line that is set anew keeps inside its cell and its margin."""

from __future__ import annotations

import io

import pdf_kit as kit
import pypdfium2 as pdfium
from reportlab.pdfgen import canvas


def _table_row(name: str) -> bytes:
    """A row of three narrow cells with rules between them, the name in the first."""
    file = io.BytesIO()
    paper = canvas.Canvas(file, invariant=True)
    paper.setFont("Helvetica", 11)
    for x, text in ((62, name), (112, "Ash Primary"), (182, "Year 4")):
        paper.drawString(x, 700, text)
    for x in (60, 110, 180, 230):
        paper.line(x, 690, x, 715)
    paper.drawString(60, 650, "A line of the page that runs far to the right and does not change at all.")
    paper.save()
    return file.getvalue()


def test_a_token_stays_inside_its_cell_and_the_words_of_the_next_cell_in_theirs() -> None:
    copies = [kit.redacted(_table_row(name), [name]) for name in ("Zebediah", "Moe")]
    with pdfium.PdfDocument(copies[0].content) as file:
        text = file[0].get_textpage()
        read = text.get_text_range()
        ends = {word: text.get_charbox(read.index(word) + len(word) - 1)[2] for word in ("[Child A]", "Primary")}
        starts = {word: text.get_charbox(read.index(word))[0] for word in ("[Child A]", "Ash")}
    assert starts["[Child A]"] >= 60 and ends["[Child A]"] <= 110
    assert starts["Ash"] >= 110 and ends["Primary"] <= 180
    assert copies[0].content == copies[1].content


def test_a_line_that_a_token_lengthens_stays_inside_the_margin() -> None:
    long = "A line of the page that runs as far to the right as lines on this page do and is not changed at all."
    changed = "Moe is a name that is shorter than the token that is to be set in its place, on a line that is as long."
    result = kit.redacted(kit.typed_pdf([[long, changed]]), ["Moe"])
    with pdfium.PdfDocument(result.content) as file:
        text = file[0].get_textpage()
        read = text.get_text_range()
        end, other = (text.get_charbox(read.index(words) + len(words) - 1)[2] for words in (long, "as long."))
    assert other <= end + 1
