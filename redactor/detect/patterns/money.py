"""Bank details: sort code with account number, and payment cards."""

from __future__ import annotations

import re

from redactor.detect.identifier import Identifier, form
from redactor.model import Label


class BankAccount(Identifier):
    """A sort code, with or without its account number; an account number where one is spoken of; an IBAN."""

    label = Label.BANK
    forms = (
        form(
            r"(?<![\w-])\d{2}[- ]\d{2}[- ]\d{2}[ ,;/]{1,3}(?:(?i:acc(?:ount|t)?|a/c)(?: (?i:no|number))?[.:]? ?)?\d{8}(?![\w-])",
            0.95,
        ),
        form(r"(?<![\w/-])\d{2}-\d{2}-\d{2}(?![\w/-])", 0.45),
        form(r"(?<!\w)\d{8}(?!\w)", 0.25, needs_context=True),
        form(r"(?<!\w)GB\d{2} ?[A-Z]{4}(?: ?\d){14}(?!\w)", 0.95),
        form(r"(?i:sort code|s/c)[:.]? ?(?P<v>\d{2}[- ]?\d{2}[- ]?\d{2})(?!\w)", 0.9),
        form(r"(?i:acc(?:ount|t)?|a/c)(?: (?i:no|number|num))?[:.]? ?(?P<v>\d{6,10})(?!\w)", 0.85),
    )
    context_words = r"\b(?:sort code|account|acc(?:t)?|a/c|bank|BACS|paid into|transfer)\b"
    why = "written like bank details"


class PaymentCard(Identifier):
    """A payment card number, checked by Luhn."""

    label = Label.BANK
    forms = (
        form(r"(?<![\w-])(?:\d{4}[ -]?){3}\d{4}(?![\w-])", 0.6),
        form(r"(?<![\w-])3[47]\d{2}[ -]?\d{6}[ -]?\d{5}(?![\w-])", 0.6),
        form(r"(?i:cards?)(?: (?i:ending|number|no|in))*[ :]{1,2}(?P<v>(?:[x*X#]{4}[ -]?){0,3}\d{4})(?!\w)", 0.6),
    )
    context_words = r"\b(?:card|visa|mastercard|debit|credit)\b"
    why = "written like a payment card"

    def check(self, found: str) -> bool | None:
        """Luhn."""
        digits = [int(character) for character in re.sub(r"\D", "", found)]
        if len(digits) < 13:
            return None
        doubled = [digit * 2 - 9 if digit > 4 else digit * 2 for digit in digits[-2::-2]]
        return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
