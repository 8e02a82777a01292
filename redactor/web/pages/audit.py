"""Who did what and when: for auditors, and for a case's own chair."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from redactor.access import Permission
from redactor.web.gate import actor, needs, service

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


@blueprint.route("/cases/<case>/audit")
@needs(Permission.CASE_AUDIT)
def of_case(case: str) -> str:
    """Show the record of one case."""
    events = service().trail.of_case(actor(), case, after=_after(), limit=PAGE_EVENTS)
    return render_template("audit.html", events=events, case=case, more=len(events) == PAGE_EVENTS)
