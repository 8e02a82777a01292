"""What the shape of a document tells: table columns by their heading, form rows, attendance lists, signatures, mail headers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from redactor.detect.candidate import Candidate
from redactor.language.lexicon import lexicon
from redactor.language.reading import Reading
from redactor.language.tokens import Shape, Token, could_name, is_stop, name_at, tokenise
from redactor.model import Label

_LIST_OPENERS = (
    "present|in attendance|attendance|attendees|attended|attending|apologies|apologies received|apologies from|also present|invited|absent|distribution|copy to|copies to|copied to|circulation|circulated to|"
    "to|from|cc|bcc|chair|chaired by|chairperson|minutes|minutes by|minute taker|minuted by|minutes taken by|note taker|notes by|author|report by|report author|prepared by|written by|completed by|signed|reviewed by|approved by|"
    "name|child|children|young person|subject|siblings?|mother|father|mum|dad|parents?|carers?|social worker|sw|team manager|tm|health visitor|hv|iro|key ?worker|referrer|referred by|reported by|informant|caller|witness(?:es)?|suspects?|victims?|"
    "operator|officer(?: in the case)?|oic|interpreter|solicitor|counsel|guardian|head ?teacher|class teacher|dsl|gp|school nurse|midwife|supervisor|manager|allocated worker|worker|lead(?: professional)?|contact|next of kin|emergency contact|"
    "dictated by|typed by|seen by|visit by|visited by|assessed by|recorded by|logged by|taken by|on behalf of|yours sincerely|yours faithfully|kind regards|regards|household|family members?|other household members?|known as|also known as|aka|alias(?:es)?|also uses|re|missing person|full name|surname|forenames?"
)
_OPENED = re.compile(rf"^[ >*•-]*(?P<label>{_LIST_OPENERS})(?: \([^)\n]{{1,30}}\))? ?[:–-] ?", re.IGNORECASE)
_INLINE = re.compile(
    r"(?<![\w])(?P<label>Chair(?:ed by)?|Minutes(?: by)?|Present|Apologies|In attendance|Attendees|Author|Completed by|Prepared by|Signed|Social [Ww]orker|SW|HV|IRO|DSL|GP|Key ?worker|Team [Mm]anager|Mother|Father|Mum|Dad|Referrer|Informant|INFORMANT|OPERATOR|CALLER|Child|Name|NAME|Allocated worker|Head ?teacher|Actions? for|Action|ACTION|Lead|From|To|Cc|CC)(?: \([^)\n]{1,30}\))?: "
)
_SPEAKER = re.compile(
    r"^[ \t>]*(?:\d{1,2}[:.]\d\d(?::\d\d)?[ –-]+)?(?P<name>[A-Z][\w'.-]*(?: [A-Z][\w'.-]*){0,2}) ?(?:[:–]|-(?= ))",
    re.MULTILINE,
)
_MAIL_NAME = re.compile(r"(?P<name>[^<>\[\]:;,\n\"]{2,50}?)\"? ?(?=[<\[(][\w.+-]+@)")
_SIGN_OFF = re.compile(
    r"^[ >]*(?:kind(?:est)? regards|best(?: wishes| regards)?|many thanks|thanks(?: again| both| all)?|regards|yours (?:sincerely|faithfully|truly)|cheers|ta|warm(?:est)? (?:regards|wishes)|all the best|thank you|love)[,.!]?\s*$",
    re.IGNORECASE,
)
_SIGNED_LETTER = re.compile(
    r"(?i:\b(?:regards|thanks|thank you|cheers|ta|best(?: wishes)?|love|salaam|wishes|cofion)(?: (?:all|both|again|so much|x+))*)[,.! –-]{1,3}(?P<name>[A-Z](?:[ .]?[A-Z])?)\.?(?: ?x{1,4})?\s*$"
)
_CLOSING_NAME = re.compile(r"[.!?] (?P<name>[A-Z][a-z]+(?: [A-Z][\w'-]+)?)\s*$")
_GREETING = re.compile(
    r"^[ >]*(?:Dear|Hi|Hello|Hiya|Hey|Morning|Good morning|Good afternoon|Afternoon|Evening)[ ,]+(?P<name>[A-Z][\w'-]+(?: [A-Z][\w'-]+){0,3}(?:(?:,| and| &| /) [A-Z][\w'-]+(?: [A-Z][\w'-]+)?){0,4})(?=[ ,.!:–-]|$)",
    re.MULTILINE,
)
_ROLE_TAIL = re.compile(r"^[A-Z][\w'.-]+(?: [A-Z][\w'.-]+){0,3} ?(?:[|,–]|-(?= )|\()")
_BRACKET_NAME = re.compile(r"\(\"?(?P<name>[A-Z][\w'-]+(?: [A-Z][\w'-]+)?)\"?\)")


_LONGEST_HEADING = 6  # words of a heading that says with words of its own what stands under it


@dataclass(frozen=True, slots=True)
class Place:
    """One cell of a table: its text and where it stands in the reading."""

    start: int
    end: int
    text: str


def structure(reading: Reading) -> Iterator[Candidate]:
    """Yield what tables, forms, lists, mail headers and signatures announce."""
    for table in tables(reading):
        yield from _table(reading.text, table)
    lines = [(start, end) for start, end in reading.lines() if end > start]
    for number, (start, end) in enumerate(lines):
        yield from _line(reading.text, start, end)
        if _SIGN_OFF.match(reading.text, start, end) and number + 1 < len(lines):
            low, high = lines[number + 1]
            if high - low <= 60:
                yield from _names_in(reading.text, low, high, 0.85, "signed so")
    for match in _GREETING.finditer(reading.text):
        yield from _names_in(reading.text, *match.span("name"), 0.85, "greeted so", bare=True)


def tables(reading: Reading) -> list[list[list[Place]]]:
    """Return the tables as rows of cells: those that the file marks as tables, and tabbed or barred lines of plain text."""
    marked: dict[int, dict[int, dict[int, tuple[int, int]]]] = {}
    for piece in reading.document.pieces:
        if piece.cell is None or not len(piece.span):
            continue
        low, high = reading.forth(piece.span)
        columns = marked.setdefault(piece.cell.table, {}).setdefault(piece.cell.row, {})
        before = columns.get(piece.cell.column)
        columns[piece.cell.column] = (min(low, before[0]), max(high, before[1])) if before else (low, high)
    found = [
        [
            [_place(reading.text, *columns.get(column, (0, 0))) for column in range(max(columns) + 1)]
            for _, columns in sorted(rows.items())
        ]
        for _, rows in sorted(marked.items())
    ]
    return found or _plain_tables(reading)


def _place(text: str, start: int, end: int) -> Place:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Place(start, end, text[start:end])


def _plain_tables(reading: Reading) -> list[list[list[Place]]]:
    """Read runs of at least two lines with the same number of tabs or bars as tables."""
    found: list[list[list[Place]]] = []
    current: list[list[Place]] = []
    for start, end in reading.lines():
        cells = _cells(reading.text, start, end)
        if len(cells) < 2:
            if len(current) > 1:
                found.append(current)
            current = []
            continue
        if current and len(cells) != len(current[0]) and abs(len(cells) - len(current[0])) > 1:
            if len(current) > 1:
                found.append(current)
            current = []
        current.append(cells)
    return [*found, current] if len(current) > 1 else found


def _cells(text: str, start: int, end: int) -> list[Place]:
    cells, here = [], start
    for match in re.finditer(r"\t| ?\| ?|(?<=\S) {3,}(?=\S)", text[start:end]):
        cells.append(_place(text, here, start + match.start()))
        here = start + match.end()
    cells.append(_place(text, here, end))
    return cells


def _heading(text: str) -> str | None:
    """Return the kind of detail that a heading announces."""
    plain = " ".join(text.lower().strip(" :.*?").replace("\n", " ").split())
    fields = lexicon().fields
    if plain in fields:
        return fields[plain]
    plain = re.sub(r"\s*\([^)]*\)", "", plain).strip()
    if plain in fields:
        return fields[plain]
    for part in re.split(r"\s*(?:/|&|,| and | or )\s*", plain):
        if part in fields:
            return fields[part]
    if len(plain.split()) > _LONGEST_HEADING:
        return None
    return next((kind for kind, pattern in lexicon().field_words if pattern.search(plain)), None)


def _table(text: str, rows: list[list[Place]]) -> Iterator[Candidate]:
    headings = [_heading(place.text) if place.text else None for place in rows[0]]
    known = sum(heading is not None for heading in headings)
    filled = sum(bool(place.text) for place in rows[0])
    is_header = known >= 1 and known * 2 >= filled and len(rows) > 1
    if is_header and not (len(rows[0]) == 2 and _heading(rows[1][0].text)):
        for row in rows[1:]:
            for heading, place in zip(headings, row, strict=False):
                if heading is not None and place.text:
                    yield from _value(text, place, heading)
        return
    for row in rows:
        for label, value in zip(row[::2], row[1::2], strict=False):
            heading = _heading(label.text) or (_role_heading(label.text) if value.text else None)
            if heading is not None and value.text:
                yield from _value(text, value, heading)


def _role_heading(text: str) -> str | None:
    plain = text.lower().strip(" :.")
    return "PERSON" if plain in lexicon().roles or plain in lexicon().kinship else None


_BLANK = re.compile(
    r"(?:n/?a|none|nil|unknown|not known|nk|n/k|tbc|tba|-+|–|—|as above|see above|same(?: (?:as )?\w+)?|none (?:known|recorded|given|held)|nothing known|no fixed abode|nfa|of no fixed abode|(?:women'?s )?refuge|hostel|hospital|not (?:at|in) school|not in (?:education|nursery|school)|home[- ]educated|out of school|with (?:mother|father|mum|dad|parents|family)|at home|home|abroad|unborn|yes|no|not recorded|not disclosed|(?:\w+ )?withheld(?: from \w+(?: \w+)?)?|confidential|\?+|declined|refused|not applicable|ditto|\"+|pending)\.?",
    re.IGNORECASE,
)


def _value(text: str, place: Place, heading: str) -> Iterator[Candidate]:
    """Read a cell as the kind of detail that its heading announces."""
    if _BLANK.fullmatch(place.text):
        return
    why = "stands under or beside a heading that announces it"
    if heading == "PERSON":
        yield from _names_in(text, place.start, place.end, 0.9, why)
    elif heading in _WHOLE:
        if len(place.text) <= _WHOLE[heading]:
            yield Candidate(place.start, place.end, Label(heading), 0.8, "structure", why)
    elif heading in _SHAPED:
        for match in _SHAPED[heading].finditer(text, place.start, place.end):
            yield Candidate(match.start(), match.end(), Label(heading), 0.85, "structure", why)
    elif heading == "SPECIAL" and len(place.text) <= 40:
        yield from _special_value(text, place, why)
    elif heading == "GP" and len(place.text) <= 60 and any(could_name(token) for token in tokenise(place.text)):
        yield Candidate(place.start, place.end, Label.ORG, 0.4, "structure", why, weak=True)


_WHOLE: dict[str, int] = {"ADDRESS": 120, "SCHOOL": 60}
_SHAPED: dict[str, re.Pattern[str]] = {
    "DOB": re.compile(
        r"\d{1,4}[./ -]+\w{1,9}[./ -]+\d{1,4}|\d{1,2}(?:st|nd|rd|th)? [A-Z][a-z]+(?: \d{4})?|[A-Z][a-z]{2,8} \d{4}|(?:19|20)\d\d"
    ),
    "AGE": re.compile(r"\d{1,3}(?: ?(?:months?|mths|m|weeks?|wks|yrs?|years?|days?))?(?!\w|/)"),
    "PHONE": re.compile(r"\+?\(?\d[\d ().-]{5,18}\d"),
    "EMAIL": re.compile(r"\S+@\S+\w"),
    "NHS_NUMBER": re.compile(r"\d[\d -]{6,14}\d"),
    "NINO": re.compile(r"[A-Za-z]{2}[ \d]{6,12}[A-Za-z]?"),
    "UPN": re.compile(r"[A-Za-z]?\d[\d ]{8,16}\w?"),
    "PNC": re.compile(r"\d{1,4} ?/ ?\d{2,7}[A-Za-z]?"),
    "PASSPORT": re.compile(r"[A-Z]{0,3}\d{6,9}"),
    "DRIVING_LICENCE": re.compile(r"[A-Z0-9]{5} ?\d{6} ?[A-Z0-9]{2} ?\w{2,3}"),
    "VEHICLE_REG": re.compile(r"\b[A-Z]{1,3}\d{1,4} ?[A-Z]{0,3}\b"),
    "BANK": re.compile(r"\d{2}[- ]\d{2}[- ]\d{2}(?:[ ,/]+\d{6,8})?|\d{8}"),
    "POSTCODE": re.compile(r"[A-Z]{1,2}\d[\dA-Z]? ?\d?[A-Z]{0,2}"),
    "CASE_REF": re.compile(r"[A-Za-z]{0,8}[-/ ]?\d[\dA-Za-z/.-]{2,24}"),
    "USERNAME": re.compile(r"@?[\w.]*[\d_.@][\w.#]*\w|(?<=: )[\w.]{4,}"),
}
_SPECIAL_PART = re.compile(r"[^;,/()]+")


def _special_value(text: str, place: Place, why: str) -> Iterator[Candidate]:
    if re.match(r"(?:English|British|White British)\b", place.text):
        return
    for match in _SPECIAL_PART.finditer(text, place.start, place.end):
        part = _place(text, match.start(), match.end())
        if part.text and part.text[0].isupper() and len(part.text.split()) <= 4 and not _BLANK.fullmatch(part.text):
            yield Candidate(part.start, part.end, Label.SPECIAL, 0.6, "structure", why)


def _line(text: str, start: int, end: int) -> Iterator[Candidate]:
    opened = _OPENED.match(text, start, end)
    if opened is not None and end - opened.end() <= 600:
        long = end - opened.end() > 90
        yield from _names_in(
            text, opened.end(), end, 0.85, "listed after a word that announces people", until_stop=long
        )
    for match in _INLINE.finditer(text, start, end):
        yield from _names_in(
            text,
            match.end(),
            min(end, match.end() + 80),
            0.85,
            "stands after a word that announces people",
            until_stop=True,
        )
    for match in _MAIL_NAME.finditer(text, start, end):
        yield from _names_in(text, *match.span("name"), 0.9, "stands before an e-mail address", bare=True)
    speaker = _SPEAKER.match(text, start, end)
    if speaker is not None:
        yield from _speaker(text, *speaker.span("name"))
    signed = _SIGNED_LETTER.search(text, start, end)
    if signed is not None:
        yield Candidate(*signed.span("name"), Label.PERSON, 0.7, "structure", "signed so")
    closing = _CLOSING_NAME.search(text, start, end)
    if closing is not None and end - start > 40:
        yield from _names_in(text, *closing.span("name"), 0.7, "stands alone at the end", bare=True)


def _speaker(text: str, start: int, end: int) -> Iterator[Candidate]:
    """'WM: ...' and 'Penny Banks: ...' at the beginning of a line."""
    known, tokens = lexicon(), tokenise(text, start, end)
    words = [token for token in tokens if token.shape is not Shape.MARK]
    if not words or any(known.is_safe(word.text) or is_stop(word) or word.lower in known.roles for word in words):
        return
    if any(known.name_weight(word.text) > 0 for word in words) and not all(known.is_word(word.text) for word in words):
        yield Candidate(words[0].start, words[-1].bare_end, Label.PERSON, 0.7, "structure", "speaks in the minutes")


def _names_in(
    text: str,
    start: int,
    end: int,
    score: float,
    why: str,
    *,
    until_stop: bool = False,
    bare: bool = False,
) -> Iterator[Candidate]:
    """Yield the names of a list: parted by commas, 'and', strokes or line ends; roles and bodies are passed over."""
    known = lexicon()
    stretch = known.agencies.sub(lambda match: "#" * len(match.group()), text[start:end])
    tokens = [each._replace(start=each.start + start, end=each.end + start) for each in tokenise(stretch)]
    index, fresh, depth = 0, True, 0
    while index < len(tokens):
        token = tokens[index]
        depth += (token.text in "([") - (token.text in ")]")
        if until_stop and token.text == "." and not _is_initial(tokens, index - 1):
            return
        if token.shape is Shape.MARK or token.shape is Shape.NUMBER:
            fresh = fresh or token.text in ',;/&\n|\t.("•*-–:'
            index += 1
            continue
        if token.lower in {"and", "or"} or token.lower in known.titles or token.lower in known.kinship:
            fresh, index = True, index + 1
            continue
        finish = _listed_name(tokens, index) if fresh else index
        if (
            finish > index
            and not _is_role(text, tokens[index].start, tokens[finish - 1].end)
            and not (depth > 0 and _wordy(tokens[index:finish]))
        ):
            lone_word = finish == index + 1 and known.is_word(token.text) and known.name_weight(token.text) == 0.0
            if not (lone_word and (bare or depth > 0)) or score >= 0.9:
                yield Candidate(
                    token.start,
                    tokens[finish - 1].bare_end,
                    Label.PERSON,
                    score if not lone_word else score - 0.3,
                    "structure",
                    why,
                    weak=lone_word,
                )
            index = finish
        else:
            index += 1
        fresh = False


def _wordy(tokens: list[Token]) -> bool:
    return all(lexicon().is_word(token.text) or token.lower in lexicon().abbreviations for token in tokens)


def _is_initial(tokens: list[Token], index: int) -> bool:
    return index >= 0 and (tokens[index].shape is Shape.INITIAL or tokens[index].lower in lexicon().titles)


def _is_role(text: str, start: int, end: int) -> bool:
    known = lexicon()
    plain = " ".join(text[start:end].lower().split())
    return plain in known.roles or plain in known.abbreviations or plain in known.fields or known.is_safe(plain)


def _listed_name(tokens: list[Token], index: int) -> int:
    """A name of a list may be made of ordinary words ('Penny Banks'), and may be initials ('WM')."""
    token = tokens[index]
    end = name_at(tokens, index, words_allowed=3)
    if end == index and token.shape is Shape.CAPITALISED and not is_stop(token) and not lexicon().is_safe(token.text):
        end = index + 1
    if (
        end + 1 < len(tokens)
        and end > index
        and tokens[end].text == ","
        and token.shape is Shape.CAPITALS
        and tokens[end + 1].shape is Shape.CAPITALISED
    ):
        later = name_at(tokens, end + 1, words_allowed=2, longest=3)
        if later > end + 1 and not lexicon().is_safe(tokens[end + 1].text):
            return later
    return end
