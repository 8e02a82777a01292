"""Who did what and when: for auditors, and for a case's own chair."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from redactor.access import Permission
from redactor.store.audit import Event
from redactor.web.gate import actor, needs, service
from redactor.web.pages.documents import attachment

blueprint = Blueprint("audit", __name__)
PAGE_EVENTS = 200


def _after() -> int:
    value = request.args.get("after", "0")
    return int(value) if value.isascii() and value.isdigit() else 0


@blueprint.route("/audit")
@needs(Permission.AUDIT_READ)
def index() -> str:
    """Show the organisation's record."""
    events = service().trail.of_organisation(actor(), after=_after(), limit=PAGE_EVENTS)
    return render_template("audit.html", events=events, case=None, more=len(events) == PAGE_EVENTS)


@blueprint.route("/audit/verify")
@needs(Permission.AUDIT_READ)
def verify() -> str:
    """Walk the whole chain and say whether it holds."""
    return render_template("audit_verify.html", verdict=service().trail.verify_own(actor()))


@blueprint.route("/audit.csv")
@needs(Permission.AUDIT_READ)
def export() -> Response:
    """Hand out the organisation's whole record as a table."""
    return _table(service().trail.whole(actor()), "record.csv")


@blueprint.route("/cases/<case>/audit")
@needs(Permission.CASE_AUDIT)
def of_case(case: str) -> str:
    """Show the record of one case."""
    events = service().trail.of_case(actor(), case, after=_after(), limit=PAGE_EVENTS)
    return render_template("audit.html", events=events, case=case, more=len(events) == PAGE_EVENTS)


@blueprint.route("/cases/<case>/audit.csv")
@needs(Permission.CASE_AUDIT)
def export_case(case: str) -> Response:
    """Hand out the whole record of a case as a table: who did and saw what, and no text of a document."""
    return _table(service().trail.whole_case(actor(), case), f"record-{case[:8]}.csv")


@blueprint.route("/cases/<case>/releases/<release>/audit.csv")
@needs(Permission.CASE_AUDIT)
def export_release(case: str, release: str) -> Response:
    """Hand out the record of one copy: made, handed over, opened, looked at page by page, fetched, taken back."""
    return _table(service().trail.whole_case(actor(), case, release=release), f"copy-{release[:8]}.csv")


def _table(events: Sequence[Event], name: str) -> Response:
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(("number", "at", "actor", "action", "subject", "detail"))
    for event in events:  # identifiers and fixed words only, so no cell can be a formula
        table.writerow(
            (event.number, event.at, event.actor, event.action, event.subject, json.dumps(event.detail, sort_keys=True))
        )
    return attachment(out.getvalue().encode(), name, "text/csv; charset=utf-8")
