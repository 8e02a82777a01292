"""Passwords, one-time codes and throttles: the parts of signing in that are the same for everyone."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, delete, insert, select, update
from zxcvbn import zxcvbn

from redactor.errors import BadArguments
from redactor.service.base import digest
from redactor.store.records import throttle

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
THROTTLE_WINDOW = timedelta(minutes=15)
ACCOUNT_ATTEMPTS = 10
ADDRESS_ATTEMPTS = 60
CODE_STEP_SECONDS = 30
_CODE_DRIFT_STEPS = 1
_CODE_DIGITS = 6
RECOVERY_CODES = 8
_CLEAR_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that look or sound alike when read out
_WORD = re.compile(r"\w+")
_SERVICE_WORDS = ("redactor", "safeguarding", "password")
_GOOD_SCORE = 3  # of 4: "safely unguessable: moderate protection from offline slow-hash scenario"
_JUDGED_CHARACTERS = 72  # the judgement takes long on more, and more only makes it stronger
_GROUP, _CODE_GROUPS, _RECOVERY_GROUPS, _FILE_GROUPS = 4, 2, 3, 5

_HASHER = PasswordHasher()
_NOBODY = _HASHER.hash(secrets.token_urlsafe())


def hash_password(password: str, context: Iterable[str]) -> str:
    """Return the argon2 hash of a new password.

    Args:
        password: as typed.
        context: words that belong to the person, the service and the organisation: they do not count (ASVS 6.1.2).

    Raises:
        BadArguments: if the password is too short, too long or easily guessed: a common or leaked one, a pattern of
            the keyboard, a sequence, or little beside words of the context (Wheeler, "zxcvbn", USENIX Security 2016).
    """
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise BadArguments(
            f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters.",
            next_step="Choose a longer one; four or five unrelated words do well.",
        )
    words = {word.casefold() for text in (*context, *_SERVICE_WORDS) for word in _WORD.findall(text)}
    remaining = password.casefold()
    for word in sorted((word for word in words if len(word) >= _GROUP), key=len, reverse=True):
        remaining = remaining.replace(word, "")
    known = password[:_JUDGED_CHARACTERS]
    if len(remaining) < SHORTEST_PASSWORD // 2 or zxcvbn(known, user_inputs=sorted(words))["score"] < _GOOD_SCORE:
        raise BadArguments(
            "The password is too easy to guess.",
            next_step="Choose four or five unrelated words, without your name, the service's or the organisation's.",
        )
    return _HASHER.hash(password)


def password_matches(stored: str | None, password: str) -> bool:
    """Say whether the password is right; takes as long when there is no such account."""
    try:
        return _HASHER.verify(stored or _NOBODY, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def new_totp_secret() -> str:
    """Return a fresh secret for an authenticator application."""
    return pyotp.random_base32()


def totp_address(secret: str, username: str, issuer: str) -> str:
    """Return the address that an authenticator application reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=issuer)


def totp_code(secret: str, at: datetime) -> str:
    """Return the code that is shown at a moment."""
    return str(pyotp.TOTP(secret).at(at))


def totp_step(secret: str, code: str, now: datetime, last_step: int) -> int | None:
    """Return the time step of a right code that was not used before, or None.

    Args:
        last_step: the step of the code that was accepted last (ASVS 6.5.1: a code works once).
    """
    cleaned = "".join(code.split())
    if len(cleaned) != _CODE_DIGITS or not cleaned.isascii() or not cleaned.isdigit():
        return None
    generator, present = pyotp.TOTP(secret), int(now.timestamp()) // CODE_STEP_SECONDS
    for step in range(present - _CODE_DRIFT_STEPS, present + _CODE_DRIFT_STEPS + 1):
        if step > last_step and hmac.compare_digest(generator.generate_otp(step), cleaned):
            return step
    return None


def new_recovery_codes() -> tuple[str, ...]:
    """Return fresh one-time codes for the day the telephone is lost."""
    return tuple(_spoken(_RECOVERY_GROUPS) for _ in range(RECOVERY_CODES))


def clean_code(code: str) -> str:
    """Return a recovery code as it was made, however it was typed."""
    letters = "".join(character for character in code.lower() if character.isalnum())
    return "-".join(letters[index : index + _GROUP] for index in range(0, len(letters), _GROUP))


def new_file_password() -> str:
    """Return a password for a released file: 99 bits, in groups that can be read out by telephone."""
    return _spoken(_FILE_GROUPS)


def new_short_code() -> str:
    """Return a one-time code of two groups, to be read out by telephone."""
    return _spoken(_CODE_GROUPS)


def _spoken(groups: int) -> str:
    return "-".join("".join(secrets.choice(_CLEAR_LETTERS) for _ in range(_GROUP)) for _ in range(groups))


def attempt(connection: Connection, who: str, allowed: int, now: datetime) -> bool:
    """Count an attempt before it is made, and say whether it may be made: guesses in parallel do not slip through.

    Args:
        who: what is throttled, for example an account or an address; only its digest is stored.
        allowed: attempts in one window.
    """
    key = digest("throttle|" + who)
    row = connection.execute(select(throttle).where(throttle.c.digest == key).with_for_update()).one_or_none()
    if row is None:
        connection.execute(insert(throttle).values(digest=key, failures=1, since=now))
        return True
    if now - row.since >= THROTTLE_WINDOW:
        connection.execute(update(throttle).where(throttle.c.digest == key).values(failures=1, since=now))
        return True
    connection.execute(update(throttle).where(throttle.c.digest == key).values(failures=row.failures + 1))
    return bool(row.failures < allowed)


def forgive(connection: Connection, who: str) -> None:
    """Forget the attempts after one that succeeded."""
    connection.execute(delete(throttle).where(throttle.c.digest == digest("throttle|" + who)))
