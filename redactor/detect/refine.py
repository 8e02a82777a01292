"""Candidates made exact: what is trimmed from their ends, and what is no detail after all."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from redactor.detect.candidate import Candidate
from redactor.detect.patterns.dates import is_threshold
from redactor.detect.patterns.places import LONE_OUTWARD, POSTCODE
from redactor.detect.special import is_language
from redactor.language import wordlists
from redactor.language.lexicon import lexicon
from redactor.language.tokens import Shape, Token, could_name, is_stop, tokenise
from redactor.model import Label

_SURE_WORD = 0.65  # the model's certainty from which an ordinary word with a capital is taken for a name
_SURE_NAME_WORD = 0.25  # the same for a word that is also somebody's name
_SURE_SMALL = 0.5  # the same for ordinary words in small letters
_SURE_ALONE = 0.85  # the same for small letters that no list knows as a name, and for words at the end of such a name
_LEADING = re.compile(
    r"(?:the|a|an|at|in|on|of|near|by|from|to|for|with|and|or|his|her|their|my|our|is|was|some|another|both) ",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    r"[ ,]+(?:the|a|an|at|in|on|of|near|by|from|to|for|with|and|or|his|her|their|is|was|has|had|who|which|that|but)$",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?s?[ ,]+(?:the )?(?=\d)", re.IGNORECASE
)
_YEAR_GROUP = re.compile(r"(?:Year|Yr|Y) ?\d{1,2}\w?|Reception|Nursery", re.IGNORECASE)
_TECHNICAL = re.compile(
    r"(?<![\w-])(?:[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}|\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:\.\d+)?Z?|_(?:Hlk|Toc|Ref|GoBack)\d*)(?![\w-])"
    r"|^(?:Content-[A-Za-z-]+|MIME-Version|X-[A-Za-z-]+): .*$",
    re.MULTILINE,
)  # what programs write: identifiers of files, time stamps, names of bookmarks, technical headers of mails
_DATES = frozenset({Label.DATE, Label.IP, Label.EMAIL})
_ACT = re.compile(
    r"\b(?:Acts?|Regulations|Order|Article|section|Section|ss?\.) (?:\d{4} (?:&|and) |(?:\d{1,3} ?)?\()?$"
)
_ACT_REACH = 16  # characters
_ADJECTIVE = re.compile(
    r"\b(?:be|being|been|am|are|is|was|were|feel|feels|felt|seems?|seemed|looks?|looked|quite|very|so|too|really|more|less|as|not|that|brutally|honest(?:ly)? and) $"
)  # after these a word in small letters is no name
_ADJECTIVE_REACH = 16  # characters
_LETTERED = re.compile(r"(?:^|(?<=[\n\t|]))[ >*•]*[A-Za-z][.)] $")
_RATINGS = frozenset(["red", "amber", "green", "blue", "grey", "yellow", "black", "white"])
_RATING_CELL = re.compile(r"(?:^|(?<=[\n\t|]))[ ]*(?:red|amber|green)[ ]*(?=$|[\n\t|])", re.IGNORECASE | re.MULTILINE)
_RATED = re.compile(
    r"\b(?:RAG|rag|[Rr]at(?:ed|ing)|[Rr]isk(?: level)?|[Ss]tatus|[Tt]hreshold|[Pp]riority|[Zz]one|[Cc]ategory|[Ff]lag(?:ged)?)[ :–-]{1,3}(?:is |was |of |now |to |as )?$"
)
_LASTING = re.compile(
    r"\b(?:for|in|within|every|last|past|next|after|over|took|takes?|waited|up to|another|further|lasted|spent|missed|clean|sober|served?|sentenced to|(?:wait|delay|gap|backlog|list|lasts?) (?:is|was|of|now)) $"
)
_SPAN = re.compile(
    r"[ -](?:ago|later|wait(?:ing)?|programmes?|courses?|orders?|suspended|custody|notice|reviews?|sentence|probation|apart|away|earlier|before|since|of (?:absence|work|sessions|treatment|the|his|her|their|no)|prior|in (?:prison|hospital|care|custody)|sessions?|period|plan|on (?:remand|licence))\b"
)
_UNITS = re.compile(r"(?:weeks?|wks?|months?|mths?|days?|years?|yrs?)$", re.IGNORECASE)
_UNIT_AFTER = re.compile(r"[ -](?:weeks?|wks?|months?|mths?|days?)\b", re.IGNORECASE)
_RATED_REACH = 24  # characters
_SURE_ACRONYM = 0.6  # the model's certainty from which an unknown word in capitals names somebody
_AROUND = 20  # characters on either side that tell whether a line is all in capitals
_NAMES = frozenset({Label.PERSON})
_PLACES = frozenset({Label.LOCATION, Label.ORG, Label.SCHOOL})
_NAMING = _NAMES | _PLACES | {Label.SPECIAL}
_OTHER_WORD = re.compile(r"([A-Za-z]+)[ :]+")
_OF_DATES = re.compile(
    r"the|early|mid|late|end|start|beginning|first|second|third|fourth|\w+th|twenty|thirty|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|new|good|ash|spring|summer|autumn|winter",
    re.IGNORECASE,
)
_SURE_ORG = 0.6  # the model's certainty from which ordinary words are taken for an organisation's name
_OWNED = re.compile(
    r"(?P<name>[A-Z][\w-]+(?: [A-Z][\w-]+)?)'s? (?:new |old |current |primary |secondary |infant |junior )?(?:school|nursery|college|surgery|team|house|home|flat|room|placement|club|class|teacher|work|work ?place|office)"
)  # 'Noa's school' names a child and no school
_OUTWARD = re.compile(POSTCODE + "|" + LONE_OUTWARD)
_NUMBER_WORD = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|newborn)\b|(?:st|nd|rd|th)\b|first|second|third",
    re.IGNORECASE,
)


def refine(text: str, candidates: Iterable[Candidate]) -> Iterator[Candidate]:
    """Yield the candidates that stand, each without the titles, articles and weekdays that it took in."""
    innocent = [match.span() for match in lexicon().innocent.finditer(text)]
    technical = [match.span() for match in _TECHNICAL.finditer(text)]
    for each in candidates:
        if each.label in _NAMING and _within(each, innocent):
            continue
        if each.label not in _DATES and _within(each, technical, partly=each.source == "model"):
            continue
        exact = _exact(text, each)
        if exact is not None and exact.start < exact.end:
            yield exact


def _within(each: Candidate, stretches: Sequence[tuple[int, int]], *, partly: bool = False) -> bool:
    """Say whether a candidate lies in one of some ordered, disjoint stretches, or partly so."""
    here = bisect_left(stretches, (each.start + 1, 0)) - 1
    if here >= 0 and (each.end if not partly else each.start + 1) <= stretches[here][1]:
        return True
    return partly and here + 1 < len(stretches) and stretches[here + 1][0] < each.end


def _exact(text: str, each: Candidate) -> Candidate | None:
    if each.label is Label.PERSON:
        return _person(text, each)
    if each.label in _PLACES:
        return _place(text, each)
    if each.label is Label.DATE:
        return _date(text, each)
    if each.source == "model" and _ACT.search(text, max(0, each.start - _ACT_REACH), each.start):
        return None  # 'Children Act 1989 & 2004', 'Article 6 (1c)'
    if each.label is Label.AGE:
        if each.source == "model" and _is_duration(text, each):
            return None
        return each if _NUMBER_WORD.search(text, each.start, each.end) and not is_threshold(text, each.start) else None
    if each.label is Label.ADDRESS:
        return _address(text, each)
    if each.label is Label.SPECIAL and each.source == "model":
        return _special(text, each)
    if each.label is Label.USERNAME:
        words = text[each.start : each.end]
        return each if words.isascii() and not _all_ordinary(words) else None
    if each.label is Label.CASE_REF and each.source == "model":
        return each if any(character.isdigit() for character in text[each.start : each.end]) else None
    if each.label is Label.VEHICLE_REG:
        return None if lexicon().is_word(text[each.start : each.end]) else each
    return each


def _person(text: str, each: Candidate) -> Candidate | None:
    tokens = [token for token in tokenise(text, each.start, each.end) if token.shape is not Shape.MARK]
    if each.source == "model":
        tokens = _without_edges(tokens, each)
    if not tokens or not any(token.text[0].isalpha() for token in tokens):
        return None
    if each.source in {"model", "rules"} and all(lexicon().is_county(token.text) for token in tokens):
        return None
    if each.source == "model" and (_no_name(tokens, each) or _is_acronym(text, tokens, each)):
        return None
    if _is_adjective_or_rating(text, tokens) or (each.source != "register" and _is_lettered(text, tokens)):
        return None
    last = tokens[-1]
    end = last.bare_end
    if text[end : end + 1] == "." and last.shape is Shape.INITIAL and each.end > end:
        end += 1
    return replace(each, start=tokens[0].start, end=end)


def _without_edges(tokens: list[Token], each: Candidate) -> list[Token]:
    """Titles and kin words before a name, and small words around it, are no part of it."""
    known = lexicon()
    all_small = each.score >= _SURE_ALONE and all(token.shape is Shape.LOWER for token in tokens)
    while len(tokens) > 1 and (
        (is_stop(tokens[0]) and tokens[0].shape is not Shape.INITIAL)
        or tokens[0].lower in known.titles
        or tokens[0].lower in known.kinship
        or tokens[0].lower in known.kinship_titles
        or tokens[0].shape is Shape.NUMBER
        or tokens[0].lower in wordlists.words("before_names")
    ):
        tokens = tokens[1:]
    if any(token.shape is not Shape.CAPITALS for token in tokens):
        while len(tokens) > 1 and _is_abbreviation(tokens[0]) and tokens[0].lower not in known.forenames:
            tokens = tokens[1:]
        while len(tokens) > 1 and _is_abbreviation(tokens[-1]):
            tokens = tokens[:-1]
    while len(tokens) > 1 and tokens[-1].lower in known.fields and not known.name_weight(tokens[-1].text):
        tokens = tokens[:-1]
    while len(tokens) > 1 and tokens[-1].lower in known.kinship and tokens[-1].lower not in known.forenames:
        tokens = tokens[:-1]
    while len(tokens) > 1 and (
        (tokens[-1].shape is Shape.LOWER and not all_small and (is_stop(tokens[-1]) or known.is_word(tokens[-1].text)))
        or tokens[-1].shape is Shape.NUMBER
    ):
        tokens = tokens[:-1]
    return tokens


def _no_name(tokens: list[Token], each: Candidate) -> bool:
    """Say whether nothing in this stretch can be a name, as far as words and writing tell."""
    known = lexicon()
    if all(_is_abbreviation(token) or token.shape is Shape.NUMBER for token in tokens):
        return False  # tidied already, by whose initials they are
    if any(_unlike_a_word(token) for token in tokens):
        return False
    if len(tokens) == 1 and known.is_group(tokens[0].text):
        return True  # where a person bears such a name, title, given name or case file show it without the model
    if all(token.shape is Shape.LOWER for token in tokens):
        is_known = any(known.name_weight(token.text) for token in tokens)
        return each.score < (_SURE_SMALL if is_known else _SURE_ALONE)
    if all(known.is_safe(token.text) or is_stop(token) for token in tokens):
        return not (each.score >= _SURE_WORD and any(known.name_weight(token.text) for token in tokens))
    if any(known.name_weight(token.text) for token in tokens if could_name(token)):
        return each.score < _SURE_NAME_WORD
    return each.source == "model" and each.score < _SURE_WORD


def _is_acronym(text: str, tokens: list[Token], each: Candidate) -> bool:
    """Say whether a lone word of four capitals or more, among words that are not, is a body's abbreviation."""
    if len(tokens) != 1 or tokens[0].shape is not Shape.CAPITALS or each.score >= _SURE_ACRONYM:
        return False
    token = tokens[0]
    around = text[max(0, token.start - _AROUND) : token.start] + text[token.end : token.end + _AROUND]
    shouted = sum(character.isupper() for character in around) > sum(character.islower() for character in around)
    return len(token.text) > 3 and lexicon().name_weight(token.text) == 0.0 and not shouted


