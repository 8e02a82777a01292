"""What opens a restricted part: a heading, a note, a style, a mail, a family that leaves the room."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from redactor.language.marked import styles
from redactor.model import Audience, Role
from redactor.sections.opened import AWAY, LONGEST_NOTE, MAIL, MARKS, NOTE_LEVEL, REMARK, Open, announced_for
from redactor.sections.paragraphs import Paragraph, is_heading, readings
from redactor.sections.words import audience_of, words

_SHORT_NOTE = 250  # characters of a paragraph that can be a note and nothing else
_SHORTEST_STORY = 130  # characters up to which a paragraph that restricts something is a note about the text
_ANNOUNCING = 3  # sentences of such a paragraph that are looked at
_BANNER = 3  # lines at the head of a document in which 'Restricted:' marks the whole of it
_TIME = re.compile(
    r"^[\[(]?(?:at )?(?:\d{1,2}[:.]\d\d ?(?:hrs|am|pm)?|at (?:this|that) point|\d{1,2}[./-]\d{1,2}[./-]\d{2,4})[\s:;,–—-]*",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"\s*(?:[*_>]{0,3}\s*)(?:\[(?P<square>[^\]]{5,420})\]?|\((?P<round>[^)]{5,420})\)|(?P<capitals>[A-Z][A-Z ,'/&–-]{7,80}(?=[:.–\n-]|$)))"
)
_MAIL_HEAD = re.compile(
    r"[\s>*]*(?:from|sent|date|to|cc|bcc|subj(?:ect)?|oddi wrth|at|dyddiad|pwnc|attachments?|importance):",
    re.IGNORECASE,
)
_LONGEST_HEAD = 12  # lines of a mail's head
_STYLES = re.compile(r"closed|withheld|privileged|restricted", re.IGNORECASE)


def opens(lines: list[Paragraph], number: int, title: int) -> Open | None:
    """Say whether a heading, a bracketed note, a style or a mail's subject opens a restricted part here."""
    line = lines[number]
    if line.style and _STYLES.search(line.style) and line.role is not Role.HEADING:
        own = styles().audiences.get(line.style.casefold())
        by_style = own or audience_of(line.style + " session only") or Audience.WITHHELD
        return Open(line.span.start, by_style, "its style says so", line.style, paragraphs_left=0)
    if MAIL.match(line.text):
        header = " ".join(
            each.text for each in lines[number : number + 7] if not each.text.strip() or ":" in each.text[:12]
        )
        subject = re.search(r"Subject:(?P<words>.*)", header, re.IGNORECASE)
        audience = audience_of(subject.group("words")) if subject else None
        if audience is not None:
            return Open(line.span.start, audience, "the subject line of the mail says so", header, mail=True)
        first = _first_words(lines, number)
        if first is not None:
            return replace(first, start=line.span.start, mail=True, heads_from=line.span.start, paragraphs_left=None)
        return None
    if is_heading(line):
        audience = announced_for(line.text)
        if audience is None and number > title + _BANNER:
            audience = words().heading_alone(line.text)
        if number == title and audience is Audience.STRATEGY:
            return None  # a record that is all strategy is judged as a whole, not dropped as a part
        if audience is None or words().ends.search(line.text):
            return None
        return Open(line.span.start, audience, "the heading says so", line.text, line.level, line.number)
    return _whole_mail(_noted(line) or _said(line), lines, number) or _leaves(lines, number)


def _first_words(lines: Sequence[Paragraph], number: int) -> Open | None:
    """Return what the first paragraph under a mail's head announces by itself."""
    for line in lines[number : number + _LONGEST_HEAD]:
        if not line.text.strip() or _MAIL_HEAD.match(line.text):
            continue
        if is_heading(line):
            audience = announced_for(line.text)
            return Open(line.span.start, audience, "the mail's first words say so", line.text) if audience else None
        opened = _noted(line) or _said(line)
        return opened if opened is not None and len(line.text) <= _SHORT_NOTE else None
    return None


def _whole_mail(opened: Open | None, lines: Sequence[Paragraph], number: int) -> Open | None:
    """A note that stands right before the head of a mail is about that mail."""
    if opened is None or opened.paragraphs_left == 0:
        return opened
    following = next((line for line in lines[number + 1 : number + _ANNOUNCING] if line.text.strip()), None)
    if following is None or not MAIL.match(following.text):
        return opened
    return replace(opened, mail=True, heads_from=following.span.start, paragraphs_left=None)


