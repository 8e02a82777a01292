"""Promise 1: pages that a reader is not to have are not in the file that is made of the others."""

from __future__ import annotations

import io

import pikepdf
import pytest

from redactor import ingest
from redactor.errors import BadArguments
from redactor.model import Kind, Upload
from redactor.service.extracting import page_numbers
from redactor.service.states import DocumentState
from tests.unit.service.conftest import House, SmallMachine

WORDS = ("Zebedee was here first", "Ermintrude came second", "Dougal came last of all")


def _report() -> bytes:
    """A PDF of three pages with a line on each."""
    written = io.BytesIO()
    with pikepdf.new() as pdf:
        font = pdf.make_indirect(
            pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        )
        for words in WORDS:
            page = pdf.add_blank_page(page_size=(595, 842))
            page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
            page.Contents = pdf.make_stream(f"BT /F1 24 Tf 72 700 Td ({words}) Tj ET".encode())
        pdf.save(written)
    return written.getvalue()


class _Pdf(SmallMachine):
    """Lets PDFs in and reads them by the real door."""

    def admit(self, content: bytes, name: str, password: str | None, stage: object) -> Upload:
        return ingest.admit(content, name, password)

    def read(self, upload: Upload, wanted: object, stage: object) -> object:  # type: ignore[override]
        return ingest.read(upload)


def test_chosen_pages_become_a_document_and_the_others_are_not_in_it(house: House) -> None:
    house.machine = _Pdf()
    chair, service, case = house.people["chair"], house.service, house.case()
    version = service.documents.upload(chair, case, "Report.pdf", _report())
    house.run()
    whole = service.documents.version(chair, version)
    assert (whole.state, whole.kind, whole.pages) == (DocumentState.READ, Kind.PDF.value, 3)
    made = service.extracting.pages(chair, version, "1, 3")
    name, content = service.documents.original(chair, made)
    assert name == "Report, pages 1, 3.pdf"
    house.run()
    text = service.documents.reading(chair, made).document.text
    assert [words in text for words in WORDS] == [True, False, True]
    with pikepdf.open(io.BytesIO(content)) as pdf:
        streams = [item.read_bytes() for item in pdf.objects if isinstance(item, pikepdf.Stream)]
    assert not any(WORDS[1].encode() in stream for stream in streams)
    with pytest.raises(BadArguments):
        service.extracting.pages(chair, version, "4")


@pytest.mark.parametrize(("wanted", "pages"), [("3, 5-7", (3, 5, 6, 7)), ("2–3,2", (2, 3)), ("10", (10,))])
def test_page_numbers_as_people_write_them(wanted: str, pages: tuple[int, ...]) -> None:
    assert page_numbers(wanted, 10) == pages


@pytest.mark.parametrize("wanted", ["", "0", "7-5", "11", "one", "1-", "-3", "1;2", "1-99999"])
def test_what_is_no_page_is_refused(wanted: str) -> None:
    with pytest.raises(BadArguments):
        page_numbers(wanted, 10)
