"""Releases: the form, the page that makes one stop and think, and the copy with its link and password."""

from __future__ import annotations

from dataclasses import fields, replace

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from redactor.access import Permission
from redactor.model import Action, Gate, Label, ReaderKind
from redactor.policy import load_profile
from redactor.service.releases import Beside, HandOver
from redactor.service.reviews import ReviewView
from redactor.service.standing import Before
from redactor.service.states import ReleaseState
from redactor.web import words
from redactor.web.auth.accounts import absolute
from redactor.web.forms import Form
from redactor.web.gate import actor, needs, service

blueprint = Blueprint("releases", __name__)
REFRESH_SECONDS = 4
_CONTACT = {
    "Addresses": (Label.ADDRESS, Label.POSTCODE),
    "Telephone numbers": (Label.PHONE,),
    "E-mail addresses": (Label.EMAIL,),
}
ANSWERED = "The questions of a motivated intruder were answered; {who} sent it on that ground."
_OWN_FIELDS = ("approved_by",)
_LABELS = {
    "route": "Route of disclosure",
    "lawful_basis": "Lawful basis",
    "purpose": "Purpose",
    "authorised_by": "Authorised by",
    "authorised_on": "Authorised on",
    "reference": "Reference of the order, direction or permission",
    "agreement_version": "Version of the confidentiality agreement that the reader has signed",
    "agreement_signed_on": "Signed on",
    "recipient_checked_by": "Who checked the recipient's identity and safe address",
    "expiry": "Expires on",
    "notes": "Notes for the file",
}


def _reader_name(view: ReviewView) -> str:
    person = view.case.person(view.reader.person)
    return view.reader.name or (person.name if person else "a reader who is not named")


def visible_contacts(view: ReviewView) -> list[tuple[str, list[str]]]:
    """Return, by kind, the contact details that the reader of this copy will see."""
    removed = [section.span for section in view.plan.sections if section.action is Action.REMOVE]
    shown = [
        decision
        for decision in view.plan.decisions
        if decision.action is Action.KEEP and not any(span.contains(decision.span) for span in removed)
    ]
    return [
        (
            kind,
            sorted({view.document.text[d.span.start : d.span.end].strip() for d in shown if d.label in labels}),
        )
        for kind, labels in _CONTACT.items()
    ]


def _gate(form: Form, view: ReviewView, approver: str) -> Gate:
    typed = {f.name: form.text(f.name) for f in fields(Gate) if f.name not in _OWN_FIELDS}
    return Gate(**typed, approved_by=approver)


def _demanded(view: ReviewView) -> dict[str, str]:
    return {demand.field: demand.words for demand in load_profile(view.summary.profile).gate}


def _approver(view: ReviewView) -> str:
    members = service().cases.open(actor(), view.summary.case).members
    known = {member.account: member.name for member in members}
    return known.get(view.summary.approved_by or "", view.summary.approved_by or "")


@blueprint.route("/reviews/<review>/release", methods=["GET", "POST"])
@needs(Permission.RELEASE_SEND)
def new(review: str) -> str | Response:
    """Fill in the release form, then see what will be visible and to whom, then send."""
    view = service().reviews.open(actor(), review)
    demanded, name = _demanded(view), _reader_name(view)
    form = Form(starting={"authorised_by": actor().name, "recipient_checked_by": actor().name})
    if "agreement" in demanded:
        demanded |= dict.fromkeys(("agreement_version", "agreement_signed_on"), demanded["agreement"])
    shown = [field for field in _LABELS if field in demanded or field == "notes"]
    page, public = "release_form.html", view.reader.kind is ReaderKind.PUBLIC
    if form.sent:
        for field in shown:
            if field != "notes":
                form.require(field, demanded[field])
        if form.good:
            with form.trying():
                gate = _gate(form, view, _approver(view))
                service().releases.check(actor(), review, gate)
                page = "release_confirm.html"
                if form.text("step") == "send" and _sure(form, name, public=public):
                    if public:
                        gate = replace(gate, notes=f"{gate.notes} {ANSWERED.format(who=actor().name)}".strip())
                    made = service().releases.send(actor(), review, gate)
                    return redirect(url_for("releases.show", release=made))
    return render_template(
        page,
        form=form,
        view=view,
        summary=view.summary,
        shown=shown,
        labels=_LABELS,
        demanded=demanded,
        reader_name=name,
        contacts=visible_contacts(view),
        forecast=service().documents.forecast(actor(), view.summary.version),
        beside=_beside(view, review),
        before=_before(review) if page == "release_confirm.html" else None,
        risk=service().releases.risk(actor(), review) if public else None,
        person_names={person.id: person.name for person in view.detected.people},
    )


