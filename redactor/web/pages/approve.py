"""Approval by a second person: what changed, what stands against it, a sample of the rest, and the copy itself."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from redactor.access import Permission
from redactor.model import Action, Digest, PersonId
from redactor.policy import load_reasons
from redactor.service.corrections import Correction
from redactor.service.deltas import Delta
from redactor.service.reviews import ReviewView
from redactor.service.states import ReviewState
from redactor.web import findings, pictures, reading, words
from redactor.web.forms import Form
from redactor.web.gate import actor, needs, service
from redactor.web.pages.reviewing import PREFIX, Desk, opened, page_number, reader_name

blueprint = Blueprint("approve", __name__, url_prefix=PREFIX)
_DIFFERS = (("shown", "Readable now"), ("hidden", "Hidden now"), ("reworded", "Told in other words now"))


@blueprint.route("/approve", methods=["GET", "POST"])
@needs(Permission.REVIEW_APPROVE)
def show(review: str) -> str | Response:
    """Let a second person approve, or say why the copy is not ready."""
    form, desk = Form(), opened(review)
    page = page_number(desk.cuts)
    if not form.sent:
        service().notes.look(actor(), review, page)
    looks = service().notes.looks(actor(), review)
    states = findings.states(desk.tallies, looks)
    unopened = [s.number for s in states if not s.hidden and actor().account not in looks.get(s.number, ())]
    if form.sent:
        if not form.ticked("read"):
            form.errors["read"] = "Tick the box to say that you have read the copy"
        if unopened:
            form.errors[""] = f"Read page {findings.runs(unopened)} first: nothing is hidden on it"
        if form.good:
            with form.trying("read"):
                service().reviews.approve(actor(), review, Digest(form.text("digest")))
                flash("Approved. The copy can be released now.")
                return redirect(url_for("review.show", review=review))
    return render_template("approve.html", form=form, page=page, unopened=unopened, **_told(desk, page, states))


def _told(desk: Desk, page: int, states: tuple[findings.PageState, ...]) -> dict[str, Any]:
    view, text = desk.view, desk.view.document.text
    standing = service().standings.of(actor(), view.summary.id)
    differs = standing.before.delta if standing.before else None
    return {
        "view": view,
        "summary": view.summary,
        "standing": standing,
        "differs": _differing(differs, desk) if differs else (),
        "said": [_correction(each, view) for each in standing.said],
        "changed": [(entry, _around(desk, entry)) for entry in desk.every if entry.by_hand],
        "sample": [(entry, _around(desk, entry)) for entry in findings.sample(desk.every, view.plan.digest)],
        "unmarked": findings.unmarked(text, desk.every, desk.cuts, view.plan.digest),
        "undecided": sum(not decision.certain for decision in view.plan.decisions),
        "unseen": findings.runs([state.number for state in states if not state.looked]),
        "actions": sorted(Counter(decision.action for decision in view.plan.decisions).items()),
        "reason_chart": pictures.bars(_reason_counts(desk), "Hidden places by reason"),
        "preview": reading.preview(view.document, view.plan, desk.cuts[page]),
        "pages": len(desk.cuts),
        "reader_name": reader_name(view),
        "runs": findings.runs,
        "State": ReviewState,
        "Action": Action,
    }


def _around(desk: Desk, entry: findings.Entry) -> findings.Passage:
    return findings.passage(desk.view.document.text, entry.decision.span, desk.cuts)


def _differing(delta: Delta, desk: Desk) -> list[tuple[str, findings.Passage]]:
    """Return each place that differs from the reader's copy before, with what became of it."""
    spans = [(said, span) for kind, said in _DIFFERS for span in getattr(delta, kind)]
    return [(said, findings.passage(desk.view.document.text, span, desk.cuts)) for said, span in spans]


def _correction(said: Correction, view: ReviewView) -> tuple[str, str]:
    """Return the words of a place and what somebody said that they are."""
    text = view.document.text[said.span.start : said.span.end].strip()
    if said.nothing:
        return text, "No detail about anybody"
    person = view.detected.person(PersonId(said.person)) if said.person else None
    parts = [words.label(said.label) if said.label else "", f"about {person.name}" if person else ""]
    return text, ", ".join(part for part in parts if part)


def _reason_counts(desk: Desk) -> list[tuple[str, int]]:
    reasons = load_reasons()
    counts = Counter(entry.decision.reason for entry in desk.every if entry.decision.action is not Action.KEEP)
    return [(reasons[code].title if code in reasons else code or "No reason", n) for code, n in counts.most_common()]
