"""A document as a page of readable lines with marks: pure, so that what people see can be tested without a browser."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from redactor.model import Action, Decision, Document, OnPage, Piece, Plan, Role, SectionDecision, Span
from redactor.policy.profile import Preserve

PAGE_CHARACTERS = 6_000


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a line; ``mark`` is the decision that covers it, ``first`` says that the mark begins here."""

    text: str
    mark: Decision | None = None
    first: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph or table row as shown."""

    span: Span
    role: Role
    level: int
    parts: tuple[Part, ...]
    section: SectionDecision | None
    opens: bool
    new_place: bool


def pages(text: str, size: int = PAGE_CHARACTERS) -> tuple[Span, ...]:
    """Cut a text into stretches that end at the end of a line."""
    cuts, start = [], 0
    while start < len(text):
        end = text.find("\n", min(start + size, len(text)))
        end = len(text) if end == -1 else end + 1
        cuts.append(Span(start, end))
        start = end
    return tuple(cuts) or (Span(0, 0),)


def sheets(document: Document) -> tuple[Span, ...]:
    """Cut a document into the pages that a reviewer turns: its own where it has any, else stretches of its text.

    A page without words is an empty span: there may be something to see on it.
    """
    ends = {piece.at.page: piece.span.end for piece in document.pieces if isinstance(piece.at, OnPage)}
    if not ends:
        return pages(document.text)
    cuts, start = [], 0
    for number in range(max(document.pages, max(ends) + 1)):
        end = max(start, ends.get(number, start))
        cuts.append(Span(start, end))
        start = end
    beside = pages(document.text[start:]) if start < len(document.text) else ()
    return (*cuts, *(Span(cut.start + start, cut.end + start) for cut in beside))


def page_of(cuts: Sequence[Span], position: int) -> int:
    """Return the 0-based page on which a position stands."""
    return max(0, bisect_right(cuts, position, key=lambda cut: cut.start) - 1)


def key(decision: Decision) -> str:
    """Return what a form names a decision by."""
    return f"{decision.span.start}-{decision.span.end}"


def lines(document: Document, plan: Plan, page: Span) -> tuple[Line, ...]:
    """Return the lines of a page with the marks of a plan."""
    return tuple(_lines(document, plan, page, _marked))


def preview(document: Document, plan: Plan, page: Span) -> tuple[Line, ...]:
    """Return the lines of a page as the reader of the copy will meet them."""
    return tuple(
        line
        for line in _lines(document, plan, page, _replaced)
        if line.opens or any(p.text.strip() for p in line.parts)
    )


def _lines(document: Document, plan: Plan, page: Span, part: Callable[[str, Decision, bool], Part]) -> Iterable[Line]:
    starts = [piece.span.start for piece in document.pieces]
    decisions = tuple(decision for decision in plan.decisions if decision.span.overlaps(page))
    position, shown = page.start, set[int]()
    before: Role | None = None
    while position < page.end:
        end = document.text.find("\n", position, page.end)
        end = page.end if end == -1 else end + 1
        span = Span(position, end)
        piece = document.pieces[max(0, bisect_right(starts, position) - 1)]
        section = next((s for s in plan.sections if s.span.start <= position < s.span.end), None)
        opens = section is not None and section.span.start not in shown
        if section is not None:
            shown.add(section.span.start)
        parts = tuple(_cut(document, decisions, span, part))
        if part is _replaced and section is not None and section.action is Action.REMOVE:
            parts = (Part(section.placeholder),) if opens and section.placeholder else ()
        place = _place(piece)
        yield Line(span, piece.role, piece.level, parts, section, opens, place is not before and before is not None)
        before, position = place, end


_FLOW = frozenset({Role.BODY, Role.HEADING, Role.TABLE_CELL, Role.LIST_ITEM, Role.INSERTED, Role.DELETED, Role.FIELD,
                   Role.LINK, Role.OCR, Role.FORM_VALUE, Role.QUOTED})  # fmt: skip


def _place(piece: Piece) -> Role:
    return Role.BODY if piece.role in _FLOW else piece.role


def _cut(
    document: Document, decisions: Sequence[Decision], line: Span, part: Callable[[str, Decision, bool], Part]
) -> Iterable[Part]:
    position = line.start
    for decision in decisions:
        if decision.span.end <= position or not decision.span.overlaps(line):
            continue
        start, end = max(decision.span.start, line.start), min(decision.span.end, line.end)
        if start > position:
            yield Part(document.text[position:start])
        yield part(document.text[start:end], decision, start == decision.span.start)
        position = end
    if position < line.end:
        yield Part(document.text[position : line.end])


def _marked(text: str, decision: Decision, first: bool) -> Part:
    return Part(text, decision, first)


def _replaced(text: str, decision: Decision, first: bool) -> Part:
    if decision.action is Action.KEEP:
        return Part(text)
    ending = "\n" if text.endswith("\n") else ""
    return Part((decision.replacement if first else "") + ending, decision, first)


def voices(document: Document, plan: Plan) -> tuple[Line, ...]:
    """Return the child's wishes, feelings and views, as the reader of the copy will meet them."""
    from redactor.decide.preserve import units  # loads Presidio's operators: only when the panel is opened

    found = [line for unit in units(document, Preserve.VIEWS) for line in preview(document, plan, unit)]
    return tuple({line.span.start: line for line in found}.values())
