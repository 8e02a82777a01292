"""Defends 'a copy that reads on': titles and articles around what stands in a name's place."""

import pytest

from redactor.decide.grammar import after_article, with_title
from redactor.model import Span


@pytest.mark.parametrize(
    ("text", "name", "taken"),
    [
        ("Seen by Dr Stone today", "Stone", "Dr Stone"),
        ("Mrs. Vale came", "Vale", "Mrs. Vale"),
        ("PC Muir rang", "Muir", "PC Muir"),
        ("the dr Stone", "Stone", "Stone"),
        ("Stone came", "Stone", "Stone"),
        ("Role\tMr\nStone", "Stone", "Stone"),
        ("Camr Stone", "Stone", "Stone"),
    ],
)
def test_the_title_goes_with_the_name(text: str, name: str, taken: str) -> None:
    start = text.index(name)
    span = with_title(text, Span(start, start + len(name)))
    assert text[span.start : span.end] == taken


@pytest.mark.parametrize(
    ("before", "words", "reads"),
    [
        ("at the ", "[a primary school]", "[primary school]"),
        ("in her ", "[an area]", "[area]"),
        ("a ", "[the chair]", "[chair]"),
        ("at ", "[a primary school]", "[a primary school]"),
        ("the ", "[Child A]", "[Child A]"),
        ("the\n", "", ""),
    ],
)
def test_no_article_is_said_twice(before: str, words: str, reads: str) -> None:
    assert after_article(before, len(before), words) == reads
