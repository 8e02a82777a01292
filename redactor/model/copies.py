"""A copy on its way out: redacted, rendered, proven, protected."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from redactor.model.document import Box
from redactor.model.plan import Plan
from redactor.model.words import Digest, Kind


@dataclass(frozen=True, slots=True)
class CopyMark:
    """What marks one copy: who it is for, its number, and what stands on each page.

    Args:
        reader_name: printed on each page; empty for a public copy.
        copy_number: "2 of 4", or empty.
        date: ISO date of the copy.
        classification: top and bottom of each page.
        reference: the case's reference.
        draft: True prints DRAFT - NOT REVIEWED on each page.
        watermark: False for a released public copy.
        fingerprint: a number unique to the copy, coded into line positions; None for none.
    """

    reader_name: str
    copy_number: str
    date: str
    classification: str
    reference: str
    draft: bool
    watermark: bool = True
    fingerprint: int | None = None


@dataclass(frozen=True, slots=True)
class Burnt:
    """A box that was drawn over removed content on an output page (points, origin bottom left)."""

    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class Redacted:
    """A file in its own format with the plan applied, not yet laid out or proven.

    Args:
        routes: for each page of a PDF or image, "surgery" or "raster"; empty for formats that flow.
        boxes: boxes left on the pages.
    """

    kind: Kind
    content: bytes
    plan: Plan
    routes: tuple[str, ...] = ()
    boxes: tuple[Burnt, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rendered:
    """The PDF that a reader would get, marked, before it is proven.

    Args:
        furniture: text that the service itself added (cover, schedule, marks), one string a source.
        body_pages: first and one-past-last page that come from the document itself.
        navigation: titles of the bookmarks and links that the service added; none but these may be there.
    """

    pdf: bytes
    plan: Plan
    mark: CopyMark
    furniture: tuple[str, ...]
    body_pages: tuple[int, int]
    routes: tuple[str, ...] = ()
    boxes: tuple[Burnt, ...] = ()
    warnings: tuple[str, ...] = ()
    navigation: tuple[str, ...] = ()


class Form(StrEnum):
    """What a copy is handed over as."""

    PDF = "pdf"
    DOCX = "docx"
    HTML = "html"


@dataclass(frozen=True, slots=True)
class Written:
    """A marked copy that flows – a Word document or a web page – before it is proven.

    Args:
        furniture: text that the service itself added (cover, schedule, marks), one string a source.
    """

    form: Form
    content: bytes
    plan: Plan
    mark: CopyMark
    furniture: tuple[str, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that the verifier looked at. ``detail`` never holds document text."""

    name: str
    passed: bool
    looked_at: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was checked, on which bytes. It never claims that a file is free of personal data."""

    digest: Digest
    plan: Digest
    checks: tuple[Check, ...]
    statement: str


@dataclass(frozen=True, slots=True)
class Proven:
    """A PDF that passed its proof. Only ``redactor.verify`` builds one."""

    pdf: bytes
    plan: Plan
    mark: CopyMark
    certificate: Certificate
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProvenWritten:
    """A flowing copy that passed its proof. Only ``redactor.verify`` builds one."""

    form: Form
    content: bytes
    plan: Plan
    mark: CopyMark
    certificate: Certificate
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Protected:
    """The sealed file as it is handed over."""

    content: bytes
    digest: Digest
    encrypted: bool
    signed: bool
    certificate: Certificate
