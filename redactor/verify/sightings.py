"""Says where needles can be seen in a PDF: used for canaries, which must be seen before and not after."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pikepdf
import pypdfium2 as pdfium

from redactor.verify import extract, objects, pictures, pixels, report
from redactor.verify.fold import Words, joined_lines

_TEXT_PLACES = ("pdfium", "pdfminer", "poppler")


def sees(pdf: bytes, needles: Sequence[str]) -> dict[str, list[str]]:
    """Return, for each needle, the kinds of places where it can be found (empty: nowhere)."""
    document = pdfium.PdfDocument(pdf)
    opened = pikepdf.open(io.BytesIO(pdf))
    contents = objects.walk(opened)
    texts = dict(
        zip(
            _TEXT_PLACES,
            (extract.by_pdfium(document), extract.by_pdfminer(pdf), extract.by_poppler(pdf, len(document))),
            strict=True,
        )
    )
    texts[report.PICTURES] = [pictures.text_of(each) for each in pictures.embedded(opened.objects) if each is not None]
    texts[report.INK] = list(_ink(document))
    searched = {
        place: (Words(["\n".join(pages)]), Words([joined_lines("\n".join(pages))])) for place, pages in texts.items()
    }
    found: dict[str, list[str]] = {}
    for needle in needles:
        phrase = objects.plain_words(needle)
        letters = "".join(phrase)
        places = [
            place
            for place, forms in searched.items()
            if any(phrase in form or letters in form.squeezed() for form in forms)
        ]
        if objects.found_in(contents, [phrase]):
            places.append(report.OBJECTS)
        found[needle] = places
    return found


def _ink(document: pdfium.PdfDocument) -> list[str]:
    """Read by OCR the pages whose ink the text layer does not explain."""
    read = []
    for number in range(len(document)):
        page = document[number]
        picture = pixels.render(page, pixels.LOOK_DPI)
        frame = pixels.Frame(page, picture.shape)
        if pixels.needs_reading(pixels.unexplained(picture, frame, extract.glyphs(page))):
            read.append(pixels.recognise(pixels.render(page, pixels.READ_DPI)))
        page.close()
    return read
