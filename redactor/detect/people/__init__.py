"""People told by the words around them, or by their names themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from redactor.detect.candidate import Candidate
from redactor.detect.people.kin import after_kin_word, in_brackets
from redactor.detect.people.known import as_subject, known_name, lower_case, unknown_word
from redactor.detect.people.order import initialled, surname_first
from redactor.detect.people.titles import after_small_title, after_title, before_role
from redactor.language.tokens import Shape, Token

__all__ = ["people"]


def people(tokens: Sequence[Token]) -> Iterator[Candidate]:
    """Yield everything that the words around it, or the name itself, show to be a person."""
    index = 0
    while index < len(tokens):
        token = tokens[index]
        found = None
        if token.shape is Shape.LOWER:
            found = (
                after_small_title(tokens, index)
                or after_kin_word(tokens, index)
                or lower_case(tokens, index)
                or as_subject(tokens, index)
            )
        elif token.shape is not Shape.MARK and token.shape is not Shape.NUMBER:
            found = (
                after_title(tokens, index)
                or before_role(tokens, index)
                or in_brackets(tokens, index)
                or surname_first(tokens, index)
                or after_kin_word(tokens, index)
                or known_name(tokens, index)
                or as_subject(tokens, index)
                or initialled(tokens, index)
                or unknown_word(tokens, index)
            )
        if found is None:
            index += 1
            continue
        candidate, end = found
        yield candidate
        index = index + 1 if candidate.weak else end  # what follows a weak start may be a name of its own
