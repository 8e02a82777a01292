"""Carries a reviewer's decisions over to a fresh proposal or to a new version of the document. Pure: no store.

A decision is carried only where the same words stand between the same words, once. What was hidden stays
hidden; what was shown is asked again in another version, since what stands elsewhere in it may have changed.
"""

from __future__ import annotations

from dataclasses import replace

from redactor.model import Action, Decision, Document, Plan, Span
from redactor.service.amendments import inserted

BY_PROFILE = "profile"
_AROUND = 24  # characters on both sides that must be the same


def carried(before: Plan, text_before: str, plan: Plan, document: Document) -> tuple[Plan, int]:
    """Return a fresh plan with the decisions of people that still hold, and how many they are.

    Args:
        before: the plan that people worked on.
        text_before: the text that it is about.
        plan: the profile's own plan for the document.
    """
    same = before.document == plan.document
    decisions, count = list(plan.decisions), 0
    for decision in before.decisions:
        if decision.by == BY_PROFILE or not decision.certain:
            continue
        span = decision.span if same else place(text_before, decision.span, document.text)
        if span is None or not _allowed(decision, span, decisions):
            continue
        certain = same or decision.action is not Action.KEEP
        decisions = inserted(decisions, replace(decision, span=span, certain=certain))
        count += 1
    sections = {section.span: section for section in before.sections if section.by != BY_PROFILE and same}
    kept = tuple(sections.get(section.span, section) for section in plan.sections)
    return replace(plan, decisions=tuple(decisions), sections=kept), count


def _allowed(decision: Decision, span: Span, decisions: list[Decision]) -> bool:
    """Say whether a decision may be put there: to show words is carried only onto the very same finding."""
    if decision.action is not Action.KEEP:
        return True
    return not any(other.span.overlaps(span) and other.span != span for other in decisions)


def place(before: str, span: Span, after: str) -> Span | None:
    """Return where a span stands in another text: only where the same words stand between the same words, once."""
    start, end = max(0, span.start - _AROUND), min(len(before), span.end + _AROUND)
    needle = before[start:end]
    if before.count(needle) != 1 or after.count(needle) != 1:
        return None
    found = after.index(needle) + span.start - start
    return Span(found, found + len(span))
