"""Cases: the list, a new one, its page and its members."""

from __future__ import annotations

from collections import Counter

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from redactor.access import Permission
from redactor.model import Case
from redactor.service.meetings import Due, MeetingView
from redactor.service.tracker import OVERDUE
from redactor.web import pictures, words
from redactor.web.forms import Form
from redactor.web.gate import actor, needs, service
from redactor.web.pages.meetings import due_in

LANES = ("Documents", "Meetings", "Copies", "Due")
MOST_BARS = 15
blueprint = Blueprint("cases", __name__, url_prefix="/cases")


@blueprint.route("")
@needs(Permission.CASE_READ, own=True)
def index() -> str:
    """List the cases of which the actor is a member."""
    return render_template("cases.html", cases=service().cases.list(actor()), may=actor().may)


@blueprint.route("/new", methods=["GET", "POST"])
@needs(Permission.CASE_CREATE)
def new() -> str | Response:
    """Create a case."""
    form = Form()
    if form.sent:
        title = form.require("title", "Give the case a title that names nobody")
        if form.good:
            with form.trying("title"):
                file = Case(reference=form.text("reference"))
                made = service().cases.create(actor(), title, file, restricted=form.ticked("restricted"))
                flash("The case is created. Now add the people and who will receive copies.")
                return redirect(url_for("cases.show", case=made))
    return render_template("case_new.html", form=form)


@blueprint.route("/<case>")
@needs(Permission.CASE_READ)
def show(case: str) -> str:
    """Show a case: documents, people, readers, members, copies."""
    who, uses = actor(), service()
    view = uses.cases.open(who, case)
    reviews = uses.reviews.list(who, case)
    return render_template(
        "case.html",
        case=view,
        documents=uses.documents.list(who, case),
        reviews=reviews,
        copies=uses.releases.register(who, case),
        due=_due(case),
        late=[each for each in uses.tracker.list(who, case) if each.status == OVERDUE],
        due_in=due_in,
        names={reader.key: reader.name or _person_name(view.file, reader.person) for reader in view.file.readers}
        | {person.id: person.name for person in view.file.people},
        may=who.may,
        Permission=Permission,
    )


@blueprint.route("/workload")
@needs(Permission.CASE_READ, own=True)
def workload() -> str:
    """Show what waits for people in the actor's cases, as charts and as a table."""
    waiting = service().workload.of(actor())
    titles = {case.id: case.title for case in service().cases.list(actor())}
    by_state = [(words.STATES[s], sum(w.reviews for w in waiting if w.state is s)) for s in words.STATES]
    left = Counter[str]()
    for each in waiting:
        left[each.case] += each.undecided
    by_case = [(titles.get(case, "A case"), number) for case, number in left.most_common(MOST_BARS) if number]
    return render_template(
        "workload.html",
        waiting=waiting,
        titles=titles,
        state_chart=pictures.bars([pair for pair in by_state if pair[1]], "Reviews by where they stand"),
        case_chart=pictures.bars(by_case, "Places left to decide, by case") if by_case else None,
        states=words.STATES,
    )


@blueprint.route("/<case>/timeline")
@needs(Permission.CASE_READ)
def timeline(case: str) -> str:
    """Show what happened in a case along the days, as a picture and as a list."""
    moments, today = _moments(case), service().base.clock.now().date()
    return render_template(
        "timeline.html",
        case=service().cases.open(actor(), case),
        moments=moments,
        picture=pictures.timeline(moments, LANES, today),
        today=today,
    )


def _moments(case: str) -> list[pictures.Moment]:
    """Return all that happened or is due in a case, in order."""
    who, uses = actor(), service()
    documents, meetings, copies, ahead = LANES
    view = uses.cases.open(who, case)
    found = [pictures.Moment(view.created_at.date(), documents, "The case was created")]
    for document in uses.documents.list(who, case):
        found += [
            pictures.Moment(version.created_at.date(), documents, f"{document.name}, version {version.number}")
            for version in document.versions
        ]
    for meeting in uses.meetings.list(who, case):
        found.append(pictures.Moment(meeting.day, meetings, meeting.title))
        found += [pictures.Moment(d.on, ahead, d.title) for d in meeting.due if d.on and not d.done_on]
    for copy in uses.releases.register(who, case):
        told = f"Copy {copy.copy_number}, {words.profile_short(copy.profile).lower()}"
        found.append(pictures.Moment(copy.created_at.date(), copies, f"{told}, was sent"))
        if copy.revoked_at:
            found.append(pictures.Moment(copy.revoked_at.date(), copies, f"{told}, was taken back"))
    return sorted(found, key=lambda moment: moment.day)


def _due(case: str) -> list[tuple[MeetingView, Due]]:
    """Return what is due after the meetings of a case and not done, the next first."""
    found = [(view, due) for view in service().meetings.list(actor(), case) for due in view.due if not due.done_on]
    return sorted(found, key=lambda pair: (pair[1].on is None, pair[1].on or pair[0].day))


def _person_name(file: Case, key: str | None) -> str:
    person = file.person(key)
    return person.name if person else ""


@blueprint.route("/<case>/members", methods=["GET", "POST"])
@needs(Permission.CASE_MEMBERS)
def members(case: str) -> str | Response:
    """Say who may know of the case."""
    form, uses = Form(), service()
    if form.sent:
        with form.trying("account"):
            if form.text("remove"):
                uses.cases.remove_member(actor(), case, form.text("remove"))
                flash("The colleague is no longer on the case.")
            elif form.require("account", "Choose a colleague"):
                uses.cases.add_member(actor(), case, form.text("account"))
                flash("The colleague is on the case now.")
        if form.good:
            return redirect(url_for("cases.members", case=case))
    view = uses.cases.open(actor(), case)
    present = {member.account for member in view.members}
    others = [colleague for colleague in uses.accounts.colleagues(actor()) if colleague.id not in present]
    return render_template("members.html", form=form, case=view, others=others)
