"""What every rule about people uses: the candidate that it makes, and how words stand beside one another."""

from __future__ import annotations

from collections.abc import Sequence

from redactor.detect.candidate import Candidate
from redactor.language.lexicon import lexicon
from redactor.language.tokens import Shape, Token, could_name, is_stop
from redactor.language.wordlists import words
from redactor.model import Label

Found = tuple[Candidate, int] | None

_BESIDE = 4  # words on either side that tell whether a line is all in capitals
_SHOUTED = 3  # of them at least


def made(tokens: Sequence[Token], start: int, end: int, score: float, why: str, weak: bool = False) -> Found:
    """Return the candidate for these words and the index after them; none where a body's name goes on."""
    last = tokens[end - 1]
    if end < len(tokens) and tokens[end].lower in words("organisation") and could_name(tokens[end]) and weak:
        return None
    return Candidate(tokens[start].start, last.bare_end, Label.PERSON, score, "rules", why, weak), end


def plain_capital(token: Token) -> bool:
    """Say whether a word has a capital and is neither a small word nor a kin word."""
    return (
        token.shape in {Shape.CAPITALISED, Shape.CAPITALS}
        and not is_stop(token)
        and token.lower not in lexicon().kinship
    )


def surname_like(token: Token) -> bool:
    """Say whether a word could be a surname: no abbreviation, and no word of office."""
    known = lexicon()
    return (
        len(token.text) >= 2
        and token.lower not in known.abbreviations
        and not known.is_safe(token.text)
        and not is_stop(token)
    )


def joined(before: Token, after: Token) -> bool:
    """Say whether two words stand side by side."""
    return 0 < after.start - before.end <= 2


def shouted(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Say whether the words around these are all in capitals, so that capitals tell nothing here."""
    around = [*tokens[max(0, start - _BESIDE) : start], *tokens[end : end + _BESIDE]]
    words = [each for each in around if each.shape is not Shape.MARK and each.shape is not Shape.NUMBER]
    return len(words) >= _SHOUTED and all(each.shape is Shape.CAPITALS or each.shape is Shape.INITIAL for each in words)
