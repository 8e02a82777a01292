"""Walks the paragraphs of a document and marks from where to where a part is restricted.

Source of the rules: Wales Safeguarding Procedures on closed sessions and withheld information; minute-takers' habits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from redactor.language.marked import styles
from redactor.model import Audience, Case, Document, PersonId, Role, Section, Span
from redactor.sections.paragraphs import Paragraph, is_heading, paragraphs, readings
from redactor.sections.rows import restricted_rows
from redactor.sections.words import audience_of, words

_ASIDE = frozenset({Role.HEADER, Role.FOOTER, Role.METADATA, Role.ALT_TEXT, Role.ANNOTATION, Role.ATTACHMENT})
_HANGS_ON = frozenset(
    {Role.COMMENT, Role.FOOTNOTE, Role.ENDNOTE}
)  # belongs to the paragraph before it, opens and ends nothing
_NOTE_LEVEL = 99  # deeper than any heading
_MARKS = " \t>*•–—-#!_=~"  # what may stand around a note
_SHORT_NOTE = 250  # characters of a paragraph that can be a note and nothing else
_ANNOUNCING = 3  # sentences of such a paragraph that are looked at
_REMARK = 100  # characters that may follow a note in its paragraph without being what it is about
_LEAD = 3  # characters before the words that end a part which count for nothing
_BANNER = 3  # lines at the head of a document in which 'Restricted:' marks the whole of it
_AWAY = 40  # paragraphs within which a family that left comes back
_TIME = re.compile(
    r"^[\[(]?(?:at )?(?:\d{1,2}[:.]\d\d ?(?:hrs|am|pm)?|at (?:this|that) point|\d{1,2}[./-]\d{1,2}[./-]\d{2,4})[\s:;,–—-]*",
    re.IGNORECASE,
)
_LONGEST_NOTE = 420  # characters of a bracketed note
_NOTE = re.compile(
    r"\s*(?:[*_>]{0,3}\s*)(?:\[(?P<square>[^\]]{5,420})\]?|\((?P<round>[^)]{5,420})\)|(?P<capitals>[A-Z][A-Z ,'/&–-]{7,80}(?=[:.–\n-]|$)))"
)
_INNER_NOTE = re.compile(r"\[([^\]\n]{12,600})\]")
_MAIL = re.compile(r"\s*[>*]*\s*(?:From|Oddi wrth):\s", re.IGNORECASE)
_ORIGINAL = re.compile(r"\s*-{2,}\s*(?:original|forwarded) message", re.IGNORECASE)
_ASKED_BY = re.compile(
    r"(?P<who>[\w' ]{3,30}?)\s+(?:has |have )?(?:ask(?:s|ed)?|request(?:s|ed)?|want(?:s|ed)?)\b|(?:at|on) (?:the )?request of (?:the )?(?P<by>[\w' ]{3,40})|(?:withheld|requested) by (?:the )?(?P<other>[\w' ]{3,40})",
    re.IGNORECASE,
)
_FROM_WHOM = re.compile(r"\b(?:from|with|to)\s+(?P<whom>[^.\]\n]{3,80})", re.IGNORECASE)
_STYLES = re.compile(r"closed|withheld|privileged|restricted", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Open:
    """A restricted part that has begun: how it began says where it ends.

    Args:
        level: of the heading that opened it; ``_NOTE_LEVEL`` where a note did, which any heading ends.
        number: of the numbered heading that opened it.
        mail: True where the subject of a mail opened it.
        paragraphs_left: how many more paragraphs it reaches over, where the note says so.
        quoted: how deep in quoted mail it was opened.
        row: table and row of the cell that opened it.
        entries_left: how many more dated entries of a log it reaches over.
    """

    start: int
    audience: Audience
    why: str
    announced: str
    level: int = 0
    number: str = ""
    mail: bool = False
    paragraphs_left: int | None = None
    quoted: int = 0
    row: tuple[int, int] | None = None
    entries_left: int | None = None


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
        (number for number, line in enumerate(lines) if line.role not in _ASIDE and line.text.strip()), default=-1
    )
    first_body = min(
        (number for number, line in enumerate(lines) if line.role not in _ASIDE and line.text.strip()), default=-1
    )
    found: list[Section] = []
    current: _Open | None = None
    before: Paragraph | None = None
    for number, line in enumerate(lines):
        if not line.text.strip() or line.role in _HANGS_ON:
            continue
        if line.role in _ASIDE:
            if current is not None and number > last_body:
                found.append(_close(current, line.span.start, case))
                current = None
            continue
        end = _end(current, lines, number) if current is not None else None
        if current is not None and end is not None:
            found.append(_close(current, end, case))
            current = None
        opened = _opens(lines, number, first_body)
        if opened is not None and before is not None and opened.level == _NOTE_LEVEL and before.stamped:
            opened = replace(opened, entries_left=0 if line.stamped else 1)
        if opened is not None and (current is None or opened.audience is not current.audience):
            if current is not None:
                found.append(_close(current, line.span.start, case))
            current = opened
        elif current is not None:
            current = _passed(current, line)
        before = line
    if current is not None:
        found.append(_close(current, len(document.text), case))
    return found


def _inside(lines: Sequence[Paragraph], case: Case) -> Iterator[Section]:
    """Yield bracketed notes inside a paragraph: with what they hold, or where they only announce, with what follows."""
    for line in lines:
        if line.role in _ASIDE:
            continue
        for note in _INNER_NOTE.finditer(line.text):
            said = note.group(1)
            audience = _audience(said)
            if audience is None or not line.text[: note.start()].strip() or words().ends.search(said):
                continue
            end = len(line.text) if len(said) <= _REMARK else note.end()
            opened = _Open(line.span.start + note.start(), audience, "a bracketed note says so", said)
            yield _close(opened, line.span.start + end, case)


def _by_remarks(lines: Sequence[Paragraph], case: Case) -> Iterator[Section]:
    """Yield the paragraphs of which a comment or footnote says that they are not to be shared."""
    owner: Paragraph | None = None
    for line in lines:
        if line.role not in _HANGS_ON:
            owner = line if line.text.strip() and line.role not in _ASIDE else owner
        elif owner is not None and words().only_here.search(line.text):
            audience = _audience(line.text)
            if audience is not None:
                opened = _Open(owner.span.start, audience, "a comment on it says so", line.text)
                yield _close(opened, line.span.end, case)


def _passed(current: _Open, line: Paragraph) -> _Open:
    """Count a paragraph, and a dated entry, that the open part reaches over."""
    if current.paragraphs_left is not None:
        current = replace(current, paragraphs_left=current.paragraphs_left - 1)
    if current.entries_left is not None and line.stamped and line.span.start > current.start:
        current = replace(current, entries_left=current.entries_left - 1)
    return current


def _opens(lines: list[Paragraph], number: int, title: int) -> _Open | None:
    """Say whether a heading, a bracketed note, a style or a mail's subject opens a restricted part here."""
    line = lines[number]
    if line.style and _STYLES.search(line.style) and line.role is not Role.HEADING:
        own = styles().audiences.get(line.style.casefold())
        by_style = own or audience_of(line.style + " session only") or Audience.WITHHELD
        return _Open(line.span.start, by_style, "its style says so", line.style, paragraphs_left=0)
    if _MAIL.match(line.text):
        header = " ".join(
            each.text for each in lines[number : number + 7] if not each.text.strip() or ":" in each.text[:12]
        )
        subject = re.search(r"Subject:(?P<words>.*)", header, re.IGNORECASE)
        audience = audience_of(subject.group("words")) if subject else None
        return (
            _Open(line.span.start, audience, "the subject line of the mail says so", header, mail=True)
            if audience
            else None
        )
    if is_heading(line):
        audience = _audience(line.text)
        if audience is None and number > title + _BANNER:
            audience = words().heading_alone(line.text)
        if number == title and audience is Audience.STRATEGY:
            return None  # a record that is all strategy is judged as a whole, not dropped as a part
        if audience is None or words().ends.search(line.text):
            return None
        return _Open(line.span.start, audience, "the heading says so", line.text, line.level, line.number)
    return _noted(line) or _said(line) or _leaves(lines, number)


