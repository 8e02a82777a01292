"""Case numbers of courts."""

from __future__ import annotations

from redactor.detect.identifier import Identifier, form
from redactor.model import Label


class CourtCase(Identifier):
    """Family, crown, magistrates' and appeal case numbers."""

    label = Label.CASE_REF
    forms = (
        form(r"(?<!\w)[A-Z]{2}\d{2} ?[A-Z] ?\d{4,6}(?!\w)", 0.9),
        form(r"(?<!\w)[TASU]20\d{2} ?\d{4,5}(?!\w)", 0.6),
        form(r"(?<!\w)\d{2}[A-Z]{2}\d{7}[/-]?\d{0,2}(?!\w)", 0.7),
        form(r"(?<!\w)(?:CA|FD|LS|BM)-20\d\d-\d{4,6}(?!\w)", 0.8),
        form(
            r"\b(?i:case|claim|court|appeal|application)(?: (?i:no|number|ref))[.:]? ?(?P<v>[A-Z]{0,4}\d[\dA-Z/-]{3,15})(?!\w)",
            0.85,
        ),
    )
    context_words = r"\b(?:case no|case number|court|claim|proceedings)\b"
    why = "written like a court case number"