def _is_lettered(text: str, tokens: list[Token]) -> bool:
    """Say whether this is a heading with its letter, 'B. Background', or what stands after such a letter."""
    known = lexicon()
    words = [token for token in tokens if token.shape is not Shape.INITIAL]
    first = tokens[0].start
    lettered = text[tokens[0].end : tokens[0].end + 2] == ". " and tokens[0].shape is Shape.INITIAL and len(tokens) > 1
    start = tokens[1].start if lettered else first
    if not words or not _LETTERED.search(text, text.rfind("\n", 0, first) + 1, start):
        return False
    return all(known.is_word(word.text) or known.is_safe(word.text) for word in words) and not any(
        known.forenames.get(word.lower, 0) for word in words
    )


def _is_adjective_or_rating(text: str, tokens: list[Token]) -> bool:
    """'to be frank', 'very bright', and colours that rate a risk: one ordinary word that says how something is."""
    token = tokens[0]
    if len(tokens) > 1 or not lexicon().is_word(token.text):
        return False
    if token.shape is Shape.LOWER:
        return _ADJECTIVE.search(text, max(0, token.start - _ADJECTIVE_REACH), token.start) is not None
    if token.lower not in _RATINGS:
        return False
    if _RATED.search(text, max(0, token.start - _RATED_REACH), token.start):
        return True
    return any(match.start() <= token.start < match.end() for match in _rating_cells(text))