def _noted(line: Paragraph) -> _Open | None:
    """'[Withheld at the request of the police: ...]' at the beginning of a paragraph."""
    note = _NOTE.match(line.text)
    if note is None:
        return None
    said = note.group("square") or note.group("round") or note.group("capitals")
    audience = _audience(said)
    if audience is None or words().ends.search(said):
        return None
    if note.group("capitals") and audience is Audience.WITHHELD and len(line.text) > _LONGEST_NOTE * 4:
        return None
    alone = len(line.text.strip()) <= len(note.group().strip()) + 3
    return _by_note(line, audience, "a bracketed note says so", said, alone=alone)


def _said(line: Paragraph) -> _Open | None:
    """'*** Not to be shared with family ***', 'Please treat what follows as restricted': a paragraph that says so itself."""
    text = line.text.strip(_MARKS)
    sentences = re.split(r"(?<=[.!?]) ", text[:_LONGEST_NOTE])
    first = " ".join(sentences[:_ANNOUNCING]) if len(text) <= _SHORT_NOTE else sentences[0]
    opened = next((each for each in readings(first) if any(map(words().announced, _openings(each)))), None)
    if opened is None or words().ends.search(opened):
        return None
    audience = audience_of(opened) or Audience.WITHHELD
    return _by_note(line, audience, "a note says so", first, alone=len(text) <= len(first) + _REMARK)


def _openings(text: str) -> Iterator[str]:
    """Yield what stands at the beginning of each sentence, without the time or the date before it."""
    for sentence in re.split(r"(?<=[.!?:;]) ", text):
        yield _TIME.sub("", sentence.strip(_MARKS))


