"""Defends "The right copy to the right person" and "Nothing leaks" for copies that flow: Word documents and web pages.

Real copies of a sample pass; each of the leaks planted in one is found by the check that is made for it.
"""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from redactor import detect, ingest, pipeline, policy, protect, verify
from redactor.errors import BadArguments, Encrypted, LeakFound
from redactor.library import copy_mark
from redactor.model import Action, Document, Form, Written
from redactor.verify import written as verifier
from samples import make as samples

PASSWORD = "correct horse battery"
SAMPLE = Path(samples.HERE) / "icpc_minutes"
SECRET = "Bello"


@dataclass(frozen=True)
class Made:
    """Copies of the minutes in both forms, with what they were made from."""

    document: Document
    copies: dict[Form, Written]
    order: pipeline.Order
    proposal: pipeline.Proposal
    tools: pipeline.Tools


@pytest.fixture(scope="module")
def made() -> Made:
    """The sample's minutes for the review, where no name stays."""
    profile, case = policy.load_profile("learning_review"), policy.load_case((SAMPLE / "case.yaml").read_bytes())
    reader = policy.find_reader(case, "learning_review")
    tools = pipeline.Tools(detect.load())
    content = (SAMPLE / "icpc_minutes.docx").read_bytes()
    proposal = pipeline.propose(content, "minutes.docx", profile, case, reader, tools)
    order = pipeline.Order(case, profile, reader, copy_mark(profile, case, reader, draft=True))
    copies = {
        form: pipeline.release_written(proposal, proposal.plan, order, form, tools)[1]
        for form in (Form.DOCX, Form.HTML)
    }
    return Made(proposal.document, copies, order, proposal, tools)


@pytest.mark.parametrize("form", [Form.DOCX, Form.HTML])
def test_a_copy_that_flows_is_proven_and_says_what_stays(made: Made, form: Form) -> None:
    copy = made.copies[form]
    report = verifier.prove(copy, made.document)
    assert report.passed, report.failed
    said = verifier._package(copy.content) if form is Form.DOCX else verifier._page(copy.content)
    for reading in said.readings.values():
        assert "DRAFT – NOT REVIEWED" in reading
        assert "Child Protection Conference" in reading
        assert SECRET.casefold() not in reading.casefold()
    removed = {
        made.document.text[d.span.start : d.span.end] for d in made.proposal.plan.decisions if d.action > Action.KEEP
    }
    assert len(removed) > 20


@pytest.mark.parametrize("name", ["social_work_report/social_work_report.pdf", "email/email.eml"])
def test_what_is_no_word_document_is_typed_anew_for_a_web_page(made: Made, name: str) -> None:
    path = SAMPLE.parent / name
    proposal = pipeline.propose(
        path.read_bytes(), path.name, made.order.profile, made.order.case, made.order.reader, made.tools
    )
    sealed, copy = pipeline.release_written(proposal, proposal.plan, made.order, Form.HTML, made.tools)
    assert all(check.passed for check in sealed.certificate.checks)
    assert b"[number left out]" in sealed.content
    assert bool(copy.warnings) == path.name.endswith(".pdf")


def test_a_word_copy_opens_with_its_password_only(made: Made) -> None:
    proven = verify.prove_written(made.copies[Form.DOCX], made.document)
    sealed = protect.seal_written(proven, PASSWORD)
    assert sealed.encrypted
    assert b'keyBits="256"' in sealed.content
    with pytest.raises(Encrypted):
        ingest.admit(sealed.content, "copy.docx", "wrong horse")
    assert "Child Protection Conference" in ingest.read(ingest.admit(sealed.content, "copy.docx", PASSWORD)).text


def test_what_cannot_be_locked_is_not_made(made: Made) -> None:
    locked = replace(made.order, password=PASSWORD)
    with pytest.raises(BadArguments):
        pipeline.release_written(made.proposal, made.proposal.plan, locked, Form.HTML, made.tools)
    proven = verify.prove_written(made.copies[Form.DOCX], made.document)
    with pytest.raises(BadArguments):
        protect.seal_written(proven, " ")


Change = Callable[[dict[str, bytes]], None]


def _in(part: str, old: bytes, new: bytes) -> Change:
    def change(parts: dict[str, bytes]) -> None:
        assert old in parts[part]
        parts[part] = parts[part].replace(old, new, 1)

    return change


def _part(name: str, content: bytes) -> Change:
    return lambda parts: parts.update({name: content})


