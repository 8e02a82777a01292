"""Names that people go by: after words that name somebody, in quotation marks, and kin words with a single letter."""

from __future__ import annotations

import re
from collections.abc import Iterator

from redactor.detect.candidate import Candidate
from redactor.language.lexicon import lexicon
from redactor.model import Label

_CAP = r"(?:\d?[A-Z][\w'-]*)"
_QUOTED = r"(?<!\w)(?P<mark>[\"'])(?P<v>[^\W_][\w' -]{0,24}?)(?P=mark)(?!\w)"
_PLAIN = rf"(?P<p>{_CAP}(?: {_CAP})?)"
_TO_WHOM = r"(?: (?:on|to|by|in|at|as|with|online|locally|only|also|sometimes|simply|just|either|her|his|their|the|a|some|all|everyone|everybody|people|friends?|mates?|family|peers|street|streets|road|estate|group|gang|school|home|police|others|younger|older|children|kids|girls?|boys?|males?|name|of)){0,7}"
_NAMES = (
    rf"(?:(?:is|was|are|were|be|been|better|also|now|only|and) )?(?:known{_TO_WHOM} as|(?:nick-?named|dubbed){_TO_WHOM}(?: as)?)"
    rf"|(?:goes|go|going|went) by(?: the)?(?: (?:nick-?name|street name|name|tag|alias)(?: of)?)?(?: either)?"
    rf"|(?:call|calls|called|calling|refers? to|referred to|knows?|addressed?|introduced)(?: (?:him|her|them|himself|herself|themselves|me|the (?:uncle|aunt|man|woman|boy|girl|child|baby|male|female|lad|carer|grandmother|grandfather|neighbour|dog|older \w+)))(?: as| by)?"
    r"|(?:nick-?names?|street names?|pet names?|gang names?|road names?|monikers?|preferred names?|real names?|tags?|aliases|alias|a\.?k\.?a\.?)(?: (?:is|are|was|being|of))?"
    r"|(?:answers|responds) to(?: the name(?: of)?)?"
    r"|(?:males?|females?|boys|girls|lads|youths|men|women|friends|associates|nominals|ones|elders|youngers) (?:are|is|were|was|include|including|named|called|known as)"
    r"|(?:in the )?(?:contact|number|user|person|someone|somebody|man|woman|boy|girl|male|female|friend|lad)(?: in (?:his|her) phone)? (?:saved|stored|listed|called|named)(?: in (?:his|her|the) phone)?(?: as)?"
)
_NAMED = re.compile(rf"(?<!\w)(?i:{_NAMES})[ :,]{{1,3}}(?:{_QUOTED}|{_PLAIN})")
_MORE = re.compile(rf"(?:, ?| and | or | & |, and )(?:{_QUOTED}|{_PLAIN})(?=[,.;)\s]|$)")
_INSIDE = re.compile(rf"(?P<before>{_CAP} )?{_QUOTED.replace('(?P<v>', '(?P<v>(?=[A-Z])')}(?P<after> {_CAP})?")
_KIN_LETTER = re.compile(r"(?<![\w.])(?P<v>(?P<kin>[A-Z][a-z]{1,6}) [A-Z])(?!\w|\.\w|['’](?!s\b)\w)")
_SURE, _SURE_LETTER, _LESS_SURE = 0.8, 0.8, 0.6


def nicknames(text: str) -> Iterator[Candidate]:
    """Yield the names that people go by."""
    for match in _NAMED.finditer(text):
        yield from _named(match, "goes by this name")
        more = _MORE.match(text, match.end())
        while more is not None:
            yield from _named(more, "goes by this name")
            more = _MORE.match(text, more.end())
    for match in _INSIDE.finditer(text):
        if _is_between_names(match):
            yield _candidate(match, "v", _SURE, "stands in quotation marks inside a name")
    for match in _KIN_LETTER.finditer(text):
        if match["kin"].lower() in lexicon().kinship_titles:
            yield _candidate(match, "v", _SURE_LETTER, "a kin word and a letter name somebody")


def _named(match: re.Match[str], why: str) -> Iterator[Candidate]:
    group = "v" if match["v"] is not None else "p"
    words = match[group].split()
    known = lexicon()
    if group == "v":
        if len(words) <= 3 and not all(known.is_safe(word) for word in words):
            yield _candidate(match, group, _SURE, why)
        return
    if known.is_safe(words[0]) or known.is_county(words[0]) or words[0].lower() in known.abbreviations:
        return
    if words[0].lower() in known.titles or " ".join(words).lower() in known.roles:
        return
    wordy = known.is_word(words[0]) and known.name_weight(words[0]) == 0.0
    if wordy and words[0].isupper() and len(words[0]) > 1:
        return  # in a line all of capitals any word may stand here
    yield _candidate(match, group, _LESS_SURE if wordy else _SURE, why)


def _is_between_names(match: re.Match[str]) -> bool:
    """'Dave "Smiler" Jones', '"Chips" Rafferty': at least one of the words beside it is a name and no ordinary word."""
    known = lexicon()
    before, after = (match["before"] or "").strip(), (match["after"] or "").strip()
    words = match["v"].split()
    if len(words) > 2 or not after or any(known.is_safe(word) for word in (*words, after)):
        return False
    return any(word and not known.is_word(word) and not known.is_county(word) for word in (before, after))


def _candidate(match: re.Match[str], group: str, score: float, why: str) -> Candidate:
    return Candidate(*match.span(group), Label.PERSON, score, "rules", why)
