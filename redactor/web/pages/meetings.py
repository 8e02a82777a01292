"""Meetings of a case: agenda, visitors and reminder, minutes, what is due, and the record."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.utils import secure_filename
from werkzeug.wrappers import Response

from redactor.access import Permission
from redactor.errors import BadArguments
from redactor.policy.meetings import load_meetings, working_days_between
from redactor.render import forms
from redactor.service.meetings import AGENDA, MINUTES, Visitor, paper_of
from redactor.web import words
from redactor.web.forms import Form
from redactor.web.gate import actor, needs, service
from redactor.web.pages import paper
from redactor.web.pages.documents import attachment

blueprint = Blueprint("meetings", __name__)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MORE = 5  # rows that one press adds
_RECORDED = ((MINUTES, "reminder_given"),)  # on the meeting's own page: it is not asked again
_PAPERS = {AGENDA: "Agenda", MINUTES: "Minutes"}


@blueprint.route("/cases/<case>/meetings", methods=["GET", "POST"])
@needs(Permission.CASE_READ)
def index(case: str) -> str | Response:
    """List the meetings of a case, and plan one."""
    form, uses = Form(), service()
    kinds = {name: kind.title for name, kind in load_meetings().kinds.items()}
    if form.sent:
        kind = form.choice("kind", kinds, "Choose the kind of meeting")
        day = form.require("day", "Enter the day of the meeting")
        if form.good:
            with form.trying("day"):
                return redirect(url_for("meetings.show", meeting=uses.meetings.plan(actor(), case, kind, day)))
    view = uses.cases.open(actor(), case)
    return render_template(
        "meetings.html",
        form=form,
        case=view,
        kinds=kinds,
        meetings=uses.meetings.list(actor(), case),
        may_edit=actor().may(Permission.DOCUMENT_ADD),
        due_in=due_in,
    )


@blueprint.route("/meetings/<meeting>")
@needs(Permission.CASE_READ)
def show(meeting: str) -> str:
    """Show a meeting."""
    return _page(meeting, Form())


def _page(meeting: str, form: Form) -> str:
    uses, view = service(), service().meetings.open(actor(), meeting)
    came = {visitor.name for visitor in view.content.visitors}
    return render_template(
        "meeting.html",
        form=form,
        view=view,
        case=uses.cases.open(actor(), view.case),
        has_agenda=bool(load_meetings().kinds[view.kind].agenda),
        unsigned=uses.signatures.unsigned(actor(), view.case, came) if came else (),
        actions=[each for each in uses.tracker.list(actor(), view.case) if each.meeting == meeting],
        may_edit=actor().may(Permission.DOCUMENT_ADD),
        today=uses.base.clock.now().date().isoformat(),
        due_in=due_in,
    )


def due_in(due: Any) -> str:
    """Return when something is due, in words."""
    if due.done_on:
        return f"done on {words.iso_day(due.done_on)}"
    if due.on is None:
        return "counts from the day on which the record is sent"
    left = working_days_between(service().base.clock.now().date(), due.on)
    if left < 0:
        return f"overdue by {-left} working day{'s' * (left != -1)}"
    return "today" if left == 0 else f"in {left} working day{'s' * (left != 1)}"


@blueprint.route("/meetings/<meeting>/papers/<which>", methods=["GET", "POST"])
@needs(Permission.DOCUMENT_ADD)
def write(meeting: str, which: str) -> str | Response:
    """Type the agenda or the minutes; what is typed is kept, complete or not."""
    view = service().meetings.open(actor(), meeting)
    definition = forms.form(paper_of(view.kind, which))
    form, data, more = Form(), dict(view.content.papers.get(which, {})), 0
    if form.sent:
        data = paper.read(definition.fields, request.form)
        with form.trying():
            version = service().meetings.save(actor(), meeting, form.number("version"), which, data)
            more = _MORE if form.text("do") == "rows" else 0
            if form.text("do") == "save":
                flash(f"{_PAPERS[which]} kept.")
                return redirect(url_for("meetings.show", meeting=meeting))
            if form.text("do") == "record":
                made = service().meetings.record(actor(), meeting, version)
                flash("The minutes are a document of the case now, and their actions are on the tracker.")
                return redirect(url_for("documents.show", version=made))
        view = service().meetings.open(actor(), meeting)
    return render_template(
        "meeting_paper.html",
        form=form,
        view=view,
        which=which,
        title=_PAPERS[which],
        fields=definition.fields,
        shown=[name for name in definition.fields if (which, name) not in _RECORDED],
        data=data,
        more=more,
        row_count=paper.row_count,
        cell=paper.cell,
        is_long=paper.is_long,
    )


@blueprint.route("/meetings/<meeting>/papers/<which>.docx")
@needs(Permission.CASE_READ)
def download(meeting: str, which: str) -> Response:
    """Hand out the agenda or the minutes as a Word document."""
    view, content = service().meetings.open(actor(), meeting), service().meetings.paper(actor(), meeting, which)
    name = secure_filename(f"{_PAPERS.get(which, which)} {view.day.isoformat()}.docx")
    return attachment(content, name, DOCX)


@blueprint.route("/meetings/<meeting>/step", methods=["POST"])
@needs(Permission.DOCUMENT_ADD)
def step(meeting: str) -> str | Response:
    """Record the reminder, a visitor, or that something due was done."""
    form, meetings = Form(), service().meetings
    version = form.number("version")
    with form.trying("name"):
        match form.text("step"):
            case "remind":
                meetings.remind(actor(), meeting, version)
                flash("The reminder is recorded.")
            case "visitor":
                visitor = Visitor(form.text("name"), form.text("role"), form.text("from"), form.ticked("reminded"))
                meetings.put_visitor(actor(), meeting, version, visitor)
                flash("The visitor is recorded.")
            case "done":
                meetings.mark_done(actor(), meeting, version, form.text("timer"), form.text("day"))
                flash("Recorded.")
            case _:
                raise BadArguments("That step is not known.")
    if form.errors:
        return _page(meeting, form)
    return redirect(url_for("meetings.show", meeting=meeting))
