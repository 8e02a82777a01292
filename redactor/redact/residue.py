"""A first, cheap look at operated pages: is a removed string still there, or is much gone that should have stayed?

The proof proper is made by the verifier with other code; this one only decides whether a page must go as a picture.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate

import pypdfium2 as pdfium

from redactor.model import Action, Document, OnPage, Plan, Role, Span

Phrase = tuple[str, ...]

_WORD = re.compile(r"[^\W_]+")
_SHORTEST = 2  # letters of a removed string that is looked for
_LOST_SHARE = 0.02
_LOST_LETTERS = 4


@dataclass(slots=True)
class Expected:
    """What a page should say: the text that stays with its tokens, and the strings that went."""

    kept: list[str] = field(default_factory=list)
    removed: set[str] = field(default_factory=set)
    tokens: list[str] = field(default_factory=list)


def expectations(document: Document, plan: Plan) -> dict[int, Expected]:
    """Return what each page should say after the plan was applied."""
    spans = [(d.span, d.replacement) for d in plan.decisions if d.action > Action.KEEP]
    spans += [(s.span, s.placeholder) for s in plan.sections if s.action > Action.KEEP]
    spans.sort(key=lambda pair: pair[0].start)
    found: dict[int, Expected] = {}
    at = 0
    for piece in document.pieces:
        if not isinstance(piece.at, OnPage):
            continue
        while at < len(spans) and spans[at][0].end <= piece.span.start:
            at += 1
        page = found.setdefault(piece.at.page, Expected())
        hits = [pair for pair in _from(spans, at, piece.span) if pair[0].overlaps(piece.span)]
        if not hits:
            if piece.role is not Role.HIDDEN:
                page.kept.append(document.text[piece.span.start : piece.span.end])
            continue
        _split(document.text, piece.span, hits, page)
    return found


def _from(spans: list[tuple[Span, str]], at: int, span: Span) -> Iterable[tuple[Span, str]]:
    for pair in spans[max(0, at - 1) :]:
        if pair[0].start >= span.end:
            return
        yield pair


def _split(text: str, span: Span, hits: list[tuple[Span, str]], page: Expected) -> None:
    gone = [False] * len(span)
    for hit, token in hits:
        first, last = max(hit.start, span.start), min(hit.end, span.end)
        gone[first - span.start : last - span.start] = [True] * (last - first)
        page.tokens.append(token)
        part = squeezed(text[first:last])
        if len(part) >= _SHORTEST:
            page.removed.add(part)
    page.kept.append("".join(text[span.start + i] for i, lost in enumerate(gone) if not lost))


def squeezed(text: str) -> str:
    """Return the letters and digits of a text, folded."""
    return "".join(c for c in text.casefold() if c.isalnum())


def folded_words(text: str) -> list[str]:
    """Return the words of a text, each as its folded letters and digits."""
    return [squeezed(word) for word in _WORD.findall(text)]


def unwanted(document: Document, plan: Plan) -> frozenset[Phrase]:
    """Return the removed strings, and the words of them, that stand in nothing that stays and in no token."""
    pages = expectations(document, plan).values()
    stay = [word for page in pages for text in (*page.kept, *page.tokens) for word in folded_words(text)]
    vocabulary, text = set(stay), f" {' '.join(stay)} "
    gone = [
        tuple(folded_words(document.text[decision.span.start : decision.span.end]))
        for decision in plan.decisions
        if decision.action > Action.KEEP
    ]
    words = {(word,) for phrase in gone for word in phrase if word not in vocabulary and len(word) >= _SHORTEST}
    runs = {phrase for phrase in gone if len(phrase) > 1 and f" {' '.join(phrase)} " not in text}
    return frozenset(words | runs)


class _Letters:
    """A text without what stands between its letters, that still knows where its words begin and end."""

    def __init__(self, text: str) -> None:
        words = folded_words(text)
        self.text = "".join(words)
        self._edges = set(accumulate(map(len, words), initial=0))

    def count(self, string: str) -> int:
        """Return how often a string stands there from the beginning of a word to the end of one."""
        found, at = 0, self.text.find(string)
        while at >= 0:
            found += at in self._edges and at + len(string) in self._edges
            at = self.text.find(string, at + 1)
        return found


def is_sound(page: pdfium.PdfPage, expected: Expected) -> bool:
    """Say whether a page says what it should, as far as PDFium reads it."""
    text = page.get_textpage()
    try:
        read = _Letters(text.get_text_range())
    finally:
        text.close()
    allowed = [_Letters("\n".join(part)) for part in (expected.kept, sorted(set(expected.tokens)), expected.tokens)]
    for string in expected.removed:
        if read.count(string) > sum(part.count(string) for part in allowed):
            return False
    wanted = Counter(squeezed("".join(expected.kept)))
    lost = sum((wanted - Counter(read.text)).values())
    return lost <= _LOST_LETTERS + _LOST_SHARE * sum(wanted.values())
