"""What the pages around a review share: its filters, its page, and the way back to where the reviewer was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from redactor.errors import BadArguments
from redactor.model import Action, Span
from redactor.service.reviews import ReviewView
from redactor.service.states import ReviewState
from redactor.web.findings import FILTERS, Entry, Laid, PageState, Wanted, laid
from redactor.web.forms import Form
from redactor.web.gate import actor, service

PREFIX = "/reviews/<review>"
OPEN = (ReviewState.PROPOSED, ReviewState.IN_REVIEW)
SIDES = ("list", "preview", "checks", "comments", "child", "history")
_KEPT = (*FILTERS, "page", "side", "view")


@dataclass(frozen=True, slots=True)
class Desk:
    """An opened review with its pages and findings."""

    view: ReviewView
    cuts: tuple[Span, ...]
    every: tuple[Entry, ...]
    tallies: tuple[PageState, ...]
    wanted: Wanted


def opened(review: str) -> Desk:
    """Open a review and lay out its findings."""
    view = service().reviews.open(actor(), review)
    # What stands on the pages is the plan's alone: turning them does not lay it out again.
    made: Laid = service().base.desks.get(f"{review}|{view.plan.version}|{view.plan.digest}", lambda: laid(view))
    return Desk(view, made.cuts, made.every, made.tallies, wanted())


def wanted() -> Wanted:
    """Return the filters, from the address or from the fields that a form carries along."""
    given = {name: request.args.get(name) or request.form.get(f"keep_{name}", "") for name in FILTERS}
    return Wanted(given)


def page_number(cuts: tuple[Span, ...]) -> int:
    """Return the 0-based page that the address asks for."""
    value = request.args.get("page") or request.form.get("keep_page", "1")
    number = int(value) if value.isascii() and value.isdigit() else 1
    return min(max(number, 1), len(cuts)) - 1


def kept() -> dict[str, str]:
    """Return where the reviewer is, to be carried along by links and forms."""
    return {name: request.args[name] for name in _KEPT if request.args.get(name)}


def back(review: str, anchor: str = "") -> Response:
    """Return to where the reviewer was."""
    values: dict[str, Any] = {name: request.form[f"keep_{name}"] for name in _KEPT if request.form.get(f"keep_{name}")}
    return redirect(url_for("review.show", review=review, _anchor=anchor or "saved", **values))


def span_of(form: Form) -> Span:
    """Return the place that a form names. Raises BadArguments."""
    start, _, end = form.text("span").partition("-")
    if not (start.isdigit() and end.isdigit() and start.isascii() and end.isascii()) or int(start) >= int(end):
        raise BadArguments("No place in the text was chosen.", next_step="Select the words again.")
    return Span(int(start), int(end))


def action_of(form: Form) -> Action | None:
    """Return the action that a form names."""
    name = form.text("action").upper()
    return Action[name] if name in Action.__members__ else None


def people(view: ReviewView) -> list[tuple[str, str]]:
    """Return the people whom the document mentions."""
    mentioned = {decision.person for decision in view.plan.decisions if decision.person}
    return [(str(person.id), person.name) for person in view.detected.people if person.id in mentioned]


def reader_name(view: ReviewView) -> str:
    """Return for whom the copy is."""
    person = view.case.person(view.reader.person)
    return view.reader.name or (person.name if person else "a reader who is not named")


def left(number: int) -> str:
    """Say how much is left to decide."""
    return "Nothing is left to decide." if not number else f"{number:,} place{'s' * (number != 1)} left to decide."
