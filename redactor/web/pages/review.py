"""The review: the document with its marks beside the list of findings, decided one by one or many at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from redactor.access import Permission
from redactor.errors import BadArguments
from redactor.model import Action, Decision, Label, PersonId, ReasonCode, Span
from redactor.policy import load_reasons
from redactor.service.amendments import (
    Accept,
    Add,
    AtSpan,
    Change,
    ChangeSection,
    OfLabel,
    OfPerson,
    OfTerm,
    Reject,
    ReviewChange,
    Undecided,
    Where,
)
from redactor.service.reviews import ReviewSummary, ReviewView
from redactor.service.states import ReviewState
from redactor.web import reading, words
from redactor.web.forms import Form
from redactor.web.gate import actor, needs, service

blueprint = Blueprint("review", __name__, url_prefix="/reviews/<review>")
LOW_CERTAINTY = 0.6
REFRESH_SECONDS = 4
LONGEST_TERM = 200
HANDS = "reviewer"
_FILTERS = ("show", "label", "person", "action")
_OPEN = (ReviewState.PROPOSED, ReviewState.IN_REVIEW)


@dataclass(frozen=True, slots=True)
class Entry:
    """A finding in the list beside the text."""

    key: str
    number: int
    page: int
    text: str
    decision: Decision
    who: str
    why: str
    score: float | None
    by_hand: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """What the filters left."""

    entries: tuple[Entry, ...]
    here: tuple[Entry, ...]
    elsewhere: tuple[tuple[int, int], ...]


def _entries(view: ReviewView, cuts: tuple[Span, ...]) -> tuple[Entry, ...]:
    found = {finding.span: finding for finding in view.detected.findings}
    names = {person.id: person.name for person in view.detected.people}
    entries = []
    for number, decision in enumerate(view.plan.decisions, start=1):
        finding = found.get(decision.span)
        entries.append(
            Entry(
                reading.key(decision),
                number,
                reading.page_of(cuts, decision.span.start),
                view.document.text[decision.span.start : decision.span.end].strip(),
                decision,
                names.get(decision.person, "") if decision.person else "",
                finding.why if finding else "",
                finding.score if finding else None,
                decision.by != "profile",
            )
        )
    return tuple(entries)


def _wanted() -> Callable[[Entry], bool]:
    show, label, person, action = (request.args.get(name, "") for name in _FILTERS)

    def keep(entry: Entry) -> bool:
        decision = entry.decision
        return (
            (show != "undecided" or not decision.certain)
            and (show != "low" or (entry.score is not None and entry.score < LOW_CERTAINTY))
            and (show != "hand" or entry.by_hand)
            and (not label or decision.label.value == label)
            and (not person or (decision.person or "nobody") == person)
            and (not action or decision.action.name.lower() == action)
        )

    return keep


def _page(cuts: tuple[Span, ...]) -> int:
    value = request.args.get("page", "1")
    number = int(value) if value.isascii() and value.isdigit() else 1
    return min(max(number, 1), len(cuts)) - 1


def _shown(view: ReviewView, cuts: tuple[Span, ...], page: int) -> Shown:
    entries = tuple(filter(_wanted(), _entries(view, cuts)))
    elsewhere = Counter(entry.page for entry in entries if entry.page != page)
    return Shown(entries, tuple(e for e in entries if e.page == page), tuple(sorted(elsewhere.items())))


@blueprint.route("")
@needs(Permission.REVIEW_READ)
def show(review: str) -> str:
    """Show the review, or how far its proposal is."""
    summary = service().reviews.summary(actor(), review)
    if not summary.head or summary.state in (ReviewState.REQUESTED, ReviewState.FAILED):
        return _waiting(summary)
    view = service().reviews.open(actor(), review)
    cuts = reading.pages(view.document.text)
    page = _page(cuts)
    side = "preview" if request.args.get("side") == "preview" else "list"
    decided = sum(decision.certain for decision in view.plan.decisions)
    return render_template(
        "review.html",
        view=view,
        summary=view.summary,
        shown=_shown(view, cuts, page),
        lines=reading.lines(view.document, view.plan, cuts[page]),
        preview=reading.preview(view.document, view.plan, cuts[page]) if side == "preview" else (),
        side=side,
        page=page,
        pages=len(cuts),
        labels=sorted({decision.label for decision in view.plan.decisions}),
        people=_people(view),
        decided=decided,
        kept=_kept_filters(),
        reasons=load_reasons(),
        reader_name=_reader_name(view),
        may_amend=actor().may(Permission.REVIEW_AMEND) and view.summary.state in _OPEN,
        may=actor().may,
        Permission=Permission,
        State=ReviewState,
        Action=Action,
        key=reading.key,
        search=_search(view, cuts),
    )


def _search(view: ReviewView, cuts: tuple[Span, ...]) -> list[tuple[int, int, int, str, str, str]]:
    """Return where the searched words stand: page, start, end, and the words around them."""
    term = request.args.get("words", "").strip()[:LONGEST_TERM]
    found: list[tuple[int, int, int, str, str, str]] = []
    text, low, around = view.document.text, view.document.text.lower(), 30
    if len(low) != len(text):
        low, term = text, term or ""
    position = low.find(term.lower()) if term else -1
    while position != -1 and len(found) < 50:
        end = position + len(term)
        before, after = text[max(0, position - around) : position], text[end : end + around]
        found.append((reading.page_of(cuts, position), position, end, before, text[position:end], after))
        position = low.find(term.lower(), end)
    return found


def _waiting(summary: ReviewSummary) -> str:
    refresh = REFRESH_SECONDS if summary.state is ReviewState.REQUESTED else 0
    version = service().documents.version(actor(), summary.version)
    return render_template("review_waiting.html", summary=summary, refresh=refresh, version=version, State=ReviewState)


def _people(view: ReviewView) -> list[tuple[str, str]]:
    mentioned = {decision.person for decision in view.plan.decisions if decision.person}
    return [(str(person.id), person.name) for person in view.detected.people if person.id in mentioned]


def _reader_name(view: ReviewView) -> str:
    person = view.case.person(view.reader.person)
    return view.reader.name or (person.name if person else "a reader who is not named")


def _kept_filters() -> dict[str, str]:
    names = (*_FILTERS, "page", "side")
    return {name: request.args[name] for name in names if request.args.get(name)}


def _back(review: str, anchor: str = "") -> Response:
    names = (*_FILTERS, "page", "side")
    values: dict[str, Any] = {name: request.form[f"keep_{name}"] for name in names if request.form.get(f"keep_{name}")}
    return redirect(url_for("review.show", review=review, _anchor=anchor or "saved", **values))


def _span(form: Form) -> Span:
    start, _, end = form.text("span").partition("-")
    if not (start.isdigit() and end.isdigit() and start.isascii() and end.isascii()) or int(start) >= int(end):
        raise BadArguments("No place in the text was chosen.", next_step="Select the words again.")
    return Span(int(start), int(end))


def _where(form: Form) -> Where:
    match form.text("where"):
        case "term":
            return OfTerm(form.text("term"))
        case "person":
            return OfPerson(PersonId(form.text("who")))
        case "label" if form.text("label") in set(Label):
            return OfLabel(Label(form.text("label")))
        case "undecided":
            return Undecided()
        case "":
            return AtSpan(_span(form))
        case _:
            raise BadArguments("It is not clear which places are meant.")


def _action(form: Form) -> Action | None:
    name = form.text("action").upper()
    return Action[name] if name in Action.__members__ else None


def _change(form: Form, where: Where) -> ReviewChange:
    match form.text("do"):
        case "accept":
            return Accept(where)
        case "reject" if isinstance(where, Undecided):
            raise BadArguments(
                "Everything cannot be shown at once.", next_step="Decide by person, by words or one by one."
            )
        case "reject":
            return Reject(where, form.text("because"))
        case "change":
            return Change(
                where,
                _action(form),
                ReasonCode(form.text("reason")) if form.text("reason") else None,
                PersonId(form.text("person")) if form.text("person") else None,
                form.text("because") or None,
                form.text("replacement") or None,
            )
        case _:
            raise BadArguments("That is not a decision that this page knows.")


@blueprint.route("/change", methods=["POST"])
@needs(Permission.REVIEW_AMEND)
def change(review: str) -> Response:
    """Save one decision, or one decision for many places."""
    form = Form()
    saved = service().reviews.amend(actor(), review, form.number("head"), [_change(form, _where(form))])
    flash(f"Saved: {words.count(sum(saved.counts), 'place')}. {_left(saved.undecided)}")
    return _back(review, form.text("anchor"))


def _left(number: int) -> str:
    return "Nothing is left to decide." if not number else f"{words.count(number, 'place')} left to decide."


@blueprint.route("/many")
@needs(Permission.REVIEW_AMEND)
def many(review: str) -> str:
    """Say how many places a decision would touch before it is made."""
    where, value = request.args.get("where", ""), request.args.get("value", "")
    kinds: dict[str, Callable[[], Where]] = {
        "term": lambda: OfTerm(value),
        "person": lambda: OfPerson(PersonId(value)),
        "label": lambda: OfLabel(Label(value)),
        "undecided": Undecided,
    }
    if where not in kinds or (where == "label" and value not in set(Label)):
        raise BadArguments("It is not clear which places are meant.")
    view = service().reviews.open(actor(), review)
    shown_value = dict(_people(view)).get(value, value) if where == "person" else value
    return render_template(
        "review_many.html",
        summary=view.summary,
        head=view.head,
        where=where,
        value=value,
        shown_value=words.label(Label(value)) if where == "label" else shown_value,
        number=service().reviews.count(actor(), review, kinds[where]()),
        reasons=load_reasons(),
        kept=_kept_filters(),
    )


@blueprint.route("/add", methods=["GET", "POST"])
@needs(Permission.REVIEW_AMEND)
def add(review: str) -> str | Response:
    """Hide words that nobody found: selected with the pointer, or found by searching."""
    form = Form(starting={"span": request.args.get("span", ""), "action": "mask"})
    view = service().reviews.open(actor(), review)
    span = _span(form)
    if span.end > len(view.document.text):
        raise BadArguments("That place is not in the document.")
    if form.sent:
        action = _action(form)
        if action is None or action is Action.KEEP:
            form.errors["action"] = "Choose what happens to the words"
        reason = form.choice("reason", load_reasons(), "Choose a reason")
        if form.good and action is not None:
            with form.trying("reason"):
                added = Add(
                    span,
                    action,
                    ReasonCode(reason),
                    form.text("because") or load_reasons()[ReasonCode(reason)].file,
                    person=PersonId(form.text("person")) if form.text("person") else None,
                    every=form.ticked("every"),
                )
                saved = service().reviews.amend(actor(), review, form.number("head"), [added])
                flash(f"Added: {words.count(sum(saved.counts), 'place')}. {_left(saved.undecided)}")
                return _back(review)
    cuts = reading.pages(view.document.text)
    return render_template(
        "review_add.html",
        form=form,
        summary=view.summary,
        head=view.head,
        text=view.document.text[span.start : span.end],
        span=f"{span.start}-{span.end}",
        page=reading.page_of(cuts, span.start),
        reasons=load_reasons(),
        people=[(str(person.id), person.name) for person in view.detected.people],
    )


@blueprint.route("/section", methods=["POST"])
@needs(Permission.REVIEW_AMEND)
def section(review: str) -> Response:
    """Decide what happens to a whole section."""
    form = Form()
    action = _action(form)
    reason = form.text("reason")
    if action is None or (action is not Action.KEEP and reason not in load_reasons()):
        raise BadArguments("A section needs a decision and a reason.", next_step="Choose both and save again.")
    made = ChangeSection(form.number("start"), action, ReasonCode(reason), form.text("because"))
    saved = service().reviews.amend(actor(), review, form.number("head"), [made])
    flash(f"The section is saved. {_left(saved.undecided)}")
    return _back(review)


@blueprint.route("/step", methods=["POST"])
@needs(Permission.REVIEW_AMEND)
def step(review: str) -> Response:
    """Undo, redo, propose afresh, or open a completed review again."""
    form, reviews = Form(), service().reviews
    match form.text("step"):
        case "undo":
            reviews.undo(actor(), review, form.number("head"))
            flash("Undone. You can redo it.")
        case "redo":
            reviews.redo(actor(), review, form.number("head"))
            flash("Done again.")
        case "again":
            reviews.propose_again(actor(), review)
            flash("A fresh proposal is being made.")
        case "back":
            reviews.send_back(actor(), review)
            flash("The review is open again.")
        case _:
            raise BadArguments("That step is not known.")
    return _back(review)


@blueprint.route("/complete", methods=["POST"])
@needs(Permission.REVIEW_AMEND)
def complete(review: str) -> Response:
    """Hand the review over for approval."""
    service().reviews.complete(actor(), review, Form().number("head"))
    flash("The review is complete. A colleague on the case can approve it now.")
    return _back(review)


@blueprint.route("/approve", methods=["GET", "POST"])
@needs(Permission.REVIEW_APPROVE)
def approve(review: str) -> str | Response:
    """Let a second person approve: what a person changed, what is shown, and the copy as it will be read."""
    form, reviews = Form(), service().reviews
    if form.sent:
        if not form.ticked("read"):
            form.errors["read"] = "Tick the box to say that you have read the copy"
        if form.good:
            with form.trying("read"):
                reviews.approve(actor(), review, form.text("digest"))  # type: ignore[arg-type]
                flash("Approved. The copy can be released now.")
                return redirect(url_for("review.show", review=review))
    view = reviews.open(actor(), review)
    cuts = reading.pages(view.document.text)
    page = _page(cuts)
    return render_template(
        "approve.html",
        form=form,
        view=view,
        summary=view.summary,
        changed=[entry for entry in _entries(view, cuts) if entry.by_hand],
        undecided=sum(not decision.certain for decision in view.plan.decisions),
        actions=Counter(decision.action for decision in view.plan.decisions),
        preview=reading.preview(view.document, view.plan, cuts[page]),
        page=page,
        pages=len(cuts),
        reader_name=_reader_name(view),
        State=ReviewState,
        Action=Action,
    )
