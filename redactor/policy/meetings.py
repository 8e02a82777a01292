"""Kinds of meetings as data: the papers of each, and what is due after it in working days of England and Wales."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from redactor.policy import strictyaml
from redactor.resources import path

_SATURDAY = 5


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ActionRows(_Strict):
    """Where the minutes of a kind hold its actions: the rows, and the columns of action, owner and due date."""

    rows: str
    action: str
    owner: str
    due: str


class MeetingKind(_Strict):
    """One kind of meeting.

    Args:
        agenda, minutes: names of the documents in templates/documents; no agenda where it needs none.
        timers: what is due after it.
    """

    title: str
    agenda: str = ""
    minutes: str
    actions: ActionRows
    timers: tuple[str, ...]


class Timer(_Strict):
    """One thing that is due.

    Args:
        days: working days after the day that ``after`` names.
        basis: the rule and its source.
    """

    title: str
    days: int = Field(ge=1, le=250)
    after: Literal["meeting", "record_sent"]
    basis: str


class MeetingRules(_Strict):
    """The content of templates/meetings.yaml."""

    agreement_years: int = Field(ge=1, le=10)
    kinds: dict[str, MeetingKind]
    timers: dict[str, Timer]
    made_by_record: tuple[str, ...]
    last_year: int
    holidays: tuple[tuple[date, ...], ...]

    @model_validator(mode="after")
    def _timers_exist(self) -> MeetingRules:
        if unknown := {name for kind in self.kinds.values() for name in kind.timers} - self.timers.keys():
            raise ValueError(f"there is no timer {', '.join(sorted(unknown))}")
        return self

    @property
    def days_off(self) -> frozenset[date]:
        """Return every bank holiday that is known."""
        return frozenset(day for year in self.holidays for day in year)


@cache
def load_meetings() -> MeetingRules:
    """Return the kinds of meetings as shipped."""
    return strictyaml.parse(path("templates", "meetings.yaml").read_bytes(), MeetingRules, "list of meetings")


def due(after: date, working_days: int) -> date:
    """Return the day that lies so many working days after a day; that day itself does not count."""
    off, day = load_meetings().days_off, after
    while working_days:
        day += timedelta(days=1)
        working_days -= day.weekday() < _SATURDAY and day not in off
    return day


def working_days_between(first: date, last: date) -> int:
    """Return how many working days come after the first day up to the last; negative if the last lies before."""
    if last < first:
        return -working_days_between(last, first)
    off, days = load_meetings().days_off, range(1, (last - first).days + 1)
    return sum((day := first + timedelta(days=n)).weekday() < _SATURDAY and day not in off for n in days)


def holidays_known(day: date) -> bool:
    """Say whether the bank holidays of a day's year are known."""
    return day.year <= load_meetings().last_year
