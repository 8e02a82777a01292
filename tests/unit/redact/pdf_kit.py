"""Makes PDFs, plans and uploads for the tests of the PDF rooms."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Sequence

from fontTools.misc.eexec import encrypt
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas

from redactor import ingest, redact
from redactor.model import (
    Action,
    Decision,
    Document,
    Kind,
    Label,
    Plan,
    ProfileRef,
    ReasonCode,
    Redacted,
    SectionDecision,
    Span,
    Upload,
    digest_of,
)

PROFILE = ProfileRef("test", 1, digest_of(b""))


def typed_pdf(pages: Sequence[Sequence[str]], size: int = 11) -> bytes:
    """A born-digital PDF with these lines on its pages."""
    file = io.BytesIO()
    paper = canvas.Canvas(file, pagesize=A4)
    for lines in pages:
        for number, line in enumerate(lines):
            paper.setFont("Helvetica", size)
            paper.drawString(60, 780 - 18 * number, line)
        paper.showPage()
    paper.save()
    return file.getvalue()


def upload_of(content: bytes, kind: Kind = Kind.PDF, password: str | None = None) -> Upload:
    return Upload(kind, digest_of(content), content, password)


def plan_for(
    document: Document, words: Sequence[str], token: str = "[Child A]", sections: Sequence[SectionDecision] = ()
) -> Plan:
    """A plan that replaces every occurrence of some words."""
    spans = sorted(Span(m.start(), m.end()) for word in words for m in re.finditer(re.escape(word), document.text))
    decisions = tuple(
        Decision(span, Action.PSEUDONYM, token, ReasonCode("third_party"), "Because.", "test", Label.PERSON)
        for span in spans
    )
    return Plan(document.digest, PROFILE, "case", "r1", decisions, tuple(sections))


def redacted(
    content: bytes,
    words: Sequence[str],
    *,
    kind: Kind = Kind.PDF,
    widths: str = "standard",
    pictures: Sequence[int] = (),
) -> Redacted:
    upload = upload_of(content, kind)
    document = ingest.read(upload)
    return redact.apply(upload, document, plan_for(document, words), widths=widths, pictures=pictures)


def text_of(pdf: bytes) -> str:
    """What pdftotext reads."""
    return subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()


def type1_program(names: Sequence[bytes] = (b".notdef", b"A", b"Z")) -> bytes:
    """A Type 1 font whose glyphs are boxes."""

    def charstring(plain: bytes) -> bytes:
        return encrypt(b"\0\0\0\0" + plain, 4330)[0]

    def entry(name: bytes, plain: bytes) -> bytes:
        body = charstring(plain)
        return b"/%s %d RD " % (name, len(body)) + body + b" ND\n"

    blank, box = b"\x8b\xf8\x88\x0d\x0e", b"\x8b\xf8\x88\x0d\x8b\x8b\x15\xf7\x8c\x06\xf7\x8c\x07\x09\x0e"
    private = b"dup /Private 3 dict dup begin\n/lenIV 4 def\n2 index /CharStrings %d dict dup begin\n" % len(names)
    private += b"".join(entry(name, blank if name == b".notdef" else box) for name in names)
    private += b"end\nend\nreadonly put\nmark currentfile closefile\n"
    clear = b"%!PS-AdobeFont-1.0: Tiny\n/Encoding 256 array\ndup 65 /A put\ndup 90 /Z put\n"
    clear += b"readonly def\ncurrentfile eexec\n"
    return clear + encrypt(b"\0\0\0\0" + private, 55665)[0] + b"0" * 64 + b"\ncleartomark\n"
