"""A restricted part that has begun, and what its words say: for whom it is and who asked."""

from __future__ import annotations

import re
from dataclasses import dataclass

from redactor.model import Audience, Case, PersonId, Role, Section, Span
from redactor.sections.paragraphs import readings
from redactor.sections.words import audience_of, words

ASIDE = frozenset({Role.HEADER, Role.FOOTER, Role.METADATA, Role.ALT_TEXT, Role.ANNOTATION, Role.ATTACHMENT})
HANGS_ON = frozenset(
    {Role.COMMENT, Role.FOOTNOTE, Role.ENDNOTE}
)  # belongs to the paragraph before it, opens and ends nothing
NOTE_LEVEL = 99  # deeper than any heading
MARKS = " \t>*•–—-#!_=~"  # what may stand around a note
LONGEST_NOTE = 420  # characters of a bracketed note
REMARK = 100  # characters that may follow a note in its paragraph without being what it is about
AWAY = 40  # paragraphs within which a family that left comes back
MAIL = re.compile(r"\s*[>*]*\s*(?:From|Oddi wrth):\s", re.IGNORECASE)
_ASKED_BY = re.compile(
    r"(?P<who>[\w' ]{3,30}?)\s+(?:has |have )?(?:ask(?:s|ed)?|request(?:s|ed)?|want(?:s|ed)?)\b|(?:at|on) (?:the )?request of (?:the )?(?P<by>[\w' ]{3,40})|(?:withheld|requested) by (?:the )?(?P<other>[\w' ]{3,40})",
    re.IGNORECASE,
)
_FROM_WHOM = re.compile(r"\b(?:from|with|to)\s+(?P<whom>[^.\]\n]{3,80})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Open:
    """A restricted part that has begun: how it began says where it ends.

    Args:
        level: of the heading that opened it; ``NOTE_LEVEL`` where a note did, which any heading ends.
        number: of the numbered heading that opened it.
        mail: True where it is a whole mail: its subject, its first words or a note right before it say so.
        heads_from: where the heading lines of that mail begin.
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
    heads_from: int = 0


def announced_for(said: str) -> Audience | None:
    """Return the audience that the words announce, also through slips of scanning."""
    return next((audience for each in readings(said) if (audience := audience_of(each)) is not None), None)


def closed_at(current: Open, end: int, case: Case) -> Section:
    """Return the part that ends at this offset."""
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
