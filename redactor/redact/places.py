"""Works out where on the pages a plan removes something, and what a reader sees there instead."""

from __future__ import annotations

import bisect
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, takewhile

from redactor.model import Action, Box, Document, OnPage, Piece, Plan, Role, Span


@dataclass(frozen=True, slots=True)
class Change:
    """One decided stretch of text, as pieces of it lie on one line of one page.

    Args:
        page: 0-based page.
        box: what is removed, in points of the page's user space.
        token: what stands there instead; empty for nothing but a box. Only the first place of a decision carries it.
        decision: number of the decision or section, equal for places that belong together.
        whole: True for a part of a section that is removed as a whole.
        upright: True where the writing runs up or down the page.
        first: True for the first place of its decision, where the reader is told.
    """

    page: int
    box: Box
    token: str
    decision: int
    whole: bool = False
    upright: bool = False
    first: bool = True


def changes(document: Document, plan: Plan) -> dict[int, list[Change]]:
    """Return what to change on each page that changes.

    Decisions inside a removed section are part of it. Two places of one decision on one line are joined.
    """
    starts = [piece.span.start for piece in document.pieces]
    sections = [section for section in plan.sections if section.action > Action.KEEP]
    found: list[Change] = []
    for number, section in enumerate(sections):
        found += _places(document, starts, section.span, section.placeholder, -1 - number, whole=True)
    for number, decision in enumerate(plan.decisions):
        inside = any(section.span.contains(decision.span) for section in sections)
        if decision.action > Action.KEEP and not inside:
            found += _places(document, starts, decision.span, decision.replacement, number, whole=False)
    by_page: dict[int, list[Change]] = {}
    for change in found:
        by_page.setdefault(change.page, []).append(change)
    return by_page


def _places(document: Document, starts: list[int], span: Span, token: str, number: int, *, whole: bool) -> list[Change]:
    first = max(0, bisect.bisect_right(starts, span.start) - 1)
    found: list[Change] = []
    for piece in document.pieces[first:]:
        if piece.span.start >= span.end:
            break
        if not isinstance(piece.at, OnPage) or not piece.span.overlaps(span):
            continue
        text = document.text[piece.span.start : piece.span.end]
        box = box_of(piece, text, span)
        if box is None:
            continue
        upright = is_upright(piece.at)
        if found and _joins(found[-1], piece.at.page, box, upright):
            last = found[-1]
            found[-1] = Change(last.page, union(last.box, box), last.token, number, whole, upright, last.first)
        else:
            found.append(Change(piece.at.page, box, "" if found else token, number, whole, upright, not found))
    return found


def box_of(piece: Piece, text: str, span: Span) -> Box | None:
    """Return the box of the part of a piece that a span covers; None if it covers only what separates words.

    Where the edges of the characters are not known, the whole word goes.
    """
    assert isinstance(piece.at, OnPage)
    visible = len(text.rstrip())
    start, end = max(span.start - piece.span.start, 0), min(span.end - piece.span.start, visible)
    if start >= end:
        return None
    left, bottom, right, top = piece.at.box
    cuts = piece.at.cuts
    if len(cuts) != visible + 1:
        return piece.at.box
    near, far = sorted((cuts[start], cuts[end]))
    return (left, near, right, far) if is_upright(piece.at) else (near, bottom, far, top)


def is_upright(at: OnPage) -> bool:
    """Say whether a word runs up or down the page: its cuts then lie between its bottom and its top."""
    if len(at.cuts) < 2:
        return False
    left, bottom, right, top = at.box
    low, high = min(at.cuts), max(at.cuts)
    return abs(low - bottom) + abs(high - top) < abs(low - left) + abs(high - right)


def _joins(last: Change, page: int, box: Box, upright: bool) -> bool:
    """Say whether a place continues the one before on the same line."""
    if last.page != page or last.upright != upright or upright:
        return False
    height = min(last.box[3] - last.box[1], box[3] - box[1])
    level = min(last.box[3], box[3]) - max(last.box[1], box[1]) > height / 2
    return level and -height < box[0] - last.box[2] < height * 2


def union(one: Box, other: Box) -> Box:
    """Return the smallest box around two boxes."""
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def kept_parts(document: Document, plan: Plan, pages: Collection[int]) -> dict[int, list[Box]]:
    """Return the boxes of all words, and parts of words, that stay on these pages."""
    gone = sorted(
        [section.span for section in plan.sections if section.action > Action.KEEP]
        + [decision.span for decision in plan.decisions if decision.action > Action.KEEP]
    )
    ends = list(accumulate((span.end for span in gone), max))
    found: dict[int, list[Box]] = {}
    for piece in document.pieces:
        at = piece.at
        if not isinstance(at, OnPage) or at.page not in pages or piece.role is Role.HIDDEN:
            continue
        text = document.text[piece.span.start : piece.span.end]
        first = bisect.bisect_right(ends, piece.span.start)
        meeting = _meeting(gone, first, piece.span)
        if not meeting:
            if text.strip():
                found.setdefault(at.page, []).append(at.box)
            continue
        for span in _rest(piece.span, meeting):
            box = box_of(piece, text, span)
            if box is not None and len(at.cuts) == len(text.rstrip()) + 1:
                found.setdefault(at.page, []).append(box)
    return found


def _meeting(gone: Sequence[Span], first: int, span: Span) -> list[Span]:
    return [other for other in takewhile(lambda other: other.start < span.end, gone[first:]) if other.end > span.start]


def _rest(span: Span, gone: Sequence[Span]) -> Iterator[Span]:
    """Yield the stretches of a span that none of the sorted others touches."""
    at = span.start
    for other in gone:
        if other.start > at:
            yield Span(at, min(other.start, span.end))
        at = max(at, other.end)
    if at < span.end:
        yield Span(at, span.end)
