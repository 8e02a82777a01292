"""Turns a plan into edits of a text that is laid out in slots: what each stretch says afterwards."""

from __future__ import annotations

import bisect
from collections.abc import Iterable
from dataclasses import dataclass

from redactor.model import Action, Plan, SectionDecision, Span


@dataclass(frozen=True, slots=True)
class Edit:
    """One stretch to take out; ``text`` stands at its start instead."""

    span: Span
    text: str


class Edits:
    """All that a plan takes out, sorted and disjoint; decisions inside a removed section are part of it.

    Args:
        plan: None takes out nothing.
    """

    def __init__(self, plan: Plan | None) -> None:
        self.sections = [section for section in plan.sections if section.action > Action.KEEP] if plan else []
        self._section_starts = [section.span.start for section in self.sections]
        found = [Edit(section.span, "") for section in self.sections]
        for decision in plan.decisions if plan else ():
            if decision.action > Action.KEEP:
                found += [Edit(rest, decision.replacement if rest.start == decision.span.start else "") for rest in
                          _outside(decision.span, self.sections)]  # fmt: skip
        self._edits = sorted(found, key=lambda edit: edit.span)
        self._ends = [edit.span.end for edit in self._edits]

    def over(self, start: int, end: int) -> Iterable[Edit]:
        """Give the edits that touch a stretch, in order."""
        for index in range(bisect.bisect_right(self._ends, start), len(self._edits)):
            edit = self._edits[index]
            if edit.span.start >= end:
                return
            yield edit

    def text_of(self, text: str, start: int) -> str:
        """Return what a stretch of the canonical text that begins at ``start`` says after the edits."""
        parts, position, end = [], start, start + len(text)
        for edit in self.over(start, end):
            if edit.span.start > position:
                parts.append(text[position - start : edit.span.start - start])
            if edit.span.start >= start:
                parts.append(edit.text)
            position = min(edit.span.end, end)
        return "".join(parts) + text[position - start :]

    def section_holding(self, start: int, end: int) -> SectionDecision | None:
        """Return the removed section that holds all of a stretch."""
        index = bisect.bisect_right(self._section_starts, start) - 1
        if index >= 0 and self.sections[index].span.contains(Span(start, end)):
            return self.sections[index]
        return None


def _outside(span: Span, sections: list[SectionDecision]) -> list[Span]:
    """Return the parts of a span that lie in no removed section."""
    left = [span]
    for section in sections:
        if not section.span.overlaps(span):
            continue
        cut = []
        for part in left:
            if not part.overlaps(section.span):
                cut.append(part)
                continue
            if part.start < section.span.start:
                cut.append(Span(part.start, section.span.start))
            if section.span.end < part.end:
                cut.append(Span(section.span.end, part.end))
        left = cut
    return left
