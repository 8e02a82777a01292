"""One small helper for every form: what was typed, what is wrong with it, and where."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from flask import request

from redactor.errors import BadArguments, InputRefused, InvalidDefinition, NotCleared, RedactorError, SignInNeeded
from redactor.web.language import translate

_SHOWN_ON_THE_FORM = (BadArguments, NotCleared, InputRefused, InvalidDefinition)
LONGEST_LINE = 2_000


@dataclass(slots=True)
class Form:
    """A submitted form, or an empty one.

    Args:
        errors: field id to message; "" for what concerns the whole form.
    """

    errors: dict[str, str] = field(default_factory=dict)
    starting: dict[str, Any] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return what was typed into a field, without blanks around it."""
        if request.method == "POST":
            return request.form.get(name, "").strip()
        return str(self.starting.get(name, "") or "")

    def secret(self, name: str) -> str:
        """Return a password as typed."""
        return request.form.get(name, "")

    def many(self, name: str) -> list[str]:
        """Return the boxes that were ticked."""
        if request.method == "POST":
            return request.form.getlist(name)
        return [str(value) for value in self.starting.get(name, ())]

    def ticked(self, name: str) -> bool:
        """Say whether a single box is ticked."""
        return bool(self.many(name)) if request.method == "POST" else bool(self.starting.get(name))

    def lines(self, name: str) -> tuple[str, ...]:
        """Return the lines of a text area that hold something."""
        return tuple(line.strip() for line in self.text(name).splitlines() if line.strip())

    def number(self, name: str) -> int:
        """Return a whole number, or -1 if none was sent."""
        value = request.form.get(name, "")
        return int(value) if value.isascii() and value.isdigit() else -1

    def moment(self, name: str, message: str) -> datetime | None:
        """Return a moment in UTC as a browser's field sends it, noting the message if it is none."""
        try:
            return datetime.fromisoformat(self.text(name)).replace(tzinfo=UTC)
        except ValueError:
            self.errors.setdefault(name, message)
            return None

    def require(self, name: str, message: str) -> str:
        """Return a field's text, noting the message if it is empty."""
        value = self.text(name)
        if not value:
            self.errors.setdefault(name, message)
        elif len(value) > LONGEST_LINE:
            self.errors.setdefault(name, f"Use at most {LONGEST_LINE:,} characters.")
        return value

    def choice(self, name: str, allowed: Any, message: str) -> str:
        """Return one of the allowed values, noting the message if it is none of them."""
        value = self.text(name)
        if value not in {str(option) for option in allowed}:
            self.errors.setdefault(name, message)
        return value

    @property
    def sent(self) -> bool:
        """Say whether the form was sent."""
        return request.method == "POST"

    @property
    def good(self) -> bool:
        """Say whether the form was sent and nothing is wrong with it."""
        return self.sent and not self.errors

    @contextmanager
    def trying(self, name: str = "") -> Iterator[None]:
        """Show what the service refuses beside the field instead of on a page of its own."""
        try:
            yield
        except SignInNeeded:
            raise
        except _SHOWN_ON_THE_FORM as problem:
            self.errors[name] = _sentence(problem)

    def summary(self) -> list[dict[str, str]]:
        """Return the entries of GOV.UK's error summary."""
        return [{"text": message, "href": f"#{name or 'main-content'}"} for name, message in self.errors.items()]

    def error(self, name: str) -> dict[str, str] | None:
        """Return a field's message as GOV.UK's macros take it."""
        return {"text": self.errors[name]} if name in self.errors else None


def _sentence(problem: RedactorError) -> str:
    return f"{translate(problem.message)} {translate(problem.next_step)}"
