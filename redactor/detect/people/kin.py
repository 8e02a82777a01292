"""People told by a kin word, a naming word or brackets beside the name."""

from __future__ import annotations

from collections.abc import Sequence

from redactor.detect.people.told import Found, made
from redactor.language.lexicon import lexicon
from redactor.language.tokens import Shape, Token, could_name, name_at
from redactor.language.wordlists import words

_NAMING = frozenset(["named", "called", "aka", "nicknamed", "nee", "née", "alias", "dubbed"])


def in_brackets(tokens: Sequence[Token], index: int) -> Found:
    """'LAM Mei Yan ("May")': the name that somebody goes by."""
    around = [
        tokens[place].text if 0 <= place < len(tokens) else "" for place in (index - 2, index - 1, index + 1, index + 2)
    ]
    if around != ["(", '"', '"', ")"] or tokens[index].shape is not Shape.CAPITALISED or index < 3:
        return None
    if not could_name(tokens[index - 3]) or (
        lexicon().is_safe(tokens[index].text) and tokens[index].lower not in lexicon().forenames
    ):
        return None
    return made(tokens, index, index + 1, 0.8, "stands in brackets after a name")


def after_kin_word(tokens: Sequence[Token], index: int) -> Found:
    """'his nan Bev', 'partner, Lee Trott', 'known as Vytas', 'mum kelly-anne'."""
    known, token = lexicon(), tokens[index]
    naming = token.lower in _NAMING or (token.lower == "as" and index > 0 and tokens[index - 1].lower == "known")
    job = token.text in words("small_jobs")
    if not naming and not job and token.lower not in known.kinship:
        return None
    here = index + 1
    while here < len(tokens) and tokens[here].text in {",", ":", '"', "(", "'"} and here - index < 3:
        here += 1
    if here >= len(tokens) or tokens[here].start - tokens[here - 1].end > 1:
        return None
    word = tokens[here]
    if word.shape is Shape.LOWER:
        if known.name_weight(word.text) == 1.0 and word.lower not in known.surnames and here == index + 1:
            return made(tokens, here, here + 1, 0.7, "a kin word stands before it")
        return None
    if job and token.lower not in known.kinship:
        return None  # with a capital the name is found by itself
    end = name_at(tokens, here, words_allowed=2)
    if end == here or known.is_safe(word.text) or (known.is_word(word.text) and known.name_weight(word.text) == 0.0):
        return None
    weak = tokens[here - 1].text in {",", "("} and known.name_weight(word.text) < 1.0
    return made(tokens, here, end, 0.5 if weak else 0.75, "a kin word stands before it", weak)
