"""What a document itself says about who is who: 'aka', a name in brackets after a name, the rows of a form, a shared surname."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from redactor.link.mentions import Layout, Mention
from redactor.link.parts import Name

_REACH = 60  # characters between two names of one person
_SAME = re.compile(
    r"[\s)\"”'’]*[(,:;–-]*\s*(?:(?:who|he|she|they) )?(?:(?:is|was|are|also|now|sometimes|otherwise|formerly|previously|usually|often|commonly|at home|to (?:his|her|their) \w+|or|and|both|has been|may be|be) ){0,3}"
    r"(?:known (?:to \w+ )?(?:as|by)|called|calls (?:her|him|them|herself|himself)|aka|a\.k\.a\.?|alias|née|nee|born(?: as)?|goes by(?: the name(?: of)?)?|nick-?named|spelt|spelled|(?:\w+ )?(?:recorded|entered|booked(?: \w+)? in|listed|registered|named|referred to)"
    r"(?: \w+){0,3} as|also(?: uses)?|real name|birth name|full name|maiden name|married name|street name|short for|identified as|believed to be|to be|i\.e\.|ie)\s*[:,]?\s*[\"“'‘(\[]*",
    re.IGNORECASE,
)
_OR = re.compile(r"[\"”'’]? or [\"“'‘]?")
_AND = re.compile(r" ?(?:and|&|/) ?")
_OPENS = re.compile(r" ?[(\[][\"“'‘]?")
_CLOSES = re.compile(r"[\"”'’]?[)\]]")
_NAME_ROWS = re.compile(
    r"(?:full |child'?s |young person'?s |name of (?:the )?)?(?:names?|child|young person|subject|missing person|misper|patient|pupil|surname|family name|last name|forenames?|forename\(s\)|first names?|first name\(s\)|given names?)"
    r"(?: of (?:child|young person|pupil|patient))?(?:[,/ ]+(?:forenames?(?:\(s\))?|first names?))?",
    re.IGNORECASE,
)
_OTHER_ROWS = re.compile(
    r"(?:(?:also )?known as|aka|also uses?|alias(?:es)?|also known as ?/? ?.{0,24}|preferred name|other names?|other spellings?|previous names?|former names?|maiden name|birth name|nickname|surname|family name|last name|forenames?|forename\(s\)|first names?|first name\(s\)|given names?|middle names?)",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r" ?\([^()\n]*\)")
_LIST_GAP = re.compile(r"[\s,;/\"“”'’()]*(?:and |or )?[\"“]?")


def ties(found: Sequence[Mention], layout: Layout) -> dict[int, int]:
    """Return, for each mention that the text ties to one before it, the finding of that one.

    Args:
        found: in order of the text.
    """
    tied: dict[int, int] = {}
    for first, second in pairwise(found):
        if _same(first, second, layout.text, first.index in tied):
            tied[second.index] = first.index
        elif _spelt_out(first, second, layout.text) and first.index not in tied:
            tied[first.index] = second.index
    tied.update(_of_forms(found, layout))
    return tied


def _same(first: Mention, second: Mention, text: str, tied: bool) -> bool:
    """Say whether the words between two names make them one person's."""
    if second.start - first.end > _REACH:
        return False
    gap = _BRACKETED.sub("", text[first.end : second.start])
    if "\n" in gap or "\t" in gap:
        return False
    if _SAME.fullmatch(gap) is not None:
        return True
    short = second.name.initials or len(second.name.words) == 1
    if short and _OPENS.fullmatch(gap) and _CLOSES.match(text, second.end):
        return True
    return tied and short and _OR.fullmatch(gap) is not None


def _spelt_out(first: Mention, second: Mention, text: str) -> bool:
    """'Jade (Jade Hooper, personal adviser)': a given name, and in brackets the whole name."""
    given = len(first.name.words) == 1 and len(second.name.words) > 1 and first.name.words[0] == second.name.words[0]
    return given and _OPENS.fullmatch(text[first.end : second.start]) is not None


def _of_forms(found: Sequence[Mention], layout: Layout) -> Mapping[int, int]:
    """In a form the rows 'Surname', 'First name' and 'Also known as' are about the one whom the form's first row names."""
    tied: dict[int, int] = {}
    owner: Mention | None = None
    for place, mention in enumerate(found):
        if mention.row is None or len(layout.cells.get(mention.row, {})) != 2:
            continue
        table, row = mention.row
        label = layout.cell_text(table, row, 0).strip(" :*")
        if _OTHER_ROWS.fullmatch(label) and owner is not None and owner.row is not None and owner.row[0] == table:
            near = found[place - 1]
            if near.row != mention.row or _LIST_GAP.fullmatch(layout.text[near.end : mention.start]):
                tied[mention.index] = owner.index
        elif _NAME_ROWS.fullmatch(label):
            owner = mention
    return tied


def with_shared_surnames(found: Sequence[Mention], text: str) -> list[Mention]:
    """'Ann and Huw Morris': Ann is a Morris too. A lone given name takes the surname of the one it is paired with."""
    shared = list(found)
    for place, (first, second) in enumerate(pairwise(found)):
        if len(first.name.words) != 1 or first.name.initials or len(second.name.words) < 2 or second.name.initials:
            continue
        if second.title or second.kin or not _AND.fullmatch(text[first.end : second.start]):
            continue
        if first.name.words[0] not in second.name.words and len(first.name.words[0]) > 1:
            surname = second.name.words[-1]
            shared[place] = replace(first, name=Name((first.name.words[0], surname)), lent=True)
    return shared
