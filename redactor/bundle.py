"""Several documents to one bundle for a court: each redacted and proven by itself, joined, numbered, proven again.

Practice Direction 27A: sections, page numbers by section, an index that links, bookmarks, text that can be searched.
A document that a plan leaves nothing of still has its pages: a number is never used twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from redactor import decide, protect, redact, verify
from redactor.errors import NotCleared
from redactor.limits import Limits
from redactor.model import (
    Burnt,
    CopyMark,
    Document,
    Kind,
    OnPage,
    Piece,
    Plan,
    Protected,
    Proven,
    Redacted,
    Span,
    digest_of,
)
from redactor.pipeline import WIDTHS, Order, Proposal, Tools, until_proven
from redactor.policy.bundlefile import rules
from redactor.render import bundle as furniture
from redactor.render.assemble import assemble, concatenate
from redactor.render.navigation import Bookmark, Steering
from redactor.render.office import all_to_pdf

_BETWEEN = "\n"


@dataclass(frozen=True, slots=True)
class Item:
    """One document of a bundle with its plan.

    Args:
        section: letter of Practice Direction 27A.
        order: case, profile, reader, mark and release form.
    """

    section: str
    title: str
    dated: str
    proposal: Proposal
    plan: Plan
    order: Order


@dataclass(frozen=True, slots=True)
class Bundle:
    """The sealed bundle.

    Args:
        entries: what the index lists.
        pages: of the whole file.
    """

    sealed: Protected
    entries: tuple[furniture.Entry, ...]
    pages: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Made:
    """One redacted document as PDF, and the proof of it."""

    body: Redacted
    pages: int
    proven: Proven


def make(items: Sequence[Item], court: str, case_number: str, tools: Tools) -> Bundle:
    """Return one bundle of some documents, sorted by section.

    Args:
        items: in the order in which they stand inside their section.

    Raises:
        NotCleared, HardStop, PreserveBroken: if one document may not go out as planned.
        LeakFound: if a document or the joined bundle does not pass its proof.
    """
    ordered = sorted(items, key=lambda item: list(rules().sections).index(item.section))
    made = [_one(item, tools) for item in ordered]
    numbers = furniture.labels([item.section for item in ordered], [each.pages for each in made])
    entries = tuple(
        furniture.Entry(
            item.section, item.title, item.dated, label, item.proposal.document, item.plan, each.proven.certificate
        )
        for item, label, each in zip(ordered, numbers, made, strict=True)
    )
    return _join(ordered[0].order, entries, made, (court, case_number), tools)


def _one(item: Item, tools: Tools) -> _Made:
    """Redact one document and prove it by itself."""
    found, order = item.proposal, item.order
    decide.check(item.plan, found.document, found.detected, order.profile, order.case, order.reader, order.gate)
    return until_proven(lambda pictures: _proven(item, pictures, tools), found.document, tools)


def _proven(item: Item, pictures: frozenset[int], tools: Tools) -> _Made:
    found, widths = item.proposal, WIDTHS[item.order.profile.marks.widths]
    limits = Limits().for_pages(found.document.length)
    body = redact.apply(found.upload, found.document, item.plan, widths=widths, pictures=pictures, limits=limits)
    if body.kind is Kind.DOCX:
        tools.progress("laying out")
        body = replace(body, kind=Kind.PDF, content=all_to_pdf([body.content], found.document.length)[0])
    rendered = assemble(body, item.plan, item.order.mark, limits=limits)
    tools.progress("proving")
    return _Made(body, rendered.body_pages[1], verify.prove(rendered, found.document))


def _join(
    order: Order, entries: tuple[furniture.Entry, ...], made: Sequence[_Made], court: tuple[str, str], tools: Tools
) -> Bundle:
    """Put index, documents, schedule and certificate into one file, and prove and seal that."""
    tools.progress("joining")
    profile = f"{order.profile.title}, version {order.profile.version}"
    index, schedule, certificate = all_to_pdf(
        [
            furniture.index(entries, *court, order.mark.date),
            furniture.schedule(entries),
            furniture.certificate(
                entries,
                profile,
                order.mark.date,
                order.gate.authorised_by if order.gate and not order.mark.draft else "",
            ),
        ]
    )
    document, plan = joined_document(entries)
    body = _joined_body(made, plan)
    annexes = concatenate([schedule, certificate], Limits())
    rendered = assemble(body, plan, order.mark, index, annexes, steering=_steering(entries, made))
    tools.progress("proving the bundle")
    proven = verify.prove(rendered, document)
    tools.progress("sealing")
    sealed = protect.seal(proven, order.password, None if order.mark.draft else tools.seal_key)
    pages = next((check.looked_at for check in proven.certificate.checks if check.name == "pages"), 0)
    return Bundle(sealed, entries, pages, proven.warnings)


def _joined_body(made: Sequence[_Made], plan: Plan) -> Redacted:
    starts = [sum(each.pages for each in made[:number]) for number in range(len(made))]
    routes = tuple(route for each in made for route in (each.body.routes or ("laid out",) * each.pages))
    boxes = tuple(
        Burnt(box.page + start, box.box) for start, each in zip(starts, made, strict=True) for box in each.body.boxes
    )
    warnings = tuple(dict.fromkeys(warning for each in made for warning in each.body.warnings))
    content = concatenate([each.body.content for each in made], Limits().for_pages(sum(each.pages for each in made)))
    return Redacted(Kind.PDF, content, plan, routes, boxes, warnings)


def _steering(entries: Sequence[furniture.Entry], made: Sequence[_Made]) -> Steering:
    marks: list[Bookmark] = []
    links: list[tuple[str, int, str]] = []
    page = 0
    for entry, each in zip(entries, made, strict=True):
        section = furniture.title_of(entry.section)
        if all(mark.title != section for mark in marks):
            marks.append(Bookmark(section, page))
        title = f"{entry.first} {entry.title}"
        marks.append(Bookmark(title, page, section))
        links.append((entry.first, page, title))
        page += each.pages
    marks.append(Bookmark("Schedule of redactions and certificate", page))
    return Steering(tuple(label for entry in entries for label in entry.labels), tuple(marks), tuple(links))


def joined_document(entries: Sequence[furniture.Entry]) -> tuple[Document, Plan]:
    """Return the documents of a bundle as one, with one plan, so that one proof looks at all pages for all plans.

    What is removed from one document and stays in another counts as expected, as it does inside one document.
    """
    text, pieces = "", list[Piece]()
    decisions, sections = [], []
    pages = 0
    for entry in entries:
        document, start = entry.document, len(text)
        pieces += [_moved(piece, start, pages) for piece in document.pieces]
        pieces.append(replace(pieces[-1], span=Span(start + len(document.text), start + len(document.text) + 1)))
        decisions += [replace(each, span=_shifted(each.span, start)) for each in entry.plan.decisions]
        sections += [replace(each, span=_shifted(each.span, start)) for each in entry.plan.sections]
        text += document.text + _BETWEEN
        pages += document.pages
    digest = digest_of("".join(entry.document.digest for entry in entries).encode())
    first = entries[0].plan
    whole = Document(Kind.PDF, digest, text, tuple(pieces), pages)
    plan = replace(first, document=digest, decisions=tuple(decisions), sections=tuple(sections))
    return whole, plan


def _moved(piece: Piece, start: int, pages: int) -> Piece:
    at = replace(piece.at, page=piece.at.page + pages) if isinstance(piece.at, OnPage) else piece.at
    return replace(piece, span=_shifted(piece.span, start), at=at)


def _shifted(span: Span, start: int) -> Span:
    return Span(span.start + start, span.end + start)


def mark_of(items: Sequence[Item]) -> CopyMark:
    """Return the mark of a bundle: a draft if one of its documents is.

    Raises:
        NotCleared: if the documents are for different readers.
    """
    marks = [item.order.mark for item in items]
    if len({(mark.reader_name, mark.classification) for mark in marks}) > 1:
        raise NotCleared("The documents of a bundle are for different readers.", next_step="Make one bundle for each.")
    return replace(marks[0], draft=any(mark.draft for mark in marks))
