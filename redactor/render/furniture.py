"""Pages that the service adds to a copy: the cover and the schedule of redactions.

Nothing here may hint at what was removed: no size by width, no label of a removed detail on the served form,
no document text.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from redactor.model import (
    Action,
    Case,
    CopyMark,
    Decision,
    Document,
    OnPage,
    Piece,
    Plan,
    Reader,
    ReaderKind,
    Role,
    SectionDecision,
)
from redactor.policy import Profile
from redactor.policy.reasons import load_reasons, reader_sentence
from redactor.render import forms

DEFAULT_QUESTIONS = {
    ReaderKind.PERSON: (
        "If you do not understand something in this copy, ask the chair of the meeting.",
        "If you think something is wrong, tell the chair within 10 working days of receiving it.",
        "If you are unhappy with how this was handled, you can complain to the council. You can also contact the "
        "Information Commissioner's Office.",
    ),
    ReaderKind.COURT: ("Questions about what has been withheld go to the solicitor named in the covering letter.",),
    ReaderKind.AGENCY: ("Questions about this copy go to the chair of the meeting.",),
}
_ANYBODY = ("Questions about this copy go to whoever sent it to you.",)
_DONE = {
    Action.GENERALISE: "Made less exact",
    Action.PSEUDONYM: "Replaced with a label",
    Action.MASK: "Left out",
    Action.REMOVE: "Left out",
}
_LINE = 90  # characters


@dataclass(frozen=True, slots=True)
class _Row:
    item: Decision | SectionDecision
    place: str
    size: str


def cover(
    document: Document,
    plan: Plan,
    profile: Profile,
    case: Case,
    reader: Reader,
    mark: CopyMark,
    facts: Mapping[str, str] | None = None,
) -> bytes:
    """Return the cover page of a copy as DOCX.

    Args:
        facts: optional words of the service: document_title, authorised_by, contact, purpose.
    """
    given = dict(facts or {})
    changed = [item for item in _items(plan) if not _is_note(item)]
    told = Counter(reader_sentence(item.reason) for item in changed)
    questions = [given["contact"]] if given.get("contact") else []
    return forms.generate(
        "cover",
        {
            "document_title": given.get("document_title") or "Copy of a record",
            "reader": mark.reader_name or reader.name or "Not named",
            "copy_number": mark.copy_number,
            "date": worded(mark.date),
            "reference": mark.reference or case.reference,
            "extent": "Partial copy: some parts have been left out" if changed else "Full copy",
            "authorised_by": given.get("authorised_by"),
            "purpose": given.get("purpose") or reader.purpose,
            "banner": _banner(reader),
            "left_out": [f"{sentence} ({count})" for sentence, count in sorted(told.items())],
            "kept": "Everything else is as it stands in the record." if changed else "",
            "questions": [*questions, *DEFAULT_QUESTIONS.get(reader.kind, _ANYBODY)],
            "policy": f"Made with the rules '{profile.title}', version {profile.version}.",
        },
    )


def _banner(reader: Reader) -> str:
    if reader.kind == ReaderKind.AGENCY:
        return f"For {reader.name or 'the named agency'} only. Do not pass it on without the chair's permission."
    if reader.kind == ReaderKind.COURT:
        return "For the court and those whom the court's rules or order permit to see it."
    if reader.kind == ReaderKind.PERSON:
        return "This copy is for you. Please keep it safe and do not post it online."
    return ""


def worded(day: str) -> str:
    """Return an ISO date as people read it; other words as they are."""
    try:
        read = date.fromisoformat(day)
    except ValueError:
        return day
    return f"{read.day} {read:%B %Y}"


def schedule(document: Document, plan: Plan, *, internal: bool = False) -> bytes:
    """Return the schedule of redactions as DOCX.

    Args:
        internal: the organisation's own form with codes, rules and hashes; otherwise the reader's, which gives no
            hints.
    """
    rows = [
        _Row(item, _place(document, item), _size(item)) for item in sorted(_items(plan), key=lambda item: item.span)
    ]
    return _internal(document, plan, rows) if internal else _served(rows)


def _served(rows: list[_Row]) -> bytes:
    shown = [row for row in rows if not _is_note(row.item)]
    totals = Counter(reader_sentence(row.item.reason) for row in shown)
    notes = len(rows) - len(shown)
    working = " Comments, earlier wording and hidden details of the file are not part of any copy." if notes else ""
    return forms.generate(
        "redaction_schedule_served",
        {
            "introduction": "This list says where something was left out or changed in this copy, and why. "
            "It does not say what stood there." + working,
            "rows": [
                {
                    "number": str(number),
                    "place": row.place,
                    "size": row.size,
                    "what": _DONE[row.item.action],
                    "why": reader_sentence(row.item.reason),
                }
                for number, row in enumerate(shown, start=1)
            ],
            "totals": [{"why": sentence, "count": str(count)} for sentence, count in sorted(totals.items())],
            "statement": "Nothing else was changed." if shown else "Nothing was left out or changed in this copy.",
        },
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a served schedule.

    Args:
        page: 0-based page of the document, where its file has pages.
        what: what was done, in words.
    """

    item: Decision | SectionDecision
    place: str
    page: int | None
    size: str
    what: str


