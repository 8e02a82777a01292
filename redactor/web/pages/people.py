"""The people register of a case, and the readers for whom copies are made."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from redactor.access import Permission
from redactor.errors import NotFound
from redactor.model import Case, Confidential, Person, PersonId, Reader, ReaderKind, Relation
from redactor.service.cases import CaseView
from redactor.service.whoswho import next_person
from redactor.web import words
from redactor.web.forms import Form
from redactor.web.gate import actor, needs, service

blueprint = Blueprint("people", __name__, url_prefix="/cases/<case>")
NEW = "new"


def _next_reader(taken: set[str]) -> str:
    number = 1
    while f"r{number}" in taken:
        number += 1
    return f"r{number}"


def _starting(known: Person | None) -> dict[str, object]:
    if known is None:
        return {}
    return {
        "name": known.name,
        "aliases": "\n".join(known.aliases),
        "relation": known.relation.value,
        "role": known.role,
        "agency": known.agency,
        "born": known.born,
        "deceased": known.deceased,
        "confidential": [flag.value for flag in known.confidential],
        "contact_unsafe": known.contact_unsafe,
    }


def _typed(form: Form, key: str) -> Person:
    form.require("name", "Enter the person's full name")
    relation = form.choice("relation", [r.value for r in words.RELATIONS], "Choose who the person is in this case")
    flags = {flag.value for flag in Confidential}
    return Person(
        id=PersonId(key),
        name=form.text("name"),
        relation=Relation(relation) if "relation" not in form.errors else Relation.UNKNOWN,
        aliases=form.lines("aliases"),
        role=form.text("role") or None,
        agency=form.text("agency") or None,
        born=form.text("born") or None,
        deceased=form.ticked("deceased"),
        confidential=frozenset(Confidential(flag) for flag in form.many("confidential") if flag in flags),
        contact_unsafe=form.ticked("contact_unsafe"),
    )


@blueprint.route("/people/<person>", methods=["GET", "POST"])
@needs(Permission.CASE_EDIT)
def person(case: str, person: str) -> str | Response:
    """Add a person to the register, change or remove one."""
    view = service().cases.open(actor(), case)
    known = view.file.person(person)
    if known is None and person != NEW:
        raise NotFound("There is no such person in this case.")
    form = Form(starting=_starting(known))
    version = form.number("version") if form.sent else view.version
    if form.sent and form.text("step") == "remove":
        with form.trying("name"):
            service().cases.remove_person(actor(), case, version, person)
            flash("The person is off the register.")
            return redirect(url_for("cases.show", case=case, _anchor="people"))
    elif form.sent:
        key = next_person(view.file) if known is None else person
        typed = _typed(form, key)
        if form.good:
            with form.trying("name"):
                service().cases.put_person(actor(), case, version, typed)
                flash("The person is saved.")
                then = "people.person" if form.text("step") == "another" else "cases.show"
                more: dict[str, Any] = {"person": NEW} if then == "people.person" else {"_anchor": "people"}
                return redirect(url_for(then, case=case, **more))
    return render_template("person.html", form=form, case=view, person=known, version=version)


def _reader(form: Form, file: Case, key: str) -> Reader:
    kind = form.choice("kind", [k.value for k in words.READER_KINDS], "Choose who will read the copy")
    if kind == ReaderKind.PERSON.value:
        chosen = form.choice("person", [p.id for p in file.people], "Choose the person")
        found = file.person(chosen)
        return Reader(key, ReaderKind.PERSON, PersonId(chosen), found.name if found else "")
    if kind == ReaderKind.PUBLIC.value:
        return Reader(key, ReaderKind.PUBLIC, name="The public")
    name = form.require("name", "Enter the name of the court or agency")
    works_with = frozenset(PersonId(p) for p in form.many("works_with") if file.person(p))
    if kind == ReaderKind.COURT.value:
        return Reader(key, ReaderKind.COURT, name=name)
    return Reader(key, ReaderKind.AGENCY, None, name, form.text("purpose"), works_with)


@blueprint.route("/readers/new", methods=["GET", "POST"])
@needs(Permission.CASE_EDIT)
def reader(case: str) -> str | Response:
    """Add somebody for whom copies are made."""
    view: CaseView = service().cases.open(actor(), case)
    form = Form()
    version = form.number("version") if form.sent else view.version
    if form.sent:
        made = _reader(form, view.file, _next_reader({one.key for one in view.file.readers}))
        if form.good:
            with form.trying("kind"):
                service().cases.put_reader(actor(), case, version, made)
                flash("The reader is saved.")
                return redirect(url_for("cases.show", case=case, _anchor="readers"))
    return render_template("reader.html", form=form, case=view, version=version)


@blueprint.route("/readers/<key>/remove", methods=["POST"])
@needs(Permission.CASE_EDIT)
def remove_reader(case: str, key: str) -> Response:
    """Take a reader off the case."""
    service().cases.remove_reader(actor(), case, Form().number("version"), key)
    flash("The reader is removed.")
    return redirect(url_for("cases.show", case=case, _anchor="readers"))
