"""Numbers of the police: records, crimes, incidents, logs and officers."""

from __future__ import annotations

import re

from redactor.detect.identifier import Identifier, form
from redactor.model import Label

_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"  # remainder of the division by 23


class PoliceRecord(Identifier):
    """The PNC identifier (year/serial and a check letter) and the CRO number."""

    label = Label.PNC
    forms = (
        form(r"(?<![\w/])(?:19|20)?\d\d ?/ ?\d{1,7}[A-Z](?![\w/])", 0.75),
        form(r"(?<![\w/])\d{1,6} ?/ ?\d\d[A-Z](?![\w/])", 0.75),
        form(r"(?<![\w/])SF ?\d\d ?/ ?\d{1,6}[A-Z](?![\w/])", 0.8),
        form(r"\b(?:PNC(?:ID)?|CRO)(?: ?(?:ID|no|number|ref))?[.:]? ?(?P<v>\d[\d/ ]{4,13}(?: ?[A-Za-z])?)(?!\w)", 0.8),
    )
    context_words = r"\b(?:PNC|PNCID|CRO)\b"
    why = "written like a PNC or CRO number"

    def check(self, found: str) -> bool | None:
        """Divide year and serial, or serial and year, by 23: the remainder names the letter."""
        match = re.fullmatch(r"(\d{2,4}) ?/ ?(\d{1,7})([A-Z])", found)
        if match is None:
            return None
        first, second, letter = match.groups()
        readings = {int(first[-2:] + second.zfill(7)) % 23}
        if len(second) == 2:
            readings = {int(second + first.zfill(6)) % 23}
        return True if any(_LETTERS[reading] == letter for reading in readings) else None


class PoliceReference(Identifier):
    """Crime, incident, custody and log references, and unique reference numbers."""

    label = Label.CASE_REF
    forms = (
        form(r"(?<![\w/-])(?:55|44|54|50|42)2\d{9}(?![\w/-])", 0.8),
        form(r"(?<![\w/-])\d{2}[A-Z]?/\d{3,7}/\d{2}(?![\w/-])", 0.7),
        form(r"(?<![\w/-])[A-Z]{1,4}/\d{2,5}/\d{2,7}(?:/\d+)*(?![\w/-])", 0.7),
        form(r"(?<![\w/-])\d{2}-\d{6}-\d{3,5}(?![\w/-])", 0.8),
        form(r"(?<![\w/-])[A-Z]{1,4}-\d{4,}(?:-\d+)*(?![\w/-])", 0.55),
        form(r"(?<![\w/-])\d{2}[A-Z]{2}\d{6,8}(?![\w/-])", 0.6),
        form(
            r"\b(?:CAD|log|incident|occurrence|crime|STORM|Niche|custody|exhibit|URN|OIS)(?: ?(?:record|ref(?:erence)?|log|no|number|num|report))*[.:#]*"
            r" (?P<v>(?:[A-Z]{1,5}[-/ ]?)?\d[\dA-Z/-]{1,18}(?: of (?:\d{1,2}(?:st|nd|rd|th)? [A-Z][a-z]+(?: \d{4})?|\d{1,2}[./]\d{1,2}[./]\d{2,4}))?)(?![\w])",
            0.8,
            flags=re.IGNORECASE,
        ),
        form(r"\bURN[:.]? ?(?P<v>\d\d ?[A-Z0-9]{2} ?\d{5,7} ?\d\d)(?!\w)", 0.9),
        form(r"\b(?i:exhibits?)(?: (?i:ref|no))?[:.]? (?P<v>[A-Z]{2,4}/\d{1,4}[A-Z]?)(?!\w)", 0.9),
    )
    context_words = r"\b(?:crime|incident|log|CAD|custody|occurrence|URN|ref(?:erence)?|storm|niche|report)\b"
    why = "written like a police reference"

    def accept(self, text: str, start: int, end: int) -> bool:
        """A date written with strokes is no reference."""
        return not re.fullmatch(r"(?:[0-3]?\d)/(?:0?\d|1[0-2])/(?:\d\d|\d{4})", text[start:end]) or (
            re.search(r"(?:crime|ref|incident)\W*$", text[max(0, start - 12) : start], re.IGNORECASE) is not None
        )


class Officer(Identifier):
    """An officer's collar or warrant number: after the rank, or after the name."""

    label = Label.CASE_REF
    forms = (
        form(
            r"\b(?:PC|PS|DC|DS|DI|DCI|PCSO|Sgt|Insp|Sergeant|Constable|Inspector|WPC|Det Con|Det Sgt)\.? (?P<v>[A-Z]?\d{2,6})(?!\w)",
            0.85,
        ),
        form(r"\b(?i:collar|warrant|shoulder|badge)(?: (?i:no|number|num))?[.:]? ?(?P<v>[A-Z]?\d{2,6})(?!\w)", 0.85),
        form(r"\b(?:OPERATOR|OPERATIVE|OFFICER|HANDLER)[:.]? [A-Z]+ (?P<v>\d{3,6})(?!\w)", 0.8),
        form(r"\bBY (?P<v>\d{3,5})(?=[ ./,]|$)", 0.5, flags=re.MULTILINE),
        form(r"(?:PC|PS|DC|DS|DI) [A-Z][\w'-]+(?: [A-Z][\w'-]+)? \(?(?P<v>\d{2,5}[A-Z]{0,3})\)?(?!\w)", 0.8),
    )
    why = "a collar number names an officer"
