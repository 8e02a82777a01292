"""How a plan looks after a reviewer's changes. Pure: no store, no clock."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from redactor.errors import BadArguments, Conflict
from redactor.model import Action, Decision, Document, Label, PersonId, Plan, ReasonCode, SectionDecision, Span
from redactor.service.changes import (
    Accept,
    Add,
    AtSpan,
    AtSpans,
    Change,
    ChangeSection,
    Correct,
    OfLabel,
    OfPerson,
    OfReason,
    OfTerm,
    Reject,
    ReviewChange,
    SettleStop,
    ShowCodes,
    Undecided,
    Where,
)

REVIEWER_RULE = "reviewer"
_CODE = re.compile(r" · [A-Z0-9_]+\]$")
CORRECTED_RULE = "corrected"
NOT_A_DETAIL = "A reviewer said that it is no detail about anybody."
Wording = Callable[[Action, Span, Label, PersonId | None], str]


@dataclass(frozen=True, slots=True)
class Amended:
    """A plan after changes, and how many places each change touched."""

    plan: Plan
    counts: tuple[int, ...]


def undecided(plan: Plan) -> int:
    """Return how many places still wait for a person."""
    return sum(not decision.certain for decision in plan.decisions) + sum(not s.certain for s in plan.sections)


def matching(plan: Plan, document: Document, where: Where) -> tuple[Decision, ...]:
    """Return the decisions that a change would touch: the live count beside every bulk action."""
    return tuple(decision for decision in plan.decisions if _fits(decision, document, where))


def apply(plan: Plan, document: Document, changes: Sequence[ReviewChange], by: str, wording: Wording) -> Amended:
    """Return the plan with the changes made, one after the other.

    Args:
        by: the reviewer's account id, kept with every decision touched.
        wording: words what the reader sees instead.

    Raises:
        BadArguments: if a change hides something without a reason and a sentence, or lies outside the text.
    """
    counts = []
    for change in changes:
        plan, count = _applied(plan, document, change, by, wording)
        counts.append(count)
    return Amended(plan, tuple(counts))


def said(plan: Plan, document: Document, change: Correct, by: str) -> tuple[Plan, tuple[Span, ...]]:
    """Return a plan that knows what somebody said of some places, and these places.

    Raises:
        BadArguments: if nothing was said.
    """
    if not (change.nothing or change.label or change.person):
        raise BadArguments("Nothing was said.", next_step="Say what it is, or that it is no detail about anybody.")
    hits = set(matching(plan, document, change.where))
    decisions = tuple(_said(each, change, by) if each in hits else each for each in plan.decisions)
    return replace(plan, decisions=decisions), tuple(sorted(each.span for each in hits))


def touched(before: Plan, after: Plan) -> tuple[Span, ...]:
    """Return the places where two versions of a plan differ."""
    old: set[Decision | SectionDecision] = {*before.decisions, *before.sections}
    new: set[Decision | SectionDecision] = {*after.decisions, *after.sections}
    return tuple(sorted(decision.span for decision in old ^ new))


def require_apart(mine: Iterable[Span], theirs: Iterable[Span]) -> None:
    """Refuse changes that a colleague made to the same places meanwhile.

    Raises:
        Conflict: with the number of places.
    """
    others = tuple(theirs)
    both = sum(any(span.overlaps(other) or span == other for other in others) for span in mine)
    if both:
        raise Conflict(
            f"A colleague changed {both} of the same places meanwhile; your change was not saved.",
            next_step="Look at what they decided there, then repeat your change if it still holds.",
        )


def _applied(plan: Plan, document: Document, change: ReviewChange, by: str, wording: Wording) -> tuple[Plan, int]:
    match change:
        case Add():
            return _added(plan, document, change, by, wording)
        case ChangeSection():
            return _section_changed(plan, change, by)
        case SettleStop():
            return _settled(plan, change)
        case ShowCodes():
            return _coded(plan, change)
        case Accept() | Reject() | Change():
            hits = set(matching(plan, document, change.where))
            sections = _sections_at(plan, change.where)
            decisions = tuple(
                _decided(decision, change, by, wording) if decision in hits else decision for decision in plan.decisions
            )
            settled = tuple(
                _section_decided(section, change, by) if section in sections else section for section in plan.sections
            )
            return replace(plan, decisions=decisions, sections=settled), len(hits) + len(sections)


def _sections_at(plan: Plan, where: Where) -> set[SectionDecision]:
    """Return the sections that a change means: named by their exact span, or undecided ones."""
    match where:
        case AtSpan(span):
            return {section for section in plan.sections if section.span == span}
        case Undecided():
            return {section for section in plan.sections if not section.certain}
        case _:
            return set()


def _fits(decision: Decision, document: Document, where: Where) -> bool:
    match where:
        case AtSpan(span):
            return decision.span.overlaps(span)
        case AtSpans(spans):
            return decision.span in spans
        case OfTerm(term):
            return _plain(document.text[decision.span.start : decision.span.end]) == _plain(term)
        case OfPerson(person):
            return decision.person == person
        case OfLabel(label):
            return decision.label == label
        case OfReason(reason):
            return decision.reason == reason
        case Undecided():
            return not decision.certain


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _decided(decision: Decision, change: Accept | Reject | Change, by: str, wording: Wording) -> Decision:
    match change:
        case Accept():
            return replace(decision, certain=True, by=by)
        case Reject():
            return replace(
                decision,
                action=Action.KEEP,
                replacement="",
                reason=ReasonCode(""),
                because=change.because or "A reviewer decided that this reader may see it.",
                rule=REVIEWER_RULE,
                by=by,
                certain=True,
            )
        case Change():
            return _changed(decision, change, by, wording)


def _said(decision: Decision, change: Correct, by: str) -> Decision:
    """Return a decision on what somebody said of it; the profile decides on it anew where it still is a detail."""
    if not change.nothing:
        label, person = change.label or decision.label, change.person or decision.person
        return replace(decision, label=label, person=person, rule=CORRECTED_RULE, by=by)
    return replace(
        decision,
        action=Action.KEEP,
        replacement="",
        reason=ReasonCode(""),
        because=NOT_A_DETAIL,
        rule=CORRECTED_RULE,
        by=by,
        certain=True,
    )


def _changed(decision: Decision, change: Change, by: str, wording: Wording) -> Decision:
    action = decision.action if change.action is None else change.action
    person = decision.person if change.person is None else change.person
    reason, because = change.reason or decision.reason, change.because or decision.because
    if action is Action.KEEP:
        reason = ReasonCode("")
    _require_reason(action, reason, because)
    same = action is decision.action and person == decision.person
    text = change.replacement
    if text is None:
        text = decision.replacement if same else wording(action, decision.span, decision.label, person)
    return replace(
        decision,
        action=action,
        person=person,
        reason=reason,
        because=because,
        replacement="" if action is Action.KEEP else text,
        rule=REVIEWER_RULE,
        by=by,
        certain=True,
    )


def _added(plan: Plan, document: Document, change: Add, by: str, wording: Wording) -> tuple[Plan, int]:
    wanted = (change.span, *change.also)
    if not all(0 <= span.start < span.end <= len(document.text) for span in wanted):
        raise BadArguments("The marked place lies outside the text.", next_step="Mark it again.")
    _require_reason(change.action, change.reason, change.because)
    spans = _same_words(document, change.span) if change.every else sorted(set(wanted))
    decisions = list(plan.decisions)
    for span in spans:
        made = Decision(
            span=span,
            action=change.action,
            replacement=_worded(change, span, wording),
            reason=ReasonCode("") if change.action is Action.KEEP else change.reason,
            because=change.because,
            rule=REVIEWER_RULE,
            label=change.label,
            person=change.person,
            by=by,
        )
        decisions = inserted(decisions, made)
    return replace(plan, decisions=tuple(decisions)), len(spans)


def _worded(change: Add, span: Span, wording: Wording) -> str:
    if change.action is Action.KEEP:
        return ""
    return (
        change.replacement
        if change.replacement is not None
        else wording(change.action, span, change.label, change.person)
    )


def _same_words(document: Document, span: Span) -> list[Span]:
    """Return every place where the marked words stand as whole words, in any case of letters."""
    words = document.text[span.start : span.end].split()
    if not words:
        return [span]
    pattern = r"(?<!\w)" + r"\s+".join(re.escape(word) for word in words) + r"(?!\w)"
    found = [Span(*match.span()) for match in re.finditer(pattern, document.text, re.IGNORECASE)]
    return found if any(hit.overlaps(span) for hit in found) else sorted([*found, span])


def inserted(decisions: list[Decision], made: Decision) -> list[Decision]:
    """Put a decision in; what overlapped it keeps only the parts outside, so decisions stay disjoint."""
    kept: list[Decision] = []
    for decision in decisions:
        if not decision.span.overlaps(made.span):
            kept.append(decision)
            continue
        for part in (
            (decision.span.start, min(decision.span.end, made.span.start)),
            (max(decision.span.start, made.span.end), decision.span.end),
        ):
            if part[0] < part[1]:
                kept.append(replace(decision, span=Span(*part)))
    return sorted([*kept, made], key=lambda decision: decision.span)


def _section_changed(plan: Plan, change: ChangeSection, by: str) -> tuple[Plan, int]:
    _require_reason(change.action, change.reason, change.because)
    hits = [section for section in plan.sections if section.span.start == change.start]
    if not hits:
        raise BadArguments("No section starts there.")
    sections = tuple(
        replace(
            section,
            action=change.action,
            reason=ReasonCode("") if change.action is Action.KEEP else change.reason,
            because=change.because,
            placeholder="" if change.action is Action.KEEP else section.placeholder,
            rule=REVIEWER_RULE,
            by=by,
            certain=True,
        )
        if section in hits
        else section
        for section in plan.sections
    )
    return replace(plan, sections=sections), len(hits)


def _section_decided(section: SectionDecision, change: Accept | Reject | Change, by: str) -> SectionDecision:
    match change:
        case Accept():
            return replace(section, certain=True, by=by)
        case Reject():
            return replace(
                section,
                action=Action.KEEP,
                reason=ReasonCode(""),
                because=change.because or "A reviewer decided that this reader may see it.",
                placeholder="",
                rule=REVIEWER_RULE,
                by=by,
                certain=True,
            )
        case Change():
            action = section.action if change.action is None else change.action
            reason, because = change.reason or section.reason, change.because or section.because
            _require_reason(action, reason, because)
            kept = action is Action.KEEP
            return replace(
                section,
                action=action,
                reason=ReasonCode("") if kept else reason,
                because=because,
                placeholder="" if kept else section.placeholder,
                rule=REVIEWER_RULE,
                by=by,
                certain=True,
            )


def _settled(plan: Plan, change: SettleStop) -> tuple[Plan, int]:
    if not change.reference.strip():
        raise BadArguments("A hard stop is settled only by a recorded reference.")
    others = tuple(stop for stop in plan.settled_stops if stop[0] != change.stop)
    return replace(plan, settled_stops=tuple(sorted((*others, (change.stop, change.reference.strip()))))), 1


def _coded(plan: Plan, change: ShowCodes) -> tuple[Plan, int]:
    """Put the code of its reason into every box that already says in words that something is hidden, or take it out."""
    decisions = []
    for decision in plan.decisions:
        words = _CODE.sub("]", decision.replacement)
        if change.shown and decision.action is Action.MASK and words.endswith("]") and decision.reason:
            words = f"{words[:-1]} · {decision.reason}]"
        decisions.append(decision if words == decision.replacement else replace(decision, replacement=words))
    count = sum(before != after for before, after in zip(plan.decisions, decisions, strict=True))
    return replace(plan, decisions=tuple(decisions)), count


def shows_codes(plan: Plan) -> bool:
    """Say whether boxes of a plan name the codes of their reasons."""
    return any(_CODE.search(decision.replacement) for decision in plan.decisions)


def _require_reason(action: Action, reason: ReasonCode, because: str) -> None:
    if action is not Action.KEEP and not (reason and because.strip()):
        raise BadArguments(
            "Nothing is hidden without a reason.", next_step="Choose a reason code and write one plain sentence."
        )