@lru_cache(maxsize=2)
def _rating_cells(text: str) -> tuple[re.Match[str], ...]:
    """Return the cells that hold nothing but a colour of the traffic light, where at least two colours occur so."""
    cells = tuple(_RATING_CELL.finditer(text))
    return cells if len({cell.group().strip().lower() for cell in cells}) > 1 else ()


def _is_duration(text: str, each: Candidate) -> bool:
    """'in 14 weeks', '61 weeks' wait', 'six months ago': how long something takes is nobody's age."""
    unit = _UNITS.search(text, each.start, each.end) or _UNIT_AFTER.match(text, each.end)
    if unit is None:
        return False
    end = max(each.end, unit.end())
    before = _LASTING.search(text, max(0, each.start - _RATED_REACH), each.start)
    return before is not None or _SPAN.match(text, end + (text[end : end + 1] in "'’")) is not None


def _is_abbreviation(token: Token) -> bool:
    word = token.lower.removesuffix("'d").removesuffix("'ed")
    return word in lexicon().abbreviations and token.text[: len(word)].isupper()


def _unlike_a_word(token: Token) -> bool:
    """Say whether this word is neither ordinary English nor an abbreviation nor a single letter."""
    known = lexicon()
    if token.shape is Shape.NUMBER or len(token.text) < 2 or _is_abbreviation(token):
        return False
    return not known.is_word(token.text) and not known.is_safe(token.text) and not is_stop(token)


