"""People told by the words around them: titles, kin words, 'SURNAME, Forename', known names, initials before a surname."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from redactor.detect.candidate import Candidate
from redactor.language.lexicon import RANKS, lexicon
from redactor.language.tokens import (
    Shape,
    Token,
    could_name,
    is_stop,
    name_at,
    starts_sentence,
)
from redactor.model import Label

_WORDY = frozenset(
    [
        "father",
        "sister",
        "canon",
        "judge",
        "master",
        "nurse",
        "coach",
        "justice",
        "recorder",
        "lord",
        "lady",
        "big",
        "little",
        "baby",
        "pop",
        "pops",
        "cousin",
        "detective",
        "constable",
        "doctor",
        "inspector",
        "counsel",
        "solicitor",
        "midwife",
    ]
)
_NAMING = frozenset(["named", "called", "aka", "nicknamed", "nee", "née", "alias", "dubbed"])
_ORGANISATION = frozenset(
    [
        "school",
        "academy",
        "primary",
        "nursery",
        "college",
        "surgery",
        "hospital",
        "house",
        "road",
        "street",
        "close",
        "avenue",
        "lane",
        "court",
        "park",
        "church",
        "club",
        "ltd",
        "limited",
        "centre",
        "center",
        "council",
        "police",
        "drive",
        "way",
        "place",
        "estate",
        "arms",
        "inn",
        "farm",
        "trust",
        "crescent",
        "grove",
        "terrace",
        "gardens",
        "square",
        "hill",
        "infants",
        "infant",
        "junior",
        "juniors",
        "high",
        "hall",
        "lodge",
        "practice",
        "clinic",
        "mosque",
        "temple",
        "fc",
        "afc",
        "united",
        "rovers",
        "group",
        "team",
        "service",
        "services",
        "association",
        "society",
        "foundation",
        "station",
        "bridge",
        "beach",
        "quay",
        "pier",
        "market",
        "library",
        "theatre",
        "cafe",
        "bar",
        "restaurant",
        "takeaway",
        "kebab",
        "act",
        "protocol",
        "report",
        "review",
        "conference",
        "meeting",
        "order",
        "plan",
        "panel",
        "log",
        "form",
        "unit",
        "ward",
    ]
)
_SMALL_TITLES = frozenset(["mr", "mrs", "ms", "dr"])
_PREFIXES = frozenset(
    ["co", "de", "ex", "non", "pre", "post", "sub", "multi", "inter", "intra", "familial", "anti", "mid"]
)
_COMMON_LOWER = 400  # births from which a name in lower case is taken for one without other evidence


def people(tokens: Sequence[Token]) -> Iterator[Candidate]:
    """Yield everything that the words around it, or the name itself, show to be a person."""
    index = 0
    while index < len(tokens):
        token = tokens[index]
        found = None
        if token.shape is Shape.LOWER:
            found = _after_small_title(tokens, index) or _after_kin_word(tokens, index) or _lower_case(tokens, index)
        elif token.shape is not Shape.MARK and token.shape is not Shape.NUMBER:
            found = (
                _after_title(tokens, index)
                or _before_role(tokens, index)
                or _in_brackets(tokens, index)
                or _surname_first(tokens, index)
                or _after_kin_word(tokens, index)
                or _known_name(tokens, index)
                or _initialled(tokens, index)
                or _unknown_word(tokens, index)
            )
        if found is None:
            index += 1
            continue
        candidate, end = found
        yield candidate
        index = index + 1 if candidate.weak else end  # what follows a weak start may be a name of its own


Found = tuple[Candidate, int] | None


def _candidate(tokens: Sequence[Token], start: int, end: int, score: float, why: str, weak: bool = False) -> Found:
    last = tokens[end - 1]
    if end < len(tokens) and tokens[end].lower in _ORGANISATION and could_name(tokens[end]) and weak:
        return None
    return Candidate(tokens[start].start, last.bare_end, Label.PERSON, score, "rules", why, weak), end


def _after_title(tokens: Sequence[Token], index: int) -> Found:
    """'Mrs Banks', 'PC 3391 Stokes', 'Mr and Mrs Frost', 'Uncle Pat'."""
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
    wordy = token.lower in _WORDY or is_kin
    end = name_at(tokens, here, words_allowed=0 if wordy else 2)
    if end == here and not wordy and _plain_capital(tokens[here]):
        end = here + 1
    if end == here:
        return None
    if end == here + 1 and not wordy and _wordy_surname(tokens, end):
        end += 1
    if wordy and end < len(tokens) and tokens[end].lower in _ORGANISATION and could_name(tokens[end]):
        return None
    return _candidate(tokens, here, end, 0.8 if wordy else 0.95, "a title stands before it")


def _after_small_title(tokens: Sequence[Token], index: int) -> Found:
    """'mr bull', 'mrs p': written small, after a title that is no other word."""
    if tokens[index].text not in _SMALL_TITLES:
        return None
    here = index + 1 + (index + 1 < len(tokens) and tokens[index + 1].text == ".")
    if here >= len(tokens) or not 0 < tokens[here].start - tokens[here - 1].end <= 1:
        return None
    word = tokens[here]
    if word.shape is not Shape.LOWER or is_stop(word) or word.lower in lexicon().titles:
        return None
    return _candidate(tokens, here, here + 1, 0.75, "a title stands before it")


def _before_role(tokens: Sequence[Token], index: int) -> Found:
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
    return _candidate(tokens, index, end, 0.8, "a job stands in brackets after it")


def _is_role(tokens: Sequence[Token]) -> bool:
    return " ".join(token.lower for token in tokens) in lexicon().roles or tokens[-1].lower in _ORGANISATION


def _wordy_surname(tokens: Sequence[Token], index: int) -> bool:
    """'DS Ngozi Law': after a title and a given name one more word with a capital is the surname, whatever else it means."""
    if index >= len(tokens) or tokens[index - 1].lower not in lexicon().forenames:
        return False
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    return (
        tokens[index].shape is Shape.CAPITALISED
        and _joined(tokens[index - 1], tokens[index])
        and not is_stop(tokens[index])
        and tokens[index].lower not in lexicon().kinship
        and (after is None or not could_name(after))
    )


def _in_brackets(tokens: Sequence[Token], index: int) -> Found:
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
    return _candidate(tokens, index, index + 1, 0.8, "stands in brackets after a name")


def _plain_capital(token: Token) -> bool:
    return (
        token.shape in {Shape.CAPITALISED, Shape.CAPITALS}
        and not is_stop(token)
        and token.lower not in lexicon().kinship
    )


def _surname_first(tokens: Sequence[Token], index: int) -> Found:
    """'TROTT, Lee Michael', 'NGUYEN Van Duc', 'Philippa GUY'."""
    token = tokens[index]
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    if after is None or not could_name(token) or is_stop(token):
        return None
    if token.shape is Shape.CAPITALS and _surname_like(token):
        return _capitals_and_comma(tokens, index) or _capitals_first(tokens, index)
    if token.shape is not Shape.CAPITALISED or lexicon().is_safe(token.text):
        return None
    if after.shape is not Shape.CAPITALS or not _surname_like(after) or not _joined(token, after):
        return None
    words = lexicon().is_word(token.text) or lexicon().is_word(after.text)
    end = name_at(tokens, index, words_allowed=3)
    if end < index + 2 or (words and lexicon().name_weight(token.text) == 0.0):
        return None
    return _candidate(tokens, index, end, 0.85, "written with the surname in capitals")


def _capitals_and_comma(tokens: Sequence[Token], index: int) -> Found:
    if index + 2 >= len(tokens) or tokens[index + 1].text != ",":
        return None
    given = tokens[index + 2]
    if given.shape is not Shape.CAPITALISED or is_stop(given) or lexicon().is_safe(given.text):
        return None
    end = name_at(tokens, index + 2, words_allowed=2, longest=3)
    return _candidate(tokens, index, end, 0.9, "written surname first") if end > index + 2 else None


def _capitals_first(tokens: Sequence[Token], index: int) -> Found:
    token, after = tokens[index], tokens[index + 1]
    if after.shape is not Shape.CAPITALISED or not _joined(token, after) or is_stop(after):
        return None
    if lexicon().is_safe(after.text) or (lexicon().is_word(token.text) and lexicon().name_weight(after.text) < 1.0):
        return None
    end = name_at(tokens, index, words_allowed=2)
    return _candidate(tokens, index, end, 0.8, "written surname first") if end > index else None


def _surname_like(token: Token) -> bool:
    known = lexicon()
    return (
        len(token.text) >= 2
        and token.lower not in known.abbreviations
        and not known.is_safe(token.text)
        and not is_stop(token)
    )


def _joined(before: Token, after: Token) -> bool:
    return 0 < after.start - before.end <= 2


def _after_kin_word(tokens: Sequence[Token], index: int) -> Found:
    """'his nan Bev', 'partner, Lee Trott', 'known as Vytas', 'mum kelly-anne'."""
    known, token = lexicon(), tokens[index]
    naming = token.lower in _NAMING or (token.lower == "as" and index > 0 and tokens[index - 1].lower == "known")
    if not naming and token.lower not in known.kinship:
        return None
    here = index + 1
    while here < len(tokens) and tokens[here].text in {",", ":", '"', "(", "'"} and here - index < 3:
        here += 1
    if here >= len(tokens) or tokens[here].start - tokens[here - 1].end > 1:
        return None
    word = tokens[here]
    if word.shape is Shape.LOWER:
        if known.forenames.get(word.lower, 0) and not known.is_word(word.text):
            return _candidate(tokens, here, here + 1, 0.7, "a kin word stands before it")
        return None
    end = name_at(tokens, here, words_allowed=2)
    if end == here or known.is_safe(word.text) or (known.is_word(word.text) and known.name_weight(word.text) == 0.0):
        return None
    weak = tokens[here - 1].text in {",", "("} and known.name_weight(word.text) < 1.0
    return _candidate(tokens, here, end, 0.5 if weak else 0.75, "a kin word stands before it", weak)


def _known_name(tokens: Sequence[Token], index: int) -> Found:
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
    if weight == 1.0:
        alone = end == index + 1
        frequent = known.forenames.get(token.lower, 0) >= 100
        score = 0.85 if not alone else 0.75 if frequent else 0.55
        return _candidate(tokens, index, end, score, "a known name", weak=alone and not frequent)
    if end >= index + 2 and _unword(tokens[index + 1 : end]):
        return _candidate(tokens, index, end, 0.75, "a known name", weak=starts_sentence(tokens, index))
    if starts_sentence(tokens, index) or token.shape is Shape.CAPITALS or known.forenames.get(token.lower, 0) < 100:
        return None
    if tokens[index - 1].lower in {"the", "a", "an", "this", "that", "of", "each", "every", "to"} or _in_heading(
        tokens, index
    ):
        return None
    return _candidate(
        tokens, index, end, 0.5, "a name that is also a word, with a capital inside a sentence", weak=True
    )


def _unword(tokens: Sequence[Token]) -> bool:
    """Say whether at least one of the words is no ordinary word."""
    return any(
        token.shape is not Shape.MARK and len(token.text) > 1 and not lexicon().is_word(token.text) for token in tokens
    )


def _in_heading(tokens: Sequence[Token], index: int) -> bool:
    """Say whether the words beside it are capitalised as well, as in a heading."""
    beside = [tokens[place] for place in (index - 1, index + 1) if 0 <= place < len(tokens)]
    return any(could_name(token) and lexicon().is_word(token.text) and not is_stop(token) for token in beside)


def _initialled(tokens: Sequence[Token], index: int) -> Found:
    """'S. Rai', 'K Lamb', 'F M Cheung'."""
    token = tokens[index]
    if token.shape is not Shape.INITIAL or (
        token.text in {"I", "A"} and (index + 1 >= len(tokens) or tokens[index + 1].text != ".")
    ):
        return None
    end = name_at(tokens, index, words_allowed=2)
    words = [each for each in tokens[index:end] if len(each.text) > 1]
    if not words or end - index < 2 or not all(_surname_like(each) for each in words):
        return None
    if token.text.endswith("s") or (lexicon().is_word(words[0].text) and tokens[index + 1].text != "."):
        return None
    return _candidate(tokens, index, end, 0.75, "an initial stands before a surname")


def _lower_case(tokens: Sequence[Token], index: int) -> Found:
    """'priya said', 'raj patel': a frequent name that is no word, written small."""
    known, token = lexicon(), tokens[index]
    if token.shape is not Shape.LOWER or len(token.text) < 3 or known.is_word(token.text) or known.is_safe(token.text):
        return None
    births = known.forenames.get(token.lower, 0)
    if births < _COMMON_LOWER:
        return None
    end = index + 1
    if end < len(tokens) and tokens[end].shape is Shape.LOWER and _joined(token, tokens[end]):
        after = tokens[end].lower
        if (
            len(after) > 2
            and (after in known.surnames or not known.is_word(after))
            and not known.is_safe(after)
            and after not in known.titles
        ):
            end += 1
    return _candidate(tokens, index, end, 0.6, "a known name in small letters", weak=births < 2000)


def _compound(word: str) -> bool:
    """Say whether a word is made of ordinary words that name nobody: 'Extra-Familial', 'Co-Chair'."""
    halves = word.split("-")
    known = lexicon()
    return len(halves) > 1 and all(
        (known.is_word(half) or known.is_safe(half) or half.lower() in _PREFIXES) and not known.name_weight(half)
        for half in halves
    )


def _unknown_word(tokens: Sequence[Token], index: int) -> Found:
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
    return _candidate(tokens, index, end, 0.45, "a capitalised word that is in no dictionary", weak=True)
