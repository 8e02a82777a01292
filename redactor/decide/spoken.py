"""Of whom the reader is shown to know: by their own words in an open part, or by an action that they own.

By the case file's names and not by what was found, so that finding one more detail can never reveal more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from redactor.decide.passages import Named
from redactor.model import Audience, Case, Document, PersonId, Reader, Section, Span

_SENTENCE_END = re.compile(r"[.!?][\"”’')\]]*\s|\n|\t")
_SPEAKS = re.compile(
    r"^,?\s+(?:(?:also|then|later|both|has|had|have|does|did|will|would|again)\s+){0,2}"
    r"(?:said|says|told|agreed?s?|accept(?:ed|s)?|describe[ds]?|report(?:ed|s)?|explain(?:ed|s)?|confirm(?:ed|s)?|admit(?:ted|s)?|"
    r"want(?:ed|s)?|ask(?:ed|s)?|promise[ds]?|deni(?:ed|es))\b",
    re.IGNORECASE,
)
_NOT = re.compile(r"\b(?:not|never|unaware|without)\b|n['’]t\b", re.IGNORECASE)


def spoken_of(document: Document, case: Case, sections: Iterable[Section], reader: Reader) -> frozenset[PersonId]:
    """Return the people of 'Ann agreed that Kurt ...', or of an action that Ann owns, where Ann reads.

    Args:
        sections: what is said in a part that was not open shows nothing of what the reader knows.
    """
    if reader.person is None:
        return frozenset()
    text = document.text
    closed = [section.span for section in sections if section.audience != Audience.OPEN]
    named = Named(case)
    known: set[PersonId] = set()
    for name, people in named.places(text):
        if {reader.person} != {person.id for person in people} or any(span.overlaps(name) for span in closed):
            continue
        for words in named.within(text, _told_by(text, name)):
            known |= {words[0].id} if len(words) == 1 else set()
    return frozenset(known - {reader.person})


def _told_by(text: str, name: Span) -> Span:
    """Return the row whose cell is the name alone, or what follows 'said' in the sentence; else nothing."""
    before = text[text.rfind("\n", 0, name.start) + 1 : name.start]
    line_end = text.find("\n", name.end)
    after = text[name.end : len(text) if line_end < 0 else line_end]
    row = "\t" in before or "\t" in after
    if row and not before.rpartition("\t")[2].strip() and not after.partition("\t")[0].strip():
        return Span(name.start - len(before), name.end + len(after))
    end = _SENTENCE_END.search(after)
    sentence = after[: end.start()] if end else after
    speaks = _SPEAKS.match(sentence) and not _NOT.search(sentence)
    return Span(name.end, name.end + len(sentence) if speaks else name.end)