_END = b"<w:sectPr"
_ARROW = b'<Relationship Id="x" Type="http://x/hyperlink" Target="http://bello.example" TargetMode="External"/>'
WORD_LEAKS: dict[str, tuple[Change, str]] = {
    "a paragraph": (
        _in("word/document.xml", _END, b"<w:p><w:r><w:t>Maya Rowntree-Bello</w:t></w:r></w:p>" + _END),
        "text",
    ),
    "split runs": (
        _in("word/document.xml", _END, b"<w:p><w:r><w:t>Rown</w:t></w:r><w:r><w:t>tree</w:t></w:r></w:p>" + _END),
        "text",
    ),
    "a footer": (
        _in("word/footer1.xml", b"</w:ftr>", b"<w:p><w:r><w:t>Doreen Capstick</w:t></w:r></w:p></w:ftr>"),
        "text",
    ),
    "alternative text": (
        _in("word/document.xml", _END, b'<w:p><w:r><w:drawing descr="Doreen Capstick"/></w:r></w:p>' + _END),
        "objects",
    ),
    "a style's name": (
        _in("word/styles.xml", b"</w:styles>", b'<w:style w:styleId="Capstick"/></w:styles>'),
        "objects",
    ),
    "a deleted run": (
        _in("word/document.xml", _END, b"<w:p><w:del><w:r><w:delText>x</w:delText></w:r></w:del></w:p>" + _END),
        "structure",
    ),
    "a hidden run": (
        _in("word/document.xml", _END, b"<w:p><w:r><w:rPr><w:vanish/></w:rPr></w:r></w:p>" + _END),
        "structure",
    ),
    "properties": (_part("docProps/core.xml", b"<x>Doreen Capstick</x>"), "structure"),
    "custom data": (_part("customXml/item1.xml", b"<x/>"), "structure"),
    "a remark": (_in("word/document.xml", _END, b"<!-- Capstick -->" + _END), "structure"),
    "a link": (_in("word/_rels/document.xml.rels", b"</Relationships>", _ARROW + b"</Relationships>"), "structure"),
    "coded": (
        _in("word/document.xml", _END, b'<w:p w:x="' + base64.b64encode(b"Doreen Capstick") + b'"/>' + _END),
        "objects",
    ),
}
PAGE_LEAKS: dict[str, tuple[bytes, str]] = {
    "a paragraph": (b"<p>Maya Rowntree-Bello</p>", "text"),
    "split marks": (b"<p>Cap<em>sti</em>ck</p>", "text"),
    "a remark": (b"<!-- Capstick -->", "structure"),
    "a script": (b"<script>var x=1</script>", "structure"),
    "alternative text": (b'<img src="data:image/png;base64," alt="Doreen Capstick">', "objects"),
    "a link out": (b'<a href="https://example.org/">here</a>', "structure"),
    "an attribute": (b'<p data-name="x">here</p>', "structure"),
}


def _changed(package: bytes, change: Change) -> bytes:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize("leak", WORD_LEAKS)
def test_a_leak_planted_in_a_word_copy_is_found(made: Made, leak: str) -> None:
    change, check = WORD_LEAKS[leak]
    copy = made.copies[Form.DOCX]
    report = verifier.prove(replace(copy, content=_changed(copy.content, change)), made.document)
    assert check in report.failed


def test_bytes_after_the_archive_are_found(made: Made) -> None:
    copy = made.copies[Form.DOCX]
    report = verifier.prove(replace(copy, content=copy.content + b"Doreen Capstick"), made.document)
    assert "structure" in report.failed


@pytest.mark.parametrize("leak", PAGE_LEAKS)
def test_a_leak_planted_in_a_web_page_is_found(made: Made, leak: str) -> None:
    planted, check = PAGE_LEAKS[leak]
    copy = made.copies[Form.HTML]
    content = copy.content.replace(b"</main>", planted + b"</main>")
    report = verifier.prove(replace(copy, content=content), made.document)
    assert check in report.failed


def test_a_name_drawn_in_a_picture_of_the_copy_is_found(made: Made) -> None:
    """OCR is the only reader of pictures, so this one goes the whole way through the sandbox."""
    picture, stream = Image.new("L", (900, 160), "white"), io.BytesIO()
    ImageDraw.Draw(picture).text((30, 40), "Doreen Capstick", fill=0, font_size=60)
    picture.save(stream, "PNG")
    copy = made.copies[Form.DOCX]
    content = _changed(copy.content, _part("word/media/picture9.png", stream.getvalue()))
    with pytest.raises(LeakFound) as refusal:
        verify.prove_written(replace(copy, content=content), made.document)
    assert refusal.value.checks == ("pictures",)