def _noted(line: Paragraph) -> Open | None:
    """'[Withheld at the request of the police: ...]' at the beginning of a paragraph."""
    note = _NOTE.match(line.text)
    if note is None:
        return None
    said = note.group("square") or note.group("round") or note.group("capitals")
    audience = announced_for(said)
    if audience is None or words().ends.search(said):
        return None
    if note.group("capitals") and audience is Audience.WITHHELD and len(line.text) > LONGEST_NOTE * 4:
        return None
    alone = len(line.text.strip()) <= len(note.group().strip()) + 3
    return _by_note(line, audience, "a bracketed note says so", said, alone=alone)


def _said(line: Paragraph) -> Open | None:
    """'*** Not to be shared with family ***', 'Please treat what follows as restricted': a paragraph that says so itself."""
    text = line.text.strip(MARKS)
    sentences = re.split(r"(?<=[.!?]) ", text[:LONGEST_NOTE])
    first = " ".join(sentences[:_ANNOUNCING]) if len(text) <= _SHORT_NOTE else sentences[0]
    by_itself = _is_note(line, text, sentences)
    if by_itself is not None:
        return by_itself
    opened = next((each for each in readings(first) if any(map(words().announced, _openings(each)))), None)
    if opened is None or words().ends.search(opened):
        return None
    audience = audience_of(opened) or Audience.WITHHELD
    return _by_note(line, audience, "a note says so", first, alone=len(text) <= len(first) + REMARK)


def _is_note(line: Paragraph, text: str, sentences: Sequence[str]) -> Open | None:
    """'(not for father)', 'Redact before disclosure:', and a paragraph whose first sentences claim legal privilege."""
    if line.row is not None and not line.alone:
        return None  # a cell among others says something of its row
    start = " ".join(sentences[:_ANNOUNCING])
    if words().privilege.search(start) and not words().negated.search(start):
        alone = len(text) <= len(sentences[0]) + REMARK and len(text) <= _SHORT_NOTE
        return _by_note(line, Audience.PRIVILEGED, "a note says so", start, alone=alone, here_only=not alone)
    if len(text) > _SHORTEST_STORY or words().ends.search(text):
        return None
    audience = announced_for(text)
    if audience is None or audience in {Audience.STRATEGY, Audience.OTHER_FAMILY}:
        return None
    meaning = words().meaning
    if meaning["whole"].search(text) and not meaning["remainder"].search(text):
        return None  # what is said of all the minutes marks no part of them
    itself = meaning["itself"].search(text) is not None
    if words().tells.search(text):
        leads_in = audience is Audience.CLOSED and (itself or text.endswith(":"))
        if not (leads_in or meaning["here"].search(text)):
            return None
    elif not itself and not any(map(words().by_phrase, readings(text))):
        return None
    return _by_note(line, audience, "a note says so", text, alone=True)


def _openings(text: str) -> Iterator[str]:
    """Yield what stands at the beginning of each sentence, without the time or the date before it."""
    for sentence in re.split(r"(?<=[.!?:;]) ", text):
        yield _TIME.sub("", sentence.strip(MARKS))


def _leaves(lines: Sequence[Paragraph], number: int) -> Open | None:
    """'The parents left the meeting.', standing alone, where they come back later."""
    line = lines[number]
    text = _TIME.sub("", line.text.strip(MARKS))
    if len(text) > _SHORT_NOTE // 2 or not words().leaves.match(text) or is_heading(line):
        return None
    for later in lines[number + 1 : number + AWAY]:
        if words().ends.search(later.text[:LONGEST_NOTE]):
            return Open(line.span.start, Audience.CLOSED, "the family left here and came back later", text, NOTE_LEVEL)
        if later.role is Role.HEADING:
            return None
    return None


def _by_note(line: Paragraph, audience: Audience, why: str, said: str, *, alone: bool, here_only: bool = False) -> Open:
    """Open a part by a note; in a table it reaches over its row, unless the row is nothing but the note."""
    reach: int | None = 0 if here_only else None
    if words().only_here.search(said):
        reach = 1 if alone else 0
    elif words().next_only.search(said):
        reach = 1
    row = None if line.alone else line.row
    return Open(line.span.start, audience, why, said, NOTE_LEVEL, "", False, reach, line.quoted, row)
