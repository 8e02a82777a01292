"""Words that people listed, for a case or for the whole organisation: always a detail, or never one. Pure: no store.

A list is evidence beside the detectors' own, and its reason is shown with every place. A word that is never a detail
shows nobody who is on the register: who may see them stays with the profile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from redactor.model import Action, Case, Decision, Detected, Document, Finding, Label, PersonId, Plan, ReasonCode, Span
from redactor.service.amendments import inserted
from redactor.service.searching import Mode, search

NEVER_SOURCE, ALWAYS_SOURCE = "list: never a detail", "list: always a detail"
NEVER_RULE = "listed"
_SURE = 1.0


class ListKind(StrEnum):
    """What being on the list means."""

    ALWAYS = "always"  # it is a detail wherever it stands
    NEVER = "never"  # it is no detail about anybody


@dataclass(frozen=True, slots=True)
class ListedWord:
    """One entry.

    Args:
        words: as typed; found as whole words in any case of letters.
        label: what kind of detail it always is.
        why: shown beside each place; holds no names.
        fuzzy: found where it is misspelt, too.
        person: whom it is about, if somebody of the register.
        own: of the organisation's list, not of the case's.
    """

    words: str
    kind: ListKind
    why: str
    label: Label = Label.MANUAL
    fuzzy: bool = False
    person: PersonId | None = None
    own: bool = False


def apply(document: Document, detected: Detected, words: Iterable[ListedWord], case: Case) -> Detected:
    """Return the findings with what the lists know: "always" counts more than "never"."""
    findings, listed = list(detected.findings), tuple(words)
    for word in listed:
        if word.kind is ListKind.NEVER:
            hits = _hits(document, word)
            findings = [_never(finding, word, hits, case) for finding in findings]
    for word in listed:
        if word.kind is ListKind.ALWAYS:
            for hit in _hits(document, word):
                findings = _with(findings, hit, word)
    return replace(detected, findings=tuple(sorted(findings, key=lambda finding: finding.span)))


def _hits(document: Document, word: ListedWord) -> tuple[Span, ...]:
    return search(document.text, word.words, Mode.FUZZY if word.fuzzy else Mode.WHOLE)


def _why(word: ListedWord) -> str:
    whose = "the organisation's list" if word.own else "the list of this case"
    said = "always a detail" if word.kind is ListKind.ALWAYS else "never a detail"
    return f"{whose} says that this is {said}: {word.why}"


def _never(finding: Finding, word: ListedWord, hits: Sequence[Span], case: Case) -> Finding:
    if finding.label is Label.ATTRIBUTION or case.person(finding.person) is not None:
        return finding
    if not any(hit.contains(finding.span) for hit in hits):
        return finding
    return replace(finding, source=NEVER_SOURCE, why=_why(word), person=None, certain=True)


def _with(findings: list[Finding], hit: Span, word: ListedWord) -> list[Finding]:
    """Put a finding in for words that nobody found; what is found there already stays as it is."""
    around = [finding for finding in findings if finding.span.overlaps(hit) and finding.source != NEVER_SOURCE]
    if any(finding.span.contains(hit) for finding in around):
        return findings
    kept = [finding for finding in findings if not finding.span.overlaps(hit)]
    start = min([hit.start, *(finding.span.start for finding in around)])
    end = max([hit.end, *(finding.span.end for finding in around)])
    made = Finding(Span(start, end), word.label, _SURE, ALWAYS_SOURCE, _why(word), word.person)
    return [*kept, made]


def planned(detected: Detected, make: Callable[[Detected], Plan]) -> Plan:
    """Return the profile's plan; what is never a detail is kept, with its reason, and can still be hidden by hand.

    Args:
        make: what the profile would do with findings.
    """
    never = [finding for finding in detected.findings if finding.source == NEVER_SOURCE]
    others = tuple(finding for finding in detected.findings if finding.source != NEVER_SOURCE)
    plan = make(replace(detected, findings=others))
    decisions = list(plan.decisions)
    for finding in never:
        if not any(decision.span.overlaps(finding.span) for decision in decisions):
            decisions = inserted(decisions, _kept(finding))
    return replace(plan, decisions=tuple(decisions))


def _kept(finding: Finding) -> Decision:
    because = f"{finding.why[:1].upper()}{finding.why[1:]}"
    return Decision(finding.span, Action.KEEP, "", ReasonCode(""), because, NEVER_RULE, finding.label)
