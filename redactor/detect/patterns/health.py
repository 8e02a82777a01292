"""Numbers of the health service and of hospitals."""

from __future__ import annotations

import re

from redactor.detect.identifier import Identifier, form
from redactor.model import Label


class NhsNumber(Identifier):
    """The ten-digit NHS number, modulus 11."""

    label = Label.NHS_NUMBER
    forms = (
        form(r"(?<![\w+/-])[0-9OIl]{3}[ .-]?[0-9OIl]{3}[ .-]?[0-9OIl]{4}(?![\w/-])", 0.4),
        form(r"(?<![\w+/-])\d{3} ?\d{3} ?\d\d ?\d\d(?![\w/-])", 0.4, needs_context=True),
        form(r"\bNHS(?: ?(?:no|num|number|#))?[.:#]? {0,2}(?P<v>\d(?:[ -]?\d){8,10})(?!\w)", 0.7, flags=re.IGNORECASE),
    )
    context_words = r"\bNHS\b"
    why = "written like an NHS number"

    def accept(self, text: str, start: int, end: int) -> bool:
        """A number in the ten-digit form that begins with 0 is a telephone number, unless NHS stands before it."""
        found = text[start:end]
        if sum(character.isdigit() for character in as_digits(found)) < 8:
            return False
        return found[0] != "0" or "NHS" in text[max(0, start - 20) : start]

    def check(self, found: str) -> bool | None:
        """Weigh the first nine digits by 10 to 2, modulus 11."""
        digits = [int(character) for character in as_digits(found) if character.isdigit()]
        if len(digits) != 10:
            return False
        expected = (11 - sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11) % 11
        return expected == digits[9]


def as_digits(text: str) -> str:
    """Read the letters that scanning puts in the place of digits as those digits."""
    return text.translate(str.maketrans("OoIlSB", "001158"))
