"""The second pass: every part, initial, short form and slip of every known or found name, wherever it stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from rapidfuzz.distance import DamerauLevenshtein

from redactor.detect.candidate import Candidate
from redactor.detect.known_names import Names, fold
from redactor.language.lexicon import lexicon
from redactor.language.tokens import Shape, Token, could_name, is_stop, starts_sentence
from redactor.model import Label

_CELTIC_INITIALS = re.compile(r"[A-Z](?:Mac|Mc|O')[A-Z]")
_DOTTED = 3  # characters from one of two dotted initials to the other
_SHORTEST_FUZZY = 5  # letters from which one slip of spelling is allowed
_TWO_SLIPS = 9  # letters from which two are
_SAYING = frozenset(
    [
        "said",
        "says",
        "asked",
        "asks",
        "told",
        "tells",
        "reported",
        "reports",
        "agreed",
        "agrees",
        "advised",
        "explained",
        "shared",
        "stated",
        "states",
        "confirmed",
        "noted",
        "raised",
        "felt",
        "feels",
        "thanked",
        "disclosed",
        "added",
        "went",
        "goes",
        "came",
        "comes",
        "lives",
        "lived",
        "was",
        "is",
        "has",
        "had",
        "wants",
        "wanted",
        "did",
        "does",
        "attended",
        "stayed",
        "spoke",
        "rang",
        "called",
        "texted",
        "saw",
        "thinks",
        "thought",
        "knows",
        "knew",
        "got",
        "gets",
        "visited",
        "met",
        "left",
        "moved",
        "started",
        "stopped",
        "who",
        "and",
        "to",
        "will",
        "can",
        "summarised",
    ]
)
_DATING = frozenset(
    [
        "in",
        "on",
        "of",
        "since",
        "until",
        "till",
        "from",
        "by",
        "during",
        "early",
        "late",
        "mid",
        "last",
        "next",
        "this",
        "before",
        "after",
        "the",
        "st",
        "nd",
        "rd",
        "th",
        "every",
        "each",
        "for",
        "to",
        "and",
    ]
)
_HINTS = 0.10  # the same at the beginning of a sentence, for a word that is often a name
_AGREES = 0.30  # the model's opinion from which a word that is also a name counts as the name
_AGREES_LOWER = 0.5

_SIGNS_BEFORE = frozenset([",", "–", "—", "-", "/", ";", "\n", "\t"])
_LEADS_IN = frozenset(["-", "–", "—", ":"])  # what follows the initials of whoever wrote an entry, after its time
_SIGNS_AFTER = frozenset([".", "/", "\n", "\t", ";"])
Opinion = Callable[[int, int], float]


def second_pass(
    tokens: Sequence[Token], names: Names, opinion: Opinion, taken: Callable[[int, int], bool]
) -> Iterator[Candidate]:
    """Yield every further place where a known name stands, whole or in part.

    Args:
        opinion: how much a stretch looks like a detail to the name model.
        taken: whether a stretch is already part of a finding.
    """
    slips: dict[str, bool] = {}
    for index, token in enumerate(tokens):
        if token.shape is Shape.MARK or token.shape is Shape.NUMBER or taken(token.start, token.end):
            continue
        score = _judge(tokens, index, names, opinion, slips)
        if score:
            yield Candidate(
                token.start,
                token.bare_end,
                Label.PERSON,
                score,
                "register",
                "part of a name that stands elsewhere or in the case file",
            )


def _judge(tokens: Sequence[Token], index: int, names: Names, opinion: Opinion, slips: dict[str, bool]) -> float:
    """Return how certain it is that this word names one of the known people; 0 if it does not."""
    token = tokens[index]
    if _is_initials(tokens, index, names, opinion):
        return 0.7
    if token.shape is Shape.INITIAL and _are_dotted_initials(tokens, index, names):
        return 0.7
    if token.shape is Shape.INITIAL:
        return 0.6 if _announces_number(tokens, index, names) else 0.0
    part = _part_of(token, names)
    if part is None:
        return 0.55 if _is_slip(token, names, slips) and not is_stop(token) else 0.0
    known = lexicon()
    if is_stop(token) and not known.name_weight(token.text):
        return 0.0
    plain = token.lower
    if not known.is_word(plain) and not known.is_safe(plain) and plain not in known.calendar and len(plain) > 2:
        short = len(plain) <= 3 and plain in known.abbreviations
        return 0.8 if could_name(token) or not short or opinion(token.start, token.end) > _AGREES else 0.0
    return _word_that_names(tokens, index, names.parts[part], opinion, part)


def _are_dotted_initials(tokens: Sequence[Token], index: int, names: Names) -> bool:
    """'O.B.: threshold met': the initials of a known name with their stops; either letter is one of them."""
    for first in (index, index - 2):
        letters = tokens[max(0, first) : first + 4]
        if len(letters) == 4 and [each.text for each in letters[1::2]] == [".", "."]:
            pair = letters[0].text + letters[2].text
            close = letters[2].start - letters[0].start <= _DOTTED
            if close and pair in names.initials and letters[0].shape is letters[2].shape is Shape.INITIAL:
                return True
    return False


def _announces_number(tokens: Sequence[Token], index: int, names: Names) -> bool:
    """'D: 999 000 0018; S: ...': the letter of a known name before a number of theirs."""
    if index + 2 >= len(tokens) or tokens[index + 1].text != ":" or tokens[index + 2].shape is not Shape.NUMBER:
        return False
    return len(tokens[index + 2].text) > 2 and any(part.startswith(tokens[index].lower) for part in names.parts)


def _part_of(token: Token, names: Names) -> str | None:
    folded = fold(token.lower).replace("’", "'").removesuffix("'s")
    if folded in names.parts:
        return folded
    if folded.endswith("s") and folded[:-1] in names.parts and could_name(token) and len(folded) > 4:
        return folded[:-1]
    return (
        next((half for half in folded.split("-") if half in names.parts and len(half) > 3), None)
        if "-" in folded
        else None
    )


def _word_that_names(tokens: Sequence[Token], index: int, registered: bool, opinion: Opinion, names_part: str) -> float:
    """A name that is also an ordinary word needs evidence where it stands."""
    known, token = lexicon(), tokens[index]
    says = opinion(token.start, token.end)
    if token.shape is Shape.LOWER and _initial_before(tokens, index):
        return 0.7
    if token.shape is Shape.LOWER:
        return 0.6 if says >= _AGREES_LOWER and known.name_weight(token.text) > 0 else 0.0
    before, after = _beside(tokens, index)
    if (
        before is not None
        and (before.lower in known.titles or known.name_weight(before.text) == 1.0)
        and could_name(before)
    ):
        return 0.8
    if says >= _AGREES:
        return 0.7
    if token.shape is Shape.CAPITALS and len(token.text) > 1:
        return 0.0
    if registered and token.lower.endswith(("'s", "’s")) and token.lower[:-2] not in known.calendar:
        return 0.6
    if _is_their_family(token, before, names_part):
        return 0.6
    if token.lower in known.calendar:
        return 0.55 if _acts(before, after) else 0.0
    if known.is_safe(token.text):
        return 0.0
    if says < 0.02:
        return 0.0
    if starts_sentence(tokens, index):
        speaks = after is not None and after.lower in _SAYING and (known.name_weight(token.text) > 0 or registered)
        named = known.name_weight(token.text) > 0 and says >= _HINTS
        return 0.55 if speaks or named else 0.0
    if before is not None and before.lower in {"the", "a", "an", "this", "that"}:
        return 0.0
    return 0.6 if registered or known.name_weight(token.text) > 0 else 0.45


def _is_their_family(token: Token, before: Token | None, part: str) -> bool:
    """'the Dances': the plural of a known surname, with a capital after the article."""
    plural = fold(token.lower) == part + "s" and token.shape is Shape.CAPITALISED
    return plural and before is not None and before.text == "the"


def _initial_before(tokens: Sequence[Token], index: int) -> bool:
    """'g bull', 'g.bull': a single letter stands before it."""
    place = index - 1 - (index > 0 and tokens[index - 1].text == ".")
    if place < 0 or tokens[index].start - tokens[place].end > 1:
        return False
    return (
        len(tokens[place].text) == 1
        and tokens[place].text.isalpha()
        and tokens[place].lower not in {"a", "i", "s", "t"}
    )


def _acts(before: Token | None, after: Token | None) -> bool:
    """'that May will phone': a month does nothing, a person does."""
    dated = before is not None and (before.shape is Shape.NUMBER or before.lower in _DATING)
    return not dated and after is not None and after.lower in _SAYING - {"is", "was", "and", "to", "who"}


def _beside(tokens: Sequence[Token], index: int) -> tuple[Token | None, Token | None]:
    before = tokens[index - 1] if index else None
    if before is not None and before.text == "." and index > 1:
        before = tokens[index - 2]
    return before, tokens[index + 1] if index + 1 < len(tokens) else None


def _is_initials(tokens: Sequence[Token], index: int, names: Names, opinion: Opinion) -> bool:
    """'WM asked', '(SK)', 'FP:'; never an abbreviation of the trade."""
    token = tokens[index]
    plain = token.text.removesuffix("'s")
    if _CELTIC_INITIALS.fullmatch(plain) and plain.upper() in names.initials:
        return True
    if token.shape is not Shape.CAPITALS or not 2 <= len(plain) <= 4:
        return False
    if plain not in names.initials:
        return False
    known = lexicon()
    if plain.lower() not in known.abbreviations:
        return True
    beside = [tokens[place] for place in (index - 1, index + 1) if 0 <= place < len(tokens)]
    shouting = any(each.shape is Shape.CAPITALS and len(each.text) > 3 for each in beside)
    if shouting:
        return False
    if plain.lower() not in known.roles and _acts_alone(tokens, index):
        return True
    return known.is_word(plain) or is_stop(token) or opinion(token.start, token.end) >= _AGREES_LOWER


def _acts_alone(tokens: Sequence[Token], index: int) -> bool:
    """'police marker, LP.', 'Happy to discuss – MY': initials where whoever does or signs something stands."""
    before = tokens[index - 1].text if index else "\n"
    after = tokens[index + 1].text if index + 1 < len(tokens) else "\n"
    stamped = index > 0 and tokens[index - 1].shape is Shape.NUMBER and after in _LEADS_IN
    return stamped or (before in _SIGNS_BEFORE and after in _SIGNS_AFTER)


def _is_slip(token: Token, names: Names, slips: dict[str, bool]) -> bool:
    """Say whether the word is a known name with a slip of spelling, and neither a word nor a place."""
    folded = fold(token.lower)
    if len(folded) < _SHORTEST_FUZZY:
        return False
    if folded not in slips:
        known = lexicon()
        ordinary = (
            known.is_word(token.lower) or known.is_safe(token.text) or token.text.removesuffix("'s") in known.places
        )
        slips[folded] = not ordinary and any(_near(folded, part) for part in names.parts)
    return slips[folded]


def _near(folded: str, part: str) -> bool:
    if len(part) < _SHORTEST_FUZZY or abs(len(part) - len(folded)) > 2 or folded[0] != part[0]:
        return False
    allowed = 2 if min(len(part), len(folded)) >= _TWO_SLIPS else 1
    return not lexicon().is_word(part) and DamerauLevenshtein.distance(folded, part, score_cutoff=allowed) <= allowed
