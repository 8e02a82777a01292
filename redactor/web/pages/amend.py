"""Decisions: on one finding, on many at once with their count, on words that nobody found, on sections."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, render_template, request
from werkzeug.wrappers import Response

from redactor.access import Permission
from redactor.errors import BadArguments, Conflict, NotFound
from redactor.model import Action, Label, PersonId, ReasonCode, Span
from redactor.policy import load_reasons
from redactor.service.amendments import NOT_A_DETAIL
from redactor.service.changes import (
    Accept,
    Add,
    AtSpan,
    AtSpans,
    Change,
    ChangeSection,
    Correct,
    OfLabel,
    OfPerson,
    OfTerm,
    Reject,
    ReviewChange,
    SettleStop,
    ShowCodes,
    Undecided,
    Where,
)
from redactor.service.listed import ListedWord, ListKind
from redactor.service.reviews import Saved
from redactor.service.searching import Mode, search
from redactor.web import findings, reading, words
from redactor.web.forms import Form
from redactor.web.gate import actor, needs, service
from redactor.web.pages.reviewing import (
    PREFIX,
    Desk,
    action_of,
    back,
    kept,
    left,
    opened,
    page_number,
    people,
    span_of,
)

blueprint = Blueprint("amend", __name__, url_prefix=PREFIX)
AROUND = 40  # characters shown before and after a place that was found
MOST_SHOWN = 100
NOTHING = "nothing"
_NO_ONE_STEP = ("undecided", "page")  # never shown to the reader all at once


def _where(desk: Desk | None, form: Form) -> Where:
    match form.text("where"):
        case "term":
            return OfTerm(form.text("term"))
        case "person":
            return OfPerson(PersonId(form.text("who")))
        case "label" if form.text("label") in set(Label):
            return OfLabel(Label(form.text("label")))
        case "undecided":
            return Undecided()
        case ("page" | "shown") as kind if desk is not None:
            return _listed(desk, kind, page_number(desk.cuts))
        case "":
            return AtSpan(span_of(form))
        case _:
            raise BadArguments("It is not clear which places are meant.")


def _listed(desk: Desk, kind: str, page: int) -> AtSpans:
    chosen = (
        [entry for entry in desk.every if entry.page == page]
        if kind == "page"
        else [entry for entry in desk.every if desk.wanted.fits(entry)]
    )
    return AtSpans(frozenset(entry.decision.span for entry in chosen))


def _change(form: Form, where: Where) -> ReviewChange:
    broad = form.text("where") in _NO_ONE_STEP or (form.text("where") == "shown" and not form.text("narrow"))
    match form.text("do"):
        case "accept":
            return Accept(where)
        case "reject" if broad:
            raise BadArguments(
                "Everything cannot be shown at once.", next_step="Decide by person, by words or one by one."
            )
        case "reject":
            return Reject(where, form.text("because"))
        case "change":
            if broad and action_of(form) is Action.KEEP:
                raise BadArguments("Everything cannot be shown at once.", next_step="Decide by person or by words.")
            return Change(
                where,
                action_of(form),
                ReasonCode(form.text("reason")) if form.text("reason") else None,
                PersonId(form.text("person")) if form.text("person") else None,
                form.text("because") or None,
                form.text("replacement") or None,
            )
        case _:
            raise BadArguments("That is not a decision that this page knows.")


def _told(verb: str, saved: Saved) -> None:
    flash(f"{verb}: {words.count(sum(saved.counts), 'place')}. {left(saved.undecided)}")


@blueprint.route("/change", methods=["POST"])
@needs(Permission.REVIEW_AMEND)
def change(review: str) -> Response:
    """Save one decision, or one decision for many places."""
    form = Form()
    desk = opened(review) if form.text("where") in ("page", "shown") else None
    where = _where(desk, form)
    if isinstance(where, AtSpans) and len(where.spans) != form.number("expected"):
        raise Conflict("The number of places has changed meanwhile; nothing was saved.", next_step="Look again.")
    _told("Saved", service().reviews.amend(actor(), review, form.number("head"), [_change(form, where)]))
    return back(review, form.text("anchor"))


@blueprint.route("/many")
@needs(Permission.REVIEW_AMEND)
def many(review: str) -> str:
    """Say how many places a decision would touch before it is made."""
    where, value = request.args.get("where", ""), request.args.get("value", "")
    desk = opened(review)
    kinds: dict[str, Callable[[], Where]] = {
        "term": lambda: OfTerm(value),
        "person": lambda: OfPerson(PersonId(value)),
        "label": lambda: OfLabel(Label(value)),
        "undecided": Undecided,
        "page": lambda: _listed(desk, "page", page_number(desk.cuts)),
        "shown": lambda: _listed(desk, "shown", 0),
    }
    if where not in kinds or (where == "label" and value not in set(Label)):
        raise BadArguments("It is not clear which places are meant.")
    names = {
        "term": f"“{value}”",
        "person": "about " + dict(people(desk.view)).get(value, value),
        "label": words.label(Label(value)).lower() if where == "label" else "",
        "undecided": "still undecided",
        "page": f"on page {page_number(desk.cuts) + 1}",
        "shown": "that the filters show",
    }
    return render_template(
        "review_many.html",
        summary=desk.view.summary,
        head=desk.view.head,
        where=where,
        value=value,
        what=names[where],
        number=service().reviews.count(actor(), review, kinds[where]()),
        reasons=load_reasons(),
        kept=kept(),
        narrow=desk.wanted.narrow,
        broad=where in _NO_ONE_STEP or (where == "shown" and not desk.wanted.narrow),
    )


@blueprint.route("/add", methods=["GET", "POST"])
@needs(Permission.REVIEW_AMEND)
def add(review: str) -> str | Response:
    """Hide words that nobody found: selected with the pointer, drawn around, or chosen by keyboard."""
    form = Form(starting={"span": request.args.get("span", ""), "action": "mask"})
    desk = opened(review)
    span = span_of(form)
    if span.end > len(desk.view.document.text):
        raise BadArguments("That place is not in the document.")
    if form.sent:
        made = _added(form)
        if made is not None:
            with form.trying("reason"):
                wanted = Add(span, *made, person=_person(form), every=form.ticked("every"))
                _told("Added", service().reviews.amend(actor(), review, form.number("head"), [wanted]))
                return back(review)
    return render_template(
        "review_add.html",
        form=form,
        summary=desk.view.summary,
        head=desk.view.head,
        text=desk.view.document.text[span.start : span.end],
        span=f"{span.start}-{span.end}",
        page=reading.page_of(desk.cuts, span.start),
        reasons=load_reasons(),
        people=[(str(person.id), person.name) for person in desk.view.detected.people],
    )


def _added(form: Form) -> tuple[Action, ReasonCode, str] | None:
    """Return action, reason and sentence for words to be hidden, or note what is missing."""
    action = action_of(form)
    if action is None or action is Action.KEEP:
        form.errors["action"] = "Choose what happens to the words"
    reason = form.choice("reason", load_reasons(), "Choose a reason")
    if not form.good or action is None:
        return None
    return action, ReasonCode(reason), form.text("because") or load_reasons()[ReasonCode(reason)].file


def _person(form: Form) -> PersonId | None:
    return PersonId(form.text("person")) if form.text("person") else None


@blueprint.route("/search", methods=["GET", "POST"])
@needs(Permission.REVIEW_AMEND)
def seek(review: str) -> str | Response:
    """Search the text and hide what is found: the count and the words around come first."""
    form = Form(starting={name: request.args.get(name, "") for name in ("words", "mode")} | {"action": "mask"})
    desk = opened(review)
    mode = Mode(form.text("mode")) if form.text("mode") in set(Mode) else Mode.WHOLE
    hits: tuple[Span, ...] = ()
    with form.trying("words"):
        hits = search(desk.view.document.text, form.text("words"), mode)
        if form.sent and (made := _added(form)) is not None:
            chosen = [hit for hit in hits if f"{hit.start}-{hit.end}" in form.many("hit")]
            if not chosen:
                raise BadArguments("No place is ticked.", next_step="Tick the places to hide.")
            wanted = Add(chosen[0], *made, person=_person(form), also=tuple(chosen[1:]))
            _told("Added", service().reviews.amend(actor(), review, form.number("head"), [wanted]))
            return back(review)
    text = desk.view.document.text
    covered = {hit: any(e.decision.span.overlaps(hit) and e.decision.action for e in desk.every) for hit in hits}
    return render_template(
        "review_search.html",
        form=form,
        summary=desk.view.summary,
        head=desk.view.head,
        mode=mode,
        modes=words.SEARCHES,
        total=len(hits),
        hidden=sum(covered.values()),
        hits=[
            (
                f"{hit.start}-{hit.end}",
                reading.page_of(desk.cuts, hit.start) + 1,
                text[max(0, hit.start - AROUND) : hit.start],
                text[hit.start : hit.end],
                text[hit.end : hit.end + AROUND],
                covered[hit],
            )
            for hit in hits
        ],
        most=MOST_SHOWN,
        kept=kept(),
        reasons=load_reasons(),
        people=[(str(person.id), person.name) for person in desk.view.detected.people],
    )


@blueprint.route("/section", methods=["POST"])
@needs(Permission.REVIEW_AMEND)
def section(review: str) -> Response:
    """Decide what happens to a whole section."""
    form = Form()
    action = action_of(form)
    reason = form.text("reason")
    if action is None or (action is not Action.KEEP and reason not in load_reasons()):
        raise BadArguments("A section needs a decision and a reason.", next_step="Choose both and save again.")
    made = ChangeSection(form.number("start"), action, ReasonCode(reason), form.text("because"))
    _told("Section saved", service().reviews.amend(actor(), review, form.number("head"), [made]))
    return back(review)


@blueprint.route("/finding")
@needs(Permission.REVIEW_AMEND)
def finding(review: str) -> str:
    """Show all that can be decided on one finding; with script these forms open in its card."""
    desk = opened(review)
    entry = next((each for each in desk.every if each.key == request.args.get("span")), None)
    if entry is None:
        raise NotFound("There is no such finding any more.", next_step="Go back to the review and load it again.")
    return render_template(
        "review_finding.html",
        summary=desk.view.summary,
        head=desk.view.head,
        entry=entry,
        passage=findings.passage(desk.view.document.text, entry.decision.span, desk.cuts),
        people=desk.view.detected.people,
        every_label=words.labels(),
        reasons=load_reasons(),
        kept=kept(),
        Action=Action,
    )


@blueprint.route("/correct", methods=["POST"])
@needs(Permission.REVIEW_AMEND)
def correct(review: str) -> Response:
    """Say what some words are: it holds for every copy of the document."""
    form = Form()
    kind, where = form.text("kind"), _where(None, form)
    said = Correct(
        where,
        nothing=kind == NOTHING,
        label=Label(kind) if kind in set(Label) else None,
        person=_person(form),
    )
    _told("Saved for every copy of this document", service().correcting.say(actor(), review, form.number("head"), said))
    if said.nothing and form.ticked("remember") and actor().may(Permission.CASE_EDIT):
        word = ListedWord(form.text("term"), ListKind.NEVER, NOT_A_DETAIL)
        service().words.put(actor(), service().reviews.summary(actor(), review).case, word)
        flash("Remembered for this case.")
    return back(review, form.text("anchor"))


@blueprint.route("/codes", methods=["POST"])
@needs(Permission.REVIEW_AMEND)
def codes(review: str) -> Response:
    """Show the codes of reasons in the boxes, or leave them out."""
    form = Form()
    wanted = ShowCodes(form.text("codes") == "show")
    _told("Changed", service().reviews.amend(actor(), review, form.number("head"), [wanted]))
    return back(review)


@blueprint.route("/stop", methods=["POST"])
@needs(Permission.REVIEW_AMEND)
def stop(review: str) -> Response:
    """Record the direction or consent that lets a hard stop be shown."""
    form = Form()
    settled = SettleStop(form.text("stop"), form.text("reference"))
    service().reviews.amend(actor(), review, form.number("head"), [settled])
    flash("The reference is recorded. The second person sees it.")
    return back(review)
