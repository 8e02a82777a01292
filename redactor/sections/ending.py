"""What ends a restricted part: words that say so, a heading, the next mail, the end of a row or an entry."""

from __future__ import annotations

import re
from collections.abc import Sequence

from redactor.model import Audience, Role
from redactor.sections.opened import ASIDE, AWAY, HANGS_ON, LONGEST_NOTE, MAIL, NOTE_LEVEL, Open, announced_for
from redactor.sections.paragraphs import Paragraph, is_heading, readings
from redactor.sections.words import words

_LEAD = 3  # characters before the words that end a part which count for nothing
_ORIGINAL = re.compile(r"\s*-{2,}\s*(?:original|forwarded) message|\s*[_=-]{5,}\s*$", re.IGNORECASE)


def end_of(current: Open, lines: Sequence[Paragraph], number: int) -> int | None:
    """Return where in this paragraph everybody may read again; None where the part goes on."""
    line = lines[number]
    start = line.span.start
    if current.mail:
        other = MAIL.match(line.text) or _ORIGINAL.match(line.text)
        return start if other and start > max(current.start, current.heads_from) else None
    if current.paragraphs_left == 0:
        return start
    if start <= current.start:
        return None
    said = _says_so(line)
    if said is not None:
        return start + said
    ends = (
        bool(MAIL.match(line.text))
        or (current.level == NOTE_LEVEL and _note_ends(current, line))
        or (current.level in {0, NOTE_LEVEL} and any(words().signs_off.match(each) for each in readings(line.text)))
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


def _heading_ends(current: Open, line: Paragraph) -> bool:
    if line.role is Role.HEADING:
        return current.level == 0 or line.level <= current.level or current.level == NOTE_LEVEL
    deeper = current.number and line.number.startswith(current.number + ".")
    return not deeper


def _still_away(current: Open, lines: Sequence[Paragraph], number: int) -> bool:
    """Say whether the family comes back only later: what stands under further headings was said without them."""
    if current.audience is not Audience.CLOSED:
        return False
    spoken = 0
    for later in lines[number + 1 : number + AWAY]:
        if not later.text.strip() or later.role in HANGS_ON | ASIDE:
            continue
        if words().ends.search(later.text[:LONGEST_NOTE]):
            return spoken > 0
        if is_heading(later) and announced_for(later.text) is not None:
            return False
        spoken += 1
    return False


def _note_ends(current: Open, line: Paragraph) -> bool:
    """A note reaches to the end of its row, of its quoted mail, or of its entry in a log."""
    return (
        (current.row is not None and line.row != current.row)
        or line.quoted < current.quoted
        or (current.entries_left == 0 and line.stamped)
    )
