"""Numbers that the state gives to people: National Insurance, passport, driving licence, immigration."""

from __future__ import annotations

import re

from redactor.detect.identifier import Identifier, form
from redactor.model import Label


class NationalInsurance(Identifier):
    """Two letters, six digits, a suffix letter; QQ is the prefix of examples."""

    label = Label.NINO
    forms = (
        form(r"(?<!\w)[A-Z]{2}[ .-]?\d{2}[ .-]?\d{2}[ .-]?\d{2}[ .-]?[A-D](?!\w)", 0.8),
        form(r"(?<!\w)[a-z]{2} ?\d{2} ?\d{2} ?\d{2} ?[a-d](?!\w)", 0.6),
        form(r"(?<!\w)[A-Z] [A-Z](?: ?\d){6} ?[A-D](?!\w)", 0.6, needs_context=True),
        form(r"(?<!\w)[A-Z]{2} ?\d{2} ?\d{2} ?\d{2}(?![\w])", 0.35, needs_context=True),
    )
    context_words = r"\b(?:NI|N\.I\.|NINO|national insurance)\b"
    why = "written like a National Insurance number"

    def check(self, found: str) -> bool | None:
        """Check the prefix: some letters and pairs are never given."""
        prefix = found[:2].upper()
        if prefix == "QQ":
            return None
        bad = prefix[0] in "DFIQUV" or prefix[1] in "DFIQUVO" or prefix in {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}
        return False if bad else None


class Passport(Identifier):
    """A passport number: nine digits, or a letter or two and seven or eight digits, where a passport is spoken of."""

    label = Label.PASSPORT
    forms = (
        form(
            r"(?i:passports?)(?:\s+(?i:no|number|num|ref))?[.:#]?[ (]{0,3}(?P<v>[A-Za-z]{0,3}[ -]?\d(?:[ -]?\d){5,9})(?!\w)",
            0.9,
        ),
        form(r"(?<!\w)[A-Z]{1,2} ?\d{6,9}(?!\w)", 0.4, needs_context=True),
        form(r"(?<!\w)\d{9}(?!\w)", 0.4, needs_context=True),
        form(r"(?<!\w)[A-Z]{3}\d{6}[A-Z]?(?!\w)", 0.3, needs_context=True),
    )
    context_words = r"\b(?:passports?|ppt)\b"
    why = "written like a passport number"


class DrivingLicence(Identifier):
    """The sixteen-character driver number of Great Britain, or eight digits in Northern Ireland."""

    label = Label.DRIVING_LICENCE
    forms = (
        form(r"(?<!\w)[A-Z]{1,5}9{0,4}[ .-]?\d{6}[ .-]?[A-Z][A-Z9][ .-]?\d?[A-Z]{2}(?: ?\d\d)?(?!\w)", 0.85),
        form(r"(?<!\w)[A-Z9]{5} ?\d{6} ?[A-Z9]{2} ?\w{3}(?: ?\d\d)?(?!\w)", 0.8, flags=re.IGNORECASE),
        form(r"(?<!\w)\d{8}(?!\w)", 0.3, needs_context=True),
    )
    context_words = r"\b(?:driving licen[cs]e|driver(?:'s)? (?:number|licen[cs]e)|DL)\b"
    why = "written like a driver number"

    def accept(self, text: str, start: int, end: int) -> bool:
        """A driver number holds digits and letters, or stands beside the word licence."""
        return sum(character.isdigit() for character in text[start:end]) >= 6


class Immigration(Identifier):
    """References of immigration and the National Referral Mechanism."""

    label = Label.CASE_REF
    forms = (
        form(r"(?<!\w)NRM[- ]?[A-Z]?[- ]?\d{4,}(?:[-/]\d+)*(?!\w)", 0.85),
        form(
            r"(?<!\w)(?:visa|BRP|Home Office|HO|ARC|GWF)(?: ref(?:erence)?| no| number)*[.:]? ?(?P<v>[A-Z]{0,3}\d[\dA-Z/ -]{5,20}\d)(?!\w)",
            0.8,
        ),
        form(r"(?<!\w)\d{4}-\d{4}-\d{4}-\d{4}(?!\w)", 0.5),
        form(r"(?<!\w)(?:GWF\d{9}|[A-Z]\d{7}/\d|R[A-Z]\d{7})(?!\w)", 0.6),
    )
    why = "written like an immigration reference"