def _sure(form: Form, name: str, *, public: bool) -> bool:
    """Say whether the sender stopped and thought, or note what is missing."""
    if form.text("again").casefold() != name.casefold():
        form.errors["again"] = f"Type {name} exactly, to show that this is who will receive the copy"
    if public and not form.ticked("answered"):
        form.errors["answered"] = "Tick the box when the independent checker has answered the questions"
    return not form.errors


def _beside(view: ReviewView, review: str) -> list[tuple[str, Beside]]:
    """Return the copies that tell more together with this one, each with its reader's name."""
    case = view.case
    names = {reader.key: reader.name for reader in case.readers} | {person.id: person.name for person in case.people}
    found = [each for each in service().releases.beside(actor(), review) if each.joined.tells_more]
    return [(names.get(each.reader) or "another reader", each) for each in found]


def _before(review: str) -> Before | None:
    """Return the copy that the same reader holds already, if anything differs from it."""
    before = service().standings.of(actor(), review).before
    return before if before and before.delta and before.delta.count else None


@blueprint.route("/reviews/<review>/risk")
@needs(Permission.REVIEW_READ)
def risk(review: str) -> str:
    """Show what could still single somebody out, before anybody approves."""
    view = service().reviews.open(actor(), review)
    return render_template(
        "risk.html",
        summary=view.summary,
        risk=service().releases.risk(actor(), review),
        names={person.id: person.name for person in (*view.detected.people, *view.case.people)},
    )


@blueprint.route("/releases/<release>")
@needs(Permission.RELEASE_READ)
def show(release: str) -> str:
    """Show a copy: where it stands, its proof, and how to hand it over."""
    return _page(release)


def _page(release: str, link: str = "", password: str = "", code: str = "", form: Form | None = None) -> str:
    copy = service().releases.open(actor(), release)
    ready = copy.state is ReleaseState.READY
    return render_template(
        "release.html",
        copy=copy,
        certificate=service().releases.certificate(actor(), release) if ready else None,
        link=link,
        password=password,
        code=code,
        form=form or Form(),
        posts=service().releases.posts,
        mine=copy.sent_by == actor().account,
        refresh=REFRESH_SECONDS if copy.state is ReleaseState.ORDERED else 0,
        State=ReleaseState,
        may=actor().may,
        Permission=Permission,
    )


@blueprint.route("/releases/<release>/hand-over", methods=["POST"])
@needs(Permission.RELEASE_SEND)
def hand_over(release: str) -> str:
    """Make a link and show the password, each once."""
    releases, form = service().releases, Form()
    handed = HandOver("", "")
    with form.trying("email"):
        handed = releases.hand_over(actor(), release, form.text("email"))
    if not handed.token:
        return _page(release, form=form)
    waiting = releases.open(actor(), release).password_waiting
    password = releases.take_password(actor(), release) if waiting else ""
    return _page(release, absolute(url_for("portal.arrive", token=handed.token)), password, handed.code)


@blueprint.route("/releases/<release>/step", methods=["POST"])
@needs(Permission.RELEASE_SEND)
def step(release: str) -> Response:
    """Try again to make a copy that failed, or stop the making of one."""
    if Form().text("step") == "stop":
        service().releases.stop(actor(), release)
        flash("Stopped. No copy was made.")
    else:
        service().releases.retry(actor(), release)
        flash("The copy is being made again.")
    return redirect(url_for("releases.show", release=release))


@blueprint.route("/releases/<release>/revoke", methods=["POST"])
@needs(Permission.RELEASE_REVOKE)
def revoke(release: str) -> Response:
    """End a copy: its links stop at once."""
    told = service().releases.revoke(actor(), release)
    flash("The copy is revoked. Its links no longer work and its file is destroyed here.")
    flash(
        f"{words.count(told, 'recipient was', 'recipients were')} told by e-mail."
        if told
        else "Nobody was told by e-mail: tell the recipient, and ask what became of saved or printed copies."
    )
    return redirect(url_for("releases.show", release=release))
