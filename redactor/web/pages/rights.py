"""The information officer's pages: breaches, requests for one's own data, retention, and the registers."""

from __future__ import annotations

import json

from flask import Blueprint, flash, redirect, render_template, request, url_for
from pydantic import TypeAdapter
from werkzeug.wrappers import Response

from redactor.access import Permission
from redactor.errors import BadArguments
from redactor.policy.retention import load_retention
from redactor.service.register import ProcessingRecord
from redactor.service.subject_access import Asked, Consent, Outcome, ThirdPartyTest
from redactor.web.forms import Form
from redactor.web.gate import actor, needs, service
from redactor.web.pages.breaches import FIELD
from redactor.web.pages.copies import CSV, table
from redactor.web.pages.documents import attachment

blueprint = Blueprint("rights", __name__, url_prefix="/rights")
CONSENTS = (
    (Consent.GIVEN.value, "They agreed"),
    (Consent.REFUSED.value, "They refused"),
    (Consent.NOT_ASKED.value, "They were not asked"),
    (Consent.CANNOT.value, "They cannot give it: too young, not well enough, not to be found"),
)
OUTCOMES = (
    (Outcome.DISCLOSE.value, "Disclose: consent, or reasonable without it"),
    (Outcome.REDACT.value, "Disclose without what identifies them"),
    (Outcome.WITHHOLD.value, "Withhold"),
)
_ACTIVITY_HEADS = ("controller", "activity", "purpose", "people", "data", "recipients", "transfers", "retention",
                   "retention days", "security", "route", "lawful basis", "copies", "first", "last")  # fmt: skip
_RECORDS = TypeAdapter(tuple[ProcessingRecord, ...])


@blueprint.route("")
@needs(Permission.RIGHTS_MANAGE)
def index() -> str:
    """Show what is open and when it is due."""
    return render_template(
        "rights.html",
        breaches=service().breaches.all(actor()),
        requests=service().subject_access.list(actor()),
        now=service().base.clock.now(),
    )


@blueprint.route("/requests/new", methods=["GET", "POST"])
@needs(Permission.RIGHTS_MANAGE)
def new_request() -> str | Response:
    """Write a request for one's own data down."""
    form = Form(starting={"received_at": service().base.clock.now().strftime(FIELD)})
    if form.sent:
        name = form.require("name", "Enter the person's name")
        identity = form.require("identity", "Say how you made sure who asks")
        received = form.moment("received_at", "Enter the day and time at which it came in")
        if form.good and received is not None:
            asked = Asked((name, *form.lines("also")), form.text("requester"), identity)
            with form.trying("received_at"):
                made = service().subject_access.begin(actor(), asked, received)
                return redirect(url_for("rights.show_request", subject_request=made))
    return render_template("request_new.html", form=form)


@blueprint.route("/requests/<subject_request>", methods=["GET", "POST"])
@needs(Permission.RIGHTS_MANAGE)
def show_request(subject_request: str) -> str | Response:
    """Show a request: the search across cases, the tests, and the answer."""
    form, uses = Form(), service().subject_access
    if form.sent:
        step = form.text("step")
        if step == "close":
            answer = form.require("answer", "Say what was answered")
            if form.good:
                uses.close(actor(), subject_request, answer)
                flash("The request is closed.")
        elif step == "weigh":
            test = _test(form)
            if test is not None:
                with form.trying("because"):
                    uses.weigh(actor(), subject_request, test)
                    flash("The test is on the record.")
        else:
            raise BadArguments("That step is not known.")
        if form.good:
            return redirect(url_for("rights.show_request", subject_request=subject_request))
    view = uses.open(actor(), subject_request)
    searched = request.args.get("search") == "yes" or form.sent
    hits = uses.search(actor(), subject_request) if searched else ()
    return render_template(
        "request.html",
        form=form,
        view=view,
        searched=searched,
        hits=hits,
        case_options=[(hit.case, hit.title or "A restricted case") for hit in hits],
        consents=CONSENTS,
        outcomes=OUTCOMES,
        consent_words=dict(CONSENTS),
        outcome_words=dict(OUTCOMES),
        now=service().base.clock.now(),
    )


def _test(form: Form) -> ThirdPartyTest | None:
    case, who = form.require("case", "Choose the case"), form.require("who", "Name the other person")
    information = form.require("information", "Say what kind of information it is")
    because = form.require("because", "Give the reason")
    consent = form.choice("consent", [value for value, _ in CONSENTS], "Say whether they agreed")
    outcome = form.choice("outcome", [value for value, _ in OUTCOMES], "Choose what follows")
    if form.errors:
        return None
    return ThirdPartyTest(
        case,
        who,
        information,
        Consent(consent),
        Outcome(outcome),
        because,
        confidence=form.ticked("confidence"),
        steps=form.text("steps"),
        worker=form.ticked("worker"),
        harm=form.ticked("harm"),
    )


@blueprint.route("/retention")
@needs(Permission.RIGHTS_MANAGE)
def retention() -> str:
    """Show the retention classes, when each case ends, and what was destroyed."""
    return render_template(
        "retention.html",
        classes=load_retention().classes,
        kept=service().register.kept(actor()),
        certificates=service().register.certificates(actor()),
    )


@blueprint.route("/certificates/<int:number>")
@needs(Permission.RIGHTS_MANAGE)
def certificate(number: int) -> str:
    """Show the certificate of one destruction, to be printed."""
    found = service().register.certificate(actor(), number)
    detail = json.loads(found.fields["detail"])
    return render_template("certificate.html", one=found, genuine=found.genuine(), detail=detail)


@blueprint.route("/certificates/<int:number>.json")
@needs(Permission.RIGHTS_MANAGE)
def certificate_file(number: int) -> Response:
    """Hand out a certificate as it was signed."""
    found = service().register.certificate(actor(), number)
    return attachment(found.as_json().encode(), f"certificate-{number}.json", "application/json")


@blueprint.route("/processing.csv")
@needs(Permission.RIGHTS_MANAGE)
def processing_table() -> Response:
    """Hand out the record of processing activities as a table: one row for each route and basis."""
    rows = []
    for record in service().register.activities(actor()):
        fixed = (record.controller, record.activity, record.purpose, "; ".join(record.people), "; ".join(record.data),
                 "; ".join(record.recipients), record.transfers, record.retention, record.retention_days,
                 record.security)  # fmt: skip
        out = [
            (o.route, o.lawful_basis, str(o.copies), o.first.date().isoformat(), o.last.date().isoformat())
            for o in record.disclosures
        ]
        rows += [(*fixed, *each) for each in out or [("", "", "0", "", "")]]
    return attachment(table(_ACTIVITY_HEADS, rows), "processing-activities.csv", CSV)


@blueprint.route("/processing.json")
@needs(Permission.RIGHTS_MANAGE)
def processing_file() -> Response:
    """Hand out the record of processing activities as JSON."""
    content = _RECORDS.dump_json(service().register.activities(actor()), indent=2)
    return attachment(content, "processing-activities.json", "application/json")
