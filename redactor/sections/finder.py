"""Walks the paragraphs of a document and marks from where to where a part is restricted.

Source of the rules: Wales Safeguarding Procedures on closed sessions and withheld information; minute-takers' habits.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace

from redactor.model import Audience, Case, Document, PersonId, Role, Section, Span
from redactor.sections.words import audience_of, words

_ASIDE = frozenset({Role.HEADER, Role.FOOTER, Role.METADATA, Role.ALT_TEXT, Role.ANNOTATION, Role.ATTACHMENT})
_HANGS_ON = frozenset(
    {Role.COMMENT, Role.FOOTNOTE, Role.ENDNOTE}
)  # belongs to the paragraph before it, opens and ends nothing
_LONGEST_HEADING = 130  # characters
_LONGEST_NOTE = 420  # characters of a bracketed note
_NUMBERED = re.compile(
    r"\s*(?:(?:item|section|part|appendix|annex|agenda item)\s+)?(?P<number>\d{1,2}(?:\.\d{1,2})*|[A-Z](?:\d{1,2})?|[ivx]{1,4})[.):–-]?\s+(?=\S)",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"\s*(?:[*_>]{0,3}\s*)(?:\[(?P<square>[^\]]{5,420})\]?|\((?P<round>[^)]{5,420})\)|(?P<capitals>[A-Z][A-Z ,'/&–-]{7,80}(?=[:.–\n-]|$)))"
)
_MAIL = re.compile(r"\s*[>*]*\s*(?:From|Oddi wrth):\s", re.IGNORECASE)
_ORIGINAL = re.compile(r"\s*-{2,}\s*(?:original|forwarded) message", re.IGNORECASE)
_ASKED_BY = re.compile(
    r"(?P<who>[\w' ]{3,30}?)\s+(?:has |have )?(?:ask(?:s|ed)?|request(?:s|ed)?|want(?:s|ed)?)\b|(?:at|on) (?:the )?request of (?:the )?(?P<by>[\w' ]{3,40})|(?:withheld|requested) by (?:the )?(?P<other>[\w' ]{3,40})",
    re.IGNORECASE,
)
_FROM_WHOM = re.compile(r"\b(?:from|with|to)\s+(?P<whom>[^.\]\n]{3,80})", re.IGNORECASE)
_STYLES = re.compile(r"closed|withheld|privileged|restricted", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line or paragraph of the document with what it is."""

    span: Span
    text: str
    role: Role
    level: int
    style: str


@dataclass(frozen=True, slots=True)
class _Open:
    """A restricted part that has begun: how it began says where it ends."""

    start: int
    audience: Audience
    why: str
    announced: str
    level: int = 0
    number: str = ""
    mail: bool = False
    paragraphs_left: int | None = None


def find(document: Document, case: Case) -> tuple[Section, ...]:
    """Return the restricted parts of a document: sorted, not overlapping.

    Args:
        case: its hand-made marks are taken as they are; its people tell from whom something is withheld.
    """
    found = [*_marked(document, case), *_announced(document, case)]
    return _disjoint(found)


def paragraphs(document: Document) -> list[Paragraph]:
    """Split the document's text at line ends; each paragraph is what its first piece is."""
    starts = [piece.span.start for piece in document.pieces]
    result, here = [], 0
    text = document.text
    while here < len(text):
        end = text.find("\n", here)
        end = len(text) if end < 0 else end + 1
        piece = document.pieces[max(0, bisect_right(starts, here) - 1)] if document.pieces else None
        role = piece.role if piece else Role.BODY
        result.append(
            Paragraph(
                Span(here, end),
                text[here:end].rstrip("\n"),
                role,
                piece.level if piece else 0,
                piece.style if piece else "",
            )
        )
        here = end
    return result


