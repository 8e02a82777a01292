"""People told by a title before the name or a job after it."""

from __future__ import annotations

from collections.abc import Sequence

from redactor.detect.people.told import Found, joined, made, plain_capital, shouted
from redactor.language.lexicon import RANKS, lexicon
from redactor.language.tokens import Shape, Token, could_name, is_stop, name_at
from redactor.language.wordlists import words

_SMALL_TITLES = frozenset(["mr", "mrs", "ms", "dr"])
_ARTICLES = frozenset(["the", "a", "an", "his", "her", "their", "our", "my", "any", "another", "this", "that"])


def after_title(tokens: Sequence[Token], index: int) -> Found:
    """'Mrs Banks', 'PC 3391 Stokes', 'Mr and Mrs Frost', 'Uncle Pat', 'DC May'."""
    known, token = lexicon(), tokens[index]
    is_kin = token.lower in known.kinship_titles
    if not could_name(token) or not (token.lower in known.titles or is_kin):
        return None
    if token.lower in RANKS and token.shape is not Shape.CAPITALS:
        return None
    here = index + 1
    while here < len(tokens) and (tokens[here].text == "." or tokens[here].shape is Shape.NUMBER):
        here += 1
    following = tokens[here + 1] if here + 1 < len(tokens) else None
    if (
        here < len(tokens)
        and tokens[here].lower in known.titles
        and could_name(tokens[here])
        and (following is None or could_name(following) or following.text == ".")
    ):
        return None  # 'Her Honour Judge', 'Det Sgt': the last title decides
    if here >= len(tokens) or not could_name(tokens[here]) or tokens[here].start - tokens[here - 1].end > 2:
        return None
    wordy = token.lower in words("wordy_titles") or is_kin
    end = _titled_name(tokens, index, here, wordy=wordy)
    if end == here:
        return None
    if end == here + 1 and not wordy and _wordy_surname(tokens, end):
        end += 1
    if wordy and end < len(tokens) and tokens[end].lower in words("organisation") and could_name(tokens[end]):
        return None
    return made(tokens, here, end, 0.8 if wordy else 0.95, "a title stands before it")


def _titled_name(tokens: Sequence[Token], index: int, here: int, *, wordy: bool) -> int:
    """Return the index after the name that follows a title; where all is in capitals ordinary words end it."""
    loud = tokens[here].shape is Shape.CAPITALS and shouted(tokens, index, here + 1)
    end = name_at(tokens, here, words_allowed=0 if wordy else 2)
    if loud:
        known = lexicon()
        end = next(
            (
                place
                for place in range(here + 1, end)
                if known.is_word(tokens[place].text) and not known.name_weight(tokens[place].text)
            ),
            end,
        )
    if end == here and not wordy and (plain_capital(tokens[here]) or _small_word_as_name(tokens, index, here)):
        end = here + 1
    return end


def _small_word_as_name(tokens: Sequence[Token], index: int, here: int) -> bool:
    """'PC MAY', 'Mr Will': a small word with a capital, which is also a name, right after a title that no article precedes."""
    before = tokens[index - 1].lower if index else ""
    return is_stop(tokens[here]) and lexicon().name_weight(tokens[here].text) > 0 and before not in _ARTICLES


def after_small_title(tokens: Sequence[Token], index: int) -> Found:
    """'mr bull', 'mrs p': written small, after a title that is no other word."""
    if tokens[index].text not in _SMALL_TITLES:
        return None
    here = index + 1 + (index + 1 < len(tokens) and tokens[index + 1].text == ".")
    if here >= len(tokens) or not 0 < tokens[here].start - tokens[here - 1].end <= 1:
        return None
    word = tokens[here]
    if word.shape is not Shape.LOWER or is_stop(word) or word.lower in lexicon().titles:
        return None
    return made(tokens, here, here + 1, 0.75, "a title stands before it")


def before_role(tokens: Sequence[Token], index: int) -> Found:
    """'Jit (FSW)', 'Ffion Rees (health visitor)': a name with the job in brackets after it."""
    token = tokens[index]
    if token.shape is not Shape.CAPITALISED or is_stop(token) or lexicon().is_safe(token.text):
        return None
    end = max(index + 1, name_at(tokens, index, words_allowed=2))
    if end >= len(tokens) or tokens[end].text != "(":
        return None
    close = next((place for place in range(end + 1, min(end + 6, len(tokens))) if tokens[place].text == ")"), None)
    if close is None:
        return None
    role = " ".join(each.lower for each in tokens[end + 1 : close])
    if role not in lexicon().roles or _is_role(tokens[index:end]):
        return None
    return made(tokens, index, end, 0.8, "a job stands in brackets after it")


def _is_role(tokens: Sequence[Token]) -> bool:
    return " ".join(token.lower for token in tokens) in lexicon().roles or tokens[-1].lower in words("organisation")


def _wordy_surname(tokens: Sequence[Token], index: int) -> bool:
    """'DS Ngozi Law': after a title and a given name one more word with a capital is the surname, whatever else it means."""
    if index >= len(tokens) or tokens[index - 1].lower not in lexicon().forenames:
        return False
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    return (
        tokens[index].shape is Shape.CAPITALISED
        and joined(tokens[index - 1], tokens[index])
        and not is_stop(tokens[index])
        and tokens[index].lower not in lexicon().kinship
        and (after is None or not could_name(after))
    )
