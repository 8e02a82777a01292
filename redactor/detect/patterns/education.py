"""Numbers and years of school."""

from __future__ import annotations

import re

from redactor.detect.identifier import Identifier, form
from redactor.model import Label

_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


class PupilNumber(Identifier):
    """The unique pupil number with its check letter, and the unique learner number."""

    label = Label.UPN
    forms = (
        form(r"(?<!\w)[A-Za-z] ?\d{3} ?\d{4} ?\d{4}[\dA-Za-z](?!\w)", 0.6),
        form(
            r"(?<!\w)(?:ULN|UPN|unique (?:learner|pupil) n(?:o|umber))(?: no| number)?[.:#]? ?(?P<v>(?:[A-Za-z] ?)?\d[\d ]{7,15}\w)(?!\w)",
            0.9,
            flags=re.IGNORECASE,
        ),
    )
    context_words = r"\b(?:UPN|ULN|pupil number|learner number)\b"
    why = "written like a pupil number"

    def check(self, found: str) -> bool | None:
        """Weigh the twelve characters after the letter by 2 to 13, modulus 23."""
        upn = found.upper().replace(" ", "")
        if not re.fullmatch(r"[A-Z]\d{11}[\dA-Z]", upn) or (upn[-1].isalpha() and upn[-1] not in _UPN_LETTERS):
            return None
        values = [int(character) if character.isdigit() else _UPN_LETTERS.index(character) for character in upn[1:]]
        total = sum(value * weight for value, weight in zip(values, range(2, 14), strict=True))
        return _UPN_LETTERS[total % 23] == upn[0]


class SchoolYear(Identifier):
    """The school year that a child is in: it tells the age."""

    label = Label.SCHOOL_YEAR
    forms = (
        form(r"(?<!\w)(?:Year|Yr|Y)\.? ?(?:1[0-3]|[1-9])(?: ?[A-Z]{1,3})?(?![\w%/])", 0.8),
        form(
            r"(?<!\w)(?:[Yy]ear|[Bb]lwyddyn) (?:1[0-3]|[1-9]|[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Ss]even|[Ee]ight|[Nn]ine|[Tt]en|[Ee]leven|[Tt]welve|[Tt]hirteen)(?![\w])",
            0.6,
        ),
        form(r"(?<!\w)(?i:in|class|form|tutor group|set) (?P<v>(?:1[0-3]|[7-9])[A-Z]{1,2})(?!\w)", 0.6),
        form(r"(?<!\w)(?:1[0-3]|[7-9])[A-Z]{2}(?!\w)", 0.3),
        form(r"(?<!\w)in (?P<v>Reception|reception|sixth form)(?!\w)", 0.6),
    )
    why = "a school year tells the age"

    def accept(self, text: str, start: int, end: int) -> bool:
        """'Year 2 of the plan' is no school year."""
        return not re.match(r" (?:of the|review|plan|report)\b", text[end : end + 12])
