"""Dates of birth and death, ages, and other calendar dates."""

from __future__ import annotations

import re

from redactor.detect.identifier import Identifier, form
from redactor.model import Label

MONTH = r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
LONG_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_WELSH_MONTH = r"(?:Ionawr|[CG]?hwefror|[MF]awrth|Ebrill|[MF]ai|[MF]ehefin|G?[Oo]rffennaf|Awst|[MF]edi|Hydref|[TD]achwedd|Rh?agfyr)"  # also with the soft mutation after "o"
_WELSH_ORDINAL = r"(?:af|ail|ydd|edd|fed|eg|ain)"
_YEAR = r"(?:(?:19|20)\d\d|'?\d\d)"
_ORDINAL = r"(?:st|nd|rd|th)"
_DAY = rf"(?:0?[1-9]|[12]\d|3[01])(?: ?{_ORDINAL})?"
NUMERIC = r"(?:0?[1-9]|[12]\d|3[01]) ?[./-] ?(?:0?[1-9]|1[0-2]) ?[./-] ?(?:(?:19|20)\d\d|\d\d)"
_DAY_WORD = (
    r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|"
    r"eighteenth|nineteenth|twentieth|twenty[- ](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|thirtieth|thirty[- ]first)"
)
_YEAR_WORD = (
    r"(?:(?:two thousand(?: and)?|nineteen|twenty)(?:[ -](?:hundred|oh|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|"
    r"twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|one|two|three|four|five|six|seven|eight|nine)){1,2}|two thousand)"
)
DATE = (
    rf"(?:{NUMERIC}|(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])|(?:19|20)\d\d/(?:0[1-9]|1[0-2])/(?:0[1-9]|[12]\d|3[01])"
    rf"|{_DAY}(?: of)?[ -]?(?:{MONTH}|{_WELSH_MONTH})\.?(?:,? ?[-/]?{_YEAR}(?!\w))?|\d{{1,2}}{_WELSH_ORDINAL} (?:o )?{_WELSH_MONTH}(?: (?:19|20)\d\d)?"
    rf"|{_DAY_WORD}(?: of)? {LONG_MONTH}(?:,? {_YEAR_WORD}|,? {_YEAR}(?!\w))?"
    rf"|{MONTH}\.?,? (?:19|20)\d\d|{MONTH}\.? {_DAY}(?!\d)(?:,? {_YEAR}(?!\w))?)"
)
_BORN = r"(?:D\.?O\.?[BD]\.?|date of (?:birth|death)|born(?: on| in)?|b\.|EDD|E\.D\.D\.|due(?: date| on)?|expected (?:date of delivery|on)|birthday(?: is| was| on)?|died(?: on)?|passed away(?: on)?|deceased|true birthday is|birth(?: date)?|d\.o\.b)"
_NUMBER_WORD = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|"
    r"twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?"
)
_NUMBER = rf"(?:\d{{1,3}}(?:\.\d|½|¼|¾| ½| 1/2)?|{_NUMBER_WORD})"
_UNIT = r"(?:years?|yrs?|months?|mths?|mnths?|mo|weeks?|wks?|days?)"


class BirthDate(Identifier):
    """A date of birth or death or an expected date, told by the words around it."""

    label = Label.DOB
    forms = (
        form(rf"(?i:(?<!\w){_BORN})[\s:.=(–-]{{0,4}}(?:(?i:on|the|is|was) )*(?P<v>(?i:{DATE}))", 0.95),
        form(rf"(?P<v>(?i:{DATE}))(?= ?\(?(?i:DOB|D\.O\.B|date of birth|birth)\b)", 0.7),
        form(rf"[A-Z][\w'-]+,? \((?P<v>{NUMERIC})\)", 0.75),
        form(rf"[A-Z][\w'-]+,? \((?P<v>{NUMERIC})[,;) ]", 0.7),
        form(rf"[A-Z][\w'-]+,? (?P<v>{NUMERIC}),? (?:\(?\d{{1,2}}\)?|aged)", 0.6),
        form(r"(?i:\bborn (?:in )?)(?P<v>(?:19|20)\d\d)(?!\d)", 0.6),
        form(r"(?i:\b(?:DOB|date of birth)\W{1,3})(?P<v>\d{1,2}[ ./-]?\w{2,4}[ ./-]?\d{2,4})(?!\w)", 0.8),
    )
    why = "a date with the words of birth or death beside it"


_THRESHOLD_REACH = 60  # characters
_THRESHOLD = re.compile(
    r"\b(?:children|persons?|people|anyone|adults?|those|everyone|individuals?|pupils|learners|parents|young people|child|carers)"
    r"(?: (?:or|and) [a-z ]{2,20})?(?: (?:who|that) (?:are|is|were))?(?: aged)? (?:(?:under|over|below|above|between|at)(?: the)?(?: ages?)?(?: of)?|aged (?:under|over|between)|under the age of|over the age of) (?:\d{1,2} (?:and|to|or) )?$",
    re.IGNORECASE,
)


def is_threshold(text: str, start: int) -> bool:
    """Say whether the age that begins here is the limit of a rule: 'young people under the age of 18'."""
    return _THRESHOLD.search(text, max(0, start - _THRESHOLD_REACH), start) is not None


