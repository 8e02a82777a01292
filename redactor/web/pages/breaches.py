"""Breaches of a case: written down with the Commissioner's clock, beside what the record says of each copy."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from redactor.access import Permission
from redactor.service.breaches import BreachView, CopyTrace, Facts
from redactor.web.forms import Form
from redactor.web.gate import actor, needs, service

blueprint = Blueprint("breaches", __name__)
_LINES = ("happened", "kinds", "consequences", "measures", "reference", "late_because", "people_told")
FIELD = "%Y-%m-%dT%H:%M"


def _facts(form: Form) -> Facts:
    people = form.text("people") or "0"
    if not (people.isascii() and people.isdigit()):
        form.errors["people"] = "Enter a whole number, or leave it empty"
        people = "0"
    form.require("happened", "Say what happened")
    said = {name: form.text(name) for name in _LINES}
    return Facts(**said, people=int(people), risk=form.text("risk") != "no", copies=tuple(form.many("copies")))


def _page(form: Form, case: str, copies: tuple[CopyTrace, ...], view: BreachView | None) -> str:
    return render_template(
        "breach.html",
        form=form,
        case=case,
        view=view,
        copies=copies,
        copy_options=[
            (copy.release, f"Copy {copy.number}" + (f" for {copy.reader}" if copy.reader else "")) for copy in copies
        ],
    )


@blueprint.route("/cases/<case>/breaches")
@needs(Permission.BREACH_REPORT)
def of_case(case: str) -> str:
    """List the breaches of a case."""
    return render_template("breaches.html", case=case, breaches=service().breaches.of_case(actor(), case))


@blueprint.route("/cases/<case>/breaches/new", methods=["GET", "POST"])
@needs(Permission.BREACH_REPORT)
def new(case: str) -> str | Response:
    """Write a breach down."""
    form, now = Form(starting={"risk": "yes"}), service().base.clock.now()
    form.starting["aware_at"] = now.strftime(FIELD)
    if form.sent:
        facts, aware = _facts(form), form.moment("aware_at", "Say when somebody first knew of it")
        if form.good and aware is not None:
            with form.trying("aware_at"):
                made = service().breaches.report(actor(), case, aware, facts)
                flash("The breach is written down. The clock runs.")
                return redirect(url_for("breaches.show", breach=made))
    return _page(form, case, service().breaches.copies(actor(), case), None)


@blueprint.route("/breaches/<breach>", methods=["GET", "POST"])
@needs(Permission.BREACH_REPORT)
def show(breach: str) -> str | Response:
    """Show a breach with its clock and what the record says, and add to it."""
    view = service().breaches.open(actor(), breach)
    starting = {**asdict(view.facts), "people": view.facts.people or "", "risk": "yes" if view.facts.risk else "no"}
    form = Form(starting=starting | {"told_at": view.told_at.strftime(FIELD) if view.told_at else ""})
    if form.sent:
        facts = _facts(form)
        told = form.moment("told_at", "Enter day and time") if form.text("told_at") else None
        if form.good:
            with form.trying("told_at"):
                service().breaches.amend(actor(), breach, facts, told)
                flash("Saved.")
                return redirect(url_for("breaches.show", breach=breach))
    return _page(form, view.case, service().breaches.copies(actor(), view.case), view)
