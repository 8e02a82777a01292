"""One-time codes of recipients, and what is e-mailed to them: in both languages of Wales, without names."""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta

from redactor.service.base import digest
from redactor.service.passwords import clean_code, new_short_code

MAIL_TIME = timedelta(minutes=15)
VISIT_TIME = timedelta(minutes=30)
MOST_TRIES = 5
_DIGITS = 6

CODE_SUBJECT = "Your one-time code / Eich cod untro"
CODE_TEXT = """Your code to open the document that was sent to you: {code}
It works once, for 15 minutes. Nobody will ever ask you for it by telephone or e-mail.
If you did not ask for it, you need do nothing.

Eich cod i agor y ddogfen a anfonwyd atoch: {code}
Mae'n gweithio unwaith, am 15 munud. Ni fydd neb byth yn gofyn i chi amdano dros y ffôn nac mewn e-bost.
Os na wnaethoch ofyn amdano, nid oes angen i chi wneud dim.
"""
TAKEN_BACK_SUBJECT = "A document was taken back / Tynnwyd dogfen yn ôl"
TAKEN_BACK = """Copy {number}, which was made for you, was taken back. Its link no longer works.
If you have saved or printed it, delete or destroy it, and tell the person who sent it to you that you have.

Tynnwyd copi {number}, a wnaed i chi, yn ôl. Nid yw ei ddolen yn gweithio mwyach.
Os ydych wedi ei gadw neu ei argraffu, dilëwch neu dinistriwch ef, a dywedwch wrth y sawl a'i hanfonodd atoch.
"""


def new_mail_code() -> str:
    """Return six digits; they live for minutes and few tries."""
    return f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}"


def new_spoken_code() -> str:
    """Return a code to be read out by telephone, of letters and digits that sound different."""
    return new_short_code()


def code_digest(token: str, code: str) -> str:
    """Return what is stored of a code: bound to its link."""
    return digest(f"{digest(token)}|{clean_code(code)}")


def code_matches(token: str, code: str, stored: str) -> bool:
    """Say whether a typed code is the one of this link."""
    return hmac.compare_digest(code_digest(token, code), stored)


def contact_place(link_digest: str) -> str:
    """Return where a link's contact is sealed to."""
    return f"release_link.contact|{link_digest}"