class Age(Identifier):
    """An exact age, in figures or words; ages of babies in months or weeks."""

    label = Label.AGE
    forms = (
        form(
            rf"(?i:\b(?:aged?|age of|age is|age:|age was|ages?))[ :]{{1,2}}(?:(?i:just|only|about|approx(?:imately)?|around|nearly|almost|now|of|is|then|at|under|over|between) )*(?P<v>(?i:{_NUMBER})(?: (?i:{_UNIT}))?)(?![\w%/:]|\.\d)",
            0.85,
        ),
        form(
            rf"(?<![\w.£/])(?P<v>(?i:{_NUMBER}))[- ]?(?i:y/?o|y\.o\.|yrs? old|years?[- ]olds?|year[- ]old|yr[- ]olds?)(?!\w)",
            0.9,
        ),
        form(
            rf"(?<![\w.£/])(?P<v>(?i:{_NUMBER})[- ](?i:months?|mths?|weeks?|wks?|days?)[- ]?)(?i:olds?|of age)(?!\w)",
            0.95,
        ),
        form(rf"(?<![\w.£/])(?P<v>(?i:{_NUMBER})) (?i:years? of age)(?!\w)", 0.9),
        form(
            r"(?<![\w.£/])\d{1,2} ?(?:y|yrs?|years?),? ?(?:and )?\d{1,2} ?(?:m|mo|mths?|months?)(?!\w)(?! (?:later|ago|on))",
            0.85,
        ),
        form(
            rf"(?i:\b(?:boy|girl|male|female|teenager|man|woman|lad|lass|youth|child|person) (?:of|aged))(?: (?i:about|around|approximately|roughly|just|only))? (?P<v>(?i:{_NUMBER}))(?!\w|%)",
            0.8,
        ),
        form(rf"(?i:\bat )(?P<v>(?i:{_NUMBER}) (?i:months|weeks|mths|wks))(?= (?i:he|she|they|old|his|her)\b)", 0.7),
        form(
            rf"(?i:\b(?:turn(?:s|ed|ing)?|(?:just|recently|nearly|almost) turned))(?: (?i:just|only))? (?P<v>(?i:{_NUMBER}))(?= |[.,;)\"']|$)(?! (?i:to|up|away|into|times|out|off|days|weeks|months|hours|on))",
            0.75,
            flags=re.MULTILINE,
        ),
        form(
            r"(?i:\b(?:his|her|their|my|'s)) (?P<v>\d{1,2}(?:st|nd|rd|th)|(?i:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|twenty-first)) (?i:birthday)",
            0.8,
        ),
        form(r"[A-Z][\w'-]+,? \((?P<v>\d{1,2}(?: ?(?:months|mths|weeks|wks|m))?)(?=\)|,|;| )(?!\) ?(?:\d|[-–]))", 0.75),
        form(
            rf"(?:{NUMERIC}|{_DAY} {MONTH} (?:19|20)\d\d)\)?, (?P<v>\d{{1,2}})(?=[.,;)]|$| and\b)",
            0.7,
            flags=re.MULTILINE,
        ),
        form(r"(?i:\bnot )(?P<v>1?\d)(?= (?i:yet|until|till)\b)", 0.6),
        form(r"(?i:\b(?:so|now|then|really|actually|already) )(?P<v>1\d|[4-9])(?=[.,;)]|$)", 0.5, flags=re.MULTILINE),
        form(r"(?<=[a-z]), (?P<v>\d{1,2}), (?=[a-z\"A-Z])", 0.55),
        form(rf"[A-Z][\w'-]+, (?P<v>{_NUMBER_WORD}), (?=[a-z])", 0.6),
        form(r"[A-Z][\w'-]+, (?P<v>\d{1,2})(?=[.;]| and\b|$)", 0.55, flags=re.MULTILINE),
        form(
            rf"(?i:\b(?:is|was|be|he's|she's|they're|only|now|when|I'm|he is|she is|who is|just)) (?P<v>(?i:{_NUMBER}))(?=[.,;)\"]|$| (?:and|but|now|next|in (?:{LONG_MONTH})|so|yet|who|when|at the time|on (?:his|her))\b)",
            0.45,
            flags=re.MULTILINE,
        ),
        form(
            r"(?i:\b(?:children|girls?|boys?|sons?|daughters?|siblings|twins|kids)) \(?(?i:aged )?(?P<v>\d{1,2}(?:(?:, ?| and | & )\d{1,2})+)\)?",
            0.8,
        ),
        form(r"(?i:\bat )(?P<v>(?:[4-9]|1\d|2[0-4]))(?= (?:he|she|they|his|her|with no|when)\b)", 0.5),
        form(r"(?<![\w.£/])(?P<v>\d{1,2}(?:/\d{1,2})?) ?(?:weeks|wks|/40)(?= (?i:pregnant|gestation|along))", 0.5),
    )
    why = "tells somebody's age"

    def accept(self, text: str, start: int, end: int) -> bool:
        """Ages of people run to about 110."""
        digits = re.match(r"\d+", text[start:end])
        return (digits is None or 0 <= int(digits.group()) <= 110) and not is_threshold(text, start)


