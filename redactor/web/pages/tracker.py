"""The action tracker of a case, and its agreements register."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from redactor.access import Permission
from redactor.service.signatures import CAPACITIES, Signatory
from redactor.service.tracker import ActionContent
from redactor.web.forms import Form
from redactor.web.gate import actor, needs, service
from redactor.web.pages.documents import attachment

blueprint = Blueprint("tracker", __name__)


@blueprint.route("/cases/<case>/actions", methods=["GET", "POST"])
@needs(Permission.CASE_READ)
def actions(case: str) -> str | Response:
    """List the actions of a case, those of one agency or state, and add one."""
    form, uses = Form(), service()
    if form.sent:
        form.require("action", "Say what is to be done")
        form.require("agency", "Name the agency")
        form.require("due", "Enter by when")
        if form.good:
            with form.trying("due"):
                content = ActionContent(form.text("action"), form.text("agency"), form.text("owner"))
                uses.tracker.add(actor(), case, content, form.text("due"))
                flash("The action is on the tracker.")
                return redirect(url_for("tracker.actions", case=case))
    every = uses.tracker.list(actor(), case)
    agency, status = request.args.get("agency", ""), request.args.get("status", "")
    return render_template(
        "actions.html",
        form=form,
        case=uses.cases.open(actor(), case),
        actions=[a for a in every if agency in ("", a.content.agency) and status in ("", a.status)],
        agencies=sorted({each.content.agency for each in every}),
        statuses=sorted({each.status for each in every}),
        agency=agency,
        status=status,
        choices=uses.tracker.choices(),
        may_edit=actor().may(Permission.DOCUMENT_ADD),
    )


@blueprint.route("/cases/<case>/actions.csv")
@needs(Permission.CASE_READ)
def table(case: str) -> Response:
    """Hand out the tracker as a table."""
    view = service().cases.open(actor(), case)
    content = service().tracker.table(actor(), case, view.file.reference or view.title)
    return attachment(content.encode("utf-8-sig"), "actions.csv", "text/csv; charset=utf-8")


@blueprint.route("/actions/<action>", methods=["POST"])
@needs(Permission.DOCUMENT_ADD)
def move(action: str) -> Response:
    """Say where an action stands."""
    form = Form()
    service().tracker.move(actor(), action, form.text("status"), form.text("update"), recorded=form.ticked("recorded"))
    flash("Saved.")
    return redirect(url_for("tracker.actions", case=form.text("case")))


@blueprint.route("/cases/<case>/signatures", methods=["GET", "POST"])
@needs(Permission.CASE_READ)
def signatures(case: str) -> str | Response:
    """List who signed which version of the agreement, and record a signature."""
    form, uses = Form(), service()
    if form.sent:
        form.require("name", "Enter the name of whoever signed")
        form.require("organisation", "Enter the organisation")
        form.choice("capacity", CAPACITIES, "Choose the capacity")
        form.require("signed_on", "Enter the day of signing")
        if form.good:
            with form.trying("signed_on"):
                who = Signatory(*(form.text(name) for name in ("name", "role", "organisation", "capacity")))
                uses.signatures.sign(actor(), case, who, form.text("signed_on"))
                flash("The signature is on the register.")
                return redirect(url_for("tracker.signatures", case=case))
    return render_template(
        "signatures.html",
        form=form,
        case=uses.cases.open(actor(), case),
        signatures=uses.signatures.register(actor(), case),
        version=uses.agreements.current(actor().organisation).number,
        capacities=[(name, name) for name in CAPACITIES],
        may_edit=actor().may(Permission.DOCUMENT_ADD),
    )


@blueprint.route("/signatures/<signature>/withdraw", methods=["POST"])
@needs(Permission.DOCUMENT_ADD)
def withdraw(signature: str) -> Response:
    """Record that a signatory withdrew."""
    service().signatures.withdraw(actor(), signature)
    flash("The signature is withdrawn.")
    return redirect(url_for("tracker.signatures", case=Form().text("case")))
