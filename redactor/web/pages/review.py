"""The review: the document with its marks beside the list of findings, and its way to approval."""

from __future__ import annotations

from collections import Counter

from flask import Blueprint, flash, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from redactor.access import Permission
from redactor.errors import BadArguments
from redactor.model import Action
from redactor.policy import load_reasons
from redactor.service.amendments import shows_codes
from redactor.service.reviews import ReviewSummary
from redactor.service.states import ReviewState
from redactor.web import findings, pictures, reading, words
from redactor.web.findings import Entry
from redactor.web.forms import Form
from redactor.web.gate import actor, needs, service
from redactor.web.pages.reviewing import (
    OPEN,
    PREFIX,
    SIDES,
    Desk,
    back,
    kept,
    opened,
    page_number,
    people,
    reader_name,
)

blueprint = Blueprint("review", __name__, url_prefix=PREFIX)
REFRESH_SECONDS = 3
_WITH_PICTURE = ("picture", "both")


@blueprint.route("")
@needs(Permission.REVIEW_READ)
def show(review: str) -> str:
    """Show the review, or how far its proposal is."""
    summary = service().reviews.summary(actor(), review)
    if not summary.head or summary.state in (ReviewState.REQUESTED, ReviewState.FAILED):
        return _waiting(summary)
    desk = opened(review)
    page = page_number(desk.cuts)
    service().notes.look(actor(), review, page)
    states = findings.states(desk.tallies, service().notes.looks(actor(), review))
    shown = tuple(filter(desk.wanted.fits, desk.every)) if desk.wanted.narrow else desk.every
    side = request.args.get("side") if request.args.get("side") in SIDES else "list"
    view = desk.view
    return render_template(
        "review.html",
        view=view,
        summary=view.summary,
        here=[entry for entry in shown if entry.page == page],
        elsewhere=sorted(Counter(entry.page for entry in shown if entry.page != page).items()),
        matching=len(shown),
        narrow=desk.wanted.narrow,
        lines=reading.lines(view.document, view.plan, desk.cuts[page]),
        preview=reading.preview(view.document, view.plan, desk.cuts[page]) if side == "preview" else (),
        sections=[
            s for s in view.plan.sections if s.span.start < desk.cuts[page].end and s.span.end > desk.cuts[page].start
        ],
        side=side,
        page=page,
        pages=len(desk.cuts),
        states=states,
        unseen=findings.runs([state.number for state in states if not state.looked]),
        next_open=_next_open(desk, page),
        labels=sorted({decision.label for decision in view.plan.decisions}),
        used_reasons=sorted({decision.reason for decision in view.plan.decisions if decision.reason}),
        people=people(view),
        kept=kept(),
        shows=findings.SHOW,
        codes=shows_codes(view.plan) if side == "checks" else False,
        comments=service().notes.comments(actor(), review),
        standing=service().standings.of(actor(), review) if side == "checks" else None,
        pending=service().standings.pending(actor(), review),
        child=reading.voices(view.document, view.plan) if side == "child" else (),
        pictured=pictures.has_pages(view.document) and page < view.document.pages,
        picture=_picture(desk, page) if request.args.get("view") in _WITH_PICTURE else None,
        layout=request.args.get("view") or "text",
        reasons=load_reasons(),
        reader_name=reader_name(view),
        may_amend=actor().may(Permission.REVIEW_AMEND) and view.summary.state in OPEN,
        may=actor().may,
        Permission=Permission,
        State=ReviewState,
        Action=Action,
        key=reading.key,
        bar=pictures.bar,
    )


def _picture(desk: Desk, page: int) -> Markup | None:
    """Return the page's picture with its marks, where the document has pages that can be shown."""
    if not (pictures.has_pages(desk.view.document) and page < desk.view.document.pages):
        return None
    summary = desk.view.summary
    lie = service().documents.picture(actor(), summary.version, page).lie
    tags = [(e.decision, f"{words.ACTIONS[e.decision.action]}: {e.text}") for e in desk.every if e.page == page]
    address = url_for("review.page_picture", review=summary.id, page=page)
    return pictures.marked_page(pictures.on_page(desk.view.document, page), tags, lie, address)


@blueprint.route("/pages/<page>.png")
@needs(Permission.REVIEW_READ)
def page_picture(review: str, page: str) -> Response:
    """Return a page of the original as a picture, for the eyes of those on the case."""
    summary = service().reviews.summary(actor(), review)
    number = int(page) if page.isascii() and page.isdigit() else -1
    return Response(service().documents.picture(actor(), summary.version, number).png, mimetype="image/png")


@blueprint.route("/drawn")
@needs(Permission.REVIEW_AMEND)
def drawn(review: str) -> Response:
    """Lead from a box drawn on a page's picture to the form that hides the words in it."""
    numbers = [request.args.get(name, "") for name in ("page", "left", "top", "right", "bottom")]
    if not all(number.isascii() and number.isdigit() for number in numbers):
        raise BadArguments("No box was drawn.", next_step="Draw it again around the words.")
    page, left, top, right, bottom = map(int, numbers)
    desk = opened(review)
    lie = service().documents.picture(actor(), desk.view.summary.version, page).lie
    box = pictures.to_points(lie, (left, top, right, bottom))
    span = pictures.words_in(pictures.on_page(desk.view.document, page), box)
    if span is None:
        raise BadArguments("There are no words in that box.", next_step="Draw it around the words to hide.")
    return redirect(url_for("amend.add", review=review, span=f"{span.start}-{span.end}"))


def _next_open(desk: Desk, page: int) -> Entry | None:
    """Return the next finding that waits for a person, from this page on and round again."""
    waiting = [entry for entry in desk.every if not entry.decision.certain]
    return next((entry for entry in waiting if entry.page >= page), waiting[0] if waiting else None)


def _waiting(summary: ReviewSummary) -> str:
    refresh = REFRESH_SECONDS if summary.state is ReviewState.REQUESTED else 0
    version = service().documents.version(actor(), summary.version)
    return render_template(
        "review_waiting.html",
        summary=summary,
        refresh=refresh,
        version=version,
        may_amend=actor().may(Permission.REVIEW_AMEND),
        State=ReviewState,
    )


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
        case "stop":
            reviews.stop(actor(), review)
            flash("Stopped. Earlier decisions are kept.")
        case "again":
            reviews.propose_again(actor(), review)
            flash("A fresh proposal is being made.")
        case "back":
            reviews.send_back(actor(), review)
            flash("The review is open again.")
        case _:
            raise BadArguments("That step is not known.")
    return back(review)


@blueprint.route("/comments", methods=["POST"])
@needs(Permission.REVIEW_AMEND)
def comment(review: str) -> Response:
    """Leave a comment for colleagues, or say that one is dealt with."""
    form, notes = Form(), service().notes
    if form.text("settle"):
        notes.settle(actor(), review, form.text("settle"))
        flash("The comment is dealt with.")
    else:
        start = form.number("start")
        notes.comment(actor(), review, form.text("comment"), None if start < 0 else start)
        flash("The comment is saved. Colleagues on the case see it here.")
    return back(review)


@blueprint.route("/complete", methods=["POST"])
@needs(Permission.REVIEW_AMEND)
def complete(review: str) -> Response:
    """Hand the review over for approval."""
    service().reviews.complete(actor(), review, Form().number("head"))
    flash("The review is complete. A colleague on the case can approve it now.")
    return back(review)
