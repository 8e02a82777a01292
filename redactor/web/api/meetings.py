"""Meetings of a case with their papers and what is due, the action tracker, and the agreements register."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import StringConstraints
from werkzeug.wrappers import Response

from redactor.access import Permission
from redactor.service.meetings import MeetingView, Visitor
from redactor.service.signatures import Signatory, Signed
from redactor.service.tracker import ActionContent, TrackedAction
from redactor.web.api.cases import Line, Version
from redactor.web.api.operations import Made, Model, operation
from redactor.web.api.people import Known
from redactor.web.gate import actor, service

TAG = "Meetings"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Words = Annotated[str, StringConstraints(max_length=2000)]


class Planned(Model):
    """A meeting to plan."""

    kind: Annotated[str, StringConstraints(pattern="^[a-z_]{1,40}$")]
    day: Day


class Paper(Known):
    """The fields of an agenda or of minutes."""

    paper: Literal["agenda", "minutes"]
    data: dict[str, Any]


class Came(Known):
    """Somebody who is no member and came."""

    visitor: Visitor


class Marked(Known):
    """What was due and is done."""

    timer: Annotated[str, StringConstraints(pattern="^[a-z_]{1,40}$")]
    day: Day


class WhichPaper(Model):
    """Which paper of a meeting."""

    paper: Literal["agenda", "minutes"]


class NewAction(Model):
    """Something to be done."""

    action: Line
    agency: Line
    owner: Annotated[str, StringConstraints(max_length=200)] = ""
    due: Day


class Moved(Model):
    """Where an action stands now."""

    status: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    update: Words = ""
    recorded: bool = False


class Signing(Model):
    """Who signed the agreement, and when."""

    signatory: Signatory
    day: Day


class Record(Model):
    """The document that holds the record of a meeting."""

    version: str


@operation("GET", "/cases/<case>/meetings", Permission.CASE_READ, TAG)
def list_meetings(case: str) -> tuple[MeetingView, ...]:
    """List the meetings of a case."""
    return service().meetings.list(actor(), case)


@operation("POST", "/cases/<case>/meetings", Permission.DOCUMENT_ADD, TAG)
def plan_meeting(case: str, body: Planned) -> Made:
    """Plan a meeting."""
    return Made(id=service().meetings.plan(actor(), case, body.kind, body.day))


@operation("GET", "/meetings/<meeting>", Permission.CASE_READ, TAG)
def show_meeting(meeting: str) -> MeetingView:
    """Show a meeting with its papers, visitors and what is due."""
    return service().meetings.open(actor(), meeting)


@operation("PUT", "/meetings/<meeting>/papers", Permission.DOCUMENT_ADD, TAG)
def save_paper(meeting: str, body: Paper) -> Version:
    """Save the agenda or the minutes."""
    return Version(version=service().meetings.save(actor(), meeting, body.version, body.paper, body.data))


@operation("POST", "/meetings/<meeting>/papers", Permission.CASE_READ, TAG, produces=DOCX)
def make_paper(meeting: str, body: WhichPaper) -> Response:
    """Return the agenda or the minutes as a Word document."""
    return Response(service().meetings.paper(actor(), meeting, body.paper), mimetype=DOCX)


@operation("POST", "/meetings/<meeting>/reminder", Permission.DOCUMENT_ADD, TAG)
def remind_meeting(meeting: str, body: Known) -> Version:
    """Record that the chair reminded everybody of confidentiality."""
    return Version(version=service().meetings.remind(actor(), meeting, body.version))


@operation("POST", "/meetings/<meeting>/visitors", Permission.DOCUMENT_ADD, TAG)
def put_visitor(meeting: str, body: Came) -> Version:
    """Record a visitor."""
    return Version(version=service().meetings.put_visitor(actor(), meeting, body.version, body.visitor))


@operation("POST", "/meetings/<meeting>/done", Permission.DOCUMENT_ADD, TAG)
def mark_done(meeting: str, body: Marked) -> Version:
    """Record that something due after a meeting is done."""
    return Version(version=service().meetings.mark_done(actor(), meeting, body.version, body.timer, body.day))


@operation("POST", "/meetings/<meeting>/record", Permission.DOCUMENT_ADD, TAG)
def record_meeting(meeting: str, body: Known) -> Record:
    """Make the minutes a document of the case, to be reviewed like any other."""
    return Record(version=service().meetings.record(actor(), meeting, body.version))


@operation("GET", "/cases/<case>/actions", Permission.CASE_READ, TAG)
def list_actions(case: str) -> tuple[TrackedAction, ...]:
    """List the actions of a case."""
    return service().tracker.list(actor(), case)


@operation("POST", "/cases/<case>/actions", Permission.DOCUMENT_ADD, TAG)
def add_action(case: str, body: NewAction) -> Made:
    """Put an action on the tracker."""
    content = ActionContent(body.action, body.agency, body.owner)
    return Made(id=service().tracker.add(actor(), case, content, body.due))


@operation("PUT", "/actions/<action>", Permission.DOCUMENT_ADD, TAG)
def move_action(action: str, body: Moved) -> None:
    """Say where an action stands."""
    service().tracker.move(actor(), action, body.status, body.update, recorded=body.recorded)


@operation("GET", "/cases/<case>/signatures", Permission.CASE_READ, TAG)
def list_signatures(case: str) -> tuple[Signed, ...]:
    """List who signed which version of the agreement."""
    return service().signatures.register(actor(), case)


@operation("POST", "/cases/<case>/signatures", Permission.DOCUMENT_ADD, TAG)
def sign_agreement(case: str, body: Signing) -> Made:
    """Record a signature on paper."""
    return Made(id=service().signatures.sign(actor(), case, body.signatory, body.day))


@operation("DELETE", "/signatures/<signature>", Permission.DOCUMENT_ADD, TAG)
def withdraw_signature(signature: str) -> None:
    """Record that a signature no longer holds."""
    service().signatures.withdraw(actor(), signature)
