"""From overlapping candidates to findings that do not overlap: who wins, what is cut, what is joined."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import lru_cache

from redactor.detect.candidate import Candidate
from redactor.language.lexicon import lexicon
from redactor.language.wordlists import words
from redactor.model import Label

_WHOLE = frozenset({Label.EMAIL, Label.URL})
_NUMBERS = frozenset(
    {
        Label.PHONE, Label.NHS_NUMBER, Label.NINO, Label.UPN, Label.PNC, Label.PASSPORT, Label.DRIVING_LICENCE, Label.VEHICLE_REG,
        Label.BANK, Label.CASE_REF, Label.IP, Label.DEVICE, Label.USERNAME, Label.POSTCODE, Label.DOB,
    }
)  # fmt: skip
_SURE_ADDRESS = 0.6
_SHORT_ADDRESS = 12  # characters up to which the model may have taken a plate or a postcode for an address
_SURE_NUMBER = 0.9  # score from which a rule's number stands against an address that the model reads into it
_CIRCUMSTANCES = frozenset({Label.DESCRIPTOR, Label.ATTRIBUTION, Label.HEALTH, Label.OFFENCE, Label.EXPLICIT})
_SURE = 0.8
_NAMED = frozenset({Label.PERSON, Label.ORG, Label.SCHOOL, Label.LOCATION})


def resolve(text: str, candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return disjoint candidates in order; what loses is cut around the winner rather than lost."""
    bodies = _bodies(text)
    ordered = sorted((each for each in candidates if _owns(text, each) or not _is_body(each, bodies)), key=_rank)
    taken: list[tuple[int, int]] = []
    kept: list[Candidate] = []
    for each in ordered:
        for start, end in _free(taken, each.start, each.end):
            start, end = _trim(text, start, end)
            whole = (start, end) == (each.start, each.end)
            if start >= end or (not whole and not _worth_keeping(text, each, start, end)):
                continue
            taken.insert(bisect_left(taken, (start, end)), (start, end))
            kept.append(Candidate(start, end, each.label, each.score, each.source, each.why, each.weak))
    return join(text, sorted(kept, key=lambda each: (each.start, each.end)))


@lru_cache(maxsize=2)
def _bodies(text: str) -> list[tuple[int, int]]:
    """Return where public bodies are named; both passes over a document ask for the same."""
    return [match.span() for match in lexicon().agencies.finditer(text)]


def _rank(each: Candidate) -> tuple[int, float, int, int, str, str]:
    """The smaller wins: kinds that hold others first, then the surer, the longer and the earlier."""
    if each.label in _WHOLE:
        tier = 0
    elif _holds_others(each):
        tier = 1
    elif each.label in _NUMBERS and each.source != "model":
        tier = 2
    elif each.label in _CIRCUMSTANCES:
        tier = 9
    else:
        tier = 3
    length = each.end - each.start
    size = -float(length) if tier < 2 else -(each.score + 0.012 * min(length, 30))
    return tier, size, each.start, -length, each.label.value, each.source


def _holds_others(each: Candidate) -> bool:
    """Say whether what stands inside belongs to it: a sure address, or a number that a rule is sure of."""
    if each.label is Label.ADDRESS:
        return each.score >= _SURE_ADDRESS and (each.source != "model" or each.end - each.start > _SHORT_ADDRESS)
    return each.label in _NUMBERS and each.source == "rules" and each.score >= _SURE_NUMBER


def _owns(text: str, each: Candidate) -> bool:
    """Say whether a sure name owns what follows: 'Noa's NHS number' names a child, not a public body."""
    return each.label is Label.PERSON and each.score >= _SURE and text[each.end : each.end + 2] in ("'s", "’s")


