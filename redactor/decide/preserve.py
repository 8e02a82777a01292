"""Preserve constraints: the child's views, decisions, actions, dissent and the next date must survive in the copy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pydantic import BaseModel, ConfigDict

from redactor.decide.coverage import Coverage
from redactor.decide.passages import sentences
from redactor.errors import PreserveBroken
from redactor.model import Detected, Document, Plan, Role, Span
from redactor.policy import strictyaml
from redactor.policy.profile import Preserve, Profile
from redactor.resources import path

_WORD = re.compile(r"[^\W\d_]{2,}")


class Kept(BaseModel):
    """How one thing that must survive is recognised, and what it is called.

    Args:
        words: for messages.
        headings: text under such a heading belongs to it.
        columns: tables whose first row has such a heading belong to it.
        patterns: sentences that fit belong to it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: str
    headings: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    least_share: float
    kinds: dict[Preserve, Kept]


@dataclass(frozen=True, slots=True)
class Loss:
    """Something that must survive and would not."""

    kind: Preserve
    span: Span


@cache
def _file() -> _File:
    return strictyaml.parse(path("templates", "preserve.yaml").read_bytes(), _File, "list of what must survive")


def losses(plan: Plan, document: Document, detected: Detected, profile: Profile) -> list[Loss]:
    """Return what the plan would lose against the profile's preserve list.

    A unit (paragraph, list item or table row) is lost when fewer than the least share of its words that are not
    themselves details stay readable. What stands in a section that the document itself keeps from this
    reader is not a loss.
    """
    coverage = Coverage(plan)
    allowed = [section.span for section in detected.sections]
    allowed += [section.span for section in plan.sections if section.rule == "parts_removed"]
    details = [finding.span for finding in detected.findings]
    details += [decision.span for decision in plan.decisions if decision.by == "profile"]  # with titles and weekdays
    found = []
    for kind in profile.preserve:
        for unit in units(document, kind):
            if any(span.overlaps(unit) for span in allowed):
                continue
            if _share(document.text, unit, coverage, details) < _file().least_share:
                found.append(Loss(kind, unit))
    return found


def words_of(kind: Preserve) -> str:
    """Return what one kind of thing that must survive is called."""
    return _file().kinds[kind].words


def check(plan: Plan, document: Document, detected: Detected, profile: Profile) -> None:
    """Refuse a plan that would lose what this reader's copy must keep.

    Raises:
        PreserveBroken: naming what would be lost, without its text.
    """
    lost = losses(plan, document, detected, profile)
    if lost:
        kinds = sorted({words_of(loss.kind) for loss in lost})
        raise PreserveBroken(
            f"The plan would lose what this copy must keep: {', '.join(kinds)} ({len(lost)} passages).",
            next_step="Keep these passages and redact only the words in them that identify somebody.",
        )


def units(document: Document, kind: Preserve) -> list[Span]:
    """Return the paragraphs, list items, table rows and sentences of a document that belong to one kind."""
    kept = _file().kinds[kind]
    found = {*_under_headings(document, kept), *_in_tables(document, kept), *_worded(document, kept)}
    return sorted(found)


def _compiled(patterns: tuple[str, ...]) -> re.Pattern[str] | None:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE) if patterns else None


def _under_headings(document: Document, kept: Kept) -> Iterator[Span]:
    pattern = _compiled(kept.headings)
    inside = False
    for piece in document.pieces if pattern else ():
        if piece.role == Role.HEADING:
            inside = bool(pattern and pattern.search(document.text, piece.span.start, piece.span.end))
        elif inside and piece.role in (Role.BODY, Role.LIST_ITEM):
            yield from _paragraphs(document.text, piece.span)


def _paragraphs(text: str, span: Span) -> Iterator[Span]:
    """Yield the whole lines that a piece belongs to, so that a paragraph of many runs is one unit."""
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", max(span.start, span.end - 1))
    yield Span(start, len(text) if end < 0 else end)


def _in_tables(document: Document, kept: Kept) -> Iterator[Span]:
    pattern = _compiled(kept.columns)
    tables: dict[int, dict[int, list[Span]]] = {}
    for piece in document.pieces if pattern else ():
        if piece.cell is not None:
            tables.setdefault(piece.cell.table, {}).setdefault(piece.cell.row, []).append(piece.span)
    for rows in tables.values():
        first = min(rows)
        heading = document.text[rows[first][0].start : rows[first][-1].end]
        if pattern and pattern.search(heading):
            yield from (Span(spans[0].start, spans[-1].end) for row, spans in rows.items() if row != first)


def _worded(document: Document, kept: Kept) -> Iterator[Span]:
    pattern = _compiled(kept.patterns)
    if pattern is None:
        return
    for sentence in sentences(document.text):
        if pattern.search(document.text, sentence.start, sentence.end):
            yield sentence


def _share(text: str, unit: Span, coverage: Coverage, details: list[Span]) -> float:
    """Return the share of a unit's ordinary words that stay readable; 1 where it has none."""
    inside = [span for span in details if span.overlaps(unit)]
    words = [
        Span(match.start(), match.end())
        for match in _WORD.finditer(text, unit.start, unit.end)
        if not any(span.start <= match.start() < span.end for span in inside)
    ]
    if not words:
        return 1.0
    return sum(coverage.holes(word) == [word] for word in words) / len(words)
