"""What a reviewer can do to a plan, as data: which places are meant, and what is to happen to them.

A change says what is meant (this finding, this term, this person, this section), so that it can be carried over to a
newer version when a colleague saved first; it is refused only where both touched the same place.
"""

from __future__ import annotations

from dataclasses import dataclass

from redactor.model import Action, Label, PersonId, ReasonCode, Span


@dataclass(frozen=True, slots=True)
class AtSpan:
    """The decisions that touch one span."""

    span: Span


@dataclass(frozen=True, slots=True)
class AtSpans:
    """The decisions on exactly these spans: what a filter showed, or what stands on a page."""

    spans: frozenset[Span]


@dataclass(frozen=True, slots=True)
class OfTerm:
    """Every decision on this very term, in any case of letters."""

    term: str


@dataclass(frozen=True, slots=True)
class OfPerson:
    """Every decision about this person."""

    person: PersonId


@dataclass(frozen=True, slots=True)
class OfLabel:
    """Every decision on details of this sort."""

    label: Label


@dataclass(frozen=True, slots=True)
class OfReason:
    """Every decision with this reason."""

    reason: ReasonCode


@dataclass(frozen=True, slots=True)
class Undecided:
    """Every decision that still waits for a person."""


Where = AtSpan | AtSpans | OfTerm | OfPerson | OfLabel | OfReason | Undecided


@dataclass(frozen=True, slots=True)
class Accept:
    """It is right as proposed."""

    where: Where


@dataclass(frozen=True, slots=True)
class Reject:
    """It is not to be hidden: keep the text. ``because`` says why, for the file."""

    where: Where
    because: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """Something else is to happen; what is None stays.

    Args:
        replacement: what the reader sees instead; None lets the service word it.
    """

    where: Where
    action: Action | None = None
    reason: ReasonCode | None = None
    person: PersonId | None = None
    because: str | None = None
    replacement: str | None = None


@dataclass(frozen=True, slots=True)
class Add:
    """The reviewer found something: hide this span.

    Args:
        every: hide the same words everywhere.
        also: further places, found by searching.
    """

    span: Span
    action: Action
    reason: ReasonCode
    because: str
    label: Label = Label.MANUAL
    person: PersonId | None = None
    replacement: str | None = None
    every: bool = False
    also: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeSection:
    """Something else is to happen to the section that starts there."""

    start: int
    action: Action
    reason: ReasonCode
    because: str


@dataclass(frozen=True, slots=True)
class SettleStop:
    """A hard stop is overridden on the strength of a recorded reference (an order, a consent)."""

    stop: str
    reference: str


@dataclass(frozen=True, slots=True)
class ShowCodes:
    """The boxes of hidden words name the code of their reason, or no longer do."""

    shown: bool


ReviewChange = Accept | Reject | Change | Add | ChangeSection | SettleStop | ShowCodes


@dataclass(frozen=True, slots=True)
class Correct:
    """It is not what it was taken for. This is said of the document, so it holds for every reader's copy.

    Args:
        nothing: it is no detail about anybody.
        label: what kind of detail it is; None leaves it.
        person: whom it is about; None leaves it.
    """

    where: Where
    nothing: bool = False
    label: Label | None = None
    person: PersonId | None = None