def _is_body(each: Candidate, bodies: Sequence[tuple[int, int]]) -> bool:
    """Public bodies as such are no findings, and what stands inside their names is not either."""
    if each.label not in _NAMED and not (each.label is Label.ADDRESS and each.source == "model"):
        return False
    here = bisect_left(bodies, (each.start + 1, 0)) - 1
    near = bodies[max(0, here) : here + 2]
    return any(start <= each.start and each.end <= end for start, end in near)


def _free(taken: Sequence[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    """Return what of a stretch is not yet taken."""
    free, here = [], start
    first = max(0, bisect_left(taken, (start, start)) - 1)
    for low, high in taken[first:]:
        if low >= end:
            break
        if high <= here:
            continue
        if low > here:
            free.append((here, low))
        here = max(here, high)
    if here < end:
        free.append((here, end))
    return free


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and not (text[start].isalnum() or text[start] in "@+_(/#"):
        start += 1
    while end > start and not (text[end - 1].isalnum() or text[end - 1] in "_)."):
        end -= 1
    if end > start and text[end - 1] == ")" and "(" not in text[start:end]:
        end -= 1
    if end > start and text[start] == "(" and ")" not in text[start:end]:
        start += 1
    while end > start and text[end - 1] == "." and not (end - start >= 2 and text[end - 2].isupper()):
        end -= 1
    return start, end


def _worth_keeping(text: str, each: Candidate, start: int, end: int) -> bool:
    """A rest is kept where it still says something: a word of two letters or more, or a number."""
    rest = text[start:end]
    if each.label is Label.PERSON and each.source == "model" and rest[0].isupper() and len(rest) > 2:
        return True
    if each.label in _CIRCUMSTANCES:
        return sum(character.isalpha() for character in rest) >= 4
    words = [word for word in rest.replace("-", " ").split() if any(character.isalnum() for character in word)]
    telling = [
        word
        for word in words
        if (len(word) >= 2 and not lexicon().is_word(word.strip(".,'()"))) or word.strip(".,'()").isdigit()
    ]
    return bool(telling) and not each.weak


_IN_A_DATE = frozenset({".", "/", "-"})


def _is_tag(before: str, each: Candidate, text: str) -> bool:
    """'CH Tiana', 'SIB Omar': short capitals that are an abbreviation, before a name that is not all in capitals."""
    known = before.lower() in lexicon().abbreviations or before.lower() in words("before_names")
    return before.isupper() and known and not text[each.start : each.end].isupper()


_LETTERED_REACH = 12
_LETTERED = re.compile(r"\b(?:Section|Appendix|Annex|Part|Option|Case|Item|Plan|Form|Class|Block|Vitamin|Hepatitis) $")


def join(text: str, ordered: Sequence[Candidate]) -> list[Candidate]:
    """Join parts of one thing that stand side by side: 'Will' and 'Marsh', or '17.2' and '76', become one finding."""
    joined: list[Candidate] = []
    for each in ordered:
        last = joined[-1] if joined else None
        between = text[last.end : each.start] if last else ""
        if (
            last
            and last.label is each.label is Label.PERSON
            and between in {" ", ". ", "  "}
            and not (between == ". " and last.end - last.start > 1)
            and not _is_tag(text[last.start : last.end], each, text)
            and not (between == ". " and _LETTERED.search(text, max(0, last.start - _LETTERED_REACH), last.start))
        ):
            joined[-1] = Candidate(
                last.start, each.end, Label.PERSON, max(last.score, each.score), last.source, last.why
            )
        elif last and last.label is each.label is Label.DATE and between in _IN_A_DATE:
            joined[-1] = Candidate(last.start, each.end, Label.DATE, max(last.score, each.score), last.source, last.why)
        elif (last and last.label is each.label is Label.ADDRESS and between in {" ", ", ", ","}) or (
            last and last.label is Label.ADDRESS and each.label is Label.POSTCODE and between in {" ", ", ", ","}
        ):
            joined[-1] = Candidate(
                last.start, each.end, Label.ADDRESS, max(last.score, each.score), last.source, last.why
            )
        else:
            joined.append(each)
    return joined