def _place(text: str, each: Candidate) -> Candidate | None:
    start, end = _trimmed(text, each.start, each.end)
    words = text[start:end]
    if not words or _YEAR_GROUP.fullmatch(words):
        return None
    owned = _OWNED.fullmatch(words)
    if owned is not None and each.source == "model":
        return replace(each, start=start, end=start + owned.end("name"), label=Label.PERSON)
    if _OUTWARD.fullmatch(words):
        return replace(each, start=start, end=end, label=Label.POSTCODE)
    if each.source == "model" and _no_place(words, each):
        return None
    if each.source == "model" and (words.islower() or words.lower() in lexicon().calendar) and _all_ordinary(words):
        return None
    if all(word.lower() in lexicon().abbreviations for word in re.findall(r"[\w'-]+", words)):
        return None
    return replace(each, start=start, end=end)


def _no_place(words: str, each: Candidate) -> bool:
    """Say whether the model took ordinary words, or the name of a county or a country, for somebody's place."""
    known = lexicon()
    parts = re.findall(r"[^\W\d_][\w'-]*", words)
    if parts and all(known.is_safe(part) or part.lower() in known.abbreviations for part in parts):
        return True
    return each.label is Label.ORG and each.score < _SURE_ORG and _all_ordinary(words)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while (match := _LEADING.match(text, start, end)) is not None and (
        match.group()[0].islower() or match.group().isupper()
    ):
        start = match.end()
    while (match := _TRAILING.search(text[start:end])) is not None:
        end = start + match.start()
    return start, end


