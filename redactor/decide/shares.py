"""How much a plan takes away: the over-redaction report."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from redactor.decide.coverage import Coverage
from redactor.model import Action, Decision, Document, OnPage, Plan, Role, SectionDecision, Span

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Share:
    """Words removed out of words there, for one part of the document.

    Args:
        part: "page 3", a part's number in order ("part 2"), "whole document", or a reason code.
        words: words in the part (for a reason: in the whole document).
        removed: words of it that the reader does not see.
    """

    part: str
    words: int
    removed: int

    @property
    def share(self) -> float:
        """The share removed, 0 to 1."""
        return self.removed / self.words if self.words else 0.0


def shares(document: Document, plan: Plan) -> tuple[Share, ...]:
    """Count words removed in the whole document, per page (or headed part, where there are no pages), and per reason.

    A changed word (a pseudonym, a generalisation) counts as removed; working notes that no reader gets do not count.
    """
    notes = [section.span for section in plan.sections if section.rule == "parts_removed"]
    words = [
        span
        for span in (Span(match.start(), match.end()) for match in _WORD.finditer(document.text))
        if not any(note.start <= span.start < note.end for note in notes)
    ]
    coverage = Coverage(plan)
    removed = [span for span in words if coverage.holes(span) != [span]]
    report = [Share("whole document", len(words), len(removed))]
    for name, spans in _parts(document):
        report.append(Share(name, _inside(words, spans), _inside(removed, spans)))
    reasons: Counter[str] = Counter()
    dropped = [section for section in plan.sections if section.rule != "parts_removed"]
    items: list[Decision | SectionDecision] = [*plan.decisions, *dropped]
    for item in items:
        if item.action != Action.KEEP:
            reasons[item.reason] += _inside(removed, [item.span])
    report += [Share(reason, len(words), count) for reason, count in sorted(reasons.items()) if count]
    return tuple(report)


def _inside(words: Iterable[Span], spans: list[Span]) -> int:
    return sum(any(span.start <= word.start < span.end for span in spans) for word in words)


def _parts(document: Document) -> list[tuple[str, list[Span]]]:
    """Return pages where the file has them, otherwise the stretches between headings."""
    parts: dict[str, list[Span]] = {}
    number = 1
    for piece in document.pieces:
        if isinstance(piece.at, OnPage):
            name = f"page {piece.at.page + 1}"
        else:
            number += piece.role == Role.HEADING and bool(parts)
            name = f"part {number}"
        spans = parts.setdefault(name, [])
        if spans and spans[-1].end == piece.span.start:
            spans[-1] = Span(spans[-1].start, piece.span.end)
        else:
            spans.append(piece.span)
    return list(parts.items())
