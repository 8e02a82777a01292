"""The pages around a bundle for a court: index, schedule and certificate; page numbers by section (PD27A)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from redactor.model import Certificate, Document, Plan
from redactor.policy.bundlefile import rules
from redactor.policy.reasons import reader_sentence
from redactor.render import forms
from redactor.render.furniture import listed, worded


@dataclass(frozen=True, slots=True)
class Entry:
    """One document in its place.

    Args:
        section: letter.
        dated: ISO date, or empty.
        labels: page numbers of its pages, for example F1 to F12.
    """

    section: str
    title: str
    dated: str
    labels: tuple[str, ...]
    document: Document
    plan: Plan
    certificate: Certificate

    @property
    def first(self) -> str:
        """Number of the first page."""
        return self.labels[0]

    @property
    def numbers(self) -> str:
        """Numbers of its pages, in words."""
        return self.first if len(self.labels) == 1 else f"{self.first} to {self.labels[-1]}"


def labels(sections: Sequence[str], pages: Sequence[int]) -> list[tuple[str, ...]]:
    """Number the pages of documents that stand in order: each section counts from 1, no number is used twice.

    Args:
        sections: letter of each document.
        pages: count of each document.
    """
    counted: Counter[str] = Counter()
    found = []
    for letter, count in zip(sections, pages, strict=True):
        start = counted[letter]
        counted[letter] += count
        found.append(tuple(f"{letter}{start + number}" for number in range(1, count + 1)))
    return found


def title_of(letter: str) -> str:
    """Return a section's letter and title."""
    return f"{letter}. {rules().sections[letter]}"


def index(entries: Sequence[Entry], court: str, case_number: str, day: str) -> bytes:
    """Return the index as DOCX."""
    pages = sum(len(entry.labels) for entry in entries)
    most = rules().most_pages
    return forms.generate(
        "bundle_index",
        {
            "court": court,
            "case_number": case_number,
            "date": day,
            "pages": str(pages),
            "warning": f"This bundle has more than {most} pages: the court's permission is needed (PD27A)."
            if pages > most
            else "",
            "entries": [
                {
                    "section": title_of(entry.section),
                    "document": entry.title,
                    "dated": worded(entry.dated),
                    "first": entry.labels[0],
                    "last": entry.labels[-1],
                    "pages": str(len(entry.labels)),
                    "redactions": str(len(listed(entry.document, entry.plan))),
                }
                for entry in entries
            ],
        },
    )


def schedule(entries: Sequence[Entry]) -> bytes:
    """Return the served schedule of redactions of all documents as DOCX; it gives no hints."""
    rows: list[dict[str, str]] = []
    totals = Counter[str]()
    for entry in entries:
        for row in listed(entry.document, entry.plan):
            place = entry.labels[row.page] if row.page is not None else f"from {entry.first}, {row.place}"
            why = reader_sentence(row.item.reason)
            totals[why] += 1
            rows.append({"number": str(len(rows) + 1), "place": place, "size": row.size, "what": row.what, "why": why})
    return forms.generate(
        "redaction_schedule_served",
        {
            "introduction": "This list says where something was left out or changed in the documents of this bundle, "
            "and why. It does not say what stood there.",
            "rows": rows,
            "totals": [{"why": sentence, "count": str(count)} for sentence, count in sorted(totals.items())],
            "statement": "Nothing else was changed." if rows else "Nothing was left out or changed in this bundle.",
        },
    )


def certificate(entries: Sequence[Entry], profile: str, day: str, declared_by: str) -> bytes:
    """Return the certificate of redaction for the documents of a bundle as DOCX."""
    return forms.generate(
        "bundle_certificate",
        {
            "date": day,
            "profile": profile,
            "documents": [
                {
                    "pages": entry.numbers,
                    "document": entry.title,
                    "source": entry.document.digest,
                    "plan": entry.plan.digest,
                    "copy": entry.certificate.digest,
                    "checks": f"{sum(check.passed for check in entry.certificate.checks)} of "
                    f"{len(entry.certificate.checks)} passed",
                }
                for entry in entries
            ],
            "statement": "Each document was redacted and proven by itself; the joined bundle was then proven again. "
            + entries[0].certificate.statement,
            "declared_by": declared_by,
        },
    )