class CalendarDate(Identifier):
    """Any other full or partial calendar date; not bare years and not weekdays."""

    label = Label.DATE
    forms = (
        form(rf"(?<![\w./-])(?:{DATE})(?!\w|[/-]\d)", 0.8),
        form(rf"(?<![\w./-]){_DAY}(?: of)?[ -]?{MONTH}\.?(?:[ -]?{_YEAR})?(?!\w)", 0.75, flags=re.IGNORECASE),
        form(rf"(?<![\w./-]){MONTH}\.? {_DAY}(?:,? {_YEAR})?(?![\w:/%]|\.\d)", 0.7, flags=re.IGNORECASE),
        form(r"(?<![\w./£-])(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|1[0-2])(?![\w/%]|\.\d)", 0.5),
        form(r"(?<![\w./£-])(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.(?:\d\d|\d{4})(?![\w])", 0.8),
        form(rf"(?<![\w./-])(?:the )?(?P<v>{_DAY})(?= (?:and|&|-|–|to|or) (?:the )?{_DAY}(?: of)? {MONTH})", 0.6),
        form(
            r"(?<!\w)(?:on|by|from|until|since|before|after|w/c|w/e|w/b|dated|the) (?:the )?(?P<v>(?:[12]?\d|3[01])(?:st|nd|rd|th))(?!\w)(?! (?:birthday|year|floor|time|child|week|day|century|stage|review|meeting|session|edition))",
            0.6,
        ),
        form(
            r"(?<!\w)(?:early|mid|late|end of|start of|beginning of|mid-|last|next|since|in|until|from|during|by|of|to|till|and|this|before|after|around|throughout|for|every|each) ?-?(?P<v>(?:January|February|April|June|July|August|September|October|November|December|Jan|Feb|Apr|Aug|Sept|Oct|Nov|Dec)(?:[ ,]+(?:19|20)\d\d)?)(?!\w)",
            0.6,
        ),
        form(
            r"(?<!\w)(?:early|mid|late|end of|start of|beginning of|in|since|until|during|last|next) (?P<v>May)(?!\w)(?! [A-Z])",
            0.6,
        ),
        form(r"(?<!\w)(?:[Tt]he|[Tt]his|[Ll]ast|[Nn]ext|[Oo]ur|[Ee]arly|[Ll]ate) (?P<v>May|March)(?= [a-z])", 0.6),
        form(r"(?<!\w)(?P<v>May|March)(?= [A-Z]{3,} (?:minutes|meeting|review|agenda|actions|panel))", 0.6),
        form(
            r"(?<!\w)(?P<v>May) (?:minutes|meeting|half[- ]term|bank holiday|conference|review|core group)(?!\w)", 0.6
        ),
        form(
            r"(?i:\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?),? (?:the )?(?P<v>(?:[12]?\d|3[01])(?:st|nd|rd|th))(?!\w)",
            0.7,
        ),
        form(
            r"(?<!\w)(?:early|mid|late|end of|start of|beginning of|mid-|last|next|since|in|until|from|during) ?-?(?P<v>(?:March|May)(?:[ ,]+(?:19|20)\d\d)?)(?=[.,;:)\"]|$| (?:when|and|to|but|she|he|they|this|last|after|before|at|for|with)\b)",
            0.6,
            flags=re.MULTILINE,
        ),
        form(rf"(?<!\w)(?:{LONG_MONTH})(?: ?(?:[-–/]|to) ?)(?:{LONG_MONTH})(?: (?:19|20)\d\d)?(?!\w)", 0.6),
        form(
            r"(?<!\w)(?:in|since|until|from|by|of|last|next|early|late|mid) (?P<v>january|february|april|june|july|august|september|october|november|december)(?!\w)",
            0.6,
        ),
        form(r"(?<!\w)(?:January|February|April|July|August|September|October|November|December)(?!\w)", 0.55),
        form(
            r"(?<![\w])(?:Christmas (?:Eve|Day)|Boxing Day|New Year's (?:Eve|Day)|Valentine's Day|Bonfire Night|Hallowe'?en|Eid(?: al-Fitr| al-Adha)?|Good Friday|Easter (?:Sunday|Monday))(?: (?:19|20)\d\d)?(?!\w)",
            0.45,
        ),
    )
    why = "a calendar date"

    def accept(self, text: str, start: int, end: int) -> bool:
        """Sections of forms, scores such as 3/10 and fractions are no dates."""
        found = text[start:end]
        if "\n" in found or "\t" in found:
            return False
        if re.fullmatch(r"\d{1,2}/\d{1,2}", found):
            before = text[max(0, start - 16) : start].lower()
            return not re.search(
                r"(?:score|scale|scored|rated|para|out of|item|page|section|level|bp|pain)\W*$", before
            ) and found not in {
                "24/7",
                "9/10",
                "8/10",
                "7/10",
                "6/10",
                "5/10",
                "4/10",
                "3/10",
                "2/10",
                "1/10",
                "10/10",
                "1/2",
            }
        return True
