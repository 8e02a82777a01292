"""People told by the name itself: a known one, one in small letters, a word that no dictionary holds."""

from __future__ import annotations

from collections.abc import Sequence

from redactor.detect.people.told import Found, joined, made, shouted
from redactor.language.lexicon import lexicon
from redactor.language.tokens import Shape, Token, could_name, is_stop, name_at, starts_sentence
from redactor.language.wordlists import words

_PREFIXES = frozenset(
    ["co", "de", "ex", "non", "pre", "post", "sub", "multi", "inter", "intra", "familial", "anti", "mid"]
)
_COMMON_LOWER = 400  # births from which a name in lower case is taken for one without other evidence


def known_name(tokens: Sequence[Token], index: int) -> Found:
    """A given name, alone or with what follows it."""
    known, token = lexicon(), tokens[index]
    if (token.shape is not Shape.CAPITALISED and token.shape is not Shape.CAPITALS) or is_stop(token):
        return None
    weight = known.name_weight(token.text)
    if weight == 0.0 or known.is_safe(token.text) or token.lower in known.calendar:
        return None
    if token.shape is Shape.CAPITALS and (token.lower in known.abbreviations or (len(token.text) < 4 and weight < 1.0)):
        return None
    end = max(index + 1, name_at(tokens, index, words_allowed=1 if weight == 1.0 else 2))
    if weight < 1.0 and token.shape is Shape.CAPITALS and shouted(tokens, index, end):
        return made(tokens, index, end, 0.6, "a known name", weak=True)
    if weight == 1.0:
        alone = end == index + 1
        frequent = known.forenames.get(token.lower, 0) >= 100
        score = 0.85 if not alone else 0.75 if frequent else 0.55
        return made(tokens, index, end, score, "a known name", weak=alone and not frequent)
    if end >= index + 2 and _unword(tokens[index + 1 : end]):
        return made(tokens, index, end, 0.75, "a known name", weak=starts_sentence(tokens, index))
    if starts_sentence(tokens, index) or token.shape is Shape.CAPITALS or known.forenames.get(token.lower, 0) < 100:
        return None
    if tokens[index - 1].lower in {"the", "a", "an", "this", "that", "of", "each", "every", "to"} or _in_heading(
        tokens, index
    ):
        return None
    return made(tokens, index, end, 0.5, "a name that is also a word, with a capital inside a sentence", weak=True)


def _unword(tokens: Sequence[Token]) -> bool:
    """Say whether at least one of the words is no ordinary word."""
    return any(
        token.shape is not Shape.MARK and len(token.text) > 1 and not lexicon().is_word(token.text) for token in tokens
    )


def _in_heading(tokens: Sequence[Token], index: int) -> bool:
    """Say whether the words beside it are capitalised as well, as in a heading."""
    beside = [tokens[place] for place in (index - 1, index + 1) if 0 <= place < len(tokens)]
    return any(could_name(token) and lexicon().is_word(token.text) and not is_stop(token) for token in beside)


def lower_case(tokens: Sequence[Token], index: int) -> Found:
    """'priya said', 'raj patel': a frequent name that is no word, written small."""
    known, token = lexicon(), tokens[index]
    if token.shape is not Shape.LOWER or len(token.text) < 3 or known.is_word(token.text) or known.is_safe(token.text):
        return None
    births = known.forenames.get(token.lower, 0)
    if births < _COMMON_LOWER:
        return None
    end = index + 1
    if end < len(tokens) and tokens[end].shape is Shape.LOWER and joined(token, tokens[end]):
        after = tokens[end].lower
        if (
            len(after) > 2
            and (after in known.surnames or not known.is_word(after))
            and not known.is_safe(after)
            and after not in known.titles
        ):
            end += 1
    return made(tokens, index, end, 0.6, "a known name in small letters", weak=births < 2000)


def as_subject(tokens: Sequence[Token], index: int) -> Found:
    """'will is the head', 'May said', "will's office": a modal verb never stands before a finite verb, a name does."""
    token = tokens[index]
    if token.lower not in words("modal") or index + 1 >= len(tokens) or token.shape is Shape.CAPITALS:
        return None
    before = tokens[index - 1].lower if index else ""
    if before in words("no_subject") or not (token.text.endswith("'s") or tokens[index + 1].lower in words("finite")):
        return None
    return made(tokens, index, index + 1, 0.7, "does what a person does")


def _compound(word: str) -> bool:
    """Say whether a word is made of ordinary words that name nobody: 'Extra-Familial', 'Co-Chair'."""
    halves = word.split("-")
    known = lexicon()
    return len(halves) > 1 and all(
        (known.is_word(half) or known.is_safe(half) or half.lower() in _PREFIXES) and not known.name_weight(half)
        for half in halves
    )


def unknown_word(tokens: Sequence[Token], index: int) -> Found:
    """A capitalised word inside a sentence that is in no dictionary."""
    known, token = lexicon(), tokens[index]
    if token.shape is not Shape.CAPITALISED or len(token.text) < 3 or is_stop(token):
        return None
    if known.is_word(token.text) or known.is_safe(token.text) or token.text.removesuffix("'s") in known.places:
        return None
    if known.is_county(token.text) or _compound(token.text):
        return None
    if starts_sentence(tokens, index) and index + 1 < len(tokens) and not could_name(tokens[index + 1]):
        return None
    end = max(index + 1, name_at(tokens, index, words_allowed=1))
    return made(tokens, index, end, 0.45, "a capitalised word that is in no dictionary", weak=True)