def _announced(document: Document, case: Case) -> list[Section]:
    lines = paragraphs(document)
    last_body = max(
        (number for number, line in enumerate(lines) if line.role not in _ASIDE and line.text.strip()), default=-1
    )
    first_body = min(
        (number for number, line in enumerate(lines) if line.role not in _ASIDE and line.text.strip()), default=-1
    )
    found: list[Section] = []
    current: _Open | None = None
    for number, line in enumerate(lines):
        if not line.text.strip() or line.role in _HANGS_ON:
            continue
        if line.role in _ASIDE:
            if current is not None and number > last_body:
                found.append(_close(current, line.span.start, case))
                current = None
            continue
        if current is not None and (current.paragraphs_left == 0 or _ends(current, line)):
            found.append(_close(current, line.span.start, case))
            current = None
        opened = _opens(lines, number, first_body)
        if opened is not None and (current is None or opened.audience is not current.audience):
            if current is not None:
                found.append(_close(current, line.span.start, case))
            current = opened
        elif current is not None and current.paragraphs_left is not None:
            current = replace(current, paragraphs_left=current.paragraphs_left - 1)
    if current is not None:
        found.append(_close(current, len(document.text), case))
    return found


def _opens(lines: list[Paragraph], number: int, title: int) -> _Open | None:
    """Say whether a heading, a bracketed note, a style or a mail's subject opens a restricted part here."""
    line = lines[number]
    if line.style and _STYLES.search(line.style) and line.role is not Role.HEADING:
        by_style = audience_of(line.style + " session only") or Audience.WITHHELD
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
        audience = audience_of(line.text)
        if number == title and audience is Audience.STRATEGY:
            return None  # a record that is all strategy is judged as a whole, not dropped as a part
        if audience is None or words().ends.search(line.text):
            return None
        return _Open(line.span.start, audience, "the heading says so", line.text, line.level, _number(line.text))
    return _noted(line)


def _noted(line: Paragraph) -> _Open | None:
    """'[Withheld at the request of the police: ...]' at the beginning of a paragraph."""
    note = _NOTE.match(line.text)
    if note is None:
        return None
    said = note.group("square") or note.group("round") or note.group("capitals")
    audience = audience_of(said)
    if audience is None or words().ends.search(said):
        return None
    if note.group("capitals") and audience is Audience.WITHHELD and len(line.text) > _LONGEST_NOTE * 4:
        return None
    reach: int | None = None
    if words().only_here.search(said):
        reach = 0 if len(line.text.strip()) > len(note.group().strip()) + 3 else 1
    elif words().next_only.search(said):
        reach = 1
    return _Open(line.span.start, audience, "a bracketed note says so", said, 99, paragraphs_left=reach)


def is_heading(line: Paragraph) -> bool:
    """Say whether a paragraph is a heading: by its role, or in plain files by its writing."""
    if line.role is Role.HEADING:
        return True
    text = line.text.strip()
    if (
        line.role in {Role.TABLE_CELL, Role.LIST_ITEM}
        or not text
        or len(text) > _LONGEST_HEADING
        or text.endswith((".", ";", ",", "?"))
        or "\t" in text
    ):
        return False
    if text.startswith(("[", "(", "-", "•", "*")):
        return False
    letters = [character for character in text if character.isalpha()]
    shouted = len(letters) > 5 and sum(character.isupper() for character in letters) > 0.8 * len(letters)
    numbered = _NUMBERED.match(text) is not None and len(text.split()) <= 14
    return shouted or numbered or bool(re.match(r"(?:section|part|item|appendix)\s+\w{1,3}\b", text, re.IGNORECASE))


def _number(text: str) -> str:
    match = _NUMBERED.match(text)
    return match.group("number") if match else ""


def _ends(current: _Open, line: Paragraph) -> bool:
    """Say whether this paragraph is the first that everybody may read again."""
    if current.mail:
        return bool(_MAIL.match(line.text) or _ORIGINAL.match(line.text)) and line.span.start > current.start
    if line.span.start <= current.start:
        return False
    if words().ends.search(line.text[:_LONGEST_NOTE]):
        return True
    if _MAIL.match(line.text):
        return True
    if not is_heading(line):
        return False
    if line.role is Role.HEADING:
        return current.level == 0 or line.level <= current.level or current.level == 99
    deeper = current.number and _number(line.text).startswith(current.number + ".")
    return not deeper


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