def _date(text: str, each: Candidate) -> Candidate | None:
    match = _WEEKDAY.match(text, each.start, each.end)
    start = match.end() if match else each.start
    while each.source == "model" and (word := _OTHER_WORD.match(text, start, each.end - 1)):
        if word.group(1).lower() in lexicon().calendar or _OF_DATES.fullmatch(word.group(1)):
            break
        start = word.end()
    words = text[start : each.end].lower()
    known = lexicon()
    is_month = any(month in words for month in known.months)
    if not any(character.isdigit() for character in words) and not is_month and each.source == "model":
        return None
    return replace(each, start=start)


_SHOUTED_TAIL = re.compile(r"(?:, [A-Z][A-Z' -]*)+$")
_POSTCODE = re.compile(POSTCODE, re.IGNORECASE)
_NO_ADDRESS = re.compile(
    r"(?:Section|Article|Part|Schedule|Regulation|Rule|Para(?:graph)?|Appendix|Item|Page|Version) ?\d", re.IGNORECASE
)
_HOUSE = re.compile(
    r"\d|\b(?:flat|house|cottage|lodge|farm|road|street|lane|close|avenue|drive|court|terrace|way|place|crescent|row|gardens|hill|grove|park|caravan|plot|pitch|villa|barn|mill)s?\b",
    re.IGNORECASE,
)


def _address(text: str, each: Candidate) -> Candidate | None:
    start, end = (each.start, each.end) if each.source != "model" else _trimmed(text, each.start, each.end)
    tail = _SHOUTED_TAIL.search(text[start:end])
    if tail is not None and _all_ordinary(tail.group()):
        end = start + tail.start()
    postcode = _POSTCODE.search(text, start, end) if each.source == "model" else None
    if postcode is not None and start < postcode.start():
        end = postcode.end()  # an address ends with its postcode
    words = text[start:end]
    if each.source == "model" and _NO_ADDRESS.match(words):
        return None
    if _POSTCODE.fullmatch(words):
        return replace(each, start=start, end=end, label=Label.POSTCODE)
    if each.source == "model" and (_all_ordinary(re.sub(r"\d+\w?", "", words)) and not _HOUSE.search(words)):
        return None
    if each.source == "model" and re.fullmatch(r"(?:Room|room|Level|Unit) \w{1,3}", words):
        return None
    return replace(each, start=start, end=end)


def _special(text: str, each: Candidate) -> Candidate | None:
    start, end = _trimmed(text, each.start, each.end)
    words = text[start:end]
    if words.islower() and len(words.split()) == 1 and each.score < _SURE_SMALL:
        return None
    if all(word.lower() in lexicon().safe for word in words.split()) or is_language(text, start, end):
        return None  # medicines and the like, and what somebody speaks
    if words.isupper() and words.lower() in lexicon().abbreviations:
        return None  # diagnoses written so are found by the lists
    return replace(each, start=start, end=end)


def _all_ordinary(words: str) -> bool:
    found = re.findall(r"[\w'-]+", words)
    return bool(found) and all(lexicon().is_word(word) or word.lower() in {"a", "i"} for word in found)