def listed(document: Document, plan: Plan) -> list[Listed]:
    """Return what a served schedule lists of a document, in its order; working notes are not part of it."""
    items = sorted((item for item in _items(plan) if not _is_note(item)), key=lambda item: item.span)
    return [
        Listed(item, _place(document, item), _page(document, item), _size(item), _DONE[item.action]) for item in items
    ]


def _page(document: Document, item: Decision | SectionDecision) -> int | None:
    at = _piece(document, item).at
    return at.page if isinstance(at, OnPage) else None


def _internal(document: Document, plan: Plan, rows: list[_Row]) -> bytes:
    totals = Counter(row.item.reason for row in rows)
    reasons = load_reasons()
    return forms.generate(
        "redaction_schedule_internal",
        {
            "introduction": f"Plan {plan.digest}, version {plan.version}; profile {plan.profile.name} version "
            f"{plan.profile.version}; document {document.digest}. Reviewed by {plan.reviewed_by or 'nobody yet'}, "
            f"approved by {plan.approved_by or 'nobody yet'}.",
            "rows": [
                {
                    "number": str(number),
                    "place": row.place,
                    "category": row.item.label.value if isinstance(row.item, Decision) else "section",
                    "action": row.item.action.name.lower(),
                    "code": row.item.reason,
                    "because": row.item.because or reasons[row.item.reason].file,
                    "rule": row.item.rule or "by hand",
                    "by": row.item.by,
                    "confirmed": "yes" if row.item.certain else "not yet",
                    "hash": _hash(document, row.item),
                }
                for number, row in enumerate(rows, start=1)
            ],
            "totals": [{"code": code, "count": str(count)} for code, count in sorted(totals.items())],
            "statement": "The hash covers the document's digest and the removed text, so that the same words in "
            "another document have another hash.",
        },
    )


def _items(plan: Plan) -> list[Decision | SectionDecision]:
    """Return what the plan changes; a detail inside a dropped section is part of that section."""
    gone = [section for section in plan.sections if section.action != Action.KEEP]
    changed = [decision for decision in plan.decisions if decision.action != Action.KEEP]
    single = [decision for decision in changed if not any(section.span.contains(decision.span) for section in gone)]
    return [*single, *gone]


def _is_note(item: Decision | SectionDecision) -> bool:
    return isinstance(item, SectionDecision) and item.rule == "parts_removed"


def _place(document: Document, item: Decision | SectionDecision) -> str:
    """Say where something stood: the page where the file has pages, otherwise the paragraph's number."""
    piece = _piece(document, item)
    line = document.text.count("\n", 0, item.span.start) + 1
    if isinstance(piece.at, OnPage):
        return f"page {piece.at.page + 1}"
    if piece.role in (Role.HEADER, Role.FOOTER):
        return f"page {piece.role.value}"
    return f"paragraph {line}"


def _piece(document: Document, item: Decision | SectionDecision) -> Piece:
    starts = [piece.span.start for piece in document.pieces]
    return document.pieces[max(0, bisect_right(starts, item.span.start) - 1)]


def _size(item: Decision | SectionDecision) -> str:
    """Say roughly how much, in steps too coarse to count letters."""
    if isinstance(item, SectionDecision):
        return "a section"
    return "more than a line" if len(item.span) > _LINE else "up to a line"


def _hash(document: Document, item: Decision | SectionDecision) -> str:
    removed = document.text[item.span.start : item.span.end]
    return hashlib.sha256(f"{document.digest}\n{removed}".encode()).hexdigest()
