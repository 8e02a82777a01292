"""Finds words in a document's text in the way that a reviewer asks for. Pure: no store, no clock."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum

import regex
from rapidfuzz import fuzz, utils

from redactor.errors import BadArguments
from redactor.model import Span

LONGEST_TERM = 200
MOST_HITS = 2_000
_REGEX_SECONDS = 1.0  # an expression can be written, by mistake or on purpose, that never ends
_ALIKE = 82.0  # of 100: one letter in six may differ ("Tranter", "Trantor")
_WORD = re.compile(r"\S+")


class Mode(StrEnum):
    """How words are searched for."""

    WHOLE = "whole"
    EXACT = "exact"
    FUZZY = "fuzzy"
    REGEX = "regex"


def search(text: str, term: str, mode: Mode) -> tuple[Span, ...]:
    """Return where a term stands in a text, in order, never overlapping, in any case of letters.

    Raises:
        BadArguments: if an expression cannot be read, takes too long or fits too often.
    """
    term = term.strip()[:LONGEST_TERM]
    if not term:
        return ()
    found = list(_fuzzy(text, term)) if mode is Mode.FUZZY else list(_fitting(text, _expression(term, mode)))
    if len(found) > MOST_HITS:
        raise BadArguments(
            f"That stands in more than {MOST_HITS:,} places.", next_step="Search for something narrower."
        )
    return tuple(found)


def _expression(term: str, mode: Mode) -> regex.Pattern[str]:
    spaced = r"\s+".join(regex.escape(word) for word in term.split())
    written = {Mode.WHOLE: rf"(?<!\w){spaced}(?!\w)", Mode.EXACT: spaced, Mode.REGEX: term}[mode]
    try:
        return regex.compile(written, regex.IGNORECASE)
    except regex.error:
        raise BadArguments("The expression cannot be read.", next_step="Check its brackets and signs.") from None


def _fitting(text: str, expression: regex.Pattern[str]) -> Iterator[Span]:
    try:
        for match in expression.finditer(text, timeout=_REGEX_SECONDS):
            if match.end() > match.start():
                yield Span(match.start(), match.end())
    except TimeoutError:
        raise BadArguments("The expression takes too long.", next_step="Search for something simpler.") from None


def _fuzzy(text: str, term: str) -> Iterator[Span]:
    """Yield runs of as many words as the term has that read much like it."""
    wanted, width = utils.default_process(term), len(term.split())
    words = [Span(match.start(), match.end()) for match in _WORD.finditer(text)]
    taken = 0
    for first in range(len(words) - width + 1):
        span = _trimmed(text, Span(words[first].start, words[first + width - 1].end))
        if span.start < taken or not span:
            continue
        if fuzz.ratio(wanted, utils.default_process(text[span.start : span.end])) >= _ALIKE:
            taken = span.end
            yield span


def _trimmed(text: str, span: Span) -> Span:
    """Return a span without the signs around its words."""
    start, end = span.start, span.end
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return Span(start, end)
