"""People told by the order and the writing of the words: 'SURNAME, Forename', initials before a surname."""

from __future__ import annotations

from collections.abc import Sequence

from redactor.detect.people.told import Found, joined, made, surname_like
from redactor.language.lexicon import lexicon
from redactor.language.tokens import Shape, Token, could_name, is_stop, name_at


def surname_first(tokens: Sequence[Token], index: int) -> Found:
    """'TROTT, Lee Michael', 'NGUYEN Van Duc', 'Philippa GUY'."""
    token = tokens[index]
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    if after is None or not could_name(token) or is_stop(token):
        return None
    if token.shape is Shape.CAPITALS and surname_like(token):
        return _capitals_and_comma(tokens, index) or _capitals_first(tokens, index)
    if token.shape is not Shape.CAPITALISED or lexicon().is_safe(token.text):
        return None
    if after.shape is not Shape.CAPITALS or not surname_like(after) or not joined(token, after):
        return None
    words = lexicon().is_word(token.text) or lexicon().is_word(after.text)
    end = name_at(tokens, index, words_allowed=3)
    if end < index + 2 or (words and lexicon().name_weight(token.text) == 0.0):
        return None
    return made(tokens, index, end, 0.85, "written with the surname in capitals")


def _capitals_and_comma(tokens: Sequence[Token], index: int) -> Found:
    if index + 2 >= len(tokens) or tokens[index + 1].text != ",":
        return None
    given = tokens[index + 2]
    if given.shape is not Shape.CAPITALISED or is_stop(given) or lexicon().is_safe(given.text):
        return None
    end = name_at(tokens, index + 2, words_allowed=2, longest=3)
    return made(tokens, index, end, 0.9, "written surname first") if end > index + 2 else None


def _capitals_first(tokens: Sequence[Token], index: int) -> Found:
    token, after = tokens[index], tokens[index + 1]
    if after.shape is not Shape.CAPITALISED or not joined(token, after) or is_stop(after):
        return None
    if lexicon().is_safe(after.text) or (lexicon().is_word(token.text) and lexicon().name_weight(after.text) < 1.0):
        return None
    end = name_at(tokens, index, words_allowed=2)
    return made(tokens, index, end, 0.8, "written surname first") if end > index else None


def initialled(tokens: Sequence[Token], index: int) -> Found:
    """'S. Rai', 'K Lamb', 'F M Cheung'."""
    token = tokens[index]
    if token.shape is not Shape.INITIAL or (
        token.text in {"I", "A"} and (index + 1 >= len(tokens) or tokens[index + 1].text != ".")
    ):
        return None
    end = name_at(tokens, index, words_allowed=2)
    words = [each for each in tokens[index:end] if len(each.text) > 1]
    if not words or end - index < 2 or not all(surname_like(each) for each in words):
        return None
    if token.text.endswith("s") or (lexicon().is_word(words[0].text) and tokens[index + 1].text != "."):
        return None
    doubtful = all(lexicon().is_word(each.text) and not lexicon().name_weight(each.text) for each in words)
    return made(tokens, index, end, 0.75, "an initial stands before a surname", weak=doubtful)
