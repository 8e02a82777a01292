"""Walks the paragraphs of a document and marks from where to where a part is restricted.

Source of the rules: Wales Safeguarding Procedures on closed sessions and withheld information; minute-takers' habits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from redactor.model import Audience, Case, Document, Section, Span
from redactor.sections.ending import end_of
from redactor.sections.opened import ASIDE, HANGS_ON, NOTE_LEVEL, REMARK, Open, announced_for, closed_at
from redactor.sections.opening import opens
from redactor.sections.paragraphs import Paragraph, paragraphs
from redactor.sections.rows import restricted_rows
from redactor.sections.words import words

_INNER_NOTE = re.compile(r"\[([^\]\n]{12,600})\]")


def find(document: Document, case: Case) -> tuple[Section, ...]:
    """Return the restricted parts of a document: sorted, not overlapping.

    Args:
        case: its hand-made marks are taken as they are; its people tell from whom something is withheld.
    """
    lines = paragraphs(document)
    found = [
        *_marked(document, case),
        *_announced(document, lines, case),
        *_inside(lines, case),
        *_by_remarks(lines, case),
    ]
    found += [
        Section(Span(*row), Audience.WITHHELD, "its row of the table says so") for row in restricted_rows(document)
    ]
    return _disjoint(found)


def _announced(document: Document, lines: list[Paragraph], case: Case) -> list[Section]:
    last_body = max(
        (number for number, line in enumerate(lines) if line.role not in ASIDE and line.text.strip()), default=-1
    )
    first_body = min(
        (number for number, line in enumerate(lines) if line.role not in ASIDE and line.text.strip()), default=-1
    )
    found: list[Section] = []
    current: Open | None = None
    before: Paragraph | None = None
    for number, line in enumerate(lines):
        if not line.text.strip() or line.role in HANGS_ON:
            continue
        if line.role in ASIDE:
            if current is not None and number > last_body:
                found.append(closed_at(current, line.span.start, case))
                current = None
            continue
        end = end_of(current, lines, number) if current is not None else None
        if current is not None and end is not None:
            found.append(closed_at(current, end, case))
            current = None
        opened = opens(lines, number, first_body)
        if opened is not None and before is not None and opened.level == NOTE_LEVEL and before.stamped:
            opened = replace(opened, entries_left=0 if line.stamped else 1)
        if opened is not None and (current is None or opened.audience is not current.audience):
            if current is not None:
                found.append(closed_at(current, line.span.start, case))
            current = opened
        elif current is not None:
            current = _passed(current, line)
        before = line
    if current is not None:
        found.append(closed_at(current, len(document.text), case))
    return found


def _inside(lines: Sequence[Paragraph], case: Case) -> Iterator[Section]:
    """Yield bracketed notes inside a paragraph: with what they hold, or where they only announce, with what follows."""
    for line in lines:
        if line.role in ASIDE:
            continue
        for note in _INNER_NOTE.finditer(line.text):
            said = note.group(1)
            audience = announced_for(said)
            if audience is None or not line.text[: note.start()].strip() or words().ends.search(said):
                continue
            end = len(line.text) if len(said) <= REMARK else note.end()
            opened = Open(line.span.start + note.start(), audience, "a bracketed note says so", said)
            yield closed_at(opened, line.span.start + end, case)


def _by_remarks(lines: Sequence[Paragraph], case: Case) -> Iterator[Section]:
    """Yield the paragraphs of which a comment or footnote says that they are not to be shared."""
    owner: Paragraph | None = None
    for line in lines:
        if line.role not in HANGS_ON:
            owner = line if line.text.strip() and line.role not in ASIDE else owner
        elif owner is not None and words().only_here.search(line.text):
            audience = announced_for(line.text)
            if audience is not None:
                opened = Open(owner.span.start, audience, "a comment on it says so", line.text)
                yield closed_at(opened, line.span.end, case)


def _passed(current: Open, line: Paragraph) -> Open:
    """Count a paragraph, and a dated entry, that the open part reaches over."""
    if current.paragraphs_left is not None:
        current = replace(current, paragraphs_left=current.paragraphs_left - 1)
    if current.entries_left is not None and line.stamped and line.span.start > current.start:
        current = replace(current, entries_left=current.entries_left - 1)
    return current


def _marked(document: Document, case: Case) -> list[Section]:
    """Regions that the case file marks by their first and last words."""
    found = []
    for region in case.sections:
        first = _words_at(document.text, region.starts_with, 0)
        if first is None:
            continue
        last = _words_at(document.text, region.ends_with, first.start) if region.ends_with else None
        end = last.end if last else len(document.text)
        found.append(Section(Span(first.start, end), region.audience, "marked in the case file", region.withheld_by))
    return found


def _words_at(text: str, wanted: str, start: int) -> Span | None:
    """Find words whatever white space stands between them."""
    parts = [re.escape(word) for word in wanted.split()]
    match = re.compile(r"\s+".join(parts), re.IGNORECASE).search(text, start) if parts else None
    return Span(*match.span()) if match else None


def _disjoint(found: list[Section]) -> tuple[Section, ...]:
    """Sort; where two overlap, marks of the case file stand and the others are cut around them."""
    kept: list[Section] = []
    for section in sorted(found, key=lambda each: (each.why != "marked in the case file", each.span.start)):
        start, end = section.span.start, section.span.end
        for other in kept:
            if other.span.start <= start < other.span.end:
                start = other.span.end
            if start < other.span.start < end:
                end = other.span.start
        if start < end:
            kept.append(replace(section, span=Span(start, end)))
    return tuple(sorted(kept, key=lambda each: each.span.start))
