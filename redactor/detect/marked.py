"""Names in our own templates: what stands in a name's style is one, whatever it looks like."""

from __future__ import annotations

from collections.abc import Iterator

from redactor.detect.candidate import Candidate
from redactor.language.marked import styles
from redactor.language.reading import Reading
from redactor.model import Label, Span

_WHY = "our own template says that a name stands here"


def marked(reading: Reading) -> Iterator[Candidate]:
    """Yield the names in paragraphs of a name's style."""
    text = reading.document.text
    for piece in reading.document.pieces:
        words = text[piece.span.start : piece.span.end].strip()
        if piece.style.casefold() in styles().people and any(character.isalpha() for character in words):
            start = text.index(words, piece.span.start)
            yield Candidate(*reading.forth(Span(start, start + len(words))), Label.PERSON, 1.0, "template", _WHY)
