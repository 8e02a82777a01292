"""Promise 1 at no needless cost: a failed proof names the pages to blame, and only those are made again."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pytest

from redactor import pipeline
from redactor.errors import LeakFound
from redactor.model import CopyMark, Document, Kind, Plan, Redacted, Rendered, digest_of
from redactor.verify import proof
from redactor.verify.report import Report
from tests.unit.redact import pdf_kit as kit

NAME = "Zebediah"
PAGES = ((f"{NAME} was seen at home.",), ("Nothing of note.",), (f"The school spoke of {NAME} and of others.",))
MARK = CopyMark("", "", "2026-01-01", "", "", draft=True)


@pytest.fixture(scope="module")
def copy() -> tuple[Document, Plan, Redacted]:
    upload = kit.upload_of(kit.typed_pdf(PAGES))
    document = kit.ingest.read(upload)
    plan = kit.plan_for(document, [NAME])
    return document, plan, kit.redact.apply(upload, document, plan)


def proved(copy: tuple[Document, Plan, Redacted], spoil: Callable[[pikepdf.Pdf], None]) -> Report:
    document, plan, made = copy
    with pikepdf.open(io.BytesIO(made.content)) as pdf:
        spoil(pdf)
        file = io.BytesIO()
        pdf.save(file, deterministic_id=True)
    rendered = Rendered(file.getvalue(), plan, MARK, (), (0, len(PAGES)), made.routes, made.boxes)
    return proof.prove(rendered, document)


def _drawn(pdf: pikepdf.Pdf) -> None:
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    pdf.pages[2].obj.Resources.Font["/Extra"] = pdf.make_indirect(font)
    pdf.pages[2].contents_add(f"BT /Extra 11 Tf 60 500 Td ({NAME}) Tj ET".encode())


def _said(pdf: pikepdf.Pdf) -> None:
    form = pdf.make_stream(b"", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, Said=pikepdf.String(NAME))
    form["/BBox"] = pikepdf.Array([0, 0, 1, 1])
    pdf.pages[0].obj.Resources["/XObject"] = pikepdf.Dictionary(Said=form)


def _broken(pdf: pikepdf.Pdf) -> None:
    form = pdf.make_stream(b"", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form)
    form["/BBox"] = pikepdf.Array([0, 0, 1, 1])
    form.write(b"no such thing", filter=pikepdf.Name.FlateDecode)
    pdf.pages[1].obj.Resources["/XObject"] = pikepdf.Dictionary(Broken=form)


def _of_the_whole_file(pdf: pikepdf.Pdf) -> None:
    _drawn(pdf)
    pdf.Root["/OpenAction"] = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("x"))


@pytest.mark.parametrize(
    ("spoil", "check", "pages"),
    [
        (_drawn, "text", (2,)),
        (_said, "objects", (0,)),
        (_broken, "streams", (1,)),
        (_of_the_whole_file, "structure", ()),
    ],
)
def test_a_failed_proof_names_the_pages_to_blame(
    copy: tuple[Document, Plan, Redacted], spoil: Callable[[pikepdf.Pdf], None], check: str, pages: tuple[int, ...]
) -> None:
    report = proved(copy, spoil)
    assert check in report.failed
    assert report.failed_pages == pages


def test_a_sound_copy_blames_no_page(copy: tuple[Document, Plan, Redacted]) -> None:
    report = proved(copy, lambda pdf: None)
    assert report.failed == () and report.failed_pages == ()


@pytest.mark.parametrize(
    ("blamed", "made"),
    [
        ([(1,)], [(), (1,)]),  # the one page, made as a picture, passes
        ([()], [(), (0, 1, 2)]),  # no page named: all go
        ([(1,), (2,)], [(), (1,), (0, 1, 2)]),  # the fault moves about: all go
    ],
)
def test_pages_to_blame_are_made_again_as_pictures(
    blamed: list[tuple[int, ...]], made: list[tuple[int, ...]], copy: tuple[Document, Plan, Redacted]
) -> None:
    asked: list[tuple[int, ...]] = []

    def make(pictures: frozenset[int]) -> str:
        asked.append(tuple(sorted(pictures)))
        if len(asked) <= len(blamed):
            raise LeakFound("no", checks=("text",), pages=blamed[len(asked) - 1])
        return "proven"

    assert pipeline.until_proven(make, copy[0], _TOOLS) == "proven"
    assert asked == made


@pytest.mark.parametrize("kind", [Kind.PDF, Kind.DOCX])
def test_what_pictures_do_not_mend_is_refused(kind: Kind) -> None:
    document = Document(kind, digest_of(b""), "", (), 3)
    asked: list[frozenset[int]] = []

    def make(pictures: frozenset[int]) -> str:
        asked.append(pictures)
        raise LeakFound("no", checks=("text",), pages=(1,))

    with pytest.raises(LeakFound):
        pipeline.until_proven(make, document, _TOOLS)
    assert len(asked) == (2 if kind is Kind.PDF else 1)


_TOOLS = pipeline.Tools(detector=None)  # type: ignore[arg-type]
