"""What stands in a name's place must read on: no title left before a role, no second article."""

from __future__ import annotations

import re
from functools import cache

from redactor.language.lexicon import lexicon
from redactor.model import Span

_REACH = 16  # characters before a name in which its title may stand
_ARTICLE = re.compile(r"\b(?:the|an?|his|her|their|our|its|your|my)\s+$", re.IGNORECASE)
_SAID_TWICE = re.compile(r"^\[(?:an?|the) ")


@cache
def _title() -> re.Pattern[str]:
    words = "|".join(map(re.escape, sorted(lexicon().titles, key=len, reverse=True)))
    return re.compile(rf"\b(?i:{words})\.?[ \u00a0]$")


def with_title(text: str, span: Span) -> Span:
    """Take in the title before a name: 'Dr [a GP]' says it twice, and 'Mr [Child A]' tells the sex."""
    title = _title().search(text, max(0, span.start - _REACH), span.start)
    return Span(title.start(), span.end) if title is not None and title[0][0].isupper() else span


def after_article(text: str, start: int, words: str) -> str:
    """Return what stands in for a detail without its own article where one stands before it: 'the [place]'."""
    if _SAID_TWICE.match(words) and _ARTICLE.search(text, max(0, start - _REACH), start):
        return _SAID_TWICE.sub("[", words)
    return words