def _leaves(lines: Sequence[Paragraph], number: int) -> _Open | None:
    """'The parents left the meeting.', standing alone, where they come back later."""
    line = lines[number]
    text = _TIME.sub("", line.text.strip(_MARKS))
    if len(text) > _SHORT_NOTE // 2 or not words().leaves.match(text) or is_heading(line):
        return None
    for later in lines[number + 1 : number + _AWAY]:
        if words().ends.search(later.text[:_LONGEST_NOTE]):
            return _Open(
                line.span.start, Audience.CLOSED, "the family left here and came back later", text, _NOTE_LEVEL
            )
        if later.role is Role.HEADING:
            return None
    return None


def _by_note(line: Paragraph, audience: Audience, why: str, said: str, *, alone: bool) -> _Open:
    """Open a part by a note; in a table it reaches over its row, unless the row is nothing but the note."""
    reach: int | None = None
    if words().only_here.search(said):
        reach = 1 if alone else 0
    elif words().next_only.search(said):
        reach = 1
    row = None if line.alone else line.row
    return _Open(line.span.start, audience, why, said, _NOTE_LEVEL, "", False, reach, line.quoted, row)


def _audience(said: str) -> Audience | None:
    """Return the audience that the words announce, also through slips of scanning."""
    return next((audience for each in readings(said) if (audience := audience_of(each)) is not None), None)


def _end(current: _Open, lines: Sequence[Paragraph], number: int) -> int | None:
    """Return where in this paragraph everybody may read again; None where the part goes on."""
    line = lines[number]
    start = line.span.start
    if current.mail:
        other = _MAIL.match(line.text) or _ORIGINAL.match(line.text)
        return start if other and start > current.start else None
    if current.paragraphs_left == 0:
        return start
    if start <= current.start:
        return None
    said = _says_so(line)
    if said is not None:
        return start + said
    ends = (
        bool(_MAIL.match(line.text))
        or (current.level == _NOTE_LEVEL and _note_ends(current, line))
        or (current.level in {0, _NOTE_LEVEL} and any(words().signs_off.match(each) for each in readings(line.text)))
        or (is_heading(line) and _heading_ends(current, line) and not _still_away(current, lines, number))
    )
    return start if ends else None


def _says_so(line: Paragraph) -> int | None:
    """Return where in a paragraph the words stand by which the part ends: at the beginning of their sentence."""
    for each in readings(line.text):
        match = words().ends.search(each)
        if match is not None:
            before = max(each.rfind(mark, 0, match.start()) for mark in (". ", "! ", "? ", "["))
            return 0 if before < _LEAD else before if each[before] == "[" else before + 2
    return None


def _heading_ends(current: _Open, line: Paragraph) -> bool:
    if line.role is Role.HEADING:
        return current.level == 0 or line.level <= current.level or current.level == _NOTE_LEVEL
    deeper = current.number and line.number.startswith(current.number + ".")
    return not deeper


def _still_away(current: _Open, lines: Sequence[Paragraph], number: int) -> bool:
    """Say whether the family comes back only later: what stands under further headings was said without them."""
    if current.audience is not Audience.CLOSED:
        return False
    spoken = 0
    for later in lines[number + 1 : number + _AWAY]:
        if not later.text.strip() or later.role in _HANGS_ON | _ASIDE:
            continue
        if words().ends.search(later.text[:_LONGEST_NOTE]):
            return spoken > 0
        if is_heading(later) and _audience(later.text) is not None:
            return False
        spoken += 1
    return False


def _note_ends(current: _Open, line: Paragraph) -> bool:
    """A note reaches to the end of its row, of its quoted mail, or of its entry in a log."""
    return (
        (current.row is not None and line.row != current.row)
        or line.quoted < current.quoted
        or (current.entries_left == 0 and line.stamped)
    )


def _close(current: _Open, end: int, case: Case) -> Section:
    return Section(
        Span(current.start, end),
        current.audience,
        current.why,
        _withheld_by(current.announced),
        _withheld_from(current.announced, case),
    )


def _withheld_by(said: str) -> str | None:
    """Return the kind of agency that asked, never a name."""
    match = _ASKED_BY.search(said)
    if match is None:
        agency = words().agencies.search(said) if re.search(r"\binformation\b", said, re.IGNORECASE) else None
        return agency.group().lower() if agency else None
    agency = words().agencies.search(" ".join(filter(None, match.groups())))
    if agency is None:
        agency = words().agencies.search(said)
    return agency.group().lower() if agency else None


def _withheld_from(said: str, case: Case) -> tuple[PersonId, ...]:
    """Return the people of the case whom the note names after 'from', 'with' or 'to'."""
    whom = " ".join(match.group("whom") for match in _FROM_WHOM.finditer(said))
    if not whom:
        return ()
    named = set(re.findall(r"[^\W\d_][\w'-]+", whom))
    return tuple(
        person.id
        for person in case.people
        if any(part in named for whole in (person.name, *person.aliases) for part in whole.split()[:1])
    )


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
