"""Vehicle registrations, whole and in part."""

from __future__ import annotations

import re

from redactor.detect.identifier import Identifier, form
from redactor.model import Label

_VEHICLE = (
    r"\b(?:car|van|vehicle|VRM|reg(?:istration)?|plates?|index|taxi|minicab|minibus|motorbike|moped|bike|scooter|lorry|BMW|Audi|Ford|Golf|Corsa|Astra|Fiesta|Focus|Transit|Prius|Polo|Vauxhall|Mercedes|Range Rover|"
    r"Clio|Toyota|Nissan|Honda|Kia|Skoda|Seat|Volvo|ANPR|DVLA)\b"
)


_DIGIT = r"zero|oh|one|two|three|four|five|six|seven|eight|nine"


class VehicleRegistration(Identifier):
    """Current, prefix, suffix and Northern Irish forms; parts of one where a vehicle is spoken of."""

    label = Label.VEHICLE_REG
    forms = (
        form(r"(?<!\w)[A-Z]{2}[0-9OI]{2} ?[A-Z]{3}(?!\w)", 0.8),
        form(r"(?<!\w)[A-Z]{2} [0-9]{2} [A-Z]{3}(?!\w)", 0.5, needs_context=True),
        form(r"(?<!\w)[a-z]{2}\d{2} ?[a-z]{3}(?!\w)", 0.4),
        form(r"(?<!\w)[A-HJ-NP-TV-Y]\d{1,3} ?[A-Z]{3}(?!\w)", 0.55),
        form(r"(?<!\w)[A-Z]{3} ?\d{1,4}[A-Z]?(?!\w)", 0.3, needs_context=True),
        form(r"(?<!\w)[A-Z]{2}\d{2}(?!\w)", 0.2, needs_context=True),
        form(r"(?<!\w)(?P<v>[A-Z]{2}\d{2})(?= ?(?:\?\?|\.\.\.|…|\*\*)|,? (?i:something|partial)\b)", 0.8),
        form(
            r"(?i:\b(?:ends|ending|finishing|finishes|starts|starting|begins|beginning)(?: in| with)? )[\"']?(?P<v>(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z0-9]{2,4})[\"']?(?!\w)",
            0.5,
            needs_context=True,
        ),
        form(rf"(?<![\w.])[A-Z](?:[ -](?:[A-Z]|\d{{1,2}}|(?i:{_DIGIT}))){{2,6}}(?![\w.])", 0.45, needs_context=True),
        form(
            r"\b(?i:partial|part|reg(?:istration)?|plate|index|VRM|beginning|ending|starting)(?: (?i:plate|reg|no|index|number|of|in|with|was|is))*[:.]? ?[\"']?"
            r"(?P<v>[A-Z]{1,2}\d{1,2}(?: ?[A-Z*?.]{1,3})?|\d{2} ?[A-Z]{2,3}|[A-Z]{3})[\"']?(?!\w)",
            0.75,
        ),
    )
    context_words = _VEHICLE
    why = "written like a vehicle registration"

    def accept(self, text: str, start: int, end: int) -> bool:
        """Keep clear of abbreviations with numbers such as 'KS2' and of postcodes."""
        found = text[start:end]
        return not re.fullmatch(r"(?:KS|YR|PC|DC|DS|PS|NO|RE|AT|BY|ON|TO|IN|S|E)\d+.*", found) or bool(
            re.fullmatch(r"[A-Z]{2}\d{2} ?[A-Z]{3}", found)
        )
